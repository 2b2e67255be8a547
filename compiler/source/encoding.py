"""From the bytes of a source file to its text, as Python does it (PEP 263)."""

from __future__ import annotations

from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.source import codes


def decode(content: bytes) -> str:
    """The text of a source file, in the encoding that it declares; UTF-8 when it declares none.

    Raises:
        SyntaxError: it declares an unknown encoding.
        UnicodeDecodeError: it is not text in that encoding.
    """
    first_lines = content.split(b"\n", 2)[:2]
    if not any(b"coding" in line for line in first_lines):
        return content.decode("utf-8-sig")
    import tokenize
    from io import BytesIO

    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(content).readline)
    except SyntaxError:
        content.decode("utf-8-sig")  # says which byte is wrong
        raise
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise
    except (LookupError, UnicodeError):  # a codec that is none of text, such as rot13
        raise SyntaxError(f"unknown encoding: {encoding}") from None


def undecodable(path: str, error: UnicodeDecodeError) -> Diagnostic:
    """Of a file that is not text in its encoding, with the place of the first wrong byte."""
    encoding = "UTF-8" if error.encoding.startswith("utf") else error.encoding
    content = error.object  # without a byte order mark
    line = content.count(b"\n", 0, error.start) + 1
    before = content[content.rfind(b"\n", 0, error.start) + 1 : error.start]
    column = len(before.decode(error.encoding)) + 1
    span = Span(line, column, line, column + 1)
    byte = f"byte 0x{content[error.start]:02x} cannot be decoded"
    message = f"the file is not {encoding} text: {byte}"
    return codes.NOT_UTF8.at(path, span, message, instead="save the file as UTF-8")

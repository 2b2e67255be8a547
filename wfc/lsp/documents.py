"""What the editor has open, and how the linter reads it in place of the files on disk."""

from __future__ import annotations

import io
import os
import tokenize
from collections.abc import Mapping

from wfc.backends.lint import engines
from wfc.compiler.checks.calls.sources import Overlay
from wfc.compiler.data.struct import Struct, replace


class Document(Struct):
    """An open document. ``path`` is where it lies, or its URI when it was never saved."""

    uri: str
    path: str
    text: str
    version: int | None = None

    @property
    def identity(self) -> str:
        return identity(self.path)

    @property
    def is_marked(self) -> bool:
        """Whether the text may define a workflow."""
        return engines().mark(self.text)

    def with_text(self, text: str) -> Document:
        return replace(self, text=text)


def identity(path: str) -> str:
    """The same text for two paths of the same file."""
    return os.path.realpath(path) if os.path.isabs(path) else path


class OpenTexts(Overlay):
    """The disk with open documents in front of it, also with those that were never saved.

    Args:
        texts: the texts that count in place of the files, by :func:`identity`.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__({path: encoded(text) for path, text in texts.items()})

    def identity(self, path: str) -> str:
        return identity(path)


def encoded(text: str) -> bytes:
    """The text as a file: in the encoding that it declares, UTF-8 if it declares none."""
    content = text.encode("utf-8", "surrogatepass")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except SyntaxError:  # an unknown encoding; whoever decodes it says so
        return content
    # What the declared encoding lacks must not move the columns behind it.
    return content if encoding.startswith("utf-8") else text.encode(encoding, "replace")

"""Files that cannot be read, or hold no module: a clear message with a code, never a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wfc.compiler.diagnostics.span import Span
from wfc.compiler.pipeline import Reading, read, read_file

WORKFLOW = "from wfc import workflow\n\n@workflow\ndef flow() -> int:\n    return 1\n"


def only(reading: Reading) -> tuple[str, str, Span]:
    """The code, message and place of the one problem of a file."""
    assert reading.module is None
    (diagnostic,) = reading.diagnostics
    assert diagnostic.severity == "error"
    return diagnostic.code.code, diagnostic.message, diagnostic.span


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    reading = read_file(str(tmp_path / "nowhere.py"))
    assert only(reading)[:2] == ("WFC001", "there is no such file")
    assert reading.text == ""


def test_a_path_below_a_file_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(WORKFLOW)
    assert only(read_file(str(tmp_path / "a.py" / "b.py")))[0] == "WFC001"


def test_a_folder_is_no_module(tmp_path: Path) -> None:
    assert only(read_file(str(tmp_path)))[:2] == (
        "WFC002",
        "this is a folder; name one Python file",
    )


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so that the refusal of the system is played here."""
    path = tmp_path / "secret.py"
    path.write_text(WORKFLOW)

    def refuse(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    code, message, _ = only(read_file(str(path)))
    assert (code, message) == ("WFC003", "the file cannot be read: Permission denied")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("before", ["# caf", "# é: "])
def test_a_byte_that_is_no_utf8_is_shown_with_its_place(
    tmp_path: Path, mark: bytes, before: str
) -> None:
    """In characters, a byte order mark not among them."""
    path = tmp_path / "latin.py"
    path.write_bytes(mark + b"# a\n" + before.encode() + b"\xe9\n")
    code, message, span = only(read_file(str(path)))
    assert (code, message) == (
        "WFC004",
        "the file is not UTF-8 text: byte 0xe9 cannot be decoded",
    )
    assert span == Span(2, len(before) + 1, 2, len(before) + 2)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("latin-1", "latin-1"), ("cp1252", "windows-1252"), ("utf-8-sig", "utf-8"), ("utf-8", "")],
)
def test_a_file_is_read_in_the_encoding_that_it_declares(
    tmp_path: Path, encoding: str, declared: str
) -> None:
    path = tmp_path / "flow.py"
    comment = f"# -*- coding: {declared} -*-\n" if declared else ""
    path.write_bytes(f"{comment}{WORKFLOW}\nCITY = 'Zürich'\n".encode(encoding))

    reading = read_file(str(path))

    assert reading.diagnostics == ()
    assert "'Zürich'" in reading.text


def test_bytes_that_utf8_would_read_otherwise_are_read_as_declared(tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    path.write_bytes(b"# coding: latin-1\n" + f"{WORKFLOW}\nCITY = 'Zürich'\n".encode())

    assert "'ZÃ¼rich'" in read_file(str(path)).text


def test_an_unknown_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    path.write_bytes(b"# coding: no-such\n" + WORKFLOW.encode())

    code, message, span = only(read_file(str(path)))

    assert (code, message) == ("WFC006", "this is not valid Python: unknown encoding: no-such")
    assert span == Span(1, 1, 1, 2)


@pytest.mark.parametrize("text", ["", "\n", "   \n\n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "empty.py"
    path.write_text(text, encoding="utf-8")
    assert only(read_file(str(path)))[:2] == ("WFC005", "the file is empty")


@pytest.mark.parametrize(
    ("text", "message", "span"),
    [
        ("if x\n    pass\n", "expected ':'", Span(1, 5, 1, 6)),
        ("def f(:\n", "invalid syntax", Span(1, 7, 1, 8)),
        ("x = (1,\n", "'(' was never closed", Span(1, 5, 1, 6)),
        ("a = 'é' +\n", "invalid syntax", Span(1, 10, 1, 11)),
        ("return 1\n", "'return' outside function", Span(1, 1, 1, 9)),
        ("def f():\n    break\n", "'break' outside loop", Span(2, 5, 2, 10)),
        ("def f():\n    await g()\n", "'await' outside async function", Span(2, 5, 2, 14)),
        ("x = 1\n  y = 2\n", "unexpected indent", Span(2, 2, 2, 3)),
    ],
)
def test_what_is_no_python_is_refused_at_its_place(text: str, message: str, span: Span) -> None:
    code, found, place = only(read("a.py", text))
    assert (code, found) == ("WFC006", f"this is not valid Python: {message}")
    assert (place.line, place.column) == (span.line, span.column)


def test_null_bytes_are_refused() -> None:
    assert only(read("a.py", "x = 1\0"))[0] == "WFC006"


def test_other_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "windows.py"
    path.write_bytes(b"\xef\xbb\xbf" + WORKFLOW.replace("\n", "\r\n").encode())
    reading = read_file(str(path))
    assert reading.diagnostics == ()
    assert reading.text == WORKFLOW
    assert reading.module == read("windows.py", WORKFLOW).module


def test_columns_are_characters() -> None:
    text = WORKFLOW.replace("return 1", 'return "ééé" + undefined')
    (diagnostic,) = read("a.py", text).diagnostics
    assert diagnostic.span == Span(5, 20, 5, 29)


def test_nothing_is_executed(tmp_path: Path) -> None:
    """Reading a module that would write a file and end the process does neither."""
    proof = tmp_path / "executed"
    path = tmp_path / "effects.py"
    path.write_text(
        "import nonexistent_package_of_nobody\n"
        f"open({str(proof)!r}, 'w').close()\n"
        "raise SystemExit(9)\n" + WORKFLOW
    )
    reading = read_file(str(path))
    assert reading.diagnostics == ()
    assert not proof.exists()
    assert "effects" not in sys.modules


def test_reading_imports_little(tmp_path: Path) -> None:
    """The start of every command depends on it."""
    path = tmp_path / "flow.py"
    path.write_text(
        "from wfc import sleep\n" + WORKFLOW.replace("return", "sleep('3s')\n    return")
    )
    program = (
        "import sys\n"
        "from wfc.compiler.pipeline import read_file\n"
        f"assert read_file({str(path)!r}).diagnostics == ()\n"
        "heavy = 'libcst lark jinja2 click jsonschema difflib dbos temporalio boto3'\n"
        "print([name for name in heavy.split() if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")

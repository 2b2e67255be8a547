"""What cannot be compiled is refused, all of a file in one run, with place, code and advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import DATA, Expected
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.pipeline import read

SOURCES = sorted((DATA / "source" / "refused").glob("*.py"))


def line(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    place = f"{span.line}:{span.column}-{span.end_line}:{span.end_column}"
    text = f"{place} {diagnostic.code.code} {diagnostic.message}"
    return f"{text}\n    {diagnostic.instead}" if diagnostic.instead else text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_everything_wrong_is_refused_in_one_run(path: Path, expected: Expected) -> None:
    reading = read(f"{path.stem}.py", path.read_text())
    assert reading.module is None
    expected(
        f"source/refused/{path.stem}.txt",
        "".join(f"{line(diagnostic)}\n" for diagnostic in reading.diagnostics),
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_refusal_is_named_by_its_code(path: Path) -> None:
    """A message says *not supported yet* or *cannot be supported* exactly when its code does."""
    for diagnostic in read(path.name, path.read_text()).diagnostics:
        words = [w for w in ("not supported yet", "cannot be supported") if w in diagnostic.message]
        if words:
            assert words == [diagnostic.code.refusal], diagnostic.message

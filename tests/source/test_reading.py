"""Source in, IR out. The expected text stands beside the source under tests/data/source."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import DATA, Expected
from wfc.compiler.language.text.printer import to_text
from wfc.compiler.language.verify.module import verify
from wfc.compiler.pipeline import read

SOURCES = sorted((DATA / "source").glob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_module_reads_as_the_committed_ir(path: Path, expected: Expected) -> None:
    reading = read(f"{path.stem}.py", path.read_text())
    assert [f"{d.span.line}: {d.message}" for d in reading.diagnostics] == []
    assert reading.module is not None
    expected(f"source/{path.stem}.ir", to_text(reading.module))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_ir_obeys_its_rules(path: Path) -> None:
    module = read(str(path), path.read_text()).module
    assert module is not None
    assert verify(module) == []


def test_reading_twice_gives_the_same() -> None:
    text = SOURCES[0].read_text()
    assert read("a.py", text) == read("a.py", text)

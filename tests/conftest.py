"""What all tests share: comparing text with files that ``pytest --update`` rewrites."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from wfc.compiler.language.nodes import Module

DATA = Path(__file__).parent / "data"

Expected = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite the expected files under tests/data"
    )


@pytest.fixture
def expected(request: pytest.FixtureRequest) -> Expected:
    """``expected("asl/payout.asl.json", text)``: the file under tests/data holds exactly this text.

    With ``--update`` the file is written instead; look at the difference before committing it.
    """
    update: bool = request.config.getoption("--update")

    def compare(name: str, text: str) -> None:
        path = DATA / name
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            return
        if not path.exists():
            pytest.fail(f"tests/data/{name} does not exist; create it with pytest --update")
        wanted = path.read_bytes().decode("utf-8")
        if text != wanted:
            difference = difflib.unified_diff(
                wanted.splitlines(), text.splitlines(), f"tests/data/{name}", "now", lineterm=""
            )
            pytest.fail("\n".join(difference) or f"tests/data/{name}: line ends differ")

    return compare


ReadModule = Callable[[str], "Module"]


@pytest.fixture
def read_module(tmp_path: Path) -> ReadModule:
    """``read_module(source)``: the IR of a source text that has no errors; the text stands in
    ``flow.py`` in the test's own folder afterwards."""

    def read(source: str) -> Module:
        path = tmp_path / "flow.py"
        path.write_text(source, encoding="utf-8")
        return module_in(path)

    return read


def module_in(path: Path) -> Module:
    """The IR of a file that has no errors."""
    from wfc.compiler.pipeline import read_file

    reading = read_file(str(path))
    problems = [f"{d.span.line}: {d.code.code} {d.message}" for d in reading.diagnostics]
    if reading.module is None:
        pytest.fail(f"{path} cannot be read:\n" + "\n".join(problems))
    return reading.module

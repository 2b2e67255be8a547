"""What all tests share: comparing text with files that ``pytest --update`` rewrites."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

import pytest

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

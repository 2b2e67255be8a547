"""The codes of reading: unique, explained, and each reported somewhere in these tests."""

from __future__ import annotations

import re

from tests.conftest import DATA
from wfc.compiler.diagnostics.model import Code
from wfc.compiler.source import codes

CODES = [code for code in vars(codes).values() if isinstance(code, Code)]

# Reported by tests of their own.
ELSEWHERE = {*(f"WFC00{number}" for number in range(1, 8)), "WFC025"}


def test_codes_and_names_are_unique() -> None:
    assert len({code.code for code in CODES}) == len(CODES)
    assert len({code.name for code in CODES}) == len(CODES)


def test_codes_are_explained() -> None:
    for code in CODES:
        assert re.fullmatch(r"WFC[02][0-9]{2}", code.code)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.name)
        assert code.summary.endswith("."), code.code
        assert code.why.endswith("."), code.code
        assert code.good, code.code
        assert code.bad or code is codes.EMPTY_FILE


def test_every_code_is_reported_by_a_test() -> None:
    texts = (path.read_text() for path in (DATA / "source" / "refused").glob("*.txt"))
    reported = {code for text in texts for code in re.findall(r"^\S+ (WFC\d+) ", text, re.M)}
    assert {code.code for code in CODES} == reported | ELSEWHERE

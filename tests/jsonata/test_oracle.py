"""The reference implementation is the pinned one and says what it is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.jsonata.oracle import Oracle, ParseError


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    with Oracle() as running:
        yield running


def test_the_oracle_tells_values_errors_and_nothing_apart(oracle: Oracle) -> None:
    results = oracle.evaluate("$x + 1", [{"x": 1}, {"x": "a"}, {}])
    assert [result.value for result in results] == [2, None, None]
    assert [result.error for result in results] == ["", "T2001", ""]
    assert [result.undefined for result in results] == [False, False, True]


def test_what_is_not_data_is_an_error(oracle: Oracle) -> None:
    for text in ("1 / $x", "[$sum]", "{'a': -1 / $x}"):
        assert oracle.evaluate(text, [{"x": 0}])[0].failed


def test_the_oracle_is_version_2_0_6(oracle: Oracle) -> None:
    with pytest.raises(ParseError):
        oracle.evaluate("$x ?: 1", [])
    # Fixed in 2.1.
    assert oracle.evaluate("$lookup({}, 'toString') != null", [{}])[0].value is True

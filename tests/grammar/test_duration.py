"""Durations as text: what they mean, and what is said about text that is none."""

from __future__ import annotations

import subprocess
import sys

import pytest

from wfc.grammar.duration import UNITS, DurationError, parse_seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("2h", 7200),
        ("7 days", 604800),
        ("1 day 12 hours", 129600),
        ("1.5 minutes", 90),
        ("1.1 min", 66),
        ("500ms", 0.5),
        ("0.1 ms", 0.0001),
        ("1h30m", 5400),
        ("1w 2d 3h 4m 5s 6ms", 604800 + 2 * 86400 + 3 * 3600 + 4 * 60 + 5.006),
        ("0.5 days 0.5 hours", 45000),
        ("  3 \t sec ", 3),
        ("0s", 0),
        ("999999999 days", 999_999_999 * 86400),
    ],
)
def test_a_duration_is_a_number_of_seconds(text: str, seconds: float) -> None:
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "cannot be empty"),
        ("  ", "cannot be empty"),
        ("-5s", "negative"),
        ("30", "write '30s', '30 min'"),
        ("1 month", "'month' is no unit of time; use ms, s, min, h, days or weeks"),
        ("5 mins", "'mins' is no unit"),
        ("5 S", "'S' is no unit"),
        ("1 day 3 monts", "'monts' is no unit"),
        ("1h 1 day", "from long to short"),
        ("1h 2 hours", "each once"),
        ("soon", "'soon' is no duration"),
        ("1,5 h", "is no duration"),
        ("1e3 s", "'e' is no unit"),
        ("٣ s", "is no duration"),
        ("1 s\n", "is no duration"),
        ("1" * 30 + "s", "more digits"),
        ("9999999999 days", "longer than 999,999,999 days"),
    ],
)
def test_other_text_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(DurationError, match=reason.replace("(", r"\(")):
        parse_seconds(text)


@pytest.mark.parametrize(("size", "words"), UNITS.items())
def test_each_unit_has_its_words(size: int, words: tuple[str, ...]) -> None:
    for word in words:
        for text in (f"3{word}", f" 3 {word} ", f"\t3\t{word}"):
            assert parse_seconds(text) == 3 * size / 1000


def test_a_duration_does_not_import_lark() -> None:
    program = (
        "import sys; from wfc.grammar.duration import parse_seconds; parse_seconds('1h 30s');"
        "sys.exit('lark' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

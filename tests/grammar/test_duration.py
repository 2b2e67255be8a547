"""Durations as text: what they mean, and what is said about text that is none."""

from __future__ import annotations

import subprocess
import sys

import pytest

from wfc.grammar import duration
from wfc.grammar.duration import DurationError, parse_seconds
from wfc.grammar.loader import load


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


def test_the_short_way_knows_exactly_the_words_of_the_grammar() -> None:
    words = {
        word: terminal.name
        for terminal in load("duration").terminals
        if terminal.name in duration._MILLISECONDS
        for word in terminal.pattern.value.removeprefix("(?:").removesuffix(")").split("|")
    }
    assert words == duration._WORDS


@pytest.mark.parametrize("word", duration._WORDS)
@pytest.mark.parametrize("number", ["1", "0.25", "007"])
def test_the_short_way_agrees_with_the_grammar(word: str, number: str) -> None:
    for text in (f"{number}{word}", f" {number} {word} "):
        assert duration.parse_amounts(text) == [(number, duration._WORDS[word])]
        assert parse_seconds(text) == duration._total(text, duration.parse_amounts(text))


def test_a_simple_duration_does_not_import_lark() -> None:
    program = (
        "import sys; from wfc.grammar.duration import parse_seconds; parse_seconds('30s');"
        "sys.exit('lark' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

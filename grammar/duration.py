"""Durations written as text: ``"30s"``, ``"1.5 minutes"``, ``"1 day 12 hours"``.

The table of units is all there is to know; a grammar for lark would take longer to import than the
rest of a small compilation takes.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

# A timedelta holds no more days than this (Python library reference, datetime.timedelta.max).
_LONGEST_DAYS: Final = 999_999_999
LONGEST: Final = _LONGEST_DAYS * 86400
"""The most seconds that a timedelta holds."""
_LONGEST_DIGITS: Final = 20

UNITS: Final = {
    604_800_000: ("w", "week", "weeks"),
    86_400_000: ("d", "day", "days"),
    3_600_000: ("h", "hour", "hours"),
    60_000: ("m", "min", "minute", "minutes"),
    1000: ("s", "sec", "second", "seconds"),
    1: ("ms", "millisecond", "milliseconds"),
}
"""The words of each unit, by its milliseconds."""
_MILLISECONDS: Final = {word: size for size, words in UNITS.items() for word in words}
_AMOUNT: Final = re.compile(r"[ \t]*([0-9]+(?:\.[0-9]+)?)[ \t]*([a-z]+)[ \t]*")


class DurationError(ValueError):
    """The text is no duration; the message says why and what to write."""


def parse_seconds(text: str) -> float:
    """The seconds of a duration such as ``"30s"``, ``"2h"``, ``"7 days"`` or ``"1 day 12 hours"``.

    Amounts stand in falling order of their units, each unit once. The result is the float nearest
    to the exact value.

    Raises:
        DurationError: the text is not a duration.
    """
    amounts: list[tuple[str, int]] = []
    end = 0
    while match := _AMOUNT.match(text, end):
        number, word = match.groups()
        if word not in _MILLISECONDS:
            break
        amounts.append((number, _MILLISECONDS[word]))
        end = match.end()
    if not amounts or end < len(text):
        raise DurationError(_reason(text))
    return _total(text, amounts)


def _total(text: str, amounts: list[tuple[str, int]]) -> float:
    """Integers all the way: "1.1 min" is 66 seconds, not 66.00000000000001."""
    if any(size >= before for (_, before), (_, size) in pairwise(amounts)):
        raise DurationError(
            f"the units of '{text}' must go from long to short, each once, as in '1 day 12 hours'"
        )
    numerator, denominator = 0, 1000
    for number, size in amounts:
        whole, _, fraction = number.partition(".")
        if len(whole) > _LONGEST_DIGITS or len(fraction) > _LONGEST_DIGITS:
            raise DurationError(f"'{text}' has more digits than a duration can hold")
        scale = 10 ** len(fraction)
        numerator = numerator * scale + int(whole + fraction) * size * (denominator // 1000)
        denominator *= scale
    if numerator > LONGEST * denominator:
        raise DurationError(f"'{text}' is longer than {_LONGEST_DAYS:,} days")
    return numerator / denominator


def _reason(text: str) -> str:
    bare = text.strip()
    if not bare:
        return "a duration cannot be empty; write a number and a unit, such as '30s' or '2 days'"
    if bare.startswith("-"):
        return f"'{bare}' is negative; a duration cannot be"
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", bare):
        return f"'{bare}' has no unit; write '{bare}s', '{bare} min', '{bare} h' or '{bare} days'"
    for unit in re.findall(r"[0-9]\s*([^\W\d_]+)", bare):
        if unit not in _MILLISECONDS:
            return f"'{unit}' is no unit of time; use ms, s, min, h, days or weeks"
    return f"'{bare}' is no duration; write numbers and units, such as '30s' or '1 day 12 hours'"

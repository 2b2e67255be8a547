"""Durations written as text. ``duration.lark`` defines what they look like."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

# A timedelta holds no more days than this (Python library reference, datetime.timedelta.max).
_LONGEST_DAYS: Final = 999_999_999
LONGEST: Final = _LONGEST_DAYS * 86400
"""The most seconds that a timedelta holds."""
_LONGEST_DIGITS: Final = 20

_MILLISECONDS: Final = {
    "WEEK": 604_800_000,
    "DAY": 86_400_000,
    "HOUR": 3_600_000,
    "MINUTE": 60_000,
    "SECOND": 1000,
    "MILLISECOND": 1,
}

# The commonest shape, a number and a unit, is read without lark, whose import takes longer than
# the rest of a small compilation. The tests hold this table against the grammar.
_WORDS: Final = {
    "w": "WEEK",
    "week": "WEEK",
    "weeks": "WEEK",
    "d": "DAY",
    "day": "DAY",
    "days": "DAY",
    "h": "HOUR",
    "hour": "HOUR",
    "hours": "HOUR",
    "m": "MINUTE",
    "min": "MINUTE",
    "minute": "MINUTE",
    "minutes": "MINUTE",
    "s": "SECOND",
    "sec": "SECOND",
    "second": "SECOND",
    "seconds": "SECOND",
    "ms": "MILLISECOND",
    "millisecond": "MILLISECOND",
    "milliseconds": "MILLISECOND",
}
_ONE_AMOUNT: Final = re.compile(r"[ \t]*([0-9]+(?:\.[0-9]+)?)[ \t]*([a-z]+)[ \t]*")


class DurationError(ValueError):
    """The text is no duration; the message says why and what to write."""


def parse_seconds(text: str) -> float:
    """The seconds of a duration such as ``"30s"``, ``"2h"``, ``"7 days"`` or ``"1 day 12 hours"``.

    Amounts stand in falling order of their units, each unit once. The result is the float nearest
    to the exact value.

    Raises:
        DurationError: the text is not a duration.
    """
    match = _ONE_AMOUNT.fullmatch(text)
    if match and match[2] in _WORDS:
        return _total(text, [(match[1], _WORDS[match[2]])])
    return _total(text, parse_amounts(text))


def parse_amounts(text: str) -> list[tuple[str, str]]:
    """The numbers of a duration, each with the name of its unit's terminal in the grammar.

    Raises:
        DurationError: the text does not follow the grammar.
    """
    from lark.exceptions import UnexpectedInput

    from wfc.grammar.loader import load

    try:
        tree = load("duration").parse(text)
    except UnexpectedInput:
        raise DurationError(_reason(text)) from None
    tokens = list(tree.scan_values(lambda _: True))
    return [
        (str(number), unit.type) for number, unit in zip(tokens[::2], tokens[1::2], strict=True)
    ]


def _total(text: str, amounts: list[tuple[str, str]]) -> float:
    """Integers all the way: "1.1 min" is 66 seconds, not 66.00000000000001."""
    sizes = [_MILLISECONDS[unit] for _, unit in amounts]
    if any(size >= before for before, size in pairwise(sizes)):
        raise DurationError(
            f"the units of '{text}' must go from long to short, each once, as in '1 day 12 hours'"
        )
    numerator, denominator = 0, 1000
    for (number, _), size in zip(amounts, sizes, strict=True):
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
        if unit not in _WORDS:
            return f"'{unit}' is no unit of time; use ms, s, min, h, days or weeks"
    return f"'{bare}' is no duration; write numbers and units, such as '30s' or '1 day 12 hours'"

"""Durations as authors give them: a timedelta, a number of seconds, or text."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeAlias

from wfc.errors import UsageError
from wfc.grammar.duration import DurationError, parse_seconds

Duration: TypeAlias = timedelta | int | float | str


def seconds_of(duration: object, what: str) -> float:
    """The seconds of a duration; ``what`` names it in messages.

    Raises:
        UsageError: it is no duration.
    """
    match duration:
        case timedelta():
            return duration.total_seconds()
        case int() | float() if not isinstance(duration, bool) and abs(duration) < float("inf"):
            return duration
        case str():
            try:
                return parse_seconds(duration)
            except DurationError as error:
                raise UsageError(f"{what}: {error}") from None
    raise UsageError(
        f"{what} must be a timedelta, a number of seconds or text such as '30s', not {duration!r}"
    )

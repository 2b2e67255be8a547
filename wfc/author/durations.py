"""Durations as authors give them: a timedelta, a number of seconds, or text."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeAlias

from wfc.author.errors import UsageError
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


def length_of(value: object, what: str, *, least: float | None = None) -> float:
    """Seconds of a duration that must be longer than nothing, or at least ``least``.

    Raises:
        UsageError: it is no duration, or too short; ``what`` names it.
    """
    seconds = seconds_of(value, what)
    if least is None and seconds <= 0:
        raise UsageError(f"{what} must be longer than nothing, not {value!r}")
    if least is not None and seconds < least:
        raise UsageError(f"{what} must not be negative, not {value!r}")
    return seconds

"""Durations as ``timedelta`` calls."""

from __future__ import annotations

from typing import Final

_UNITS: Final = (("days", 86_400), ("hours", 3600), ("minutes", 60))


def timedelta(seconds: float, name: str = "timedelta") -> str:
    """``timedelta(minutes=30)``: in the largest unit that gives a whole number.

    Args:
        seconds: the duration.
        name: what ``datetime.timedelta`` is called in the generated module.
    """
    for unit, size in _UNITS:
        if seconds >= size and seconds % size == 0:
            return f"{name}({unit}={int(seconds // size)})"
    if seconds == int(seconds):
        return f"{name}(seconds={int(seconds)})"
    if seconds * 1000 == int(seconds * 1000):
        return f"{name}(milliseconds={int(seconds * 1000)})"
    return f"{name}(seconds={seconds!r})"

"""Checks of single values: numbers, times, texts. A value that is computed at run time or filled in
at deployment is left alone."""

from __future__ import annotations

import re
from typing import Final

from wfc.backends.asl.checker.report import (
    VALUE,
    JsonObject,
    Report,
    is_expression,
    is_placeholder,
    step,
)

# RFC 3339 date-time.
_TIMESTAMP: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})"
)
# AWS documentation, "Wait state": the longest wait and timeout in seconds.
LONGEST: Final = 99_999_999


def is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_open(value: object) -> bool:
    """Whether the value is known only later."""
    return is_expression(value) or is_placeholder(value)


def is_timestamp(value: object) -> bool:
    return isinstance(value, str) and _TIMESTAMP.fullmatch(value) is not None


def check_number(
    owner: JsonObject,
    key: str,
    path: str,
    report: Report,
    *,
    least: float,
    most: float | None = None,
    whole: bool = True,
    rule: str = VALUE,
) -> None:
    """A number in a range, if the field is there."""
    value = owner.get(key)
    if key not in owner or is_open(value):
        return
    kind = "a whole number" if whole else "a number"
    fits = is_number(value) and (not whole or float(str(value)).is_integer())
    limits = f"of at least {least:,}" if most is None else f"from {least:,} to {most:,}"
    if not fits or value < least or (most is not None and value > most):  # type: ignore[operator]
        report.add(rule, step(path, key), f"{key} is {kind} {limits}")


def check_text(owner: JsonObject, key: str, path: str, report: Report) -> None:
    """Text, if the field is there."""
    if key in owner and not isinstance(owner[key], str) and not is_placeholder(owner[key]):
        report.add(VALUE, step(path, key), f"{key} is text")


def check_choice(
    owner: JsonObject, key: str, path: str, report: Report, allowed: tuple[str, ...]
) -> None:
    """One of some words, if the field is there."""
    if key in owner and owner[key] not in allowed and not is_placeholder(owner[key]):
        report.add(VALUE, step(path, key), f"{key} is one of {', '.join(allowed)}")


def check_fields(
    owner: JsonObject, allowed: frozenset[str], path: str, report: Report, what: str
) -> None:
    """ASL-R12: only known fields."""
    for key in owner:
        if key not in allowed:
            report.add("ASL-R12", step(path, key), f"{what} has no field {key!r}")

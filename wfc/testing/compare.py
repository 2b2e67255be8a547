"""Compares how two runs ended and what they did, as JSON data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from wfc.backends.base import Call, Outcome
from wfc.testing.cases import Expectation


def compare(expected: Outcome, got: Outcome) -> list[str]:
    """The differences between two outcomes, one line each; empty when they are the same."""
    lines = [*_ending(expected, got)]
    lines.extend(_calls(expected.calls, got.calls))
    return lines


def contradictions(expect: Expectation, got: Outcome) -> list[str]:
    """Where an outcome is not what a case expects."""
    message = got.message if expect.message is None else expect.message
    wanted = Outcome(result=expect.result, error=expect.error, message=message)
    return _ending(wanted, got)


def difference(expected: Any, got: Any, at: str = "") -> str:
    """The first place where two JSON values differ, empty when they are equal.

    Numbers are equal by value, whether written 1 or 1.0; true and false are no numbers; the order
    of an object's members has no meaning.
    """
    match expected, got:
        case dict(), dict():
            return _object_difference(expected, got, at)
        case list(), list():
            for index, (left, right) in enumerate(zip(expected, got, strict=False)):
                if found := difference(left, right, f"{at}[{index}]"):
                    return found
            if len(expected) != len(got):
                return f"{_at(at)}expected {len(expected)} items, got {len(got)}"
            return ""
    if _kind(expected) == _kind(got) and expected == got:
        return ""
    return f"{_at(at)}expected {brief(expected)}, got {brief(got)}"


def brief(value: Any) -> str:
    """Short JSON for people to read."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= 200 else text[:197] + "..."


def call_text(call: Call) -> str:
    """A call as one would write it."""
    arguments = ", ".join(f"{name}={brief(value)}" for name, value in call.arguments.items())
    return f"{call.step}({arguments})"


def _object_difference(expected: dict[str, Any], got: dict[str, Any], at: str) -> str:
    for name, value in expected.items():
        below = f"{at}.{name}" if at else name
        if name not in got:
            return f"{_at(below)}expected {brief(value)}, got nothing"
        if found := difference(value, got[name], below):
            return found
    for name in got:
        if name not in expected:
            below = f"{at}.{name}" if at else name
            return f"{_at(below)}expected nothing, got {brief(got[name])}"
    return ""


# A lookup that finds nothing has no result in JSONata; Step Functions reports that by this name.
_NOTHING_FOUND: Final = "States.QueryEvaluationError"


def _ending(expected: Outcome, got: Outcome) -> list[str]:
    if expected.error or got.error:
        if _same_error(expected, got):
            return []
        return [f"expected {ending_text(expected)}, got {ending_text(got)}"]
    found = difference(expected.result, got.result)
    return [f"result: {found}"] if found else []


def _same_error(expected: Outcome, got: Outcome) -> bool:
    if got.exact:
        return (expected.error, expected.message) == (got.error, got.message)
    if got.error == _NOTHING_FOUND:
        return expected.error in ("IndexError", "KeyError")
    return expected.error == got.error


def ending_text(outcome: Outcome) -> str:
    """How a run ended, in words."""
    if not outcome.error:
        return f"result {brief(outcome.result)}"
    return (
        f"error {outcome.error}: {outcome.message}" if outcome.message else f"error {outcome.error}"
    )


def _calls(expected: Sequence[Call], got: Sequence[Call]) -> list[str]:
    for number, (left, right) in enumerate(zip(expected, got, strict=False), start=1):
        if left.step != right.step:
            return [f"call {number}: expected {call_text(left)}, got {call_text(right)}"]
        if found := difference(dict(left.arguments), dict(right.arguments)):
            return [f"call {number}, {left.step}: {found}"]
    if len(expected) > len(got):
        return [f"call {len(got) + 1}: expected {call_text(expected[len(got)])}, got no call"]
    if len(got) > len(expected):
        return [f"call {len(expected) + 1}: expected no call, got {call_text(got[len(expected)])}"]
    return []


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
    return type(value).__name__


def _at(at: str) -> str:
    return f"{at}: " if at else ""

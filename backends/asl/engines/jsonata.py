"""Corrects jsonata-python where it differs from the reference implementation of JSONata, 2.0.6.

Both in-process interpreters evaluate with that port. The differences were found by running the same
expressions on both; each correction says what the reference does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

import jsonata
from jsonata.functions import Functions
from jsonata.utils import Utils
from sfnx import testing

Evaluator = jsonata.Jsonata

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def correct() -> None:
    """Put the corrections in place, once per process."""
    Evaluator.evaluate_numeric_expression = _arithmetic
    Utils.convert_number = staticmethod(_number)
    Functions.Comparator.compare = _compare
    Evaluator.static_frame.lookup("lowercase").method = _lowercase
    Evaluator.static_frame.lookup("replace").method = _replace
    Evaluator.static_frame.lookup("toMillis").method = _to_millis
    testing.evaluate = _evaluate


_original_arithmetic = Evaluator.evaluate_numeric_expression
_original_number = Utils.convert_number
_original_lowercase = Functions.lowercase
_original_replace = Functions.replace
_original_to_millis = Functions.datetime_to_millis
_original_evaluate = testing.evaluate


def _arithmetic(self: Any, left: Any, right: Any, operator: str) -> Any:
    """A remainder keeps its fraction; the port cuts it off."""
    if operator != "%":
        return _original_arithmetic(self, left, right, operator)
    checked = _original_arithmetic(self, left, right, "-")
    return None if checked is None else Utils.convert_number(math.fmod(left, right))


def _number(value: Any) -> Any:
    """An infinite result is a number until it is used; the port fails to make an int of it."""
    if isinstance(value, float) and math.isinf(value):
        return value
    return _original_number(value)


def _compare(self: Any, left: Any, right: Any) -> int:
    """``true`` means that the left item comes after the right one, and sorting is stable; the port
    takes ``false`` for "before", also where the two are equal."""
    if Functions.func_apply(self._comparator, [left, right]):
        return 1
    return -1 if Functions.func_apply(self._comparator, [right, left]) else 0


def _lowercase(text: Any) -> Any:
    """Lower case; the port folds, which makes ``ss`` of ``ß``."""
    return text.lower() if isinstance(text, str) else _original_lowercase(text)


def _replace(text: Any, pattern: Any, replacement: Any, limit: Any = None) -> Any:
    """In place of a text, another stands as it is; the port takes ``$0`` in it for a reference,
    which is what it is beside a regular expression."""
    if isinstance(pattern, str) and isinstance(replacement, str):
        replacement = replacement.replace("$", "$$")
    return _original_replace(text, pattern, replacement, limit)


def _to_millis(timestamp: Any, picture: Any = None) -> Any:
    """Whole milliseconds; the port cuts off what a float holds, which is one less at times."""
    found = _original_to_millis(timestamp, picture)
    if found is None or picture is not None or timestamp.isdigit():
        return found
    moment = datetime.fromisoformat(timestamp)
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _evaluate(code: str, variables: Mapping[str, Any], states: Any) -> Any:
    """Every failure of an expression is the one error that Step Functions has for it; the port lets
    errors of Python through."""
    try:
        return _original_evaluate(code, variables, states)
    except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise testing.Failure(
            "States.QueryEvaluationError", f"the expression fails: {error}"
        ) from error

"""Corrects jsonata-python where it differs from the reference implementation of JSONata, 2.0.6.

Both in-process interpreters evaluate with that port. The differences were found by running the same
expressions on both; each correction says what the reference does.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import jsonata.functions
import jsonata.jsonata


@cache
def correct() -> None:
    """Put the corrections in place, once per process."""
    evaluator = jsonata.jsonata.Jsonata
    original = evaluator.evaluate_numeric_expression

    def evaluate_numeric_expression(self: Any, left: Any, right: Any, operator: str) -> Any:
        """The remainder keeps its fraction, as JavaScript's does; the port cuts it off."""
        checked = original(self, left, right, "-")
        if operator != "%":
            return original(self, left, right, operator)
        if checked is None:
            return None
        return jsonata.utils.Utils.convert_number(math.fmod(left, right))

    evaluator.evaluate_numeric_expression = evaluate_numeric_expression

    def compare(self: Any, left: Any, right: Any) -> int:
        """``true`` means that the left item comes after the right one; the port takes ``false`` for
        "before" where the two are equal, so that its sort is not stable."""
        apply = jsonata.functions.Functions.func_apply
        if apply(self._comparator, [left, right]):
            return 1
        return -1 if apply(self._comparator, [right, left]) else 0

    jsonata.functions.Functions.Comparator.compare = compare

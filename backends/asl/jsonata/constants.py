"""What is known of an expression before anything runs: a person writes ``4``, and not ``3 + 1``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Final

from wfc.compiler.language.nodes import (
    Binary,
    Call,
    Constant,
    Expr,
    GlobalName,
    ListDisplay,
    Starred,
    TupleDisplay,
    Unary,
)

# Integers up to this are exact in JSONata.
_LARGEST: Final = 2**53 - 1

_OPERATORS: Final[dict[str, Callable[[int, int], int]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def integer(expr: object, constants: Mapping[str, Expr]) -> int | None:
    """The whole number that an expression of constants is; None when it is none, or not exact.

    Args:
        constants: the module's constants by name.
    """
    value = _integer(expr, constants)
    return value if value is not None and abs(value) <= _LARGEST else None


def _integer(expr: object, constants: Mapping[str, Expr]) -> int | None:
    # partial: the value of no other expression is known
    match expr:
        case Constant(bool()):
            return None
        case Constant(int() as value):
            return value
        case GlobalName(name) if name in constants:
            return integer(constants[name], constants)
        case Unary("-", operand):
            value_ = integer(operand, constants)
            return None if value_ is None else -value_
        case Binary(symbol, left, right) if symbol in _OPERATORS:
            one, other = integer(left, constants), integer(right, constants)
            return None if one is None or other is None else _OPERATORS[symbol](one, other)
        case Call("len", (GlobalName(name),)) if name in constants:
            return _length(constants[name])
    return None


def _length(items: Expr) -> int | None:
    # partial: the length of no other expression is known
    match items:
        case ListDisplay(found) | TupleDisplay(found):
            return None if any(isinstance(one, Starred) for one in found) else len(found)
    return None

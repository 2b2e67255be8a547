"""What is known of an expression before anything runs: a person writes ``4``, and not ``3 + 1``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Final

from wfc.compiler.language import nodes as ir

# Integers up to this are exact in JSONata.
_LARGEST: Final = 2**53 - 1

_OPERATORS: Final[dict[str, Callable[[int, int], int]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def integer(expr: object, constants: Mapping[str, ir.Expr]) -> int | None:
    """The whole number that an expression of constants is; None when it is none, or not exact.

    Args:
        constants: the module's constants by name.
    """
    value = _integer(expr, constants)
    return value if value is not None and abs(value) <= _LARGEST else None


def _integer(expr: object, constants: Mapping[str, ir.Expr]) -> int | None:
    # partial: the value of no other expression is known
    match expr:
        case ir.Constant(bool()):
            return None
        case ir.Constant(int() as value):
            return value
        case ir.GlobalName(name) if name in constants:
            return integer(constants[name], constants)
        case ir.Unary("-", operand):
            value_ = integer(operand, constants)
            return None if value_ is None else -value_
        case ir.Binary(symbol, left, right) if symbol in _OPERATORS:
            one, other = integer(left, constants), integer(right, constants)
            return None if one is None or other is None else _OPERATORS[symbol](one, other)
        case ir.Call("len", (ir.GlobalName(name),)) if name in constants:
            return _length(constants[name])
    return None


def _length(items: ir.Expr) -> int | None:
    # partial: the length of no other expression is known
    match items:
        case ir.ListDisplay(found) | ir.TupleDisplay(found):
            return None if any(isinstance(one, ir.Starred) for one in found) else len(found)
    return None

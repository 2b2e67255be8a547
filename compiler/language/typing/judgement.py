"""What the rules of the language say about one expression."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wfc.compiler.data.struct import Struct
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

NOTHING: Final[frozenset[str]] = frozenset()
TYPE_ERROR: Final = frozenset({"TypeError"})


class Judgement(Struct):
    """The type of the expression's value; the names of the errors that evaluating it may raise, its
    operands not counted; and why it always fails, as a sentence, when that is certain."""

    type: t.Type
    raises: frozenset[str] = NOTHING
    problem: str = ""


def fails(problem: str, error: str = "TypeError") -> Judgement:
    """An expression that always raises."""
    return Judgement(t.ANY, frozenset({error}), problem)


def either(found: Iterable[Judgement]) -> Judgement:
    """What holds when any one of several cases may happen: it is wrong only if all are."""
    cases = tuple(found)
    raises = NOTHING.union(*(case.raises for case in cases))
    good = [case for case in cases if not case.problem]
    if not good:
        return Judgement(t.ANY, raises, cases[0].problem)
    return Judgement(t.union(*(case.type for case in good)), raises)


def number_of(expr: ir.Expr | None) -> int | float | None:
    """The value of a constant number, a sign in front of it included; else None."""
    # partial: the value of no other expression is known
    match expr:
        case ir.Constant(value) if isinstance(value, int | float):
            return value
        case ir.Unary("-", operand):
            value = number_of(operand)
            return None if value is None else -value
        case ir.Unary("+", operand):
            return number_of(operand)
    return None


def int_of(expr: ir.Expr | None) -> int | None:
    """The value of a constant int; else None."""
    value = number_of(expr)
    return value if isinstance(value, int) else None


def text_of(expr: ir.Expr | None) -> str | None:
    """The value of a constant text; else None."""
    return expr.value if isinstance(expr, ir.Constant) and isinstance(expr.value, str) else None

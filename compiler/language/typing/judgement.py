"""What the rules of the language say about one expression."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wfc.compiler.data.struct import Struct
from wfc.compiler.language.nodes import Constant, Expr, Unary
from wfc.compiler.language.nodes.types import ANY, Type, union

NOTHING: Final[frozenset[str]] = frozenset()
TYPE_ERROR: Final = frozenset({"TypeError"})


class Judgement(Struct):
    """The type of the expression's value; the names of the errors that evaluating it may raise, its
    operands not counted; and why it always fails, as a sentence, when that is certain."""

    type: Type
    raises: frozenset[str] = NOTHING
    problem: str = ""


def fails(problem: str, error: str = "TypeError") -> Judgement:
    """An expression that always raises."""
    return Judgement(ANY, frozenset({error}), problem)


def either(found: Iterable[Judgement]) -> Judgement:
    """What holds when any one of several cases may happen: it is wrong only if all are."""
    cases = tuple(found)
    raises = NOTHING.union(*(case.raises for case in cases))
    good = [case for case in cases if not case.problem]
    if not good:
        return Judgement(ANY, raises, cases[0].problem)
    return Judgement(union(*(case.type for case in good)), raises)


def number_of(expr: Expr | None) -> int | float | None:
    """The value of a constant number, a sign in front of it included; else None."""
    # partial: the value of no other expression is known
    match expr:
        case Constant(value) if isinstance(value, int | float):
            return value
        case Unary("-", operand):
            value = number_of(operand)
            return None if value is None else -value
        case Unary("+", operand):
            return number_of(operand)
    return None


def int_of(expr: Expr | None) -> int | None:
    """The value of a constant int; else None."""
    value = number_of(expr)
    return value if isinstance(value, int) else None


def text_of(expr: Expr | None) -> str | None:
    """The value of a constant text; else None."""
    return expr.value if isinstance(expr, Constant) and isinstance(expr.value, str) else None

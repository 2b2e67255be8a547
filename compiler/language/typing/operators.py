"""The rules of Python's operators on the types of the language.

Integers are taken to stay within +-(2**53-1), so that an int always has a float and float
arithmetic gives a number or an infinity; complex numbers are outside the language.
"""

from __future__ import annotations

from itertools import product
from typing import Final

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.judgement import (
    NOTHING,
    TYPE_ERROR,
    Judgement,
    either,
    fails,
    int_of,
    number_of,
)
from wfc.compiler.language.typing.kinds import Fit, fit, is_mapping, ordered, plain, values

_NUMBERS: Final = (t.INT, t.FLOAT, t.BOOL)
_INTEGERS: Final = (t.INT, t.BOOL)
_OVERFLOW: Final = frozenset({"OverflowError"})
_ZERO: Final = frozenset({"ZeroDivisionError"})
# What ``text % values`` raises, beside TypeError (Python library reference, printf-style
# formatting, as CPython implements it).
_TEMPLATE: Final = frozenset({"TypeError", "ValueError", "KeyError", "OverflowError"})


def unary(module: ir.Module, expr: ir.Unary) -> Judgement:
    """The rule of ``-a`` and its like."""
    if expr.operator == "not":
        return Judgement(t.BOOL)
    found = [_unary(expr, member) for member in plain(module, expr.operand.type)]
    return either(found) if found else Judgement(t.NEVER)


def _unary(expr: ir.Unary, operand: t.Type) -> Judgement:
    # partial: what is no number is refused below
    match operand:
        case t.AnyType():
            return Judgement(t.ANY, TYPE_ERROR)
        case t.NeverType():
            return Judgement(t.NEVER)
    if operand in _INTEGERS:
        return Judgement(t.INT)
    if expr.operator != "~" and operand == t.FLOAT:
        return Judgement(t.FLOAT)
    if expr.operator != "~" and operand == t.TIMEDELTA:
        return Judgement(t.TIMEDELTA, _OVERFLOW if expr.operator == "-" else NOTHING)
    return fails(f"'{expr.operator}' is not defined for {operand}")


def binary(module: ir.Module, expr: ir.Binary) -> Judgement:
    """The rule of ``left operator right``, constants taken into account."""
    return combine(module, expr.operator, expr.left.type, expr.right.type, expr.left, expr.right)


def combine(
    module: ir.Module,
    operator: ir.BinaryOperator,
    left_type: t.Type,
    right_type: t.Type,
    left: ir.Expr | None = None,
    right: ir.Expr | None = None,
) -> Judgement:
    """The rule of ``left operator right``. The operands, where given, say which are constants."""
    found = [
        _combine(module, operator, one, other, left, right)
        for one, other in product(plain(module, left_type), plain(module, right_type))
    ]
    return either(found)


def _combine(
    module: ir.Module,
    operator: ir.BinaryOperator,
    one: t.Type,
    other: t.Type,
    left: ir.Expr | None,
    right: ir.Expr | None,
) -> Judgement:
    if isinstance(one, t.NeverType) or isinstance(other, t.NeverType):
        return Judgement(t.NEVER)
    if isinstance(one, t.AnyType) or isinstance(other, t.AnyType):
        return _unknown(operator, one, other, right)
    result: Judgement | None = None
    if one in _NUMBERS and other in _NUMBERS:
        result = _arithmetic(operator, one, other, left, right)
    elif one in (t.DATETIME, t.TIMEDELTA) or other in (t.DATETIME, t.TIMEDELTA):
        result = _time(operator, one, other, right)
    elif one == t.STR and operator == "%":
        return Judgement(t.STR, _TEMPLATE)
    elif operator == "*" and (one in _INTEGERS or other in _INTEGERS):
        series, times = (other, left) if one in _INTEGERS else (one, right)
        result = _repetition(series, int_of(times))
    elif operator == "+":
        result = _concatenation(one, other)
    elif operator in ("|", "&", "^", "-"):
        result = _set_operation(module, operator, one, other)
    if result is None:
        return fails(f"'{operator}' is not defined between {one} and {other}")
    return result


def _unknown(
    operator: ir.BinaryOperator, one: t.Type, other: t.Type, right: ir.Expr | None
) -> Judgement:
    known = other if isinstance(one, t.AnyType) else one
    if isinstance(known, t.ErrorType):
        return fails(f"'{operator}' is not defined between {one} and {other}")
    if operator == "%" and isinstance(one, t.AnyType):
        return Judgement(t.ANY, _TEMPLATE | _division(right))
    if operator == "%" and one == t.STR:
        return Judgement(t.STR, _TEMPLATE)
    type_: t.Type = t.STR if known == t.STR and operator == "+" else t.ANY
    raises = TYPE_ERROR
    if operator in ("/", "//", "%", "**"):
        raises |= _division(right)
    if operator in ("<<", ">>"):
        raises |= _shift(right)
    if operator in ("+", "-", "*", "**"):
        raises |= _OVERFLOW
    return Judgement(type_, raises)


def _division(right: ir.Expr | None) -> frozenset[str]:
    return NOTHING if number_of(right) else _ZERO


def _shift(right: ir.Expr | None) -> frozenset[str]:
    count = int_of(right)
    return NOTHING if count is not None and count >= 0 else frozenset({"ValueError"})


def _arithmetic(
    operator: ir.BinaryOperator,
    one: t.Type,
    other: t.Type,
    left: ir.Expr | None,
    right: ir.Expr | None,
) -> Judgement | None:
    integers = one in _INTEGERS and other in _INTEGERS
    result: t.Type = t.INT if integers else t.FLOAT
    if operator in ("+", "-", "*"):
        return Judgement(result)
    if operator in ("/", "//", "%"):
        if number_of(right) == 0:
            return fails("the divisor is zero", "ZeroDivisionError")
        return Judgement(t.FLOAT if operator == "/" else result, _division(right))
    if operator == "**":
        return _power(integers, left, right)
    if not integers:
        return None
    if operator in ("<<", ">>"):
        return Judgement(t.INT, _shift(right))
    return Judgement(t.BOOL if one == other == t.BOOL else t.INT)


def _power(integers: bool, left: ir.Expr | None, right: ir.Expr | None) -> Judgement:
    exponent = number_of(right)
    raises = NOTHING
    if not number_of(left) and (exponent is None or exponent < 0):
        raises = _ZERO
    if not integers:
        return Judgement(t.FLOAT, raises | _OVERFLOW)
    if exponent is None:
        return Judgement(t.union(t.INT, t.FLOAT), raises)
    return Judgement(t.INT if exponent >= 0 else t.FLOAT, raises)


def _time(
    operator: ir.BinaryOperator, one: t.Type, other: t.Type, right: ir.Expr | None
) -> Judgement | None:
    match operator:
        case "+" if {one, other} == {t.DATETIME, t.TIMEDELTA}:
            return Judgement(t.DATETIME, _OVERFLOW)
        case "-" if one == t.DATETIME and other == t.TIMEDELTA:
            return Judgement(t.DATETIME, _OVERFLOW)
        case "-" if one == other == t.DATETIME:
            # A naive and an aware datetime have no difference.
            return Judgement(t.TIMEDELTA, TYPE_ERROR)
        case "+" | "-" if one == other == t.TIMEDELTA:
            return Judgement(t.TIMEDELTA, _OVERFLOW)
        case "*" if t.TIMEDELTA in (one, other) and {one, other} & set(_NUMBERS):
            # An infinite or undefined factor has no ratio of integers.
            undefined = {"ValueError"} if t.FLOAT in (one, other) else set()
            return Judgement(t.TIMEDELTA, _OVERFLOW | undefined)
        case "/" | "//" | "%" if one == other == t.TIMEDELTA:
            result: t.Type = {"/": t.FLOAT, "//": t.INT, "%": t.TIMEDELTA}[operator]
            return Judgement(result, _ZERO)
        case "/" if one == t.TIMEDELTA and other in _NUMBERS:
            undefined = {"ValueError"} if other == t.FLOAT else set()
            return Judgement(t.TIMEDELTA, _OVERFLOW | undefined | _division(right))
        case "//" if one == t.TIMEDELTA and other in _INTEGERS:
            return Judgement(t.TIMEDELTA, _division(right))
    return None


def _repetition(series: t.Type, times: int | None) -> Judgement | None:
    if isinstance(series, t.TupleType):
        return Judgement(t.ANY if times is None else t.TupleType(series.items * times))
    return Judgement(series) if series == t.STR or isinstance(series, t.ListType) else None


def _concatenation(one: t.Type, other: t.Type) -> Judgement | None:
    # partial: nothing else but text is joined by +
    match one, other:
        case (t.ListType(first), t.ListType(second)):
            return Judgement(t.ListType(t.union(first, second)))
        case (t.TupleType(first), t.TupleType(second)):
            return Judgement(t.TupleType(first + second))
    return Judgement(t.STR) if one == other == t.STR else None


def _set_operation(
    module: ir.Module, operator: ir.BinaryOperator, one: t.Type, other: t.Type
) -> Judgement | None:
    match one, other:
        case (t.SetType(first), t.SetType(second)):
            kept = operator in ("-", "&")
            return Judgement(t.SetType(first if kept else t.union(first, second)))
    if operator == "|" and is_mapping(module, one) and is_mapping(module, other):
        if one == other:
            return Judgement(one)
        return Judgement(t.DictType(t.union(values(module, one), values(module, other))))
    return None


def compare(module: ir.Module, expr: ir.Compare) -> Judgement:
    """A chain of comparisons: each may fail, since all may be reached."""
    found: list[Judgement] = []
    left = expr.left
    for operator, right in expr.rest:
        found.append(_compare(module, operator, left.type, right.type))
        left = right
    raises = frozenset[str]().union(*(one.raises for one in found))
    # Only the first comparison is sure to be evaluated.
    return Judgement(t.BOOL, raises, found[0].problem)


def _compare(
    module: ir.Module, operator: ir.ComparisonOperator, left: t.Type, right: t.Type
) -> Judgement:
    if operator in ("in", "not in"):
        found = [_contains(module, left, member) for member in plain(module, right)]
        return either(found)
    if operator in ("<", "<=", ">", ">="):
        match ordered(module, left, right):
            case Fit.NO:
                return fails(f"'{operator}' is not defined between {left} and {right}")
            case Fit.MAYBE:
                return Judgement(t.BOOL, TYPE_ERROR)
    return Judgement(t.BOOL)


def _contains(module: ir.Module, item: t.Type, container: t.Type) -> Judgement:
    if isinstance(container, t.AnyType):
        return Judgement(t.BOOL, TYPE_ERROR)
    if fit(module, container, "iterable") == Fit.NO:
        return fails(f"'in' is not defined for {container}")
    demand = "any"
    if container == t.STR:
        demand = "str"
    elif isinstance(container, t.SetType):
        # A set is looked up as the frozenset that it equals (Python library reference, set types).
        demand = "hashable|set"
    elif is_mapping(module, container):
        demand = "hashable"
    match fit(module, item, demand):
        case Fit.YES:
            return Judgement(t.BOOL)
        case Fit.MAYBE:
            return Judgement(t.BOOL, TYPE_ERROR)
    return fails(f"{item} cannot be in {container}")


def least_or_greatest(module: ir.Module, types: tuple[t.Type, ...]) -> frozenset[str]:
    """What ordering values of these types among each other may raise."""
    found = [ordered(module, one, other) for one, other in product(types, types)]
    return NOTHING if all(one == Fit.YES for one in found) else TYPE_ERROR

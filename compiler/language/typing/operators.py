"""The rules of Python's operators on the types of the language.

Integers are taken to stay within +-(2**53-1), so that an int always has a float and float
arithmetic gives a number or an infinity; complex numbers are outside the language.
"""

from __future__ import annotations

from itertools import product
from typing import Final

from wfc.compiler.language.nodes import (
    Binary,
    BinaryOperator,
    Compare,
    ComparisonOperator,
    Expr,
    Module,
    Unary,
)
from wfc.compiler.language.nodes.types import (
    ANY,
    BOOL,
    DATETIME,
    FLOAT,
    INT,
    NEVER,
    STR,
    TIMEDELTA,
    AnyType,
    DictType,
    ErrorType,
    ListType,
    NeverType,
    SetType,
    TupleType,
    Type,
    union,
)
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

_NUMBERS: Final = (INT, FLOAT, BOOL)
_INTEGERS: Final = (INT, BOOL)
_OVERFLOW: Final = frozenset({"OverflowError"})
_ZERO: Final = frozenset({"ZeroDivisionError"})
# What ``text % values`` raises, beside TypeError (Python library reference, printf-style
# formatting, as CPython implements it).
_TEMPLATE: Final = frozenset({"TypeError", "ValueError", "KeyError", "OverflowError"})


def unary(module: Module, expr: Unary) -> Judgement:
    """The rule of ``-a`` and its like."""
    if expr.operator == "not":
        return Judgement(BOOL)
    found = [_unary(expr, member) for member in plain(module, expr.operand.type)]
    return either(found) if found else Judgement(NEVER)


def _unary(expr: Unary, operand: Type) -> Judgement:
    # partial: what is no number is refused below
    match operand:
        case AnyType():
            return Judgement(ANY, TYPE_ERROR)
        case NeverType():
            return Judgement(NEVER)
    if operand in _INTEGERS:
        return Judgement(INT)
    if expr.operator != "~" and operand == FLOAT:
        return Judgement(FLOAT)
    if expr.operator != "~" and operand == TIMEDELTA:
        return Judgement(TIMEDELTA, _OVERFLOW if expr.operator == "-" else NOTHING)
    return fails(f"'{expr.operator}' is not defined for {operand}")


def binary(module: Module, expr: Binary) -> Judgement:
    """The rule of ``left operator right``, constants taken into account."""
    return combine(module, expr.operator, expr.left.type, expr.right.type, expr.left, expr.right)


def combine(
    module: Module,
    operator: BinaryOperator,
    left_type: Type,
    right_type: Type,
    left: Expr | None = None,
    right: Expr | None = None,
) -> Judgement:
    """The rule of ``left operator right``. The operands, where given, say which are constants."""
    found = [
        _combine(module, operator, one, other, left, right)
        for one, other in product(plain(module, left_type), plain(module, right_type))
    ]
    return either(found)


def _combine(
    module: Module,
    operator: BinaryOperator,
    one: Type,
    other: Type,
    left: Expr | None,
    right: Expr | None,
) -> Judgement:
    if isinstance(one, NeverType) or isinstance(other, NeverType):
        return Judgement(NEVER)
    if isinstance(one, AnyType) or isinstance(other, AnyType):
        return _unknown(operator, one, other, right)
    result: Judgement | None = None
    if one in _NUMBERS and other in _NUMBERS:
        result = _arithmetic(operator, one, other, left, right)
    elif one in (DATETIME, TIMEDELTA) or other in (DATETIME, TIMEDELTA):
        result = _time(operator, one, other, right)
    elif one == STR and operator == "%":
        return Judgement(STR, _TEMPLATE)
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


def _unknown(operator: BinaryOperator, one: Type, other: Type, right: Expr | None) -> Judgement:
    known = other if isinstance(one, AnyType) else one
    if isinstance(known, ErrorType):
        return fails(f"'{operator}' is not defined between {one} and {other}")
    if operator == "%" and isinstance(one, AnyType):
        return Judgement(ANY, _TEMPLATE | _division(right))
    if operator == "%" and one == STR:
        return Judgement(STR, _TEMPLATE)
    type_: Type = STR if known == STR and operator == "+" else ANY
    raises = TYPE_ERROR
    if operator in ("/", "//", "%", "**"):
        raises |= _division(right)
    if operator in ("<<", ">>"):
        raises |= _shift(right)
    if operator in ("+", "-", "*", "**"):
        raises |= _OVERFLOW
    return Judgement(type_, raises)


def _division(right: Expr | None) -> frozenset[str]:
    return NOTHING if number_of(right) else _ZERO


def _shift(right: Expr | None) -> frozenset[str]:
    count = int_of(right)
    return NOTHING if count is not None and count >= 0 else frozenset({"ValueError"})


def _arithmetic(
    operator: BinaryOperator, one: Type, other: Type, left: Expr | None, right: Expr | None
) -> Judgement | None:
    integers = one in _INTEGERS and other in _INTEGERS
    result: Type = INT if integers else FLOAT
    if operator in ("+", "-", "*"):
        return Judgement(result)
    if operator in ("/", "//", "%"):
        if number_of(right) == 0:
            return fails("the divisor is zero", "ZeroDivisionError")
        return Judgement(FLOAT if operator == "/" else result, _division(right))
    if operator == "**":
        return _power(integers, left, right)
    if not integers:
        return None
    if operator in ("<<", ">>"):
        return Judgement(INT, _shift(right))
    return Judgement(BOOL if one == other == BOOL else INT)


def _power(integers: bool, left: Expr | None, right: Expr | None) -> Judgement:
    exponent = number_of(right)
    raises = NOTHING
    if not number_of(left) and (exponent is None or exponent < 0):
        raises = _ZERO
    if not integers:
        return Judgement(FLOAT, raises | _OVERFLOW)
    if exponent is None:
        return Judgement(union(INT, FLOAT), raises)
    return Judgement(INT if exponent >= 0 else FLOAT, raises)


def _time(operator: BinaryOperator, one: Type, other: Type, right: Expr | None) -> Judgement | None:
    match operator:
        case "+" if {one, other} == {DATETIME, TIMEDELTA}:
            return Judgement(DATETIME, _OVERFLOW)
        case "-" if one == DATETIME and other == TIMEDELTA:
            return Judgement(DATETIME, _OVERFLOW)
        case "-" if one == other == DATETIME:
            # A naive and an aware datetime have no difference.
            return Judgement(TIMEDELTA, TYPE_ERROR)
        case "+" | "-" if one == other == TIMEDELTA:
            return Judgement(TIMEDELTA, _OVERFLOW)
        case "*" if TIMEDELTA in (one, other) and {one, other} & set(_NUMBERS):
            # An infinite or undefined factor has no ratio of integers.
            undefined = {"ValueError"} if FLOAT in (one, other) else set()
            return Judgement(TIMEDELTA, _OVERFLOW | undefined)
        case "/" | "//" | "%" if one == other == TIMEDELTA:
            result: Type = {"/": FLOAT, "//": INT, "%": TIMEDELTA}[operator]
            return Judgement(result, _ZERO)
        case "/" if one == TIMEDELTA and other in _NUMBERS:
            undefined = {"ValueError"} if other == FLOAT else set()
            return Judgement(TIMEDELTA, _OVERFLOW | undefined | _division(right))
        case "//" if one == TIMEDELTA and other in _INTEGERS:
            return Judgement(TIMEDELTA, _division(right))
    return None


def _repetition(series: Type, times: int | None) -> Judgement | None:
    if isinstance(series, TupleType):
        return Judgement(ANY if times is None else TupleType(series.items * times))
    return Judgement(series) if series == STR or isinstance(series, ListType) else None


def _concatenation(one: Type, other: Type) -> Judgement | None:
    match one, other:
        case (ListType(first), ListType(second)):
            return Judgement(ListType(union(first, second)))
        case (TupleType(first), TupleType(second)):
            return Judgement(TupleType(first + second))
    return Judgement(STR) if one == other == STR else None


def _set_operation(
    module: Module, operator: BinaryOperator, one: Type, other: Type
) -> Judgement | None:
    match one, other:
        case (SetType(first), SetType(second)):
            kept = operator in ("-", "&")
            return Judgement(SetType(first if kept else union(first, second)))
    if operator == "|" and is_mapping(module, one) and is_mapping(module, other):
        if one == other:
            return Judgement(one)
        return Judgement(DictType(union(values(module, one), values(module, other))))
    return None


def compare(module: Module, expr: Compare) -> Judgement:
    """A chain of comparisons: each may fail, since all may be reached."""
    found: list[Judgement] = []
    left = expr.left
    for operator, right in expr.rest:
        found.append(_compare(module, operator, left.type, right.type))
        left = right
    raises = frozenset[str]().union(*(one.raises for one in found))
    # Only the first comparison is sure to be evaluated.
    return Judgement(BOOL, raises, found[0].problem)


def _compare(module: Module, operator: ComparisonOperator, left: Type, right: Type) -> Judgement:
    if operator in ("in", "not in"):
        found = [_contains(module, left, member) for member in plain(module, right)]
        return either(found)
    if operator in ("<", "<=", ">", ">="):
        match ordered(module, left, right):
            case Fit.NO:
                return fails(f"'{operator}' is not defined between {left} and {right}")
            case Fit.MAYBE:
                return Judgement(BOOL, TYPE_ERROR)
    return Judgement(BOOL)


def _contains(module: Module, item: Type, container: Type) -> Judgement:
    if isinstance(container, AnyType):
        return Judgement(BOOL, TYPE_ERROR)
    if fit(module, container, "iterable") == Fit.NO:
        return fails(f"'in' is not defined for {container}")
    demand = "any"
    if container == STR:
        demand = "str"
    elif isinstance(container, SetType):
        # A set is looked up as the frozenset that it equals (Python library reference, set types).
        demand = "hashable|set"
    elif is_mapping(module, container):
        demand = "hashable"
    match fit(module, item, demand):
        case Fit.YES:
            return Judgement(BOOL)
        case Fit.MAYBE:
            return Judgement(BOOL, TYPE_ERROR)
    return fails(f"{item} cannot be in {container}")


def least_or_greatest(module: Module, types: tuple[Type, ...]) -> frozenset[str]:
    """What ordering values of these types among each other may raise."""
    found = [ordered(module, one, other) for one, other in product(types, types)]
    return NOTHING if all(one == Fit.YES for one in found) else TYPE_ERROR

"""Arithmetic, comparisons, boolean operators and truth."""

from __future__ import annotations

from typing import Final

from wfc.backends.asl.jsonata import codes, kinds
from wfc.backends.asl.jsonata.context import Context
from wfc.backends.asl.jsonata.fragment import NEGATED as NEGATED_POWER
from wfc.backends.asl.jsonata.fragment import (
    Fragment,
    array,
    as_list,
    binary,
    call,
    conditional,
    filtered,
    function,
    grouped,
    literal,
    negated,
    variable,
)
from wfc.backends.asl.jsonata.fragment import combine as combine_parts
from wfc.compiler.data.struct import replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

ZERO: Final = literal(0)


# --- Truth ----------------------------------------------------------------------------------------


def truth(c: Context, expr: ir.Expr) -> Fragment:
    """``bool(expr)`` as a JSONata boolean."""
    # partial: the truth of anything else is computed from its value
    match expr:
        case ir.Unary("not", operand):
            return _not(c, operand)
        case ir.Boolean(operator, operands):
            parts = [truth(c, operand) for operand in operands]
            result = parts[0]
            for part in parts[1:]:
                result = binary(operator, _shallow(c, result), part)
            return result
        case ir.Conditional(test, then, orelse):
            return conditional(truth(c, test), truth(c, then), truth(c, orelse))
        case ir.Constant(value):
            return literal(bool(value))
    return truth_of(c, c.value(expr), expr.type)


def truth_of(c: Context, fragment: Fragment, type_: t.Type) -> Fragment:
    if c.kinds.always_true(t.without_none(type_)):
        return binary("!=", fragment, literal(None)) if kinds.may_be_none(type_) else literal(True)
    data = c.kinds.data(type_)
    if kinds.is_bool(data):
        return fragment
    if kinds.is_number(data) or kinds.is_timedelta(data):
        return binary("!=", fragment, ZERO)
    if kinds.is_str(data):
        return binary("!=", fragment, literal(""))
    if kinds.is_list(data):
        return binary(">", call("count", fragment), ZERO)
    if kinds.is_dict(t.without_none(data)) or kinds.is_scalar(data):
        return call("boolean", fragment)
    return c.call("py_truthy", fragment)


_OPPOSITES: Final[dict[ir.ComparisonOperator, ir.ComparisonOperator]] = {
    "==": "!=",
    "!=": "==",
    "is": "is not",
    "is not": "is",
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "in": "not in",
    "not in": "in",
}


def _not(c: Context, operand: ir.Expr) -> Fragment:
    # partial: anything else is computed and then negated
    match operand:
        case ir.Compare(left, ((operator, right),)) if not _text_order(operator, left):
            return compare(c, replace(operand, rest=((_OPPOSITES[operator], right),)))
        case ir.Unary("not", inner):
            return truth(c, inner)
    data = c.kinds.data(operand.type)
    if kinds.is_list(data):
        return binary("=", call("count", c.value(operand)), ZERO)
    if kinds.is_str(data) and not isinstance(operand, ir.Boolean | ir.Conditional):
        return binary("=", c.value(operand), literal(""))
    if kinds.is_number(data) and not isinstance(operand, ir.Boolean | ir.Conditional):
        return binary("=", c.value(operand), ZERO)
    return negated(truth(c, operand))


def _text_order(operator: str, left: ir.Expr) -> bool:
    return operator in ("<", "<=", ">", ">=") and kinds.is_str(left.type)


def boolean(c: Context, expr: ir.Boolean) -> Fragment:
    """``and``/``or`` with Python's values."""
    if all(kinds.is_bool(operand.type) for operand in expr.operands):
        return truth(c, expr)
    result = c.value(expr.operands[-1])
    for operand in reversed(expr.operands[:-1]):
        result = _either(c, expr.operator, operand, result)
    return result


def _either(c: Context, operator: str, operand: ir.Expr, other: Fragment) -> Fragment:
    value_code = c.bind(c.value(operand))
    test = truth_of(c, value_code, operand.type)
    if operator == "and":
        return conditional(test, other, value_code)
    return conditional(test, value_code, other)


def choice(c: Context, test: ir.Expr, then: ir.Expr, orelse: ir.Expr) -> Fragment:
    return conditional(truth(c, test), c.value(then), c.value(orelse))


def _shallow(c: Context, fragment: Fragment) -> Fragment:
    return fragment if fragment.raises else c.shallow(fragment)


# --- Arithmetic -----------------------------------------------------------------------------------


def unary(c: Context, expr: ir.Unary) -> Fragment:
    operand = expr.operand
    match expr.operator:
        case "not":
            return _not(c, operand)
        case "+":
            return _number(c, operand)
        case "-":
            match operand:
                case ir.Constant(int() | float() as value) if not isinstance(value, bool):
                    return literal(-value)
            return minus(_number(c, operand))
    return binary("-", minus(_number(c, operand)), literal(1))


def minus(fragment: Fragment) -> Fragment:
    fragment = grouped(fragment, NEGATED_POWER + 1)
    return combine_parts(f"-{fragment.text}", (fragment,), power=NEGATED_POWER)


def _number(c: Context, expr: ir.Expr) -> Fragment:
    """An operand of arithmetic: a bool counts as 1 or 0."""
    data = c.kinds.data(expr.type)
    if kinds.is_bool(data):
        return conditional(c.value(expr), literal(1), ZERO)
    if not (kinds.is_number(data) or kinds.is_timedelta(data)):
        if kinds.may_be_none(data) or not kinds.is_scalar(data):
            c.unknown(expr, "int or float", "arithmetic needs a number")
        c.refuse(
            codes.OPERANDS,
            expr,
            f"{c.describe(expr)} is {expr.type}, and JSONata counts only with numbers",
            "test its type first, or convert it",
        )
    return arithmetic(c, expr)


def _is_float(expr: ir.Binary) -> bool:
    return t.FLOAT in t.members(expr.type)


def arithmetic(c: Context, expr: ir.Expr) -> Fragment:
    """A number, without the guard against results that are no JSON numbers."""
    # partial: anything else is no arithmetic
    match expr:
        case ir.Binary("+" | "-" | "*" | "/" | "//" | "%" | "**"):
            return _operation(c, expr)
        case ir.Unary("-" | "+"):
            return unary(c, expr)
    return c.value(expr)


def _operation(c: Context, expr: ir.Binary) -> Fragment:
    left, right = c.ordered(_number(c, expr.left), _number(c, expr.right))
    if left.depth > 1:
        left = c.shallow(left)
    divisor = _literal_number(expr.right)
    match expr.operator:
        case "+" | "-" | "*":
            return binary(expr.operator, left, right)
        case "/":
            return binary("/", left, right) if divisor else c.call("py_div", left, right)
        case "//":
            if _is_float(expr):
                return c.call("py_ffdiv", left, right)
            if divisor:
                return call("floor", binary("/", left, right))
            return c.call("py_idiv", left, right)
        case "%":
            if not _is_float(expr) and divisor and divisor > 0:
                # JavaScript's sign rule gives a remainder in (-n, n); this one is in [0, n).
                return binary("%", binary("+", binary("%", left, right), right), right)
            return c.call("py_mod", left, right)
    return _power(c, expr, left, divisor)


def _literal_number(expr: ir.Expr) -> int | float | None:
    # partial: no other expression is a literal number
    match expr:
        case ir.Constant(int() | float() as value) if not isinstance(value, bool):
            return value
        case ir.Unary("-", ir.Constant(int() | float() as value)) if not isinstance(value, bool):
            return -value
    return None


def _power(c: Context, expr: ir.Binary, base: Fragment, exponent: int | float | None) -> Fragment:
    integral = kinds.is_int(c.kinds.data(expr.left.type)) or kinds.is_bool(expr.left.type)
    if not integral or not isinstance(exponent, int) or exponent < 0:
        c.refuse(
            codes.FLOAT_POWER,
            expr,
            "'**' on floats, or with an exponent that is no constant, is not exact across engines",
            "write x * x, or move it to a step",
        )
    if exponent == 2:
        base = c.bind(base)
        return binary("*", base, base)
    return call("power", base, literal(exponent))


def binary_expression(c: Context, expr: ir.Binary) -> Fragment:
    data = c.kinds.data(expr.type)
    left, right = c.kinds.data(expr.left.type), c.kinds.data(expr.right.type)
    match expr.operator:
        case "+" if kinds.is_str(left) and kinds.is_str(right):
            return concatenation(c, [c.value(part) for part in _terms(expr)])
        case "+" if kinds.is_list(left) and kinds.is_list(right):
            return call("append", *c.ordered(c.value(expr.left), c.value(expr.right)))
        case "*" if kinds.is_str(left) or kinds.is_str(right):
            return _repeated_text(c, expr)
        case "*" if kinds.is_list(left) or kinds.is_list(right):
            return _repeated_list(c, expr)
        case "|" if kinds.is_dict(left) and kinds.is_dict(right):
            parts = c.ordered(c.value(expr.left), c.value(expr.right))
            return call("merge", array(parts))
        case "|" | "&" | "-" if _is_set(left) and _is_set(right):
            return _set_operation(c, expr)
        case "+" | "-" | "*" | "/" | "//" | "%" | "**":
            if kinds.is_datetime(left) or kinds.is_datetime(right):
                return _moment(c, expr)
            if kinds.is_number(data) or kinds.is_timedelta(data):
                return guarded(c, expr)
            return _mixed(c, expr)
    return c.inexact(expr, f"'{expr.operator}' on {left} and {right}", "move it to a step")


def guarded(c: Context, expr: ir.Expr) -> Fragment:
    """Arithmetic; one guard round the whole when a float result may leave the range of JSON."""
    fragment = arithmetic(c, expr)
    return c.call("py_fin", fragment) if _may_overflow(expr) else fragment


def _may_overflow(expr: ir.Expr) -> bool:
    if not isinstance(expr, ir.Binary):
        return isinstance(expr, ir.Unary) and _may_overflow(expr.operand)
    inner = _may_overflow(expr.left) or _may_overflow(expr.right)
    if expr.operator == "%":
        return inner
    if not _is_float(expr) or kinds.is_timedelta(expr.type):
        return inner
    if expr.operator == "/":
        divisor = _literal_number(expr.right)
        if kinds.is_int(expr.left.type) and (divisor or kinds.is_int(expr.right.type)):
            return inner
        return inner or divisor is None or abs(divisor) < 1
    return True


def _mixed(c: Context, expr: ir.Binary) -> Fragment:
    for side in (expr.left, expr.right):
        if any(kinds.may_be_none(member) for member in t.members(side.type)):
            c.refuse(
                codes.OPERANDS,
                expr,
                f"'{expr.operator}' must know its operands, and {c.describe(side)} is {side.type}",
                "test it for None first, or annotate it",
            )
    return c.refuse(
        codes.OPERANDS,
        expr,
        f"'{expr.operator}' on {expr.left.type} and {expr.right.type} has no one JSONata operator",
        "convert one side first",
    )


def _terms(expr: ir.Expr) -> list[ir.Expr]:
    """The operands of ``a + b + c`` on texts."""
    terms: list[ir.Expr] = []
    pending = [expr]
    while pending:
        match pending.pop():
            case ir.Binary("+", left, right) as found if kinds.is_str(found.type):
                pending += [right, left]
            case found:
                terms.append(found)
    return terms


# A chain of & nests one step per operand; $join does not nest.
_LONGEST_CHAIN: Final = 16


def concatenation(c: Context, parts: list[Fragment]) -> Fragment:
    if len(parts) > _LONGEST_CHAIN:
        if not c.lambdas:
            return call("join", array(parts))
        while len(parts) > _LONGEST_CHAIN:
            head = c.bind(concatenation(c, parts[:_LONGEST_CHAIN]))
            parts = [head, *parts[_LONGEST_CHAIN:]]
    result = parts[0]
    for part in parts[1:]:
        result = binary("&", *c.ordered(result, part))
    return result


def _repeated_text(c: Context, expr: ir.Binary) -> Fragment:
    left_is_text = kinds.is_str(c.kinds.data(expr.left.type))
    text, count = (expr.left, expr.right) if left_is_text else (expr.right, expr.left)
    times, piece = c.bind(c.value(count)), c.bind(c.value(text))
    numbers = Fragment(f"[1..{times.text}]", depth=2, bindings=times.bindings)
    repeated = call("map", numbers, function([c.temporary()], piece))
    return conditional(binary("<=", times, ZERO), literal(""), call("join", repeated, literal("")))


def _repeated_list(c: Context, expr: ir.Binary) -> Fragment:
    left_is_list = kinds.is_list(c.kinds.data(expr.left.type))
    items, count = (expr.left, expr.right) if left_is_list else (expr.right, expr.left)
    times, piece = c.bind(c.value(count)), c.bind(c.value(items))
    so_far, turn = c.temporary(), c.temporary()
    grow = f"function(${so_far}, ${turn}){{ $append(${so_far}, {piece.text}) }}"
    body = Fragment(
        f"$reduce([1..{times.text}], {grow}, [])",
        depth=4,
        bindings=(*times.bindings, *piece.bindings),
        needs=times.needs | piece.needs,
    )
    return conditional(binary("<=", times, ZERO), Fragment("[]", array=True), body)


def _is_set(type_: t.Type) -> bool:
    return all(isinstance(member, t.SetType) for member in t.members(type_))


def _set_operation(c: Context, expr: ir.Binary) -> Fragment:
    left, right = c.value(expr.left), c.value(expr.right)
    if expr.operator == "|":
        return as_list(call("distinct", call("append", left, right)))
    right = c.bind(right)
    item = c.temporary()
    present = binary("in", variable(item), right)
    return filtered(left, [item], present if expr.operator == "&" else negated(present))


def _moment(c: Context, expr: ir.Binary) -> Fragment:
    left, right = c.value(expr.left), c.value(expr.right)
    if kinds.is_datetime(expr.left.type) and kinds.is_datetime(expr.right.type):
        gap = binary("-", call("toMillis", left), call("toMillis", right))
        return binary("/", gap, literal(1000))
    moment, span = (left, right) if kinds.is_datetime(expr.left.type) else (right, left)
    change = binary("*", span, literal(1000))
    sign = "-" if expr.operator == "-" else "+"
    return call("fromMillis", binary(sign, call("toMillis", moment), change))


# --- Comparisons ----------------------------------------------------------------------------------


def compare(c: Context, expr: ir.Compare) -> Fragment:
    if len(expr.rest) == 1:
        operator, right = expr.rest[0]
        return _compare(c, expr, operator, (expr.left, None), (right, None))
    left: tuple[ir.Expr, Fragment | None] = (expr.left, None)
    result: Fragment | None = None
    for position, (operator, operand) in enumerate(expr.rest):
        last = position == len(expr.rest) - 1
        fragment = None if last else c.bind(c.value(operand))
        one = _compare(c, expr, operator, left, (operand, fragment))
        result = one if result is None else binary("and", result, one)
        left = (operand, fragment)
    assert result is not None
    return result


def _compare(
    c: Context,
    expr: ir.Compare,
    operator: ir.ComparisonOperator,
    left: tuple[ir.Expr, Fragment | None],
    right: tuple[ir.Expr, Fragment | None],
) -> Fragment:
    """One comparison; an operand that is bound already comes with its fragment."""

    def codes_of() -> tuple[Fragment, Fragment]:
        return c.ordered(left[1] or c.value(left[0]), right[1] or c.value(right[0]))

    match operator:
        case "==" | "!=" | "is" | "is not":
            symbol = "=" if operator in ("==", "is") else "!="
            _check_equality(c, expr, left[0], right[0])
            return binary(symbol, *_moments(left[0], right[0], *codes_of()))
        case "in":
            return _membership(c, expr, left[0], left[1], right[0], right[1])
        case "not in":
            return negated(_membership(c, expr, left[0], left[1], right[0], right[1]))
    types = (c.kinds.data(left[0].type), c.kinds.data(right[0].type))
    if all(kinds.is_number(one) or kinds.is_bool(one) for one in types):
        pair = codes_of()
        numbers = [
            conditional(fragment, literal(1), ZERO) if kinds.is_bool(one) else fragment
            for fragment, one in zip(pair, types, strict=True)
        ]
        return binary(operator, numbers[0], numbers[1])
    if all(map(kinds.is_timedelta, types)):
        return binary(operator, *codes_of())
    if all(map(kinds.is_datetime, types)):
        return binary(operator, *_moments(left[0], right[0], *codes_of()))
    if all(map(kinds.is_str, types)):
        return text_order(c, operator, left[0], right[0], *codes_of())
    return c.refuse(
        codes.OPERANDS,
        expr,
        f"'{operator}' on {left[0].type} and {right[0].type} is not the same in JSONata",
        "compare two numbers or two texts; test for None first, or annotate the operands",
    )


def text_order(
    c: Context, operator: str, left: ir.Expr, right: ir.Expr, low: Fragment, high: Fragment
) -> Fragment:
    """Texts order by code point in Python and by UTF-16 unit in JSONata; that differs only when
    both sides hold characters beyond ASCII."""
    if is_ascii(c, left) or is_ascii(c, right):
        return binary(operator, low, high)
    match operator:
        case "<":
            return c.call("py_slt", low, high)
        case ">":
            return c.call("py_slt", high, low)
        case "<=":
            return negated(c.call("py_slt", high, low))
    return negated(c.call("py_slt", low, high))


def is_ascii(c: Context, expr: ir.Expr) -> bool:
    match expr:
        case ir.Constant(str() as value):
            return value.isascii()
    values = c.kinds.constants_of(expr.type)
    return values is not None and all(isinstance(v, str) and v.isascii() for v in values)


def _moments(
    left: ir.Expr, right: ir.Expr, low: Fragment, high: Fragment
) -> tuple[Fragment, Fragment]:
    if kinds.is_datetime(left.type) and kinds.is_datetime(right.type):
        return call("toMillis", low), call("toMillis", high)
    return low, high


def _check_equality(c: Context, expr: ir.Compare, left: ir.Expr, right: ir.Expr) -> None:
    if _is_none(left) or _is_none(right) or c.kinds.comparable(left.type, right.type):
        return
    c.refuse(
        codes.EQUALITY,
        expr,
        f"'==' compares {left.type} with {right.type}, which JSONata does differently"
        " (True == 1 is true in Python only; data of the same form is equal there)",
        "annotate both sides with one type, or compare a field or .value",
    )


def _is_none(expr: ir.Expr) -> bool:
    return kinds.is_constant(expr, None)


def _membership(
    c: Context,
    expr: ir.Compare,
    left: ir.Expr,
    left_code: Fragment | None,
    right: ir.Expr,
    right_code: Fragment | None,
) -> Fragment:
    right = _searched(c, right)
    container = c.kinds.data(right.type)
    wanted = left_code or c.value(left)
    if kinds.is_str(container):
        wanted, text = c.ordered(wanted, right_code or c.value(right))
        return call("contains", text, wanted)
    if kinds.is_dict(container):
        wanted, data = c.ordered(wanted, right_code or c.value(right))
        return binary("in", wanted, call("keys", data))
    view = _view(c, right)
    if view is not None and right_code is None:
        wanted, right_code = c.ordered(wanted, view)
    if not kinds.is_list(container):
        c.unknown(right, "list, dict or str", "'in' needs to know what it searches")
    items = _displayed(right)
    inner = kinds.element(right.type)
    if items is not None:
        for item in items:
            if not c.kinds.comparable(left.type, item.type):
                _check_equality(c, expr, left, item)
    elif not c.kinds.comparable(left.type, inner):
        c.refuse(
            codes.EQUALITY,
            expr,
            f"'in' compares {left.type} with items of type {inner}, which JSONata does differently",
            "annotate both with one type",
        )
    if not kinds.is_scalar(c.kinds.data(left.type)) or kinds.is_datetime(left.type):
        wanted, data = c.ordered(wanted, right_code or c.value(right))
        return c.call("py_has", data, wanted)
    if items is not None and c.lambdas and len(items) > 1:
        return _one_of(c, wanted, items)
    wanted, data = c.ordered(wanted, right_code or c.value(right))
    return binary("in", wanted, data)


def _searched(c: Context, expr: ir.Expr) -> ir.Expr:
    """What ``in`` looks through: for a set that is written out, its items, as often as written."""
    named = c.constants.get(expr.id) if isinstance(expr, ir.GlobalName) else None
    match named or expr:
        case ir.SetDisplay(items) as display:
            return ir.ListDisplay(items, type=display.type, span=expr.span)
    return expr


def _view(c: Context, expr: ir.Expr) -> Fragment | None:
    """The keys, values or items of a dict, in any order."""
    match expr:
        case ir.Method(value, "keys" | "values" | "items" as name, ()) if kinds.is_dict(value.type):
            return c.call(f"py_{name}", c.value(value))
    return None


def _displayed(expr: ir.Expr) -> list[ir.Expr] | None:
    """The items of ``("a", "b")`` and the like, when none is starred."""
    if not isinstance(expr, ir.ListDisplay | ir.TupleDisplay | ir.SetDisplay):
        return None
    items = [item for item in expr.items if not isinstance(item, ir.Starred)]
    return items if len(items) == len(expr.items) else None


def _one_of(c: Context, wanted: Fragment, items: list[ir.Expr]) -> Fragment:
    """``x in (a, b)`` without an array: those in a lambda make the evaluation nest ever deeper."""
    wanted = c.bind(wanted)
    tests = [binary("=", wanted, c.value(item)) for item in items]
    result = tests[0]
    for test in tests[1:]:
        result = binary("or", result, test)
    return result

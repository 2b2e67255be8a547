"""Fields, items and slices."""

from __future__ import annotations

from typing import Final

from wfc.backends.asl.jsonata import kinds
from wfc.backends.asl.jsonata.context import Context
from wfc.backends.asl.jsonata.fragment import (
    Fragment,
    binary,
    call,
    conditional,
    field,
    filtered,
    item,
    literal,
    variable,
)
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

# Fields that every JavaScript object has; the reference implementation finds them in any object.
_INHERITED: Final = frozenset(
    {
        "__proto__",
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)


def attribute(c: Context, expr: ir.Attribute) -> Fragment:
    value_type = expr.value.type
    if all(isinstance(member, t.EnumType) for member in t.members(value_type)):
        return _enum_attribute(c, expr)
    if all(isinstance(member, t.RecordType) for member in t.members(value_type)):
        return field(c.value(expr.value), expr.name)
    if any(isinstance(member, t.RecordType) for member in t.members(value_type)):
        return c.inexact(
            expr,
            f"a field of {c.describe(expr.value)}, which is {value_type},",
            "test it for None first",
        )
    return c.not_yet(expr, f"'.{expr.name}' of {value_type}", "compute it in a step")


def _enum_attribute(c: Context, expr: ir.Attribute) -> Fragment:
    value = c.value(expr.value)
    if expr.name == "value":
        return value
    if expr.name != "name":
        return c.not_yet(expr, f"'.{expr.name}' of an enum member", "use .value")
    value = c.bind(value)
    pairs: list[tuple[str | int, str]] = []
    for member in t.members(expr.value.type):
        assert isinstance(member, t.EnumType)
        pairs += [(number, name) for name, number in c.kinds.enum(member.name).members]
    result = literal(pairs[-1][1])
    for number, name in reversed(pairs[:-1]):
        result = conditional(binary("=", value, literal(number)), literal(name), result)
    return result


def constant_index(expr: ir.Expr | None) -> int | None:
    # partial: the value of no other expression is known
    match expr:
        case ir.Constant(bool()):
            return None
        case ir.Constant(int() as value):
            return value
        case ir.Unary("-", ir.Constant(int() as value)) if not isinstance(value, bool):
            return -value
    return None


def required_field(c: Context, record_type: t.Type, name: str) -> bool:
    """Whether every record of the type has the field."""
    for member in t.members(record_type):
        if not isinstance(member, t.RecordType):
            return False
        definition: ir.Record = c.kinds.record(member.name)
        found = next((f for f in definition.fields if f.name == name), None)
        if found is None or not found.required:
            return False
    return True


def subscript(c: Context, expr: ir.Subscript, *, whole: bool) -> Fragment:
    value, index = expr.value, expr.index
    if kinds.is_dict(value.type):
        return _entry(c, value, index, whole)
    if kinds.is_list(value.type):
        return _list_item(c, value, index, whole)
    if kinds.is_str(value.type):
        return c.call("py_sat", *c.ordered(c.value(value), c.value(index)))
    return c.unknown(value, "list[...], dict[str, ...], a dataclass or str", "'[ ]' needs its type")


def plain_key(key: ir.Expr) -> str | None:
    """A constant key that can be written as a step of a path."""
    match key:
        case ir.Constant(str() as name) if name and name not in _INHERITED and "`" not in name:
            return name
    return None


def _entry(c: Context, value: ir.Expr, key: ir.Expr, whole: bool) -> Fragment:
    name = plain_key(key)
    if name is not None and (whole or required_field(c, value.type, name)):
        return field(c.value(value), name)
    return c.call("py_get", *c.ordered(c.value(value), c.value(key)))


def _list_item(c: Context, value: ir.Expr, index: ir.Expr, whole: bool) -> Fragment:
    position = constant_index(index)
    in_range = False
    if isinstance(value.type, t.TupleType) and position is not None:
        size = len(value.type.items)
        in_range = -size <= position < size
    items, at = c.ordered(c.value(value), c.value(index))
    if whole or in_range:
        return item(items, at)
    return c.call("py_at", items, at)


def slice_(c: Context, expr: ir.Slice) -> Fragment:
    step = constant_index(expr.step)
    if expr.step is not None and step != 1:
        return _stepped(c, expr, step)
    if kinds.is_str(expr.value.type):
        return _text_slice(c, expr)
    if kinds.is_list(expr.value.type):
        return _list_slice(c, expr)
    return c.unknown(expr.value, "list[...] or str", "a slice needs to know what it cuts")


def _bound(c: Context, expr: ir.Expr | None) -> Fragment:
    return literal(None) if expr is None else c.value(expr)


def _is_none(expr: ir.Expr | None) -> bool:
    return expr is None or kinds.is_constant(expr, None)


def _text_slice(c: Context, expr: ir.Slice) -> Fragment:
    text = c.value(expr.value)
    low, high = constant_index(expr.lower), constant_index(expr.upper)
    if _is_none(expr.lower) and high is not None and high >= 0:
        return call("substring", text, literal(0), literal(high))
    if _is_none(expr.upper) and low is not None:
        return call("substring", text, literal(low))
    if low is not None and high is not None and low >= 0:
        if 0 <= high <= low:
            return literal("")
        if high > low:
            return call("substring", text, literal(low), literal(high - low))
    return c.call("py_sslice", text, _bound(c, expr.lower), _bound(c, expr.upper))


def _list_slice(c: Context, expr: ir.Slice) -> Fragment:
    items = c.value(expr.value)
    low, high = constant_index(expr.lower), constant_index(expr.upper)
    first = 0 if _is_none(expr.lower) else low
    if first == 0 and _is_none(expr.upper):
        return call("append", Fragment("[]", array=True), items)
    if first is not None and first >= 0:
        at_least = binary(">=", variable("i"), literal(first))
        if _is_none(expr.upper):
            return filtered(items, ["v", "i"], at_least)
        if high is not None and high >= 0:
            below = binary("<", variable("i"), literal(high))
            return filtered(
                items, ["v", "i"], below if first == 0 else binary("and", at_least, below)
            )
    return c.call("py_lslice", items, _bound(c, expr.lower), _bound(c, expr.upper))


def _stepped(c: Context, expr: ir.Slice, step: int | None) -> Fragment:
    if step == -1 and _is_none(expr.lower) and _is_none(expr.upper):
        return reversed_items(c, expr.value)
    whole = _is_none(expr.lower) and _is_none(expr.upper)
    if step is None or step <= 0 or not whole or not kinds.is_list(expr.value.type):
        return c.not_yet(expr, "a slice with this step", "write [::n] or [::-1], or use a step")
    divisible = binary("=", binary("%", variable("i"), literal(step)), literal(0))
    return filtered(c.value(expr.value), ["v", "i"], divisible)


def reversed_items(c: Context, value: ir.Expr) -> Fragment:
    if kinds.is_str(value.type):
        backwards = call("reverse", c.call("py_chars", c.value(value)))
        return call("join", backwards, literal(""))
    if not kinds.is_list(value.type):
        return c.unknown(value, "list[...] or str", "reversing needs to know what it turns round")
    return call("append", Fragment("[]", array=True), call("reverse", c.value(value)))

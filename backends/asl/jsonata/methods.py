"""Methods that return a value and change nothing."""

from __future__ import annotations

from wfc.backends.asl.jsonata import codes, comprehensions, kinds, text
from wfc.backends.asl.jsonata.context import Context
from wfc.backends.asl.jsonata.fragment import (
    Fragment,
    binary,
    call,
    conditional,
    error,
    field,
    function,
    literal,
    sequence_of,
    variable,
)
from wfc.backends.asl.jsonata.subscripts import plain_key
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t


def method(c: Context, expr: ir.Method) -> Fragment:
    owner = expr.value.type
    if kinds.is_str(c.kinds.data(owner)):
        return text.method(c, expr)
    if kinds.is_dict(owner):
        return _dict_method(c, expr)
    if kinds.is_list(owner):
        return _list_method(c, expr)
    if kinds.is_timedelta(owner) and expr.name == "total_seconds":
        return c.value(expr.value)
    if len(t.members(owner)) > 1 or not kinds.is_scalar(owner):
        return c.unknown(expr.value, "one type", f".{expr.name}() depends on it")
    return c.not_yet(expr, f"{owner}.{expr.name}()", "move it to a step")


def _dict_method(c: Context, expr: ir.Method) -> Fragment:
    match expr.name, expr.args:
        case "get", (key, *default):
            return get(c, expr.value, key, default[0] if default else None)
        case "keys" | "values" | "items", ():
            return comprehensions.iterable(c, expr, ordered=True)
        case "copy", ():
            return c.value(expr.value)
    return c.not_yet(expr, f"dict.{expr.name}()", "use a comprehension, or a step")


def get(c: Context, owner: ir.Expr, key: ir.Expr, default: ir.Expr | None) -> Fragment:
    """``d.get(key, default)``; the default is evaluated in any case, as in Python."""
    entries, name = c.ordered(c.value(owner), c.value(key))
    missing = literal(None) if default is None else c.value(default)
    if missing.raises:
        missing = c.bind(missing)
    known = plain_key(key)
    if known is None and not isinstance(key, ir.Constant):
        # It may be the name of a property that every object has in JavaScript.
        entries, name = c.bind(entries), c.bind(name)
        present = binary("in", name, call("keys", entries))
        return conditional(present, call("lookup", entries, name), missing)
    found = field(entries, known) if known is not None else call("lookup", entries, name)
    found = c.bind(found)
    return conditional(call("exists", found), found, missing)


def _list_method(c: Context, expr: ir.Method) -> Fragment:
    match expr.name, expr.args:
        case "copy", ():
            return c.value(expr.value)
        case "count", (wanted,):
            _check(c, expr, wanted)
            sought, name = c.bind(c.value(wanted)), c.temporary()
            items = c.value(expr.value)
            kept = call("filter", items, function([name], binary("=", variable(name), sought)))
            return call("count", sequence_of(kept))
        case "index", (wanted,):
            _check(c, expr, wanted)
            return _index(c, expr, wanted)
    return c.not_yet(expr, f"list.{expr.name}()", "move it to a step")


def _index(c: Context, expr: ir.Method, wanted: ir.Expr) -> Fragment:
    items, sought = c.bind(c.value(expr.value)), c.bind(c.value(wanted))
    best, item, position = c.temporary(), c.temporary(), c.temporary()
    fresh = binary("<", variable(best), literal(0))
    hit = binary("and", fresh, binary("=", variable(item), sought))
    body = function([best, item, position], conditional(hit, variable(position), variable(best)))
    found = c.bind(call("reduce", items, body, literal(-1)))
    missing = error("ValueError", "value is not in list")
    return conditional(binary("<", found, literal(0)), missing, found)


def _check(c: Context, expr: ir.Method, wanted: ir.Expr) -> None:
    inner = kinds.element(expr.value.type)
    if not c.kinds.comparable(inner, wanted.type):
        c.refuse(
            codes.EQUALITY,
            expr,
            f"{expr.name}() compares {wanted.type} with items of {c.describe(expr.value)},"
            f" {inner}, which JSONata does differently",
            "annotate both with one type",
        )

"""New values for lists, dicts and records that a statement changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from wfc.backends.asl.jsonata import kinds
from wfc.backends.asl.jsonata.context import Context
from wfc.backends.asl.jsonata.displays import as_list_of_one, sequence
from wfc.backends.asl.jsonata.extras import Changed, Deleted, Extra, Path, Stored, Taken, Unpacked
from wfc.backends.asl.jsonata.fragment import (
    Fragment,
    array,
    binary,
    call,
    conditional,
    error,
    filtered,
    function,
    item,
    literal,
    record,
    variable,
)
from wfc.backends.asl.jsonata.methods import get
from wfc.backends.asl.jsonata.subscripts import constant_index
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

EMPTY = Fragment("[]", array=True)


def extra(c: Context, expr: Extra) -> Fragment:
    match expr:
        case Unpacked(value, index, size):
            items = c.bind(c.value(value))
            wrong = binary("!=", call("count", items), literal(size))
            failed = error("ValueError", f"expected {size} values to unpack")
            return conditional(wrong, failed, item(items, literal(index)))
        case Stored():
            return _stored(c, expr)
        case Deleted(value, path):
            return _rebuilt(c, value, path[:-1], lambda owner: _without(c, owner, path[-1]))
        case Changed(value, path, method, args):
            return _rebuilt(c, value, path, lambda owner: _after(c, expr, owner, method, args))
        case Taken(value, path, method, args):
            return _result(c, expr, _at(c, value, path), method, args)
        case _:
            assert_never(expr)


def _stored(c: Context, expr: Stored) -> Fragment:
    last = expr.path[-1]

    def place(owner: ir.Expr) -> Fragment:
        written = expr.new
        if expr.operator is not None:
            old = _step(c, owner, last)
            written = ir.Binary(expr.operator, old, expr.new, type=old.type, span=expr.span)
        return _with(c, owner, last, c.value(written))

    return _rebuilt(c, expr.value, expr.path[:-1], place)


def _at(c: Context, value: ir.Expr, path: Path) -> ir.Expr:
    for key in path:
        value = _step(c, value, key)
    return value


def _step(c: Context, owner: ir.Expr, key: ir.FieldKey | ir.Expr) -> ir.Expr:
    """The value at one step of a path, with its type."""
    if isinstance(key, ir.FieldKey):
        return ir.Attribute(owner, key.name, type=_field_type(c, owner, key.name), span=key.span)
    return ir.Subscript(owner, key, type=_item_type(c, owner, key), span=key.span)


def _field_type(c: Context, owner: ir.Expr, name: str) -> t.Type:
    found: list[t.Type] = []
    for member in t.members(owner.type):
        if isinstance(member, t.RecordType):
            found += [f.type for f in c.kinds.record(member.name).fields if f.name == name]
    return t.union(*found) if found else t.ANY


def _item_type(c: Context, owner: ir.Expr, key: ir.Expr) -> t.Type:
    if kinds.is_list(owner.type):
        return kinds.element(owner.type)
    if all(isinstance(member, t.DictType) for member in t.members(owner.type)):
        return kinds.dict_value(owner.type)
    if isinstance(key, ir.Constant) and isinstance(key.value, str):
        return _field_type(c, owner, key.value)
    return t.ANY


def _rebuilt(
    c: Context, value: ir.Expr, path: Path, change: Callable[[ir.Expr], Fragment]
) -> Fragment:
    """The value with what lies at the end of the path replaced by its changed form."""
    if not path:
        return change(value)
    inner = _rebuilt(c, _step(c, value, path[0]), path[1:], change)
    return _with(c, value, path[0], inner)


def _with(c: Context, owner: ir.Expr, key: ir.FieldKey | ir.Expr, new: Fragment) -> Fragment:
    base = c.value(owner)
    if isinstance(key, ir.FieldKey):
        return call("merge", array([base, record([(literal(key.name), new)])]))
    if kinds.is_list(owner.type):
        return c.call("py_set", base, c.value(key), new)
    if kinds.is_dict(owner.type):
        entry = record([(c.value(key), new)])
        return call("merge", array([base, entry]))
    return c.unknown(owner, "list[...] or dict[str, ...]", "changing an item needs its type")


def _without(c: Context, owner: ir.Expr, key: ir.FieldKey | ir.Expr) -> Fragment:
    if isinstance(key, ir.FieldKey):
        return c.not_yet(owner, "deleting a field of a record", "build a new record")
    if kinds.is_dict(owner.type):
        return c.call("py_del", c.value(owner), c.value(key))
    if not kinds.is_list(owner.type):
        return c.unknown(owner, "list[...] or dict[str, ...]", "'del' needs its type")
    return _without_item(c, c.value(owner), c.value(key), "list assignment index out of range")


def _without_item(c: Context, items: Fragment, index: Fragment, message: str) -> Fragment:
    items, index = c.bind(items), c.bind(index)
    size = c.bind(call("count", items))
    from_end = conditional(binary("<", index, literal(0)), binary("+", index, size), index)
    position = c.bind(from_end)
    inside = binary("and", binary(">=", position, literal(0)), binary("<", position, size))
    item_name, index_name = c.temporary(), c.temporary()
    kept = filtered(items, [item_name, index_name], binary("!=", variable(index_name), position))
    return conditional(inside, kept, error("IndexError", message))


def _after(
    c: Context, expr: Changed, owner: ir.Expr, method: str, args: tuple[ir.Expr, ...]
) -> Fragment:
    if kinds.is_list(owner.type):
        return _list_after(c, expr, owner, method, args)
    if kinds.is_dict(owner.type):
        return _dict_after(c, expr, owner, method, args)
    return c.unknown(owner, "list[...] or dict[str, ...]", f".{method}() needs its type")


def _list_after(
    c: Context, expr: Changed, owner: ir.Expr, method: str, args: tuple[ir.Expr, ...]
) -> Fragment:
    match method, args:
        case "append", (value,):
            return call("append", c.value(owner), as_list_of_one(c, c.value(value), value.type))
        case "extend", (value,):
            return call("append", c.value(owner), sequence(c, value))
        case "insert", (ir.Constant(0), value):
            return call("append", as_list_of_one(c, c.value(value), value.type), c.value(owner))
        case "clear", ():
            return EMPTY
        case "pop", ():
            items = c.bind(c.value(owner))
            empty = binary("=", call("count", items), literal(0))
            rest = c.call("py_lslice", items, literal(0), literal(-1))
            return conditional(empty, error("IndexError", "pop from empty list"), rest)
        case "pop", (index,):
            return _without_item(c, c.value(owner), c.value(index), "pop index out of range")
        case "reverse", ():
            return call("append", EMPTY, call("reverse", c.value(owner)))
        case "sort", ():
            return c.value(ir.Call("sorted", (owner,), type=owner.type, span=expr.span))
        case "remove", (value,):
            return _removed(c, expr, owner, value)
    return c.not_yet(expr, f"list.{method}() with these arguments", "build a new list")


def _removed(c: Context, node: ir.Node, owner: ir.Expr, value: ir.Expr) -> Fragment:
    index = ir.Method(owner, "index", (value,), type=t.INT, span=node.span)
    return _without_item(c, c.value(owner), c.value(index), "not in list")


def _dict_after(
    c: Context, expr: Changed, owner: ir.Expr, method: str, args: tuple[ir.Expr, ...]
) -> Fragment:
    match method, args:
        case "update", (other,) if kinds.is_dict(other.type):
            return call("merge", array([c.value(owner), c.value(other)]))
        case "clear", ():
            return Fragment("{}")
        case "pop", (key,):
            return c.call("py_del", c.value(owner), c.value(key))
        case "pop", (key, _):
            entries, name = c.value(owner), c.bind(c.value(key))
            content, sought = c.temporary(), c.temporary()
            test = binary("!=", variable(sought), name)
            kept = call("sift", entries, function([content, sought], test))
            return call("merge", array([Fragment("{}"), kept]))
        case "setdefault", (key, value):
            entries, name = c.bind(c.value(owner)), c.bind(c.value(key))
            present = binary("in", name, call("keys", entries))
            added = call("merge", array([entries, record([(name, c.value(value))])]))
            return conditional(present, entries, added)
    return c.not_yet(expr, f"dict.{method}() with these arguments", "build a new dict")


def _result(
    c: Context, expr: Taken, owner: ir.Expr, method: str, args: tuple[ir.Expr, ...]
) -> Fragment:
    if kinds.is_list(owner.type):
        match method, args:
            case "pop", ():
                items = c.bind(c.value(owner))
                empty = binary("=", call("count", items), literal(0))
                last = item(items, literal(-1))
                return conditional(empty, error("IndexError", "pop from empty list"), last)
            case "pop", (index,):
                if constant_index(index) is None and not kinds.is_int(index.type):
                    c.unknown(index, "int", "pop() needs an index")
                return c.call("py_at", c.value(owner), c.value(index))
    if kinds.is_dict(owner.type):
        match method, args:
            case "pop", (key,):
                return c.call("py_get", c.value(owner), c.value(key))
            case "pop" | "setdefault", (key, default):
                return get(c, owner, key, default)
    return literal(None)

"""Lists, tuples, dicts, records and f-strings."""

from __future__ import annotations

from collections.abc import Sequence

from wfc.backends.asl.jsonata import kinds
from wfc.backends.asl.jsonata.context import Context
from wfc.backends.asl.jsonata.fragment import (
    Fragment,
    array,
    as_list,
    call,
    grouped,
    literal,
    record,
)
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t


def list_display(c: Context, expr: ir.ListDisplay | ir.TupleDisplay) -> Fragment:
    """The pieces side by side: runs of items in an array, items that may be lists wrapped when
    they are seen, starred lists as they are."""
    pieces: list[Fragment] = []
    run: list[Fragment] = []
    for item in expr.items:
        if isinstance(item, ir.Starred):
            pieces += [*_flush(c, run), sequence(c, item.value)]
            run = []
            continue
        fragment = c.value(item)
        if kinds.may_be_list(item.type) and not kinds.is_list(item.type):
            pieces += [*_flush(c, run), c.call("py_el", fragment)]
            run = []
        else:
            run.append(as_item(fragment, item.type))
    pieces += _flush(c, run)
    if not pieces:
        return Fragment("[]", array=True)
    # One list alone is the value of another expression, unless it has just been made.
    alone = len(pieces) == 1 and not run and not pieces[0].array
    result = _copied(pieces[0]) if alone else pieces[0]
    for piece in pieces[1:]:
        result = call("append", *c.ordered(result, piece))
    return result


def _copied(fragment: Fragment) -> Fragment:
    return call("append", Fragment("[]", array=True), fragment)


def as_item(fragment: Fragment, type_: t.Type) -> Fragment:
    """The fragment as an item of an array constructor, which splices what is none."""
    if not kinds.is_list(type_) or fragment.array:
        return fragment
    return array([fragment])


def as_list_of_one(c: Context, fragment: Fragment, type_: t.Type) -> Fragment:
    """``[value]`` for ``$append``: one item, even when it is a list itself."""
    if kinds.may_be_list(type_) and not kinds.is_list(type_):
        return c.call("py_el", fragment)
    return array([as_item(fragment, type_)])


def _flush(c: Context, run: Sequence[Fragment]) -> list[Fragment]:
    if not run:
        return []
    if c.lambdas and len(run) > 1:
        # An array of several items in a lambda makes the evaluation nest ever deeper.
        result = array(run[:1])
        for item in run[1:]:
            result = call("append", *c.ordered(result, array([item])))
        return [result]
    return [array(run)]


def sequence(c: Context, expr: ir.Expr) -> Fragment:
    """The items of an iterable whose order is kept."""
    if kinds.is_list(expr.type):
        return c.value(expr)
    if kinds.is_str(expr.type):
        return c.call("py_chars", c.value(expr))
    return c.unknown(expr, "list[...]", "'*' needs a list")


def set_display(c: Context, expr: ir.SetDisplay) -> Fragment:
    items = list_display(c, ir.ListDisplay(expr.items, type=expr.type, span=expr.span))
    if _all_differ(expr.items):
        return items
    return as_list(call("distinct", items))


def _all_differ(items: Sequence[ir.Expr | ir.Starred]) -> bool:
    """Whether the items are texts, or whole numbers, no two of them the same."""
    values = [item.value for item in items if isinstance(item, ir.Constant)]
    kind = type(values[0]) if values else None
    alike = kind in (str, int) and all(type(value) is kind for value in values)
    return alike and len(items) == len(values) == len(set(values))


def dict_display(c: Context, expr: ir.DictDisplay) -> Fragment:
    keys = [key.value if isinstance(key, ir.Constant) else None for key, _ in expr.entries]
    constant = all(isinstance(key, str) for key in keys)
    if constant and len(set(keys)) == len(keys):
        entries = [
            (literal(str(key)), c.value(v)) for key, (_, v) in zip(keys, expr.entries, strict=True)
        ]
        return object_(c, entries)
    parts: list[Fragment] = []
    for key, value in expr.entries:
        if key is None:
            parts.append(c.value(value))
        else:
            parts.append(record([(_key(c, key), c.value(value))]))
    if len(parts) == 1 and expr.entries[0][0] is not None:
        return parts[0]
    return call("merge", array(parts))


def _key(c: Context, key: ir.Expr) -> Fragment:
    if not kinds.is_str(c.kinds.data(key.type)):
        return c.unknown(key, "str", "the key of a dict has to be a text")
    return grouped(c.value(key), 1)


def object_(c: Context, entries: Sequence[tuple[Fragment, Fragment]]) -> Fragment:
    if c.lambdas and len(entries) > 1:
        # An object of several keys in a lambda makes the evaluation nest ever deeper.
        return call("merge", array([record([entry]) for entry in entries]))
    return record(entries)


def record_fields(c: Context, expr: ir.Construct) -> list[tuple[str, ir.Expr]]:
    """All fields of a new record with their values, defaults filled in."""
    definition = c.kinds.record(expr.record)
    given = dict(expr.fields)
    fields = [(f.name, given.get(f.name, f.default)) for f in definition.fields]
    return [(name, value) for name, value in fields if value is not None]


def construct(c: Context, expr: ir.Construct) -> Fragment:
    fields = record_fields(c, expr)
    return object_(c, [(literal(name), c.value(value)) for name, value in fields])


def spread(c: Context, base: Fragment, entries: Sequence[tuple[str, Fragment]]) -> Fragment:
    """The object with some fields replaced."""
    new = object_(c, [(literal(name), fragment) for name, fragment in entries])
    return call("merge", array([base, new]))

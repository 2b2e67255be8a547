"""Comprehensions, and the calls that consume them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wfc.backends.asl.jsonata import codes, kinds
from wfc.backends.asl.jsonata.constants import integer
from wfc.backends.asl.jsonata.context import Context
from wfc.backends.asl.jsonata.displays import as_list_of_one, sequence
from wfc.backends.asl.jsonata.fragment import (
    Fragment,
    array,
    as_list,
    binary,
    call,
    conditional,
    filtered,
    function,
    item,
    literal,
    mapped,
    record,
    sequence_of,
    variable,
)
from wfc.backends.asl.jsonata.operators import truth, truth_of
from wfc.backends.asl.jsonata.subscripts import constant_index, reversed_items
from wfc.compiler.data.struct import Struct, field
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

EMPTY: Final = Fragment("[]", array=True)


class Source(Struct):
    """What a clause runs over. ``parameters`` are those of the function that gets an item, and
    ``names`` say what the clause's variables are inside it. ``indexed`` means that the position in
    the list counts, so nothing may be filtered out before it is used; ``limit`` must hold for the
    item to exist."""

    items: Fragment
    parameters: tuple[str, ...]
    names: Mapping[str, Fragment] = field(factory=dict)
    indexed: bool = False
    limit: Fragment | None = None


def source(c: Context, clause: ir.Clause, *, ordered: bool) -> Source:
    """``ordered`` says that the order of the items can be seen in the result."""
    names = clause.target.names
    # partial: anything else is iterated over as it is
    match clause.iterable:
        case ir.Call("enumerate", (inner, *_)) as call_ if len(names) == 2:
            return _enumerated(c, names, inner, first_number(call_))
        case ir.Call("zip", (first, second), ()) if len(names) == 2:
            return _zipped(c, names, first, second)
        case ir.Method(value, "items", ()) if len(names) == 2 and kinds.is_dict(value.type):
            if ordered:
                refuse_order(c, clause.iterable, value)
            return _paired(c, names, c.call("py_items", c.value(value)))
    items = iterable(c, clause.iterable, ordered=ordered)
    if not clause.target.unpack:
        name = c.parameter(names[0])
        return Source(items, (name,), {names[0]: variable(name)})
    pair = kinds.element(clause.iterable.type)
    if not all(isinstance(m, t.TupleType) and len(m.items) == len(names) for m in t.members(pair)):
        c.unknown(clause.iterable, f"list[tuple[...]] with {len(names)} items", "unpacking")
    return _paired(c, names, items)


def _paired(c: Context, names: tuple[str, ...], items: Fragment) -> Source:
    parameter = c.temporary()
    parts = {
        name: item(variable(parameter), literal(position)) for position, name in enumerate(names)
    }
    return Source(items, (parameter,), parts)


def first_number(enumerate_: ir.Call) -> ir.Expr | None:
    """The ``start`` of a call of enumerate."""
    given = [*enumerate_.args[1:], *(value for _, value in enumerate_.keywords)]
    return given[0] if given else None


def _enumerated(
    c: Context, names: tuple[str, ...], inner: ir.Expr, start: ir.Expr | None
) -> Source:
    index, name = c.parameter(names[0]), c.parameter(names[1])
    position = variable(index)
    first = constant_index(start) if start is not None else 0
    if first != 0:
        assert start is not None
        position = binary("+", position, c.value(start))
    found = {names[0]: position, names[1]: variable(name)}
    return Source(sequence(c, inner), (name, index), found, indexed=True)


def _zipped(c: Context, names: tuple[str, ...], first: ir.Expr, second: ir.Expr) -> Source:
    name, index = c.parameter(names[0]), c.temporary()
    other = c.bind(sequence(c, second))
    found = {names[0]: variable(name), names[1]: item(other, variable(index))}
    limit = binary("<", variable(index), call("count", other))
    return Source(sequence(c, first), (name, index), found, indexed=True, limit=limit)


def iterable(c: Context, expr: ir.Expr, *, ordered: bool) -> Fragment:
    """The items of an iterable as a list."""
    # partial: anything else is a value with elements
    match expr:
        case ir.Call("enumerate" | "zip"):
            return c.value(expr)
        case ir.Call("range", args):
            return range_(c, args)
        case ir.Call("reversed", (inner,)):
            return reversed_items(c, inner)
        case ir.Method(value, "keys" | "values" | "items" as view, ()) if kinds.is_dict(value.type):
            if ordered:
                refuse_order(c, expr, value)
            return c.call(f"py_{view}", c.value(value))
    if kinds.is_dict(expr.type):
        if ordered:
            refuse_order(c, expr, expr)
        return c.call("py_keys", c.value(expr))
    if ordered and any(isinstance(member, t.SetType) for member in t.members(expr.type)):
        refuse_order(c, expr, expr)
    if isinstance(expr, ir.Comprehension):
        return comprehension(c, expr, ordered=ordered)
    return sequence(c, expr)


def refuse_order(c: Context, expr: ir.Expr, collection: ir.Expr) -> None:
    what = "a set" if not kinds.is_dict(collection.type) else "a dict"
    c.refuse(
        codes.DICT_ORDER,
        expr,
        f"the order in which {what} is iterated is not the same on Step Functions",
        f"use {_sorted_text(c, expr, collection)}, or iterate over a list",
    )


def _sorted_text(c: Context, expr: ir.Expr, collection: ir.Expr) -> str:
    """What has one order: values may have none, the items of a dict are ordered by their keys."""
    if isinstance(expr, ir.Method) and expr.name == "values":
        return f"sorted({c.source_text(collection)}.items())"
    return f"sorted({c.source_text(expr)})"


def range_(c: Context, args: tuple[ir.Expr, ...]) -> Fragment:
    start: Fragment = literal(0)
    stop = args[0]
    if len(args) > 1:
        start, stop = c.value(args[0]), args[1]
    step = integer(args[2], c.constants) if len(args) > 2 else 1
    if step != 1:
        helper = "py_steps" if step else "py_range"
        return c.call(helper, start, c.value(stop), c.value(args[2]))
    end = constant_index(stop)
    last = literal(end - 1) if end is not None else binary("-", c.value(stop), literal(1))
    return Fragment(
        f"[{start.text}..{last.text}]",
        depth=1 + max(start.depth, last.depth),
        bindings=(*start.bindings, *last.bindings),
        needs=start.needs | last.needs,
        raises=start.raises or last.raises,
    )


def comprehension(c: Context, expr: ir.Comprehension, *, ordered: bool = True) -> Fragment:
    match expr.kind:
        case "dict":
            return dict_comprehension(c, expr)
        case "set":
            return as_list(call("distinct", _list(c, expr, expr.clauses, ordered=False)))
    return _list(c, expr, expr.clauses, ordered=ordered)


def _list(
    c: Context, expr: ir.Comprehension, clauses: tuple[ir.Clause, ...], *, ordered: bool
) -> Fragment:
    clause, rest = clauses[0], clauses[1:]
    found = source(c, clause, ordered=ordered)
    conditions = clause.conditions
    if found.indexed and (conditions or found.limit):
        return _folded(c, expr, found, clause, rest, ordered)
    if rest:
        with c.inside_lambda(found.names):
            inner = _list(c, expr, rest, ordered=ordered)
        items = _filtered(c, found, conditions)
        return _flattened(c, items, found.parameters, inner)
    items = _filtered(c, found, conditions)
    if _same(expr.element, clause):
        return items if conditions else call("append", EMPTY, items)
    with c.inside_lambda(found.names):
        element = c.value(expr.element)
    return mapped(items, found.parameters, element)


def _same(element: ir.Expr, clause: ir.Clause) -> bool:
    """``[x for x in ...]``"""
    names = clause.target.names
    return isinstance(element, ir.Name) and not clause.target.unpack and element.id == names[0]


def _flattened(
    c: Context, items: Fragment, parameters: tuple[str, ...], inner: Fragment
) -> Fragment:
    return c.call("py_flat", items, function(parameters, inner))


def _filtered(c: Context, found: Source, conditions: tuple[ir.Expr, ...]) -> Fragment:
    if not conditions:
        return found.items
    with c.inside_lambda(found.names):
        test = all_of(c, conditions)
    return filtered(found.items, found.parameters, test)


def all_of(c: Context, conditions: tuple[ir.Expr, ...], first: Fragment | None = None) -> Fragment:
    result = first
    for condition in conditions:
        one = truth(c, condition)
        result = one if result is None else binary("and", result, one)
    assert result is not None
    return result


def _folded(
    c: Context,
    expr: ir.Comprehension,
    found: Source,
    clause: ir.Clause,
    rest: tuple[ir.Clause, ...],
    ordered: bool,
) -> Fragment:
    """A reduction that keeps each item's position in the list."""
    so_far = c.temporary()
    with c.inside_lambda(found.names):
        test = all_of(c, clause.conditions, found.limit)
        if rest:
            more = _list(c, expr, rest, ordered=ordered)
        else:
            more = as_list_of_one(c, c.value(expr.element), expr.element.type)
    grown = conditional(test, call("append", variable(so_far), more), variable(so_far))
    return call("reduce", found.items, function((so_far, *found.parameters), grown), EMPTY)


def dict_comprehension(c: Context, expr: ir.Comprehension) -> Fragment:
    assert expr.key is not None
    if not kinds.is_str(c.kinds.data(expr.key.type)):
        c.unknown(expr.key, "str", "the key of a dict has to be a text")
    clause = expr.clauses[0]
    names = clause.target.names
    match clause.iterable:
        case ir.Method(value, "items", ()) if (
            len(expr.clauses) == 1 and len(names) == 2 and _is(expr.key, names[0])
        ):
            return _over_items(c, expr, clause, value)
    keyed = ir.Comprehension(
        "list", None, expr.element, expr.clauses, type=expr.type, span=expr.span
    )
    return _merged(c, keyed, expr.key)


def _is(expr: ir.Expr, name: str) -> bool:
    return isinstance(expr, ir.Name) and expr.id == name


def _over_items(c: Context, expr: ir.Comprehension, clause: ir.Clause, value: ir.Expr) -> Fragment:
    key, content = (c.parameter(name) for name in clause.target.names)
    names = dict(zip(clause.target.names, (variable(key), variable(content)), strict=True))
    entries = c.value(value)
    with c.inside_lambda(names):
        if clause.conditions:
            test = all_of(c, clause.conditions)
            kept = call("sift", entries, function([content, key], test))
            entries = call("merge", array([Fragment("{}"), kept]))
        if _is(expr.element, clause.target.names[1]):
            return entries if clause.conditions else call("merge", array([entries]))
        entry = record([(variable(key), c.value(expr.element))])
    each = call("each", entries, function([content, key], entry))
    each = sequence_of(each)
    return call("merge", call("append", array([Fragment("{}")]), each))


def _merged(c: Context, expr: ir.Comprehension, key: ir.Expr) -> Fragment:
    """Later entries replace earlier ones, as in Python."""
    clause = expr.clauses[0]
    found = source(c, clause, ordered=True)
    if len(expr.clauses) > 1 or (found.indexed and (clause.conditions or found.limit)):
        return c.not_yet(expr, "this dict comprehension", "build the dict from a list of pairs")
    items = _filtered(c, found, clause.conditions)
    with c.inside_lambda(found.names):
        entry = record([(c.value(key), c.value(expr.element))])
    entries = call("map", items, function(found.parameters, entry))
    entries = sequence_of(entries)
    return call("merge", call("append", array([Fragment("{}")]), entries))


# --- Consumers ------------------------------------------------------------------------------------


def quantified(c: Context, which: str, argument: ir.Expr) -> Fragment:
    """``any(...)`` and ``all(...)``."""
    if isinstance(argument, ir.Comprehension) and len(argument.clauses) == 1:
        found = source(c, argument.clauses[0], ordered=False)
        conditions = argument.clauses[0].conditions
        if not (found.indexed and found.limit):
            with c.inside_lambda(found.names):
                test = truth(c, argument.element)
                guard = all_of(c, conditions) if conditions else None
            if test.raises or (guard is not None and guard.raises):
                return _stopping(c, which, found, test, guard)
            return _counted(which, found, test, guard)
    items = iterable(c, argument, ordered=False)
    name = c.temporary()
    with c.inside_lambda({}):
        test = truth_of(c, variable(name), kinds.element(argument.type))
    return _counted(which, Source(items, (name,)), test, None)


def _counted(which: str, found: Source, test: Fragment, guard: Fragment | None) -> Fragment:
    wanted = test if which == "any" else call("not", test)
    if guard is not None:
        wanted = binary("and", guard, wanted)
    kept = call("filter", found.items, function(found.parameters, wanted))
    kept = sequence_of(kept)
    return binary(">" if which == "any" else "=", call("count", kept), literal(0))


def _stopping(
    c: Context, which: str, found: Source, test: Fragment, guard: Fragment | None
) -> Fragment:
    """Items after the decisive one are not evaluated: one of them might fail."""
    so_far = c.temporary()
    state = variable(so_far)
    if which == "any":
        one = conditional(guard, test, literal(False)) if guard is not None else test
        step = conditional(state, literal(True), one)
    else:
        one = conditional(guard, test, literal(True)) if guard is not None else test
        step = conditional(state, one, literal(False))
    body = function((so_far, *found.parameters), step)
    return call("reduce", found.items, body, literal(which == "all"))


def counted_ones(c: Context, argument: ir.Comprehension) -> Fragment | None:
    """``sum(1 for x in xs if test)``: the number of items that pass."""
    clause = argument.clauses[0]
    if len(argument.clauses) > 1 or not clause.conditions:
        return None
    found = source(c, clause, ordered=False)
    if found.limit is not None:
        return None
    with c.inside_lambda(found.names):
        test = all_of(c, clause.conditions)
    kept = call("filter", found.items, function(found.parameters, test))
    return call("count", sequence_of(kept))

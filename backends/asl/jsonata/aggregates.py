"""Functions that make one value of many: sums, extremes, sorted lists."""

from __future__ import annotations

from typing import Final

from wfc.backends.asl.jsonata import codes, comprehensions, kinds
from wfc.backends.asl.jsonata.context import Context
from wfc.backends.asl.jsonata.fragment import (
    Fragment,
    array,
    as_list,
    binary,
    call,
    conditional,
    error,
    function,
    item,
    literal,
    negated,
    variable,
)
from wfc.backends.asl.jsonata.operators import is_ascii
from wfc.compiler.data.struct import replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

EMPTY: Final = Fragment("[]", array=True)


def keyword(expr: ir.Call, name: str) -> ir.Expr | None:
    """The argument given by this name."""
    return next((value for key, value in expr.keywords if key == name), None)


def sum_of(c: Context, expr: ir.Call) -> Fragment:
    (items,) = expr.args
    start = keyword(expr, "start")
    inner = c.kinds.data(kinds.element(items.type))
    if t.FLOAT in t.members(inner) or (start is not None and t.FLOAT in t.members(start.type)):
        return c.refuse(
            codes.FLOAT_SUM,
            expr,
            "sum() over floats is not the same number on all engines",
            "write a loop 'total = total + x', or count in integers (cents)",
        )
    if not (kinds.is_int(inner) or inner == t.BOOL):
        return c.unknown(items, "list[int]", "sum() needs integers")
    total = _summed(c, items, inner)
    return total if start is None else binary("+", total, c.value(start))


def _summed(c: Context, items: ir.Expr, inner: t.Type) -> Fragment:
    if isinstance(items, ir.Comprehension) and kinds.is_constant(items.element, 1):
        counted = comprehensions.counted_ones(c, items)
        if counted is not None:
            return counted
    if isinstance(items, ir.Comprehension) and kinds.is_bool(inner):
        clause = items.clauses[0]
        if len(items.clauses) == 1:
            passing = replace(clause, conditions=(*clause.conditions, items.element))
            counted = comprehensions.counted_ones(c, replace(items, clauses=(passing,)))
            if counted is not None:
                return counted
    fragment = comprehensions.iterable(c, items, ordered=False)
    if kinds.is_bool(inner):
        name = c.temporary()
        one = conditional(variable(name), literal(1), literal(0))
        fragment = as_list(call("map", fragment, function([name], one)))
    return call("sum", fragment)


def extreme(c: Context, expr: ir.Call) -> Fragment:
    name = expr.function
    key = keyword(expr, "key")
    (items,) = expr.args
    inner = c.kinds.data(kinds.element(items.type))
    default = keyword(expr, "default")
    if isinstance(key, ir.Lambda):
        return _extreme_by(c, expr, items, key, default)
    if not kinds.is_number(inner) and not kinds.is_str(inner):
        return c.unknown(items, "list[int] or list[float]", f"{name}() needs numbers")
    fragment = comprehensions.iterable(c, items, ordered=False)
    fragment = c.bind(fragment)
    failed = error("ValueError", f"{name}() iterable argument is empty")
    missing = failed if default is None else c.value(default)
    found = call(name, fragment) if kinds.is_number(inner) else _extreme_text(c, name, fragment)
    return conditional(binary("=", call("count", fragment), literal(0)), missing, found)


def _extreme_text(c: Context, name: str, texts: Fragment) -> Fragment:
    best, other = c.temporary(), c.temporary()
    pair = (variable(best), variable(other))
    better = c.call("py_slt", *(pair if name == "max" else pair[::-1]))
    chosen = conditional(better, variable(other), variable(best))
    return call("reduce", texts, function([best, other], chosen))


def extreme_of(c: Context, expr: ir.Call) -> Fragment:
    key = keyword(expr, "key")
    numeric = all(kinds.is_number(c.kinds.data(arg.type)) for arg in expr.args)
    ascii_texts = all(kinds.is_str(arg.type) and is_ascii(c, arg) for arg in expr.args)
    if key is not None or not (numeric or ascii_texts):
        return c.not_yet(expr, f"{expr.function}() of these values", "use a conditional expression")
    whole = all(kinds.is_int(c.kinds.data(arg.type)) for arg in expr.args)
    # An array of several items in a lambda makes the evaluation nest ever deeper.
    if whole and not c.lambdas:
        fragments = [c.value(expr.args[0])]
        for arg in expr.args[1:]:
            fragments[-1:] = c.ordered(fragments[-1], c.value(arg))
        return call(expr.function, array(fragments))
    # Of equal values the first one is taken, as in Python: it may be 1 where the other is 1.0.
    operator = ">=" if expr.function == "max" else "<="
    result = c.value(expr.args[0])
    for arg in expr.args[1:]:
        left, right = c.ordered(result, c.value(arg))
        left, right = c.bind(left), c.bind(right)
        result = conditional(binary(operator, left, right), left, right)
    return result


def _extreme_by(
    c: Context, expr: ir.Call, items: ir.Expr, key: ir.Lambda, default: ir.Expr | None
) -> Fragment:
    best, other = c.temporary(), c.temporary()
    later, earlier = (other, best) if expr.function == "max" else (best, other)
    better = _by_key(c, expr, key, later, earlier, descending=False)
    better = conditional(better, variable(other), variable(best))
    fragment = c.bind(_keyed_items(c, items, key))
    failed = error("ValueError", f"{expr.function}() iterable argument is empty")
    missing = failed if default is None else c.value(default)
    found = call("reduce", fragment, function([best, other], better))
    return conditional(binary("=", call("count", fragment), literal(0)), missing, found)


def sorted_of(c: Context, expr: ir.Call) -> Fragment:
    (items,) = expr.args
    key = keyword(expr, "key")
    backwards = keyword(expr, "reverse")
    if backwards is not None and not isinstance(backwards, ir.Constant):
        return c.not_yet(expr, "sorted(reverse=...) that is no constant", "write True or False")
    descending = isinstance(backwards, ir.Constant) and bool(backwards.value)
    fragment = (
        _keyed_items(c, items, key)
        if isinstance(key, ir.Lambda)
        else comprehensions.iterable(c, items, ordered=False)
    )
    inner = c.kinds.data(kinds.element(items.type))
    if not isinstance(key, ir.Lambda) and not descending and kinds.is_number(inner):
        return call("append", EMPTY, call("sort", fragment))
    left, right = c.temporary(), c.temporary()
    if isinstance(key, ir.Lambda):
        later = _by_key(c, expr, key, left, right, descending)
    elif _has_unique_keys(items):
        first, second = (item(variable(name), literal(0)) for name in (left, right))
        later = _later_text(c, first, second, descending)
    else:
        later = _later(c, items, inner, variable(left), variable(right), descending)
    return call("sort", fragment, function([left, right], later))


def _keyed_items(c: Context, items: ir.Expr, key: ir.Lambda) -> Fragment:
    """The items that a key orders. Those with equal keys stay in the order that they came in."""
    collection = _unordered(items)
    if collection is None:
        return comprehensions.iterable(c, items, ordered=True)
    own = _own_part(items, key.parameters[0])
    if own is None or not any(_same_part(part, own) for part in _parts(key)):
        what = "set" if _is_set(collection.type) else "dict"
        return c.refuse(
            codes.DICT_ORDER,
            items,
            f"of items with equal keys the {what}'s order would decide, which is not the same on"
            " Step Functions",
            _telling_apart(c, collection, key, own),
        )
    return comprehensions.iterable(c, items, ordered=False)


def _unordered(items: ir.Expr) -> ir.Expr | None:
    """The dict or set that the items come from."""
    match items:
        case ir.Method(value, "keys" | "values" | "items", ()) if kinds.is_dict(value.type):
            return value
    return items if kinds.is_dict(items.type) or _is_set(items.type) else None


def _own_part(items: ir.Expr, item: str) -> ir.Expr | None:
    """What no two items have in common, of an item with this name."""
    match items:
        case ir.Method(_, "values", ()):
            return None
        case ir.Method(_, "items", ()):
            return ir.Subscript(ir.Name(item), ir.Constant(0, type=t.INT))
    return ir.Name(item)


def _parts(key: ir.Lambda) -> tuple[ir.Expr | ir.Starred, ...]:
    return key.body.items if isinstance(key.body, ir.TupleDisplay) else (key.body,)


def _same_part(part: ir.Expr | ir.Starred, own: ir.Expr) -> bool:
    # partial: other parts are not known to be the same
    match part, own:
        case ir.Name(left), ir.Name(right):
            return left == right
        case ir.Subscript(value, ir.Constant(0)), ir.Subscript(owner, _):
            return _same_part(value, owner)
    return False


def _telling_apart(c: Context, collection: ir.Expr, key: ir.Lambda, own: ir.Expr | None) -> str:
    name = key.parameters[0]
    if own is None:
        return (
            f"sort {c.source_text(collection)}.items() by a key that ends with the dict's key:"
            " key=lambda pair: (..., pair[0])"
        )
    parts = [c.source_text(part) for part in _parts(key) if not isinstance(part, ir.Starred)]
    return f"let the key decide: key=lambda {name}: ({', '.join([*parts, c.source_text(own)])})"


def _is_set(type_: t.Type) -> bool:
    return all(isinstance(member, t.SetType) for member in t.members(type_))


def _by_key(
    c: Context, expr: ir.Call, key: ir.Lambda, left: str, right: str, descending: bool
) -> Fragment:
    parameter = key.parameters[0]
    bodies: list[ir.Expr] = [key.body]
    if isinstance(key.body, ir.TupleDisplay):
        bodies = [part for part in key.body.items if not isinstance(part, ir.Starred)]
    pairs: list[tuple[ir.Expr, Fragment, Fragment]] = []
    for body in bodies:
        with c.inside_lambda({parameter: variable(left)}):
            first = c.value(body)
        with c.inside_lambda({parameter: variable(right)}):
            second = c.value(body)
        pairs.append((body, first, second))
    body, first, second = pairs[-1]
    result = _later(c, body, c.kinds.data(body.type), first, second, descending)
    for body, first, second in reversed(pairs[:-1]):
        later = _later(c, body, c.kinds.data(body.type), first, second, descending)
        tie = binary("and", binary("=", first, second), result)
        result = binary("or", later, tie)
    return result


def _later(
    c: Context, node: ir.Expr, type_: t.Type, left: Fragment, right: Fragment, descending: bool
) -> Fragment:
    """Whether the left one comes after the right one."""
    if isinstance(type_, t.TupleType) and all(map(_has_order, type_.items)):
        return _later_tuple(c, node, type_, left, right, descending)
    if descending:
        left, right = right, left
    if kinds.is_number(type_):
        return binary(">", left, right)
    if kinds.is_bool(type_):
        return binary("and", left, negated(right))
    if kinds.is_str(type_):
        values = c.kinds.constants_of(node.type)
        if values is not None and all(isinstance(v, str) and v.isascii() for v in values):
            return binary(">", left, right)
        return _later_text(c, left, right, descending=False)
    if kinds.is_datetime(type_):
        return binary(">", call("toMillis", left), call("toMillis", right))
    if kinds.is_list(type_) or kinds.is_dict(type_):
        return c.not_yet(
            node,
            f"sorting values of type {type_}",
            "give sorted() a key of numbers or texts: key=lambda item: ...",
        )
    return c.unknown(node, "int, float or str", "sorting needs one kind of value")


def _later_text(c: Context, left: Fragment, right: Fragment, descending: bool) -> Fragment:
    return c.call("py_slt", *((left, right) if descending else (right, left)))


def _later_tuple(
    c: Context, node: ir.Expr, type_: t.TupleType, left: Fragment, right: Fragment, descending: bool
) -> Fragment:
    """Tuples are ordered by their first items that differ."""
    result: Fragment | None = None
    for position, inner in reversed(list(enumerate(type_.items))):
        first, second = item(left, literal(position)), item(right, literal(position))
        later = _later(c, node, inner, first, second, descending)
        if result is not None:
            later = binary("or", later, binary("and", binary("=", first, second), result))
        result = later
    return result if result is not None else literal(False)


def _has_order(type_: t.Type) -> bool:
    return kinds.is_number(type_) or kinds.is_bool(type_) or kinds.is_str(type_)


def _has_unique_keys(items: ir.Expr) -> bool:
    """``d.items()``: the keys alone decide the order, the values are never compared."""
    match items:
        case ir.Method(value, "items", ()):
            return all(isinstance(member, t.DictType) for member in t.members(value.type))
    return False

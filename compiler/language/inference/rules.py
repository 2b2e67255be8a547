"""The rules of each kind of expression: its type, what it may raise, and when it always fails.

:func:`judge` says all three about one expression and looks at the ``type`` of its operands only:
the reader builds a tree from the leaves up and asks at each node.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, assert_never

from wfc.compiler.diagnostics.words import a, did_you_mean
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.inference.builtins import call, method
from wfc.compiler.language.library.table import CONSTANTS, lazy
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing import kinds
from wfc.compiler.language.typing.judgement import (
    NOTHING,
    TYPE_ERROR,
    Judgement,
    either,
    fails,
    int_of,
    text_of,
)
from wfc.compiler.language.typing.kinds import Fit, fit
from wfc.compiler.language.typing.operators import binary, compare, unary

_ATTRIBUTE_ERROR: Final = frozenset({"AttributeError"})
_KEY_ERROR: Final = frozenset({"KeyError"})
_INDEX_ERROR: Final = frozenset({"IndexError"})
_VALUE_ERROR: Final = frozenset({"ValueError"})

_TIME_FIELDS: Final[dict[t.Type, dict[str, t.Type]]] = {
    t.DATETIME: {
        **dict.fromkeys(
            ("year", "month", "day", "hour", "minute", "second", "microsecond", "fold"), t.INT
        ),
        "tzinfo": t.ANY,
    },
    t.TIMEDELTA: dict.fromkeys(("days", "seconds", "microseconds"), t.INT),
}


def judge(expr: ir.Expr, module: ir.Module) -> Judgement:
    """The type of an expression, from the types of its operands; what evaluating it may raise, its
    operands not counted; and why it certainly fails. A name has the type that it carries."""
    return _misplaced(expr) or _judge(expr, module)


def _judge(expr: ir.Expr, module: ir.Module) -> Judgement:
    match expr:
        case ir.Constant(value):
            return Judgement(t.of_constant(value))
        case ir.Name() | ir.EnumMember() | ir.GlobalName():
            return Judgement(_named(expr, module))
        case ir.ErrorMessage() | ir.ErrorName():
            return Judgement(t.STR)
        case ir.Attribute():
            found = [_attribute(module, one, expr.name) for one in t.members(expr.value.type)]
            return either(found)
        case ir.Subscript():
            found = [_subscript(module, one, expr) for one in t.members(expr.value.type)]
            return either(found)
        case ir.Slice():
            return _slice(module, expr)
        case ir.Unary():
            return unary(module, expr)
        case ir.Binary():
            return binary(module, expr)
        case ir.Compare():
            return compare(module, expr)
        case ir.Boolean():
            return Judgement(_boolean(module, expr))
        case ir.Conditional():
            return Judgement(t.union(expr.then.type, expr.orelse.type))
        case ir.FString():
            return _fstring(module, expr)
        case ir.ListDisplay() | ir.TupleDisplay() | ir.SetDisplay():
            return _display(module, expr)
        case ir.DictDisplay():
            return _dict_display(module, expr)
        case ir.Lambda():
            return Judgement(expr.body.type)
        case ir.Call():
            return call(module, expr)
        case ir.Method():
            return method(module, expr.value.type, expr)
        case ir.HelperCall():
            helper = next((one for one in module.helpers if one.name == expr.helper), None)
            return Judgement(helper.returns if helper else t.ANY)
        case ir.Construct():
            return Judgement(t.RecordType(expr.record))
        case ir.Comprehension():
            return _comprehension(module, expr)
        case _:
            assert_never(expr)


def _misplaced(expr: ir.Expr) -> Judgement | None:
    """An iterator or a view where a value is needed. Calls judge their own arguments."""
    operands: tuple[ir.Expr, ...] = ()
    match expr:
        case ir.Subscript(value) | ir.Slice(value) | ir.Attribute(value) | ir.Method(value):
            operands = (value,)
        case ir.Binary(_, left, right):
            operands = (left, right)
        case ir.Unary(_, operand):
            operands = (operand,)
        case ir.Boolean(_, values):
            operands = values
        case ir.Compare(left, rest):
            wanted = [right for operator, right in rest if operator not in ("in", "not in")]
            operands = (left, *wanted)
        case ir.Conditional(_, then, orelse):
            operands = (then, orelse)
        case ir.FString(parts):
            operands = tuple(part.value for part in parts if isinstance(part, ir.Formatted))
        case ir.ListDisplay(items) | ir.TupleDisplay(items) | ir.SetDisplay(items):
            operands = tuple(item for item in items if not isinstance(item, ir.Starred))
        case ir.DictDisplay(entries):
            operands = tuple(value for _, value in entries)
        case ir.Construct(_, fields):
            operands = tuple(value for _, value in fields)
        case ir.HelperCall(_, args):
            operands = tuple(arg.value for arg in args)
        case ir.Comprehension():
            operands = (expr.element,)
        case (
            ir.Constant()
            | ir.Name()
            | ir.GlobalName()
            | ir.EnumMember()
            | ir.Lambda()
            | ir.Call()
            | ir.ErrorMessage()
            | ir.ErrorName()
        ):
            operands = ()
        case _:
            assert_never(expr)
    for operand in operands:
        kind = lazy(operand)
        if kind:
            return fails(f"{a(kind)} can only be iterated over; make a list of it first")
    return None


def _named(expr: ir.Name | ir.GlobalName | ir.EnumMember, module: ir.Module) -> t.Type:
    match expr:
        case ir.EnumMember(enum):
            return t.EnumType(enum)
        case ir.GlobalName(id_):
            defined = {one.name: one.type for one in module.constants}
            return defined.get(id_) or CONSTANTS.get(id_, t.ANY)
        case (
            ir.Constant()
            | ir.Name()
            | ir.Attribute()
            | ir.Subscript()
            | ir.Slice()
            | ir.Unary()
            | ir.Binary()
            | ir.Compare()
            | ir.Boolean()
            | ir.Conditional()
            | ir.FString()
            | ir.ListDisplay()
            | ir.TupleDisplay()
            | ir.SetDisplay()
            | ir.DictDisplay()
            | ir.Lambda()
            | ir.Call()
            | ir.Method()
            | ir.HelperCall()
            | ir.Construct()
            | ir.Comprehension()
            | ir.ErrorMessage()
            | ir.ErrorName()
        ):
            return expr.type
        case _:
            assert_never(expr)


def _attribute(module: ir.Module, type_: t.Type, name: str) -> Judgement:
    definition = kinds.record(module, type_)
    if definition is not None:
        return _field(definition, name)
    enum = kinds.enum(module, type_)
    if enum is not None and name in ("value", "name"):
        return Judgement(t.STR if name == "name" else kinds.enum_values(enum))
    fields = _TIME_FIELDS.get(type_, {})
    if name in fields:
        return Judgement(fields[name])
    # partial: nothing else has attributes
    match type_:
        case t.AnyType() | t.RecordType() | t.EnumType() if enum is None:
            return Judgement(t.ANY, _ATTRIBUTE_ERROR)
        case t.NeverType():
            return Judgement(t.NEVER)
    known = ["value", "name"] if enum else list(fields)
    return fails(f"{type_} has no attribute '{name}'{did_you_mean(name, known)}", "AttributeError")


def _field(definition: ir.Record, name: str) -> Judgement:
    for field in definition.fields:
        if field.name != name:
            continue
        if definition.kind == "dataclass":
            return Judgement(field.type)
        return fails(
            f"record {definition.name} is a dict; write ['{name}'] to read its field '{name}'",
            "AttributeError",
        )
    return fails(_no_field(definition, name), "AttributeError")


def _no_field(definition: ir.Record, name: str) -> str:
    hint = did_you_mean(name, (field.name for field in definition.fields))
    return f"record {definition.name} has no field '{name}'{hint}"


def _subscript(module: ir.Module, type_: t.Type, expr: ir.Subscript) -> Judgement:
    definition = kinds.record(module, type_)
    if definition is not None and definition.kind == "typeddict":
        return _keyed(module, definition, expr.index)
    if definition is not None:
        return fails(
            f"record {definition.name} is no dict; write .{text_of(expr.index) or 'name'} to read"
            " a field"
        )
    # partial: nothing else has items
    match type_:
        case t.AnyType():
            return Judgement(t.ANY, _KEY_ERROR | _INDEX_ERROR | TYPE_ERROR)
        case t.NeverType():
            return Judgement(t.NEVER)
        case t.DictType(value):
            return _with_index(module, expr.index, "str", "a dict", value, _KEY_ERROR)
        case t.ListType(element):
            return _with_index(module, expr.index, "int", "a list", element, _INDEX_ERROR)
        case t.TupleType(items):
            return _tuple_item(module, items, expr.index)
    if kinds.plain(module, type_) == (t.STR,):
        return _with_index(module, expr.index, "int", "a str", t.STR, _INDEX_ERROR)
    return fails(f"{type_} has no items")


def _with_index(
    module: ir.Module, index: ir.Expr, demand: str, what: str, type_: t.Type, raises: frozenset[str]
) -> Judgement:
    word = "key" if demand == "str" else "index"
    match fit(module, index.type, demand):
        case Fit.YES:
            return Judgement(type_, raises)
        case Fit.MAYBE:
            return Judgement(type_, raises | TYPE_ERROR)
    error = "KeyError" if demand == "str" else "TypeError"
    return fails(f"{what} has {a(demand)} as its {word}, not {index.type}", error)


def _tuple_item(module: ir.Module, items: tuple[t.Type, ...], index: ir.Expr) -> Judgement:
    place = int_of(index)
    if place is None:
        return _with_index(module, index, "int", "a tuple", t.union(*items), _INDEX_ERROR)
    if not -len(items) <= place < len(items):
        return fails(f"the tuple has {len(items)} items, none at index {place}", "IndexError")
    return Judgement(items[place])


def _keyed(module: ir.Module, definition: ir.Record, index: ir.Expr) -> Judgement:
    name = text_of(index)
    if name is None:
        what = f"record {definition.name}"
        every = t.union(*(field.type for field in definition.fields))
        return _with_index(module, index, "str", what, every, _KEY_ERROR)
    for field in definition.fields:
        if field.name == name:
            return Judgement(field.type, NOTHING if field.required else _KEY_ERROR)
    return fails(_no_field(definition, name), "KeyError")


def _slice(module: ir.Module, expr: ir.Slice) -> Judgement:
    if int_of(expr.step) == 0:
        return fails("the step of a slice is zero", "ValueError")
    raises = NOTHING
    if expr.step is not None and int_of(expr.step) is None and expr.step.type != t.NONE:
        raises |= _VALUE_ERROR
    for bound in (expr.lower, expr.upper, expr.step):
        fits = Fit.YES if bound is None else fit(module, bound.type, "int|none")
        if bound is not None and fits == Fit.NO:
            return fails(f"a slice has int bounds, not {bound.type}")
        raises |= NOTHING if fits == Fit.YES else TYPE_ERROR
    fits = fit(module, expr.value.type, "sequence")
    if fits == Fit.NO:
        return fails(f"{expr.value.type} has no slices")
    raises |= NOTHING if fits == Fit.YES else TYPE_ERROR
    found = [_sliced(one, expr) for one in kinds.plain(module, expr.value.type)]
    return Judgement(t.union(*found), raises)


def _sliced(type_: t.Type, expr: ir.Slice) -> t.Type:
    """The types know tuples of fixed length only: a slice of one has constant bounds."""
    # partial: of the rest only text has slices
    match type_:
        case t.TupleType(items):
            bounds = (expr.lower, expr.upper, expr.step)
            known = [int_of(bound) for bound in bounds]
            if any(one is None for one, bound in zip(known, bounds, strict=True) if bound):
                return t.ANY
            return t.TupleType(items[slice(*known)])
        case t.ListType() | t.AnyType():
            return type_
    return t.STR if type_ == t.STR else t.NEVER


def _boolean(module: ir.Module, expr: ir.Boolean) -> t.Type:
    part = kinds.falsy if expr.operator == "and" else kinds.truthy
    *early, last = expr.operands
    return t.union(*(part(module, operand.type) for operand in early), last.type)


def _fstring(module: ir.Module, expr: ir.FString) -> Judgement:
    raises = NOTHING
    for part in expr.parts:
        if not isinstance(part, ir.Formatted):
            continue
        found = _formatted(module, part)
        if found.problem:
            return found
        raises |= found.raises
    return Judgement(t.STR, raises)


# A value of each type to try a format specification on.
_SAMPLES: Final[Mapping[t.Type, object]] = {t.INT: 1, t.BOOL: True, t.FLOAT: 1.5, t.STR: "text"}
_LONG_NUMBER: Final = re.compile(r"[0-9]{4}")


def _formatted(module: ir.Module, part: ir.Formatted) -> Judgement:
    if any(isinstance(one, t.ErrorType) for one in t.members(part.value.type)):
        return fails("an error in an f-string is written with its message")
    if not part.spec:
        return Judgement(t.STR)
    if _LONG_NUMBER.search(part.spec):
        return Judgement(t.STR, TYPE_ERROR | _VALUE_ERROR | {"OverflowError"})
    alternatives = (t.STR,) if part.conversion else kinds.plain(module, part.value.type)
    return either(_format(one, part.spec) for one in alternatives)


def _format(type_: t.Type, spec: str) -> Judgement:
    if isinstance(type_, t.AnyType | t.RecordType | t.EnumType):
        return Judgement(t.STR, TYPE_ERROR | _VALUE_ERROR | {"OverflowError"})
    if type_ == t.DATETIME:
        return Judgement(t.STR, _VALUE_ERROR)
    if type_ not in _SAMPLES:
        return fails(f"{type_} takes no format specification")
    try:
        format(_SAMPLES[type_], spec)
    except (ValueError, OverflowError) as error:
        return fails(f"format '{spec}' is not defined for {type_}", type(error).__name__)
    # `c` writes the character with that code (Python library reference, format specification).
    code = type_ in (t.INT, t.BOOL) and spec.endswith("c")
    return Judgement(t.STR, frozenset({"OverflowError"}) if code else NOTHING)


def _display(
    module: ir.Module, expr: ir.ListDisplay | ir.TupleDisplay | ir.SetDisplay
) -> Judgement:
    found: list[t.Type] = []
    raises = NOTHING
    fixed = True
    for item in expr.items:
        if not isinstance(item, ir.Starred):
            found.append(item.type)
            continue
        fits = fit(module, item.value.type, "iterable")
        if fits == Fit.NO:
            return fails(f"'*' needs something to iterate over, not {item.value.type}")
        raises |= NOTHING if fits == Fit.YES else TYPE_ERROR
        match item.value.type:
            case t.TupleType(items):
                found += items
            case other:
                fixed = False
                found.append(kinds.elements(module, other))
    if isinstance(expr, ir.TupleDisplay):
        return Judgement(t.TupleType(tuple(found)) if fixed else t.ANY, raises)
    element = t.union(*map(t.widen, found))
    if isinstance(expr, ir.ListDisplay):
        return Judgement(t.ListType(element), raises)
    return _hashing(module, t.SetType(element), element, raises)


def _hashing(
    module: ir.Module, type_: t.Type, element: t.Type, raises: frozenset[str]
) -> Judgement:
    match fit(module, element, "hashable"):
        case Fit.NO:
            return fails(f"a set cannot hold {element}")
        case Fit.MAYBE:
            return Judgement(type_, raises | TYPE_ERROR)
    return Judgement(type_, raises)


def _dict_display(module: ir.Module, expr: ir.DictDisplay) -> Judgement:
    found: list[t.Type] = []
    raises = NOTHING
    for key, value in expr.entries:
        if key is not None:
            found.append(t.widen(value.type))
            fits = fit(module, key.type, "str")
            message = f"a key of JSON data is a str, not {key.type}"
        else:
            found.append(kinds.values(module, value.type))
            fits = fit(module, value.type, "dict")
            message = f"'**' needs a dict, not {value.type}"
        if fits == Fit.NO:
            return fails(message)
        raises |= NOTHING if fits == Fit.YES else TYPE_ERROR
    return Judgement(t.DictType(t.union(*found)), raises)


def _comprehension(module: ir.Module, expr: ir.Comprehension) -> Judgement:
    raises = NOTHING
    for clause in expr.clauses:
        found = iteration(module, clause.iterable, len(clause.target.names), clause.target.unpack)
        if found.problem:
            return found
        raises |= found.raises
    element = t.widen(expr.element.type)
    if expr.kind == "dict":
        fits = Fit.YES if expr.key is None else fit(module, expr.key.type, "str")
        if expr.key is not None and fits == Fit.NO:
            return fails(f"a key of JSON data is a str, not {expr.key.type}")
        return Judgement(t.DictType(element), raises | (NOTHING if fits else TYPE_ERROR))
    if expr.kind == "set":
        return _hashing(module, t.SetType(element), element, raises)
    return Judgement(t.ListType(element), raises)


def iteration(
    module: ir.Module, iterable: ir.Expr, count: int = 1, unpack: bool = False
) -> Judgement:
    """What iterating over an expression gives and may raise; with ``unpack``, each element is
    unpacked into ``count`` names and the type is a tuple's."""
    fits = fit(module, iterable.type, "iterable")
    if fits == Fit.NO:
        return fails(f"{iterable.type} cannot be iterated over")
    raises = NOTHING if fits == Fit.YES else TYPE_ERROR
    element = kinds.elements(module, iterable.type)
    if not unpack:
        return Judgement(element, raises)
    found = unpacking(module, element, count)
    return Judgement(found.type, found.raises | raises, found.problem)


def unpacking(module: ir.Module, value: t.Type, count: int) -> Judgement:
    """What unpacking a value into that many names gives, as a tuple type, and may raise."""
    return either(_unpacking(module, one, count) for one in t.members(value))


def _unpacking(module: ir.Module, value: t.Type, count: int) -> Judgement:
    if isinstance(value, t.TupleType):
        if len(value.items) != count:
            return fails(
                f"{len(value.items)} values cannot be unpacked into {count} names", "ValueError"
            )
        return Judgement(value)
    fits = fit(module, value, "iterable")
    if fits == Fit.NO:
        return fails(f"{value} cannot be unpacked")
    element = kinds.elements(module, value)
    raises = _VALUE_ERROR | (NOTHING if fits == Fit.YES else TYPE_ERROR)
    return Judgement(t.TupleType((element,) * count), raises)


def path_type(module: ir.Module, type_: t.Type, path: tuple[ir.FieldKey | ir.Expr, ...]) -> t.Type:
    """The type of what a path of fields and subscripts leads to."""
    for key in path:
        value = ir.Name("", type=type_)
        step = (
            ir.Attribute(value, key.name)
            if isinstance(key, ir.FieldKey)
            else ir.Subscript(value, key)
        )
        type_ = judge(step, module).type
    return type_

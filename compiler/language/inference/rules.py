"""The rules of each kind of expression: its type, what it may raise, and when it always fails.

:func:`judge` says all three about one expression and looks at the ``type`` of its operands only:
the reader builds a tree from the leaves up and asks at each node.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, assert_never

from wfc.compiler.diagnostics.words import a, did_you_mean
from wfc.compiler.language.library.signatures import judged, lazy
from wfc.compiler.language.library.table import CONSTANTS, METHODS, function, methods
from wfc.compiler.language.nodes import (
    Attribute,
    Binary,
    Boolean,
    Call,
    Compare,
    Comprehension,
    Conditional,
    Constant,
    Construct,
    DictDisplay,
    EnumMember,
    ErrorMessage,
    ErrorName,
    Expr,
    FieldKey,
    Formatted,
    FString,
    GlobalName,
    HelperCall,
    Lambda,
    ListDisplay,
    Method,
    Module,
    Name,
    Record,
    SetDisplay,
    Slice,
    Starred,
    Subscript,
    TupleDisplay,
    Unary,
)
from wfc.compiler.language.nodes.types import (
    ANY,
    BOOL,
    DATETIME,
    FLOAT,
    INT,
    NEVER,
    NONE,
    STR,
    TIMEDELTA,
    AnyType,
    DictType,
    EnumType,
    ErrorType,
    ListType,
    NeverType,
    RecordType,
    SetType,
    TupleType,
    Type,
    members,
    of_constant,
    union,
    widen,
)
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

_TIME_FIELDS: Final[dict[Type, dict[str, Type]]] = {
    DATETIME: {
        **dict.fromkeys(
            ("year", "month", "day", "hour", "minute", "second", "microsecond", "fold"), INT
        ),
        "tzinfo": ANY,
    },
    TIMEDELTA: dict.fromkeys(("days", "seconds", "microseconds"), INT),
}


def judge(expr: Expr, module: Module) -> Judgement:
    """The type of an expression, from the types of its operands; what evaluating it may raise, its
    operands not counted; and why it certainly fails. A name has the type that it carries."""
    return _misplaced(expr) or _judge(expr, module)


def _judge(expr: Expr, module: Module) -> Judgement:
    match expr:
        case Constant(value):
            return Judgement(of_constant(value))
        case Name() | EnumMember() | GlobalName():
            return Judgement(_named(expr, module))
        case ErrorMessage() | ErrorName():
            return Judgement(STR)
        case Attribute():
            found = [_attribute(module, one, expr.name) for one in members(expr.value.type)]
            return either(found)
        case Subscript():
            found = [_subscript(module, one, expr) for one in members(expr.value.type)]
            return either(found)
        case Slice():
            return _slice(module, expr)
        case Unary():
            return unary(module, expr)
        case Binary():
            return binary(module, expr)
        case Compare():
            return compare(module, expr)
        case Boolean():
            return Judgement(_boolean(module, expr))
        case Conditional():
            return Judgement(union(expr.then.type, expr.orelse.type))
        case FString():
            return _fstring(module, expr)
        case ListDisplay() | TupleDisplay() | SetDisplay():
            return _display(module, expr)
        case DictDisplay():
            return _dict_display(module, expr)
        case Lambda():
            return Judgement(expr.body.type)
        case Call():
            rows = function(expr.function)
            if not rows:
                return Judgement(ANY)
            return judged(module, rows, expr.args, expr.keywords)
        case Method():
            return method(module, expr.value.type, expr)
        case HelperCall():
            helper = next((one for one in module.helpers if one.name == expr.helper), None)
            return Judgement(helper.returns if helper else ANY)
        case Construct():
            return Judgement(RecordType(expr.record))
        case Comprehension():
            return _comprehension(module, expr)
        case _:
            assert_never(expr)


def _misplaced(expr: Expr) -> Judgement | None:
    """An iterator or a view where a value is needed. Calls judge their own arguments."""
    operands: tuple[Expr, ...] = ()
    match expr:
        case Subscript(value) | Slice(value) | Attribute(value) | Method(value):
            operands = (value,)
        case Binary(_, left, right):
            operands = (left, right)
        case Unary(_, operand):
            operands = (operand,)
        case Boolean(_, values):
            operands = values
        case Compare(left, rest):
            wanted = [right for operator, right in rest if operator not in ("in", "not in")]
            operands = (left, *wanted)
        case Conditional(_, then, orelse):
            operands = (then, orelse)
        case FString(parts):
            operands = tuple(part.value for part in parts if isinstance(part, Formatted))
        case ListDisplay(items) | TupleDisplay(items) | SetDisplay(items):
            operands = tuple(item for item in items if not isinstance(item, Starred))
        case DictDisplay(entries):
            operands = tuple(value for _, value in entries)
        case Construct(_, fields):
            operands = tuple(value for _, value in fields)
        case HelperCall(_, args):
            operands = tuple(arg.value for arg in args)
        case Comprehension():
            operands = (expr.element,)
        case (
            Constant()
            | Name()
            | GlobalName()
            | EnumMember()
            | Lambda()
            | Call()
            | ErrorMessage()
            | ErrorName()
        ):
            operands = ()
        case _:
            assert_never(expr)
    for operand in operands:
        kind = lazy(operand)
        if kind:
            return fails(f"{a(kind)} can only be iterated over; make a list of it first")
    return None


def _named(expr: Name | GlobalName | EnumMember, module: Module) -> Type:
    match expr:
        case EnumMember(enum):
            return EnumType(enum)
        case GlobalName(id_):
            defined = {one.name: one.type for one in module.constants}
            return defined.get(id_) or CONSTANTS.get(id_, ANY)
        case (
            Constant()
            | Name()
            | Attribute()
            | Subscript()
            | Slice()
            | Unary()
            | Binary()
            | Compare()
            | Boolean()
            | Conditional()
            | FString()
            | ListDisplay()
            | TupleDisplay()
            | SetDisplay()
            | DictDisplay()
            | Lambda()
            | Call()
            | Method()
            | HelperCall()
            | Construct()
            | Comprehension()
            | ErrorMessage()
            | ErrorName()
        ):
            return expr.type
        case _:
            assert_never(expr)


def _attribute(module: Module, type_: Type, name: str) -> Judgement:
    definition = kinds.record(module, type_)
    if definition is not None:
        return _field(definition, name)
    enum = kinds.enum(module, type_)
    if enum is not None and name in ("value", "name"):
        return Judgement(STR if name == "name" else kinds.enum_values(enum))
    fields = _TIME_FIELDS.get(type_, {})
    if name in fields:
        return Judgement(fields[name])
    # partial: nothing else has attributes
    match type_:
        case AnyType() | RecordType() | EnumType() if enum is None:
            return Judgement(ANY, _ATTRIBUTE_ERROR)
        case NeverType():
            return Judgement(NEVER)
    known = ["value", "name"] if enum else list(fields)
    return fails(f"{type_} has no attribute '{name}'{did_you_mean(name, known)}", "AttributeError")


def _field(definition: Record, name: str) -> Judgement:
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


def _no_field(definition: Record, name: str) -> str:
    hint = did_you_mean(name, (field.name for field in definition.fields))
    return f"record {definition.name} has no field '{name}'{hint}"


def _subscript(module: Module, type_: Type, expr: Subscript) -> Judgement:
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
        case AnyType():
            return Judgement(ANY, _KEY_ERROR | _INDEX_ERROR | TYPE_ERROR)
        case NeverType():
            return Judgement(NEVER)
        case DictType(value):
            return _with_index(module, expr.index, "str", "a dict", value, _KEY_ERROR)
        case ListType(element):
            return _with_index(module, expr.index, "int", "a list", element, _INDEX_ERROR)
        case TupleType(items):
            return _tuple_item(module, items, expr.index)
    if kinds.plain(module, type_) == (STR,):
        return _with_index(module, expr.index, "int", "a str", STR, _INDEX_ERROR)
    return fails(f"{type_} has no items")


def _with_index(
    module: Module, index: Expr, demand: str, what: str, type_: Type, raises: frozenset[str]
) -> Judgement:
    word = "key" if demand == "str" else "index"
    match fit(module, index.type, demand):
        case Fit.YES:
            return Judgement(type_, raises)
        case Fit.MAYBE:
            return Judgement(type_, raises | TYPE_ERROR)
    error = "KeyError" if demand == "str" else "TypeError"
    return fails(f"{what} has {a(demand)} as its {word}, not {index.type}", error)


def _tuple_item(module: Module, items: tuple[Type, ...], index: Expr) -> Judgement:
    place = int_of(index)
    if place is None:
        return _with_index(module, index, "int", "a tuple", union(*items), _INDEX_ERROR)
    if not -len(items) <= place < len(items):
        return fails(f"the tuple has {len(items)} items, none at index {place}", "IndexError")
    return Judgement(items[place])


def _keyed(module: Module, definition: Record, index: Expr) -> Judgement:
    name = text_of(index)
    if name is None:
        what = f"record {definition.name}"
        every = union(*(field.type for field in definition.fields))
        return _with_index(module, index, "str", what, every, _KEY_ERROR)
    for field in definition.fields:
        if field.name == name:
            return Judgement(field.type, NOTHING if field.required else _KEY_ERROR)
    return fails(_no_field(definition, name), "KeyError")


def _slice(module: Module, expr: Slice) -> Judgement:
    if int_of(expr.step) == 0:
        return fails("the step of a slice is zero", "ValueError")
    raises = NOTHING
    if expr.step is not None and int_of(expr.step) is None and expr.step.type != NONE:
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
    return Judgement(union(*found), raises)


def _sliced(type_: Type, expr: Slice) -> Type:
    """The types know tuples of fixed length only: a slice of one has constant bounds."""
    # partial: of the rest only text has slices
    match type_:
        case TupleType(items):
            bounds = (expr.lower, expr.upper, expr.step)
            known = [int_of(bound) for bound in bounds]
            if any(one is None for one, bound in zip(known, bounds, strict=True) if bound):
                return ANY
            return TupleType(items[slice(*known)])
        case ListType() | AnyType():
            return type_
    return STR if type_ == STR else NEVER


def _boolean(module: Module, expr: Boolean) -> Type:
    part = kinds.falsy if expr.operator == "and" else kinds.truthy
    *early, last = expr.operands
    return union(*(part(module, operand.type) for operand in early), last.type)


def _fstring(module: Module, expr: FString) -> Judgement:
    raises = NOTHING
    for part in expr.parts:
        if not isinstance(part, Formatted):
            continue
        found = _formatted(module, part)
        if found.problem:
            return found
        raises |= found.raises
    return Judgement(STR, raises)


# A value of each type to try a format specification on.
_SAMPLES: Final[Mapping[Type, object]] = {INT: 1, BOOL: True, FLOAT: 1.5, STR: "text"}
_LONG_NUMBER: Final = re.compile(r"[0-9]{4}")


def _formatted(module: Module, part: Formatted) -> Judgement:
    if any(isinstance(one, ErrorType) for one in members(part.value.type)):
        return fails("an error in an f-string is written with its message")
    if not part.spec:
        return Judgement(STR)
    if _LONG_NUMBER.search(part.spec):
        return Judgement(STR, TYPE_ERROR | _VALUE_ERROR | {"OverflowError"})
    alternatives = (STR,) if part.conversion else kinds.plain(module, part.value.type)
    return either(_format(one, part.spec) for one in alternatives)


def _format(type_: Type, spec: str) -> Judgement:
    if isinstance(type_, AnyType | RecordType | EnumType):
        return Judgement(STR, TYPE_ERROR | _VALUE_ERROR | {"OverflowError"})
    if type_ == DATETIME:
        return Judgement(STR, _VALUE_ERROR)
    if type_ not in _SAMPLES:
        return fails(f"{type_} takes no format specification")
    try:
        format(_SAMPLES[type_], spec)
    except (ValueError, OverflowError) as error:
        return fails(f"format '{spec}' is not defined for {type_}", type(error).__name__)
    # `c` writes the character with that code (Python library reference, format specification).
    code = type_ in (INT, BOOL) and spec.endswith("c")
    return Judgement(STR, frozenset({"OverflowError"}) if code else NOTHING)


def _display(module: Module, expr: ListDisplay | TupleDisplay | SetDisplay) -> Judgement:
    found: list[Type] = []
    raises = NOTHING
    fixed = True
    for item in expr.items:
        if not isinstance(item, Starred):
            found.append(item.type)
            continue
        fits = fit(module, item.value.type, "iterable")
        if fits == Fit.NO:
            return fails(f"'*' needs something to iterate over, not {item.value.type}")
        raises |= NOTHING if fits == Fit.YES else TYPE_ERROR
        match item.value.type:
            case TupleType(items):
                found += items
            case other:
                fixed = False
                found.append(kinds.elements(module, other))
    if isinstance(expr, TupleDisplay):
        return Judgement(TupleType(tuple(found)) if fixed else ANY, raises)
    element = union(*map(widen, found))
    if isinstance(expr, ListDisplay):
        return Judgement(ListType(element), raises)
    return _hashing(module, SetType(element), element, raises)


def _hashing(module: Module, type_: Type, element: Type, raises: frozenset[str]) -> Judgement:
    match fit(module, element, "hashable"):
        case Fit.NO:
            return fails(f"a set cannot hold {element}")
        case Fit.MAYBE:
            return Judgement(type_, raises | TYPE_ERROR)
    return Judgement(type_, raises)


def _dict_display(module: Module, expr: DictDisplay) -> Judgement:
    found: list[Type] = []
    raises = NOTHING
    for key, value in expr.entries:
        if key is not None:
            found.append(widen(value.type))
            fits = fit(module, key.type, "str")
            message = f"a key of JSON data is a str, not {key.type}"
        else:
            found.append(kinds.values(module, value.type))
            fits = fit(module, value.type, "dict")
            message = f"'**' needs a dict, not {value.type}"
        if fits == Fit.NO:
            return fails(message)
        raises |= NOTHING if fits == Fit.YES else TYPE_ERROR
    return Judgement(DictType(union(*found)), raises)


def _comprehension(module: Module, expr: Comprehension) -> Judgement:
    raises = NOTHING
    for clause in expr.clauses:
        found = iteration(module, clause.iterable, len(clause.target.names), clause.target.unpack)
        if found.problem:
            return found
        raises |= found.raises
    element = widen(expr.element.type)
    if expr.kind == "dict":
        fits = Fit.YES if expr.key is None else fit(module, expr.key.type, "str")
        if expr.key is not None and fits == Fit.NO:
            return fails(f"a key of JSON data is a str, not {expr.key.type}")
        return Judgement(DictType(element), raises | (NOTHING if fits else TYPE_ERROR))
    if expr.kind == "set":
        return _hashing(module, SetType(element), element, raises)
    return Judgement(ListType(element), raises)


def iteration(module: Module, iterable: Expr, count: int = 1, unpack: bool = False) -> Judgement:
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


def unpacking(module: Module, value: Type, count: int) -> Judgement:
    """What unpacking a value into that many names gives, as a tuple type, and may raise."""
    return either(_unpacking(module, one, count) for one in members(value))


def _unpacking(module: Module, value: Type, count: int) -> Judgement:
    if isinstance(value, TupleType):
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
    return Judgement(TupleType((element,) * count), raises)


def path_type(module: Module, type_: Type, path: tuple[FieldKey | Expr, ...]) -> Type:
    """The type of what a path of fields and subscripts leads to."""
    for key in path:
        value = Name("", type=type_)
        step = Attribute(value, key.name) if isinstance(key, FieldKey) else Subscript(value, key)
        type_ = judge(step, module).type
    return type_


def kind_of(module: Module, type_: Type) -> str:
    """The kind of a type that the table of methods is ordered by; empty where it has none."""
    # partial: scalars have methods under their own name
    match type_:
        case ListType():
            return "list"
        case TupleType():
            return "tuple"
        case SetType():
            return "set"
        case _ if kinds.is_mapping(module, type_):
            return "dict"
    return "int" if type_ == BOOL else str(type_) if str(type_) in METHODS else ""


def method(module: Module, receiver: Type, call: Method) -> Judgement:
    """The rule of ``value.name(args)`` for a value of the given type."""
    found = [_method(module, one, call) for one in kinds.plain(module, receiver)]
    return either(found)


def _method(module: Module, receiver: Type, call: Method) -> Judgement:
    if isinstance(receiver, NeverType):
        return Judgement(NEVER)
    if isinstance(receiver, AnyType):
        rows = [row for overloads in methods(call.name).values() for row in overloads]
        raises = NOTHING.union(*(row.raises.split() for row in rows))
        rules = any(callable(row.returns) for row in rows)
        more = _VALUE_ERROR | _KEY_ERROR | {"OverflowError"} if rules else NOTHING
        return Judgement(ANY, raises | more | _ATTRIBUTE_ERROR | TYPE_ERROR)
    known = METHODS.get(kind_of(module, receiver), {})
    if call.name not in known:
        hint = did_you_mean(call.name, known)
        return fails(f"{receiver} has no method '{call.name}'{hint}", "AttributeError")
    return judged(module, known[call.name], call.args, call.keywords, receiver)

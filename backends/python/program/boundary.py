"""Renders the conversion between JSON data and Python values that a type asks for.

The meaning is that of the boundary in the plain run: a record is an object, an enum its value, a
tuple an array, a moment ISO 8601 text in UTC with milliseconds, a timedelta its seconds. Where data
and value are the same, no conversion is rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from wfc.backends.python.printing.expressions import Level, PlainExpressions
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import (
    Bracket,
    Chain,
    Doc,
    call,
    conditional,
    flat,
    join,
    lay_out,
    parenthesised,
)
from wfc.backends.python.printing.text import fresh, quote
from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.words import snake_case
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.kinds import parts, record


class Ambiguous(Exception):
    """JSON data does not say which member of a union it stands for."""

    def __init__(self, type_: t.Type) -> None:
        super().__init__(f"data of type {type_} does not say which of its types it is")
        self.type = type_


class _Converter(Struct):
    """A generated function and its text."""

    name: str
    lines: tuple[str, ...]


class Codec:
    """Renders decoding and encoding expressions, and the functions that nested records need.

    Args:
        module: where records and enums are defined.
        imports: gets what the rendered text needs from libraries.
        taken: names that generated functions must not have.
    """

    def __init__(self, module: ir.Module, imports: Imports, taken: frozenset[str]) -> None:
        self.used: set[str] = set()
        self._imports = imports
        self._taken = set(taken)
        self._printer = PlainExpressions(module, imports)
        self._records = {record.name: record for record in module.records}
        self._enums = {enum.name: enum for enum in module.enums}
        self._functions: dict[tuple[str, str], _Converter] = {}
        self._decoders: dict[str, _Converter] = {}

    def decode(self, type_: t.Type, value: Doc, level: Level = Level.ATOM) -> Doc:
        """The Python value for JSON data.

        Args:
            value: the data, an expression that can be evaluated more than once.
            level: how strongly that expression binds.

        Returns:
            ``value`` itself when there is nothing to convert.

        Raises:
            Ambiguous: the type is a union that JSON data cannot tell apart.
        """
        return self._decode(type_, value, level) if self.decodes(type_) else value

    def encode(self, type_: t.Type, value: Doc) -> Doc:
        """The JSON data for a Python value; arguments, result and errors as for :meth:`decode`."""
        return self._encode(type_, value) if self.encodes(type_) else value

    def decode_at_once(self, type_: t.Type, value: Doc, level: Level, name: str) -> Doc:
        """As :meth:`decode`, for an expression that is evaluated once.

        Args:
            name: what the function is called that decodes, where it takes one; another value of
                another type has another name.
        """
        if self._names_once(type_):
            return self.decode(type_, value, level)
        if name not in self._decoders:
            self._imports.member("typing", "Any")
            lines = lay_out("return ", self.decode(type_, "data"), indent=4)
            function = fresh(name, self._taken)
            self._taken.add(function)
            header = f"def {function}(data: Any) -> {type_}:"
            self._decoders[name] = _Converter(function, (header, *lines))
        return _around(self._decoders[name].name, value)

    def decodes(self, type_: t.Type) -> bool:
        """Whether JSON data of the type differs from its value."""
        return self._differs(type_, decoding=True, seen=frozenset())

    def encodes(self, type_: t.Type) -> bool:
        """Whether a value of the type differs from its JSON data."""
        return self._differs(type_, decoding=False, seen=frozenset())

    def functions(self) -> list[list[str]]:
        """The text of the functions that the rendered expressions call, in order of definition."""
        found = (*self._functions.values(), *self._decoders.values())
        return [list(function.lines) for function in found]

    def _differs(self, type_: t.Type, *, decoding: bool, seen: frozenset[str]) -> bool:
        match type_:
            case t.Scalar(name):
                return name in ("datetime", "timedelta") or (decoding and name == "float")
            case t.ListType(element):
                return self._differs(element, decoding=decoding, seen=seen)
            case t.DictType(value):
                return self._differs(value, decoding=decoding, seen=seen)
            case t.TupleType() | t.EnumType():
                return True
            case t.UnionType(members):
                # An int is as good as a float beside it: `int | float` keeps what the data has.
                return any(
                    self._differs(member, decoding=decoding, seen=seen)
                    for member in members
                    if not (member == t.FLOAT and t.INT in members)
                )
            case t.RecordType(name):
                record = self._records[name]
                if record.kind == "dataclass":
                    return True
                return name not in seen and any(
                    self._differs(field.type, decoding=decoding, seen=seen | {name})
                    for field in record.fields
                )
            case t.AnyType() | t.NeverType() | t.SetType() | t.LiteralType() | t.ErrorType():
                return False
            case _:
                assert_never(type_)

    # --- Decoding --------------------------------------------------------------------------------

    def _names_once(self, type_: t.Type) -> bool:
        """Whether the text that decodes the type names the data once."""
        match type_:
            case t.TupleType(items):
                return len(items) == 1 or not any(map(self.decodes, items))
            case t.UnionType():
                return not self.decodes(type_)
            case (
                t.Scalar()
                | t.AnyType()
                | t.NeverType()
                | t.ListType()
                | t.DictType()
                | t.SetType()
                | t.LiteralType()
                | t.RecordType()
                | t.EnumType()
                | t.ErrorType()
            ):
                return True
            case _:
                assert_never(type_)

    def _decode(self, type_: t.Type, value: Doc, level: Level) -> Doc:
        match type_:
            case t.Scalar("float"):
                return _around("float", value)
            case t.Scalar("datetime"):
                self._imports.member("datetime", "datetime")
                self._imports.member("datetime", "UTC")
                return join(_around("datetime.fromisoformat", value), ".astimezone(UTC)")
            case t.Scalar("timedelta"):
                self._imports.member("datetime", "timedelta")
                return _around("timedelta", join("seconds=", value))
            case t.EnumType(name):
                self.used.add(name)
                return _around(name, value)
            case t.TupleType(items):
                if not any(map(self.decodes, items)):
                    return _around("tuple", value)
                data = _primary(value, level)
                return _tuple(self.decode(item, _item(data, i)) for i, item in enumerate(items))
            case t.ListType():
                return _each(type_, value, self.decode)
            case t.DictType():
                return _each(type_, _primary(value, level), self.decode)
            case t.UnionType():
                return self._member(type_, value, self.decode, decoding=True)
            case t.RecordType(name):
                return self._decode_record(self._records[name], value)
            case (
                t.Scalar()
                | t.AnyType()
                | t.NeverType()
                | t.SetType()
                | t.LiteralType()
                | t.ErrorType()
            ):
                return value
            case _:
                assert_never(type_)

    def _decode_record(self, record: ir.Record, value: Doc) -> Doc:
        self.used.add(record.name)
        if record.kind == "dataclass" and not any(self.decodes(f.type) for f in record.fields):
            return _around(record.name, join("**", value))
        return _around(self._function("decode", record, self._decoder), value)

    def _decoder(self, record: ir.Record, name: str) -> list[str]:
        """``def decode_order(data): return Order(...)``"""
        self._imports.member("typing", "Any")
        header = f"def {name}(data: dict[str, Any]) -> {record.name}:"
        if record.kind == "typeddict":
            return [header, *self._typed_dict(record, self.decode, self.decodes)]
        items = [join(f"{field.name}=", self._decoded_field(field)) for field in record.fields]
        return [header, *lay_out("return ", call(record.name, items), indent=4)]

    def _decoded_field(self, field: ir.Field) -> Doc:
        key = quote(field.name)
        if field.default is None:
            return self.decode(field.type, f"data[{key}]")
        default = self._printer.expression(field.default, Level.CONDITIONAL)
        self.used |= self._printer.used
        if default == "None":
            value = t.without_none(field.type)
            if isinstance(value, t.UnionType) or not self.decodes(value):
                return self.decode(field.type, f"data.get({key})")
            there = f"data.get({key}) is not None"
            return conditional(self.decode(value, f"data[{key}]"), there, "None")
        if not self.decodes(field.type):
            return call("data.get", [key, default])
        return conditional(self.decode(field.type, f"data[{key}]"), f"{key} in data", default)

    # --- Encoding --------------------------------------------------------------------------------

    def _encode(self, type_: t.Type, value: Doc) -> Doc:
        match type_:
            case t.Scalar("datetime"):
                self._imports.member("datetime", "UTC")
                moment = '.astimezone(UTC).isoformat(timespec="milliseconds")'
                return join(value, moment, '.replace("+00:00", "Z")')
            case t.Scalar("timedelta"):
                return join(value, ".total_seconds()")
            case t.EnumType():
                return join(value, ".value")
            case t.TupleType(items):
                if not any(map(self.encodes, items)):
                    return _around("list", value)
                parts = tuple(self.encode(item, _item(value, i)) for i, item in enumerate(items))
                return Bracket("[", parts, "]")
            case t.ListType() | t.DictType():
                return _each(type_, value, self.encode)
            case t.UnionType():
                return self._member(type_, value, self.encode, decoding=False)
            case t.RecordType(name):
                return self._encode_record(self._records[name], value)
            case (
                t.Scalar()
                | t.AnyType()
                | t.NeverType()
                | t.SetType()
                | t.LiteralType()
                | t.ErrorType()
            ):
                return value
            case _:
                assert_never(type_)

    def _encode_record(self, record: ir.Record, value: Doc) -> Doc:
        if record.kind == "dataclass" and self._as_dict(t.RecordType(record.name), frozenset()):
            self._imports.member("dataclasses", "asdict")
            return _around("asdict", value)
        return _around(self._function("encode", record, self._encoder), value)

    def _as_dict(self, type_: t.Type, seen: frozenset[str]) -> bool:
        """Whether ``dataclasses.asdict`` makes JSON data of it: it copies containers and opens
        dataclasses, and leaves tuples, enums and moments as they are."""
        match type_:
            case t.ListType(element):
                return self._as_dict(element, seen)
            case t.DictType(value):
                return self._as_dict(value, seen)
            case t.UnionType(members):
                return all(self._as_dict(member, seen) for member in members)
            case t.RecordType(name):
                fields = self._records[name].fields
                return name in seen or all(self._as_dict(f.type, seen | {name}) for f in fields)
            case (
                t.Scalar()
                | t.AnyType()
                | t.NeverType()
                | t.TupleType()
                | t.SetType()
                | t.LiteralType()
                | t.EnumType()
                | t.ErrorType()
            ):
                return not self.encodes(type_)
            case _:
                assert_never(type_)

    def _encoder(self, record: ir.Record, name: str) -> list[str]:
        """``def encode_order(value): return {...}``"""
        self._imports.member("typing", "Any")
        argument = "data" if record.kind == "typeddict" else "value"
        header = f"def {name}({argument}: {record.name}) -> dict[str, Any]:"
        if record.kind == "typeddict":
            return [header, *self._typed_dict(record, self.encode, self.encodes)]
        self.used.add(record.name)
        items: tuple[Doc, ...] = tuple(
            join(f"{quote(field.name)}: ", self.encode(field.type, f"value.{field.name}"))
            for field in record.fields
        )
        return [header, *lay_out("return ", Bracket("{", items, "}"), indent=4)]

    # --- Both ------------------------------------------------------------------------------------

    def _typed_dict(
        self,
        record: ir.Record,
        convert: Callable[[t.Type, Doc], Doc],
        converts: Callable[[t.Type], bool],
    ) -> Iterator[str]:
        """A copy of the dict with those members replaced that need it."""
        items: list[Doc] = ["**data"]
        for field in filter(lambda one: converts(one.type), record.fields):
            key = quote(field.name)
            entry = join(f"{key}: ", convert(field.type, f"data[{key}]"))
            if not field.required:
                given = Chain(
                    Bracket("{", (entry,), "}"), ((" if ", f"{key} in data"), (" else ", "{}"))
                )
                entry = join("**", parenthesised(given))
            items.append(entry)
        yield from lay_out("return ", Bracket("{", tuple(items), "}"), indent=4)

    def _member(
        self,
        type_: t.UnionType,
        value: Doc,
        convert: Callable[[t.Type, Doc], Doc],
        *,
        decoding: bool,
    ) -> Doc:
        """A union: None as it is, and at most one member of each kind of JSON value."""
        converts = self.decodes if decoding else self.encodes
        others = [member for member in type_.members if member != t.NONE]
        if t.INT in others and t.FLOAT in others:
            others = [member for member in others if member != t.FLOAT]
        if len(others) == 1:
            return conditional(convert(others[0], value), join(value, " is not None"), "None")
        pieces: list[Doc] = []
        for member in filter(converts, others):
            test = call("isinstance", [value, self._test(member, others, decoding=decoding)])
            pieces += [convert(member, value), test]
        first, *rest = [*pieces, value]
        words = (" if ", " else ") * (len(rest) // 2)
        return Chain(first, tuple(zip(words, rest, strict=True)))

    def _test(self, member: t.Type, others: list[t.Type], *, decoding: bool) -> str:
        """The class by which one member of a union is told from the others."""
        kind = self._kind if decoding else self._value_kind
        own = kind(member)
        if not own or sum(kind(other) == own for other in others) > 1:
            raise Ambiguous(t.UnionType(tuple(others)))
        return own

    def _kind(self, type_: t.Type) -> str:
        """The class of the JSON data of a type, as text for ``isinstance``; empty when unknown."""
        match type_:
            case t.Scalar("datetime"):
                return "str"
            case t.Scalar("float" | "timedelta"):
                return "(int, float)"
            case t.Scalar(name):
                return name
            case t.LiteralType(values):
                return type(values[0]).__name__
            case t.EnumType(name):
                return type(self._enums[name].members[0][1]).__name__
            case t.ListType() | t.TupleType():
                return "list"
            case t.DictType() | t.RecordType():
                return "dict"
            case t.AnyType() | t.NeverType() | t.SetType() | t.UnionType() | t.ErrorType():
                return ""
            case _:
                assert_never(type_)

    def _value_kind(self, type_: t.Type) -> str:
        """The class of a value of a type."""
        match type_:
            case t.Scalar("datetime" | "timedelta" as name):
                self._imports.member("datetime", name)
                return name
            case t.EnumType(name):
                return name
            case t.RecordType(name) if self._records[name].kind == "dataclass":
                return name
            case t.TupleType():
                return "tuple"
            case (
                t.Scalar()
                | t.AnyType()
                | t.NeverType()
                | t.ListType()
                | t.DictType()
                | t.SetType()
                | t.LiteralType()
                | t.UnionType()
                | t.RecordType()
                | t.ErrorType()
            ):
                return self._kind(type_)
            case _:
                assert_never(type_)

    def _function(
        self, verb: str, record: ir.Record, build: Callable[[ir.Record, str], list[str]]
    ) -> str:
        """The name of the function that converts a record, made at its first use. A record inside
        itself finds the name that is being defined."""
        key = verb, record.name
        if key not in self._functions:
            name = fresh(f"{verb}_{snake_case(record.name)}", self._taken)
            self._taken.add(name)
            self._functions[key] = _Converter(name, ())
            lines = tuple(build(record, name))
            del self._functions[key]  # behind those that it calls
            self._functions[key] = _Converter(name, lines)
        return self._functions[key].name


def _around(function: str, value: Doc) -> Doc:
    """The call of a function with one argument."""
    return join(function, parenthesised(value))


def _primary(value: Doc, level: Level) -> Doc:
    """The value as it stands before a dot or a bracket."""
    return value if level == Level.ATOM else parenthesised(value)


def _item(value: Doc, index: int) -> Doc:
    return join(value, f"[{index}]")


def _tuple(parts: Iterable[Doc]) -> Doc:
    items = tuple(parts)
    return join("(", items[0], ",)") if len(items) == 1 else Bracket("(", items, ")")


def _each(type_: t.ListType | t.DictType, value: Doc, convert: Callable[[t.Type, Doc], Doc]) -> Doc:
    """A comprehension over the elements."""
    outer = flat(value)
    item = "item" if not outer.startswith("item") else f"{outer.partition('[')[0]}_item"
    if isinstance(type_, t.ListType):
        inside = Chain(convert(type_.element, item), ((f" for {item} in ", value),))
        return Bracket("[", (inside,), "]", comma=False)
    entry = join("key: ", convert(type_.value, item))
    inside = Chain(entry, ((f" for key, {item} in ", join(value, ".items()")),))
    return Bracket("{", (inside,), "}", comma=False)


def immutable_data(type_: t.Type) -> bool:
    """Whether values of the type are JSON data that nobody can change."""
    match type_:
        case t.Scalar(name):
            return name in ("None", "bool", "int", "str")
        case t.LiteralType():
            return True
        case t.UnionType(members):
            return all(map(immutable_data, members))
        case (
            t.AnyType()
            | t.NeverType()
            | t.ListType()
            | t.DictType()
            | t.TupleType()
            | t.SetType()
            | t.RecordType()
            | t.EnumType()
            | t.ErrorType()
        ):
            return False
        case _:
            assert_never(type_)


def is_changed(module: ir.Module, type_: t.Type) -> bool:
    """Whether a value may differ after a way through JSON data: an int where a float is declared, a
    moment with microseconds or in another time zone."""
    return not {t.FLOAT, t.DATETIME}.isdisjoint(parts(module, type_))


def mutable(module: ir.Module, type_: t.Type) -> bool:
    """Whether a value of the type can be changed in place."""
    for part in parts(module, type_):
        match part:
            case t.ListType() | t.DictType() | t.AnyType() | t.SetType():
                return True
            case t.RecordType():
                definition = record(module, part)
                if definition and (definition.kind == "typeddict" or not definition.frozen):
                    return True
            case (
                t.Scalar()
                | t.NeverType()
                | t.TupleType()
                | t.LiteralType()
                | t.UnionType()
                | t.EnumType()
                | t.ErrorType()
            ):
                pass
            case _:
                assert_never(part)
    return False

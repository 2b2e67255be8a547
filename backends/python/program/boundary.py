"""Renders the conversion between JSON data and Python values that a type asks for.

The meaning is that of the boundary in the plain run: a record is an object, an enum its value, a
tuple an array, a moment ISO 8601 text in UTC with milliseconds, a timedelta its seconds. Where data
and value are the same, no conversion is rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from wfc.backends.python.printing.expressions import Expressions
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import Bracket, Doc, call, flat, join, lay_out
from wfc.backends.python.printing.text import fresh
from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.words import snake_case
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t


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
        self._printer = Expressions(module, imports)
        self._records = {record.name: record for record in module.records}
        self._enums = {enum.name: enum for enum in module.enums}
        self._functions: dict[tuple[str, str], _Converter] = {}

    def decode(self, type_: t.Type, value: str) -> str:
        """The Python value for JSON data.

        Args:
            value: the data, a name or another expression that can be evaluated more than once.

        Returns:
            ``value`` itself when there is nothing to convert.

        Raises:
            Ambiguous: the type is a union that JSON data cannot tell apart.
        """
        return self._decode(type_, value) if self.decodes(type_) else value

    def encode(self, type_: t.Type, value: str) -> str:
        """The JSON data for a Python value; arguments, result and errors as for :meth:`decode`."""
        return self._encode(type_, value) if self.encodes(type_) else value

    def decodes(self, type_: t.Type) -> bool:
        """Whether JSON data of the type differs from its value."""
        return self._differs(type_, decoding=True, seen=frozenset())

    def encodes(self, type_: t.Type) -> bool:
        """Whether a value of the type differs from its JSON data."""
        return self._differs(type_, decoding=False, seen=frozenset())

    def functions(self) -> list[list[str]]:
        """The text of the functions that the rendered expressions call, in order of definition."""
        return [list(function.lines) for function in self._functions.values()]

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

    def _decode(self, type_: t.Type, value: str) -> str:
        match type_:
            case t.Scalar("float"):
                return f"float({value})"
            case t.Scalar("datetime"):
                self._imports.member("datetime", "datetime")
                self._imports.member("datetime", "UTC")
                return f"datetime.fromisoformat({value}).astimezone(UTC)"
            case t.Scalar("timedelta"):
                self._imports.member("datetime", "timedelta")
                return f"timedelta(seconds={value})"
            case t.EnumType(name):
                self.used.add(name)
                return f"{name}({value})"
            case t.TupleType(items):
                if not any(map(self.decodes, items)):
                    return f"tuple({value})"
                parts = [self.decode(item, f"{value}[{i}]") for i, item in enumerate(items)]
                return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
            case t.ListType() | t.DictType():
                return _each(type_, value, self.decode)
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

    def _decode_record(self, record: ir.Record, value: str) -> str:
        self.used.add(record.name)
        if record.kind == "dataclass" and not any(self.decodes(f.type) for f in record.fields):
            return f"{record.name}(**{value})"
        return f"{self._function('decode', record, self._decoder)}({value})"

    def _decoder(self, record: ir.Record, name: str) -> list[str]:
        """``def decode_order(data): return Order(...)``"""
        self._imports.member("typing", "Any")
        header = f"def {name}(data: dict[str, Any]) -> {record.name}:"
        if record.kind == "typeddict":
            return [header, *self._typed_dict(record, self.decode, self.decodes)]
        items = [join(f"{field.name}=", self._decoded_field(field)) for field in record.fields]
        return [header, *lay_out("return ", call(record.name, items), indent=4)]

    def _decoded_field(self, field: ir.Field) -> str:
        if field.default is None:
            return self.decode(field.type, f'data["{field.name}"]')
        default = flat(self._printer.expression(field.default))
        self.used |= self._printer.used
        if default == "None":
            return self.decode(field.type, f'data.get("{field.name}")')
        if not self.decodes(field.type):
            return f'data.get("{field.name}", {default})'
        given = self.decode(field.type, f'data["{field.name}"]')
        given = f"({given})" if " if " in given else given
        return f'{given} if "{field.name}" in data else {default}'

    # --- Encoding --------------------------------------------------------------------------------

    def _encode(self, type_: t.Type, value: str) -> str:
        match type_:
            case t.Scalar("datetime"):
                self._imports.member("datetime", "UTC")
                moment = f'{value}.astimezone(UTC).isoformat(timespec="milliseconds")'
                return f'{moment}.replace("+00:00", "Z")'
            case t.Scalar("timedelta"):
                return f"{value}.total_seconds()"
            case t.EnumType():
                return f"{value}.value"
            case t.TupleType(items):
                if not any(map(self.encodes, items)):
                    return f"list({value})"
                parts = [self.encode(item, f"{value}[{i}]") for i, item in enumerate(items)]
                return f"[{', '.join(parts)}]"
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

    def _encode_record(self, record: ir.Record, value: str) -> str:
        if record.kind == "dataclass" and self._as_dict(t.RecordType(record.name), frozenset()):
            self._imports.member("dataclasses", "asdict")
            return f"asdict({value})"
        return f"{self._function('encode', record, self._encoder)}({value})"

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
            join(f'"{field.name}": ', self.encode(field.type, f"value.{field.name}"))
            for field in record.fields
        )
        return [header, *lay_out("return ", Bracket("{", items, "}"), indent=4)]

    # --- Both ------------------------------------------------------------------------------------

    def _typed_dict(
        self,
        record: ir.Record,
        convert: Callable[[t.Type, str], str],
        converts: Callable[[t.Type], bool],
    ) -> Iterator[str]:
        """A copy of the dict with those members replaced that need it."""
        changed = [field for field in record.fields if converts(field.type)]
        items: list[Doc] = ["**data"]
        for field in changed:
            key = f'"{field.name}"'
            text = convert(field.type, f"data[{key}]")
            if field.required:
                items.append(f"{key}: {text}")
            else:
                items.append(f"**({{{key}: {text}}} if {key} in data else {{}})")
        yield from lay_out("return ", Bracket("{", tuple(items), "}"), indent=4)

    def _member(
        self,
        type_: t.UnionType,
        value: str,
        convert: Callable[[t.Type, str], str],
        *,
        decoding: bool,
    ) -> str:
        """A union: None as it is, and at most one member of each kind of JSON value."""
        converts = self.decodes if decoding else self.encodes
        others = [member for member in type_.members if member != t.NONE]
        if t.INT in others and t.FLOAT in others:
            others = [member for member in others if member != t.FLOAT]
        changing = [member for member in others if converts(member)]
        if len(others) == 1:
            return f"{convert(others[0], value)} if {value} is not None else None"
        text = value
        for member in reversed(changing):
            test = self._test(member, others, decoding=decoding)
            text = f"{convert(member, value)} if isinstance({value}, {test}) else {text}"
        return text

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


def _each(type_: t.ListType | t.DictType, value: str, convert: Callable[[t.Type, str], str]) -> str:
    """A comprehension over the elements."""
    item = "item" if not value.startswith("item") else f"{value.partition('[')[0]}_item"
    if isinstance(type_, t.ListType):
        return f"[{convert(type_.element, item)} for {item} in {value}]"
    return f"{{key: {convert(type_.value, item)} for key, {item} in {value}.items()}}"

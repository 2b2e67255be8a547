"""Questions about types that decide which template is exact."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t


def is_constant(expr: object, value: str | int | bool | None) -> bool:
    """Whether an expression is this constant, whatever type it is taken for."""
    return isinstance(expr, ir.Constant) and expr.value == value and type(expr.value) is type(value)


def is_int(type_: t.Type) -> bool:
    return all(_plain(m) == t.INT for m in t.members(type_))


def is_number(type_: t.Type) -> bool:
    """int or float, never bool."""
    return all(_plain(m) in (t.INT, t.FLOAT) for m in t.members(type_))


def is_bool(type_: t.Type) -> bool:
    return all(_plain(m) == t.BOOL for m in t.members(type_))


def is_str(type_: t.Type) -> bool:
    return all(_plain(m) == t.STR for m in t.members(type_))


def is_datetime(type_: t.Type) -> bool:
    return type_ == t.DATETIME


def is_timedelta(type_: t.Type) -> bool:
    return type_ == t.TIMEDELTA


def is_list(type_: t.Type) -> bool:
    return all(isinstance(m, t.ListType | t.TupleType | t.SetType) for m in t.members(type_))


def is_dict(type_: t.Type) -> bool:
    return all(isinstance(m, t.DictType | t.RecordType) for m in t.members(type_))


def is_scalar(type_: t.Type) -> bool:
    """Never a list, a dict or a record."""
    return all(isinstance(m, t.Scalar | t.LiteralType | t.EnumType) for m in t.members(type_))


def may_be_list(type_: t.Type) -> bool:
    return any(
        isinstance(m, t.AnyType | t.ListType | t.TupleType | t.SetType) for m in t.members(type_)
    )


def may_be_none(type_: t.Type) -> bool:
    return any(m in (t.NONE, t.ANY) for m in t.members(type_))


def element(type_: t.Type) -> t.Type:
    """The type of the items of a list, tuple, set or str."""
    found: list[t.Type] = []
    for member in t.members(type_):
        # partial: the elements of anything else are of any type
        match member:
            case t.ListType(inner) | t.SetType(inner):
                found.append(inner)
            case t.TupleType(items):
                found.extend(items)
            case t.DictType():
                found.append(t.STR)
            case _ if _plain(member) == t.STR:
                found.append(t.STR)
            case _:
                return t.ANY
    return t.union(*found)


def dict_value(type_: t.Type) -> t.Type:
    found = [m.value if isinstance(m, t.DictType) else t.ANY for m in t.members(type_)]
    return t.union(*found)


def _plain(type_: t.Type) -> t.Type:
    """A literal type's base; an enum is not its base."""
    if isinstance(type_, t.LiteralType):
        return t.union(*(t.of_constant(value) for value in type_.values))
    return type_


class Kinds:
    """Questions whose answer depends on the module's records and enums."""

    def __init__(self, module: ir.Module) -> None:
        self.module = module
        self._records: dict[str, ir.Record] = {record.name: record for record in module.records}
        self._enums: dict[str, ir.Enum] = {enum.name: enum for enum in module.enums}
        self.errors = frozenset(error.name for error in module.errors)

    def record(self, name: str) -> ir.Record:
        return self._records[name]

    def enum(self, name: str) -> ir.Enum:
        return self._enums[name]

    def data(self, type_: t.Type) -> t.Type:
        """The type of the JSON data: an enum is the type of its values."""
        flat: list[t.Type] = []
        for member in t.members(type_):
            if isinstance(member, t.EnumType):
                values = self.enum(member.name).members
                flat.append(t.union(*(t.of_constant(value) for _, value in values)))
            else:
                flat.append(_plain(member))
        return t.union(*flat)

    def constants_of(self, type_: t.Type) -> tuple[str | int | bool | None, ...] | None:
        """All values of a Literal or enum type; None when there are others."""
        found: list[str | int | bool | None] = []
        for member in t.members(type_):
            # partial: no other type is a set of constants
            match member:
                case t.LiteralType(values):
                    found += values
                case t.EnumType(name):
                    found += [value for _, value in self.enum(name).members]
                case _:
                    return None
        return tuple(found)

    def _holds(self, type_: t.Type, wanted: Callable[[t.Type], bool], seen: frozenset[str]) -> bool:
        for member in t.members(self.data(type_)):
            if isinstance(member, t.AnyType) or wanted(member):
                return True
            match member:
                case t.ListType(inner) | t.SetType(inner) | t.DictType(inner):
                    parts: tuple[t.Type, ...] = (inner,)
                case t.TupleType(items):
                    parts = items
                case t.RecordType(name) if name not in seen:
                    parts = tuple(field.type for field in self.record(name).fields)
                    seen = seen | {name}
                case (
                    t.Scalar()
                    | t.AnyType()
                    | t.NeverType()
                    | t.LiteralType()
                    | t.UnionType()
                    | t.RecordType()
                    | t.EnumType()
                    | t.ErrorType()
                ):
                    parts = ()
                case _:
                    assert_never(member)
            if any(self._holds(part, wanted, seen) for part in parts):
                return True
        return False

    def holds_bool(self, type_: t.Type) -> bool:
        """Whether a bool may be the value or be somewhere inside it."""
        return self._holds(type_, lambda m: m == t.BOOL, frozenset())

    def holds_number(self, type_: t.Type) -> bool:
        return self._holds(type_, lambda m: m in (t.INT, t.FLOAT), frozenset())

    def always_true(self, type_: t.Type) -> bool:
        """Whether every value is true in Python: dataclasses, plain enum members, moments."""
        return all(
            m == t.DATETIME
            or (isinstance(m, t.RecordType) and self.record(m.name).kind == "dataclass")
            or (isinstance(m, t.EnumType) and not self.enum(m.name).mixin)
            for m in t.members(type_)
        )

    def mutable(self, type_: t.Type) -> bool:
        """Whether two names for one value could be told apart by changing it."""
        return any(
            isinstance(m, t.AnyType | t.ListType | t.DictType | t.SetType | t.RecordType)
            or (isinstance(m, t.TupleType) and any(map(self.mutable, m.items)))
            for m in t.members(type_)
        )

    def comparable(self, left: t.Type, right: t.Type) -> bool:
        """Whether ``=`` gives what Python's ``==`` gives: no bool meets a number, no tuple a list,
        no record or enum something else."""
        if self._mixed(left, right):
            return False
        return all(
            self._same_family(a, b)
            for a in t.members(_literal_free(left))
            for b in t.members(_literal_free(right))
        )

    def _mixed(self, left: t.Type, right: t.Type) -> bool:
        for a in t.members(self.data(left)):
            for b in t.members(self.data(right)):
                scalar_only = isinstance(a, t.Scalar) and isinstance(b, t.Scalar)
                if scalar_only and {a, b} in ({t.BOOL, t.INT}, {t.BOOL, t.FLOAT}):
                    return True
                if scalar_only or not _may_meet(a, b):
                    continue
                if a == b and not isinstance(a, t.AnyType) and not _contains_any(a):
                    continue
                if (self.holds_bool(a) and self.holds_number(b)) or (
                    self.holds_number(a) and self.holds_bool(b)
                ):
                    return True
        return False

    def _same_family(self, a: t.Type, b: t.Type) -> bool:
        if isinstance(a, t.AnyType) or isinstance(b, t.AnyType):
            return not any(
                isinstance(one, t.RecordType | t.EnumType | t.TupleType) for one in (a, b)
            )
        # partial: other pairs are equal in JSON when they are in Python
        match a, b:
            case (t.EnumType(), t.EnumType()) | (t.RecordType(), t.RecordType()):
                return a == b or self._mixin(a) or self._typed_dict(a, b)
            case (t.EnumType(), t.Scalar()) | (t.Scalar(), t.EnumType()):
                enum, other = (a, b) if isinstance(a, t.EnumType) else (b, a)
                return other == t.NONE or self._mixin(enum)
            case (t.RecordType(), t.DictType()) | (t.DictType(), t.RecordType()):
                return self._typed_dict(a, b)
            case (t.TupleType(), t.ListType()) | (t.ListType(), t.TupleType()):
                return False
            case (t.TupleType(), t.TupleType()) if len(a.items) == len(b.items):
                return all(map(self.comparable, a.items, b.items))
            case (t.ListType(), t.ListType()):
                return self.comparable(a.element, b.element)
            case (t.DictType(), t.DictType()):
                return self.comparable(a.value, b.value)
            case (t.ErrorType(), _) | (_, t.ErrorType()):
                return False
        return True

    def _mixin(self, type_: t.Type) -> bool:
        return isinstance(type_, t.EnumType) and bool(self.enum(type_.name).mixin)

    def _typed_dict(self, *types: t.Type) -> bool:
        return all(
            not isinstance(one, t.RecordType) or self.record(one.name).kind == "typeddict"
            for one in types
        )


def _literal_free(type_: t.Type) -> t.Type:
    return t.union(*(_plain(member) for member in t.members(type_)))


def _may_meet(a: t.Type, b: t.Type) -> bool:
    """Whether values of both types can be equal in JSON at all."""
    if isinstance(a, t.AnyType) or isinstance(b, t.AnyType):
        return True
    if isinstance(a, t.Scalar) or isinstance(b, t.Scalar):
        return isinstance(a, t.Scalar) and isinstance(b, t.Scalar)
    return isinstance(a, t.ListType | t.TupleType | t.SetType) == isinstance(
        b, t.ListType | t.TupleType | t.SetType
    )


def _contains_any(type_: t.Type) -> bool:
    match type_:
        case t.AnyType():
            return True
        case t.ListType(inner) | t.DictType(inner) | t.SetType(inner):
            return any(_contains_any(m) for m in t.members(inner))
        case t.TupleType(items):
            return any(_contains_any(m) for item in items for m in t.members(item))
        case (
            t.Scalar()
            | t.NeverType()
            | t.LiteralType()
            | t.UnionType()
            | t.RecordType()
            | t.EnumType()
            | t.ErrorType()
        ):
            return False
        case _:
            assert_never(type_)

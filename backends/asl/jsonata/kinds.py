"""Questions about types that decide which template is exact."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from wfc.compiler.language.nodes import Constant, Enum, Module, Record
from wfc.compiler.language.nodes.types import (
    ANY,
    BOOL,
    DATETIME,
    FLOAT,
    INT,
    NONE,
    STR,
    TIMEDELTA,
    AnyType,
    DictType,
    EnumType,
    ErrorType,
    ListType,
    LiteralType,
    NeverType,
    RecordType,
    Scalar,
    SetType,
    TupleType,
    Type,
    UnionType,
    members,
    of_constant,
    union,
)


def is_constant(expr: object, value: str | int | bool | None) -> bool:
    """Whether an expression is this constant, whatever type it is taken for."""
    return isinstance(expr, Constant) and expr.value == value and type(expr.value) is type(value)


def is_int(type_: Type) -> bool:
    return all(_plain(m) == INT for m in members(type_))


def is_number(type_: Type) -> bool:
    """int or float, never bool."""
    return all(_plain(m) in (INT, FLOAT) for m in members(type_))


def is_bool(type_: Type) -> bool:
    return all(_plain(m) == BOOL for m in members(type_))


def is_str(type_: Type) -> bool:
    return all(_plain(m) == STR for m in members(type_))


def is_datetime(type_: Type) -> bool:
    return type_ == DATETIME


def is_timedelta(type_: Type) -> bool:
    return type_ == TIMEDELTA


def is_list(type_: Type) -> bool:
    return all(isinstance(m, ListType | TupleType | SetType) for m in members(type_))


def is_dict(type_: Type) -> bool:
    return all(isinstance(m, DictType | RecordType) for m in members(type_))


def is_scalar(type_: Type) -> bool:
    """Never a list, a dict or a record."""
    return all(isinstance(m, Scalar | LiteralType | EnumType) for m in members(type_))


def may_be_list(type_: Type) -> bool:
    return any(isinstance(m, AnyType | ListType | TupleType | SetType) for m in members(type_))


def may_be_none(type_: Type) -> bool:
    return any(m in (NONE, ANY) for m in members(type_))


def element(type_: Type) -> Type:
    """The type of the items of a list, tuple, set or str."""
    found: list[Type] = []
    for member in members(type_):
        # partial: the elements of anything else are of any type
        match member:
            case ListType(inner) | SetType(inner):
                found.append(inner)
            case TupleType(items):
                found.extend(items)
            case DictType():
                found.append(STR)
            case _ if _plain(member) == STR:
                found.append(STR)
            case _:
                return ANY
    return union(*found)


def dict_value(type_: Type) -> Type:
    found = [m.value if isinstance(m, DictType) else ANY for m in members(type_)]
    return union(*found)


def _plain(type_: Type) -> Type:
    """A literal type's base; an enum is not its base."""
    if isinstance(type_, LiteralType):
        return union(*(of_constant(value) for value in type_.values))
    return type_


class Kinds:
    """Questions whose answer depends on the module's records and enums."""

    def __init__(self, module: Module) -> None:
        self._records: dict[str, Record] = {record.name: record for record in module.records}
        self._enums: dict[str, Enum] = {enum.name: enum for enum in module.enums}
        self.errors = frozenset(error.name for error in module.errors)

    def record(self, name: str) -> Record:
        return self._records[name]

    def enum(self, name: str) -> Enum:
        return self._enums[name]

    def data(self, type_: Type) -> Type:
        """The type of the JSON data: an enum is the type of its values."""
        flat: list[Type] = []
        for member in members(type_):
            if isinstance(member, EnumType):
                values = self.enum(member.name).members
                flat.append(union(*(of_constant(value) for _, value in values)))
            else:
                flat.append(_plain(member))
        return union(*flat)

    def constants_of(self, type_: Type) -> tuple[str | int | bool | None, ...] | None:
        """All values of a Literal or enum type; None when there are others."""
        found: list[str | int | bool | None] = []
        for member in members(type_):
            # partial: no other type is a set of constants
            match member:
                case LiteralType(values):
                    found += values
                case EnumType(name):
                    found += [value for _, value in self.enum(name).members]
                case _:
                    return None
        return tuple(found)

    def _holds(self, type_: Type, wanted: Callable[[Type], bool], seen: frozenset[str]) -> bool:
        for member in members(self.data(type_)):
            if isinstance(member, AnyType) or wanted(member):
                return True
            match member:
                case ListType(inner) | SetType(inner) | DictType(inner):
                    parts: tuple[Type, ...] = (inner,)
                case TupleType(items):
                    parts = items
                case RecordType(name) if name not in seen:
                    parts = tuple(field.type for field in self.record(name).fields)
                    seen = seen | {name}
                case (
                    Scalar()
                    | AnyType()
                    | NeverType()
                    | LiteralType()
                    | UnionType()
                    | RecordType()
                    | EnumType()
                    | ErrorType()
                ):
                    parts = ()
                case _:
                    assert_never(member)
            if any(self._holds(part, wanted, seen) for part in parts):
                return True
        return False

    def holds_bool(self, type_: Type) -> bool:
        """Whether a bool may be the value or be somewhere inside it."""
        return self._holds(type_, lambda m: m == BOOL, frozenset())

    def holds_number(self, type_: Type) -> bool:
        return self._holds(type_, lambda m: m in (INT, FLOAT), frozenset())

    def always_true(self, type_: Type) -> bool:
        """Whether every value is true in Python: dataclasses, plain enum members, moments."""
        return all(
            m == DATETIME
            or (isinstance(m, RecordType) and self.record(m.name).kind == "dataclass")
            or (isinstance(m, EnumType) and not self.enum(m.name).mixin)
            for m in members(type_)
        )

    def mutable(self, type_: Type) -> bool:
        """Whether two names for one value could be told apart by changing it."""
        return any(
            isinstance(m, AnyType | ListType | DictType | SetType | RecordType)
            or (isinstance(m, TupleType) and any(map(self.mutable, m.items)))
            for m in members(type_)
        )

    def comparable(self, left: Type, right: Type) -> bool:
        """Whether ``=`` gives what Python's ``==`` gives: no bool meets a number, no tuple a list,
        no record or enum something else."""
        if self._mixed(left, right):
            return False
        return all(
            self._same_family(a, b)
            for a in members(_literal_free(left))
            for b in members(_literal_free(right))
        )

    def _mixed(self, left: Type, right: Type) -> bool:
        for a in members(self.data(left)):
            for b in members(self.data(right)):
                scalar_only = isinstance(a, Scalar) and isinstance(b, Scalar)
                if scalar_only and {a, b} in ({BOOL, INT}, {BOOL, FLOAT}):
                    return True
                if scalar_only or not _may_meet(a, b):
                    continue
                if a == b and not isinstance(a, AnyType) and not _contains_any(a):
                    continue
                if (self.holds_bool(a) and self.holds_number(b)) or (
                    self.holds_number(a) and self.holds_bool(b)
                ):
                    return True
        return False

    def _same_family(self, a: Type, b: Type) -> bool:
        if isinstance(a, AnyType) or isinstance(b, AnyType):
            return not any(isinstance(t, RecordType | EnumType | TupleType) for t in (a, b))
        match a, b:
            case (EnumType(), EnumType()) | (RecordType(), RecordType()):
                return a == b or self._mixin(a) or self._typed_dict(a, b)
            case (EnumType(), Scalar()) | (Scalar(), EnumType()):
                enum, other = (a, b) if isinstance(a, EnumType) else (b, a)
                return other == NONE or self._mixin(enum)
            case (RecordType(), DictType()) | (DictType(), RecordType()):
                return self._typed_dict(a, b)
            case (TupleType(), ListType()) | (ListType(), TupleType()):
                return False
            case (TupleType(), TupleType()) if len(a.items) == len(b.items):
                return all(map(self.comparable, a.items, b.items))
            case (ListType(), ListType()):
                return self.comparable(a.element, b.element)
            case (DictType(), DictType()):
                return self.comparable(a.value, b.value)
            case (ErrorType(), _) | (_, ErrorType()):
                return False
        return True

    def _mixin(self, type_: Type) -> bool:
        return isinstance(type_, EnumType) and bool(self.enum(type_.name).mixin)

    def _typed_dict(self, *types: Type) -> bool:
        return all(
            not isinstance(t, RecordType) or self.record(t.name).kind == "typeddict" for t in types
        )


def _literal_free(type_: Type) -> Type:
    return union(*(_plain(member) for member in members(type_)))


def _may_meet(a: Type, b: Type) -> bool:
    """Whether values of both types can be equal in JSON at all."""
    if isinstance(a, AnyType) or isinstance(b, AnyType):
        return True
    if isinstance(a, Scalar) or isinstance(b, Scalar):
        return isinstance(a, Scalar) and isinstance(b, Scalar)
    return isinstance(a, ListType | TupleType | SetType) == isinstance(
        b, ListType | TupleType | SetType
    )


def _contains_any(type_: Type) -> bool:
    match type_:
        case AnyType():
            return True
        case ListType(inner) | DictType(inner) | SetType(inner):
            return any(_contains_any(m) for m in members(inner))
        case TupleType(items):
            return any(_contains_any(m) for item in items for m in members(item))
        case (
            Scalar()
            | NeverType()
            | LiteralType()
            | UnionType()
            | RecordType()
            | EnumType()
            | ErrorType()
        ):
            return False
        case _:
            assert_never(type_)

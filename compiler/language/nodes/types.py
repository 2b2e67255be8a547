"""The types of the portable language: JSON data, plus the few Python types that have a JSON form.

A type says what a value may be at run time. The lattice is small on purpose: no generics beyond
list and dict, no subtyping but ``Any`` and unions.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from wfc.compiler.data.struct import Struct


class Scalar(Struct):
    """``None``, ``bool``, ``int``, ``float``, ``str``, ``datetime`` or ``timedelta``."""

    name: str

    def __str__(self) -> str:
        return self.name


class AnyType(Struct):
    """Any JSON value: the author said ``Any``, or nothing at all."""

    def __str__(self) -> str:
        return "Any"


class NeverType(Struct):
    """No value: the element of an empty list, the result of a call that always raises."""

    def __str__(self) -> str:
        return "Never"


class ListType(Struct):
    """A list whose items are all of one type, which may be a union."""

    element: Type

    def __str__(self) -> str:
        return f"list[{self.element}]"


class DictType(Struct):
    """A dict with text keys, as JSON has them."""

    value: Type

    def __str__(self) -> str:
        return f"dict[str, {self.value}]"


class TupleType(Struct):
    """A tuple of fixed length."""

    items: tuple[Type, ...]

    def __str__(self) -> str:
        return f"tuple[{', '.join(map(str, self.items)) or '()'}]"


class SetType(Struct):
    """A set; it lives inside one expression and never crosses a boundary."""

    element: Type

    def __str__(self) -> str:
        return f"set[{self.element}]"


class LiteralType(Struct):
    """``Literal[...]``; the values are str, int, bool or None, all of the same type."""

    values: tuple[str | int | bool | None, ...]

    def __str__(self) -> str:
        return f"Literal[{', '.join(map(repr, self.values))}]"


class UnionType(Struct):
    """At least two members, none of them a union. Build it with :func:`union`."""

    members: tuple[Type, ...]

    def __str__(self) -> str:
        return " | ".join(map(str, self.members))


class RecordType(Struct):
    """A dataclass or TypedDict of the module, by name (see ``Module.records``)."""

    name: str

    def __str__(self) -> str:
        return self.name


class EnumType(Struct):
    """An enum of the module, by name (see ``Module.enums``)."""

    name: str

    def __str__(self) -> str:
        return self.name


class ErrorType(Struct):
    """A caught error bound by ``except E as name``; ``name`` is the class named in the clause."""

    name: str

    def __str__(self) -> str:
        return f"error {self.name}"


Type: TypeAlias = (
    Scalar
    | AnyType
    | NeverType
    | ListType
    | DictType
    | TupleType
    | SetType
    | LiteralType
    | UnionType
    | RecordType
    | EnumType
    | ErrorType
)

NONE: Final = Scalar("None")
BOOL: Final = Scalar("bool")
INT: Final = Scalar("int")
FLOAT: Final = Scalar("float")
STR: Final = Scalar("str")
DATETIME: Final = Scalar("datetime")
TIMEDELTA: Final = Scalar("timedelta")
ANY: Final = AnyType()
NEVER: Final = NeverType()


def members(type_: Type) -> tuple[Type, ...]:
    """The alternatives of a type: a union's members, any other type alone."""
    return type_.members if isinstance(type_, UnionType) else (type_,)


def union(*types: Type) -> Type:
    """The smallest type that holds every given type; ``Any`` absorbs, ``Never`` vanishes."""
    flat: list[Type] = []
    for type_ in types:
        for member in members(type_):
            if isinstance(member, AnyType):
                return ANY
            if not isinstance(member, NeverType) and member not in flat:
                flat.append(member)
    if not flat:
        return NEVER
    return flat[0] if len(flat) == 1 else UnionType(tuple(flat))


def widen(type_: Type) -> Type:
    """A literal's plain type: ``Literal['a']`` is ``str``; any other type is itself."""
    if isinstance(type_, LiteralType):
        return union(*(of_constant(value) for value in type_.values))
    return type_


def of_constant(value: object) -> Type:
    """The plain type of a Python constant.

    Raises:
        TypeError: the value is not None, bool, int, float or str.
    """
    match value:
        case None:
            return NONE
        case bool():
            return BOOL
        case int():
            return INT
        case float():
            return FLOAT
        case str():
            return STR
    raise TypeError(f"no portable type for {type(value).__name__}")


def optional(type_: Type) -> bool:
    """Whether None is one of the values."""
    return any(member in (NONE, ANY) for member in members(type_))


def without_none(type_: Type) -> Type:
    """The type after a test ``is not None``."""
    return union(*(member for member in members(type_) if member != NONE))

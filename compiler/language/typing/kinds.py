"""What the values of a type can do: be counted, iterated, ordered, hashed, used as a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from typing import Final, TypeAlias, assert_never

from wfc.compiler.language.nodes import Enum, Module, Record
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
    widen,
)


class Fit(IntEnum):
    """Whether the values of a type satisfy a demand: none of them, some, all."""

    NO = 0
    MAYBE = 1
    YES = 2


def record(module: Module, type_: Type) -> Record | None:
    """The definition behind a record type."""
    if not isinstance(type_, RecordType):
        return None
    return next((found for found in module.records if found.name == type_.name), None)


def enum(module: Module, type_: Type) -> Enum | None:
    """The definition behind an enum type."""
    if not isinstance(type_, EnumType):
        return None
    return next((found for found in module.enums if found.name == type_.name), None)


def plain(module: Module, type_: Type) -> tuple[Type, ...]:
    """The alternatives of a type, with what they behave as: a literal as its plain type, a member
    of a str or int enum as that, a TypedDict as itself."""
    found: list[Type] = []
    for member in members(type_):
        definition = enum(module, member)
        if isinstance(member, LiteralType):
            found += members(widen(member))
        elif definition is not None and definition.mixin in ("str", "int"):
            found.append(STR if definition.mixin == "str" else INT)
        else:
            found.append(member)
    return tuple(dict.fromkeys(found))


def parts(module: Module, *types: Type) -> Iterator[Type]:
    """The types and all that stand inside them, each record once."""
    seen: set[str] = set()
    pending = [*reversed(types)]
    while pending:
        yield (type_ := pending.pop())
        match type_:
            case ListType(inner) | DictType(inner) | SetType(inner):
                pending.append(inner)
            case TupleType(items) | UnionType(items):
                pending += reversed(items)
            case RecordType(name) if name not in seen:
                seen.add(name)
                definition = record(module, type_)
                pending += (
                    [field.type for field in reversed(definition.fields)] if definition else []
                )
            case (
                Scalar()
                | AnyType()
                | NeverType()
                | LiteralType()
                | RecordType()
                | EnumType()
                | ErrorType()
            ):
                pass
            case _:
                assert_never(type_)


Demand: TypeAlias = Callable[[Module, Type], Fit]


def is_mapping(module: Module, type_: Type) -> bool:
    """A dict or a TypedDict."""
    definition = record(module, type_)
    typed = definition is not None and definition.kind == "typeddict"
    return typed or isinstance(type_, DictType)


def is_dataclass(module: Module, type_: Type) -> bool:
    definition = record(module, type_)
    return definition is not None and definition.kind == "dataclass"


def _is_sequence(_: Module, type_: Type) -> bool:
    return type_ == STR or isinstance(type_, ListType | TupleType)


def _is_reversible(module: Module, type_: Type) -> bool:
    return _is_sequence(module, type_) or is_mapping(module, type_)


def _is_sized(module: Module, type_: Type) -> bool:
    return _is_reversible(module, type_) or isinstance(type_, SetType)


def _hashable(module: Module, type_: Type) -> Fit:
    match type_:
        case ListType() | DictType() | SetType() | ErrorType():
            return Fit.NO
        case TupleType(items):
            return min((fit(module, item, "hashable") for item in items), default=Fit.YES)
        case RecordType():
            definition = record(module, type_)
            return Fit.YES if definition is not None and definition.frozen else Fit.NO
        case Scalar() | AnyType() | NeverType() | LiteralType() | UnionType() | EnumType():
            return Fit.YES
        case _:
            assert_never(type_)


def _json(module: Module, type_: Type) -> Fit:
    """Whether ``json.dumps`` writes it; a dataclass is none that it knows."""
    match type_:
        case ListType(inner) | DictType(inner):
            return max(fit(module, inner, "json"), Fit.MAYBE)
        case TupleType(items):
            return min((fit(module, item, "json") for item in items), default=Fit.YES)
        case RecordType():
            return min(
                Fit(2 * is_mapping(module, type_)), fit(module, values(module, type_), "json")
            )
        case (
            Scalar()
            | AnyType()
            | NeverType()
            | SetType()
            | LiteralType()
            | UnionType()
            | EnumType()
            | ErrorType()
        ):
            return Fit(2 * (type_ in (NONE, BOOL, INT, FLOAT, STR)))
        case _:
            assert_never(type_)


def _iterable_of(demand: str) -> Demand:
    def test(module: Module, type_: Type) -> Fit:
        if not _is_sized(module, type_):
            return Fit.NO
        inner = fit(module, elements(module, type_), demand)
        # An empty list of anything will do.
        return inner if isinstance(type_, TupleType) else max(inner, Fit.MAYBE)

    return test


def _whether(test: Callable[[Module, Type], bool]) -> Demand:
    return lambda module, type_: Fit.YES if test(module, type_) else Fit.NO


def _one_of(*types: Type) -> Demand:
    return _whether(lambda _, type_: type_ in types)


# The demands that the tables of builtins name.
DEMANDS: Final[Mapping[str, Demand]] = {
    "any": _whether(lambda _, type_: not isinstance(type_, ErrorType)),
    "none": _one_of(NONE),
    "str": _one_of(STR),
    "int": _one_of(INT, BOOL),
    "float": _one_of(FLOAT),
    "number": _one_of(INT, FLOAT, BOOL),
    "datetime": _one_of(DATETIME),
    "timedelta": _one_of(TIMEDELTA),
    "list": _whether(lambda _, type_: isinstance(type_, ListType)),
    "tuple": _whether(lambda _, type_: isinstance(type_, TupleType)),
    "set": _whether(lambda _, type_: isinstance(type_, SetType)),
    "dict": _whether(is_mapping),
    "dataclass": _whether(is_dataclass),
    "sequence": _whether(_is_sequence),
    "reversible": _whether(_is_reversible),
    "sized": _whether(_is_sized),
    "iterable": _whether(_is_sized),
    "hashable": _hashable,
    "json": _json,
    "texts": _iterable_of("str"),
    "numbers": _iterable_of("number"),
    "hashables": _iterable_of("hashable"),
}


def fit(module: Module, type_: Type, demand: str) -> Fit:
    """Whether the values of a type satisfy a demand, or one of several separated by ``|``."""
    tests = [DEMANDS[name] for name in demand.split("|")]
    found: list[Fit] = []
    for member in plain(module, type_):
        if isinstance(member, AnyType):
            found.append(Fit.YES if demand in ("any", "json") else Fit.MAYBE)
        elif not isinstance(member, NeverType):
            found.append(max(test(module, member) for test in tests))
    return joined(found)


def joined(found: list[Fit]) -> Fit:
    """What holds for a union whose members fit so."""
    if all(one == Fit.YES for one in found):
        return Fit.YES
    return Fit.MAYBE if any(found) else Fit.NO


def elements(module: Module, type_: Type) -> Type:
    """What iterating over a value gives; ``Any`` where that is unknown, ``Never`` for nothing."""
    return union(*(_elements(module, member) for member in plain(module, type_)))


def _elements(module: Module, type_: Type) -> Type:
    match type_:
        case ListType(element) | SetType(element):
            return element
        case TupleType(items):
            return union(*items)
        case DictType() | Scalar("str"):
            return STR
        case RecordType() if is_mapping(module, type_):
            return STR
        case NeverType():
            return NEVER
        case (
            Scalar()
            | AnyType()
            | LiteralType()
            | UnionType()
            | RecordType()
            | EnumType()
            | ErrorType()
        ):
            return ANY
        case _:
            assert_never(type_)


def values(module: Module, type_: Type) -> Type:
    """What the values of a mapping are; ``Any`` where that is unknown."""
    found: list[Type] = []
    for member in members(type_):
        definition = record(module, member)
        if isinstance(member, DictType):
            found.append(member.value)
        elif definition is not None:
            found += [field.type for field in definition.fields]
        elif not isinstance(member, NeverType):
            return ANY
    return union(*found)


def ordered(module: Module, left: Type, right: Type) -> Fit:
    """Whether ``left < right`` is defined."""
    found: list[Fit] = []
    for one in plain(module, left):
        found += [_ordered(module, one, other) for other in plain(module, right)]
    return joined(found)


def _ordered(module: Module, left: Type, right: Type) -> Fit:
    match left, right:
        case (AnyType(), _) | (_, AnyType()):
            return Fit.MAYBE
        case (NeverType(), _) | (_, NeverType()):
            return Fit.YES
        case (ListType(one), ListType(other)):
            return max(ordered(module, one, other), Fit.MAYBE)
        case (TupleType(ones), TupleType(others)):
            pairs = [ordered(module, a, b) for a, b in zip(ones, others, strict=False)]
            return max(min(pairs, default=Fit.YES), Fit.MAYBE)
        case (SetType(), SetType()):
            return Fit.YES
    if {left, right} <= {INT, FLOAT, BOOL}:
        return Fit.YES
    # A naive and an aware datetime cannot be compared; the type does not tell them apart.
    if left == right == DATETIME:
        return Fit.MAYBE
    return Fit.YES if left == right and left in (STR, TIMEDELTA) else Fit.NO


def truthy(module: Module, type_: Type) -> Type:
    """The part of a type that can be true: the left side of ``or``."""
    return union(*(_split(module, member, True) for member in members(type_)))


def falsy(module: Module, type_: Type) -> Type:
    """The part of a type that can be false: the left side of ``and``."""
    return union(*(_split(module, member, False) for member in members(type_)))


def _split(module: Module, type_: Type, wanted: bool) -> Type:
    match type_:
        case LiteralType(found):
            kept = tuple(value for value in found if bool(value) == wanted)
            return LiteralType(kept) if kept else NEVER
        case Scalar("None"):
            return NEVER if wanted else NONE
        case TupleType(items):
            return type_ if bool(items) == wanted else NEVER
        case Scalar("datetime") | ErrorType():
            return type_ if wanted else NEVER
        case EnumType():
            definition = enum(module, type_)
            always = definition is not None and not definition.mixin
            return NEVER if always and not wanted else type_
        case RecordType():
            return type_ if wanted or is_mapping(module, type_) else NEVER
        case Scalar() | AnyType() | NeverType() | ListType() | DictType() | SetType() | UnionType():
            return type_
        case _:
            assert_never(type_)


def enum_values(definition: Enum) -> Type:
    """The type of ``.value`` of an enum's members."""
    return union(*(of_constant(value) for _, value in definition.members))

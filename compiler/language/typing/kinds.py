"""What the values of a type can do: be counted, iterated, ordered, hashed, used as a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from typing import Final, TypeAlias, assert_never

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t


class Fit(IntEnum):
    """Whether the values of a type satisfy a demand: none of them, some, all."""

    NO = 0
    MAYBE = 1
    YES = 2


def record(module: ir.Module, type_: t.Type) -> ir.Record | None:
    """The definition behind a record type."""
    if not isinstance(type_, t.RecordType):
        return None
    return next((found for found in module.records if found.name == type_.name), None)


def enum(module: ir.Module, type_: t.Type) -> ir.Enum | None:
    """The definition behind an enum type."""
    if not isinstance(type_, t.EnumType):
        return None
    return next((found for found in module.enums if found.name == type_.name), None)


def plain(module: ir.Module, type_: t.Type) -> tuple[t.Type, ...]:
    """The alternatives of a type, with what they behave as: a literal as its plain type, a member
    of a str or int enum as that, a TypedDict as itself."""
    found: list[t.Type] = []
    for member in t.members(type_):
        definition = enum(module, member)
        if isinstance(member, t.LiteralType):
            found += t.members(t.widen(member))
        elif definition is not None and definition.mixin in ("str", "int"):
            found.append(t.STR if definition.mixin == "str" else t.INT)
        else:
            found.append(member)
    return tuple(dict.fromkeys(found))


def parts(module: ir.Module, *types: t.Type) -> Iterator[t.Type]:
    """The types and all that stand inside them, each record once."""
    seen: set[str] = set()
    pending = [*reversed(types)]
    while pending:
        yield (type_ := pending.pop())
        match type_:
            case t.ListType(inner) | t.DictType(inner) | t.SetType(inner):
                pending.append(inner)
            case t.TupleType(items) | t.UnionType(items):
                pending += reversed(items)
            case t.RecordType(name) if name not in seen:
                seen.add(name)
                definition = record(module, type_)
                pending += (
                    [field.type for field in reversed(definition.fields)] if definition else []
                )
            case (
                t.Scalar()
                | t.AnyType()
                | t.NeverType()
                | t.LiteralType()
                | t.RecordType()
                | t.EnumType()
                | t.ErrorType()
            ):
                pass
            case _:
                assert_never(type_)


Demand: TypeAlias = Callable[[ir.Module, t.Type], Fit]


def is_mapping(module: ir.Module, type_: t.Type) -> bool:
    """A dict or a TypedDict."""
    definition = record(module, type_)
    typed = definition is not None and definition.kind == "typeddict"
    return typed or isinstance(type_, t.DictType)


def is_dataclass(module: ir.Module, type_: t.Type) -> bool:
    definition = record(module, type_)
    return definition is not None and definition.kind == "dataclass"


def _is_sequence(_: ir.Module, type_: t.Type) -> bool:
    return type_ == t.STR or isinstance(type_, t.ListType | t.TupleType)


def _is_reversible(module: ir.Module, type_: t.Type) -> bool:
    return _is_sequence(module, type_) or is_mapping(module, type_)


def _is_sized(module: ir.Module, type_: t.Type) -> bool:
    return _is_reversible(module, type_) or isinstance(type_, t.SetType)


def _hashable(module: ir.Module, type_: t.Type) -> Fit:
    match type_:
        case t.ListType() | t.DictType() | t.SetType() | t.ErrorType():
            return Fit.NO
        case t.TupleType(items):
            return min((fit(module, item, "hashable") for item in items), default=Fit.YES)
        case t.RecordType():
            definition = record(module, type_)
            return Fit.YES if definition is not None and definition.frozen else Fit.NO
        case (
            t.Scalar()
            | t.AnyType()
            | t.NeverType()
            | t.LiteralType()
            | t.UnionType()
            | t.EnumType()
        ):
            return Fit.YES
        case _:
            assert_never(type_)


def _json(module: ir.Module, type_: t.Type) -> Fit:
    """Whether ``json.dumps`` writes it; a dataclass is none that it knows."""
    match type_:
        case t.ListType(inner) | t.DictType(inner):
            return max(fit(module, inner, "json"), Fit.MAYBE)
        case t.TupleType(items):
            return min((fit(module, item, "json") for item in items), default=Fit.YES)
        case t.RecordType():
            return min(
                Fit(2 * is_mapping(module, type_)), fit(module, values(module, type_), "json")
            )
        case (
            t.Scalar()
            | t.AnyType()
            | t.NeverType()
            | t.SetType()
            | t.LiteralType()
            | t.UnionType()
            | t.EnumType()
            | t.ErrorType()
        ):
            return Fit(2 * (type_ in (t.NONE, t.BOOL, t.INT, t.FLOAT, t.STR)))
        case _:
            assert_never(type_)


def _iterable_of(demand: str) -> Demand:
    def test(module: ir.Module, type_: t.Type) -> Fit:
        if not _is_sized(module, type_):
            return Fit.NO
        inner = fit(module, elements(module, type_), demand)
        # An empty list of anything will do.
        return inner if isinstance(type_, t.TupleType) else max(inner, Fit.MAYBE)

    return test


def _whether(test: Callable[[ir.Module, t.Type], bool]) -> Demand:
    return lambda module, type_: Fit.YES if test(module, type_) else Fit.NO


def _one_of(*types: t.Type) -> Demand:
    return _whether(lambda _, type_: type_ in types)


# The demands that the tables of builtins name.
DEMANDS: Final[Mapping[str, Demand]] = {
    "any": _whether(lambda _, type_: not isinstance(type_, t.ErrorType)),
    "none": _one_of(t.NONE),
    "str": _one_of(t.STR),
    "int": _one_of(t.INT, t.BOOL),
    "flag": _one_of(t.INT, t.BOOL),
    "float": _one_of(t.FLOAT),
    "number": _one_of(t.INT, t.FLOAT, t.BOOL),
    "datetime": _one_of(t.DATETIME),
    "timedelta": _one_of(t.TIMEDELTA),
    "list": _whether(lambda _, type_: isinstance(type_, t.ListType)),
    "tuple": _whether(lambda _, type_: isinstance(type_, t.TupleType)),
    "set": _whether(lambda _, type_: isinstance(type_, t.SetType)),
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


def fit(module: ir.Module, type_: t.Type, demand: str) -> Fit:
    """Whether the values of a type satisfy a demand, or one of several separated by ``|``."""
    tests = [DEMANDS[name] for name in demand.split("|")]
    found: list[Fit] = []
    for member in plain(module, type_):
        if isinstance(member, t.AnyType):
            found.append(Fit.YES if demand in ("any", "json") else Fit.MAYBE)
        elif not isinstance(member, t.NeverType):
            found.append(max(test(module, member) for test in tests))
    return joined(found)


def joined(found: list[Fit]) -> Fit:
    """What holds for a union whose members fit so."""
    if all(one == Fit.YES for one in found):
        return Fit.YES
    return Fit.MAYBE if any(found) else Fit.NO


def elements(module: ir.Module, type_: t.Type) -> t.Type:
    """What iterating over a value gives; ``Any`` where that is unknown, ``Never`` for nothing."""
    return t.union(*(_elements(module, member) for member in plain(module, type_)))


def _elements(module: ir.Module, type_: t.Type) -> t.Type:
    match type_:
        case t.ListType(element) | t.SetType(element):
            return element
        case t.TupleType(items):
            return t.union(*items)
        case t.DictType() | t.Scalar("str"):
            return t.STR
        case t.RecordType() if is_mapping(module, type_):
            return t.STR
        case t.NeverType():
            return t.NEVER
        case (
            t.Scalar()
            | t.AnyType()
            | t.LiteralType()
            | t.UnionType()
            | t.RecordType()
            | t.EnumType()
            | t.ErrorType()
        ):
            return t.ANY
        case _:
            assert_never(type_)


def values(module: ir.Module, type_: t.Type) -> t.Type:
    """What the values of a mapping are; ``Any`` where that is unknown."""
    found: list[t.Type] = []
    for member in t.members(type_):
        definition = record(module, member)
        if isinstance(member, t.DictType):
            found.append(member.value)
        elif definition is not None:
            found += [field.type for field in definition.fields]
        elif not isinstance(member, t.NeverType):
            return t.ANY
    return t.union(*found)


def ordered(module: ir.Module, left: t.Type, right: t.Type) -> Fit:
    """Whether ``left < right`` is defined."""
    found: list[Fit] = []
    for one in plain(module, left):
        found += [_ordered(module, one, other) for other in plain(module, right)]
    return joined(found)


def _ordered(module: ir.Module, left: t.Type, right: t.Type) -> Fit:
    # partial: other pairs have no order unless they are scalars
    match left, right:
        case (t.AnyType(), _) | (_, t.AnyType()):
            return Fit.MAYBE
        case (t.NeverType(), _) | (_, t.NeverType()):
            return Fit.YES
        case (t.ListType(one), t.ListType(other)):
            return max(ordered(module, one, other), Fit.MAYBE)
        case (t.TupleType(ones), t.TupleType(others)):
            pairs = [ordered(module, a, b) for a, b in zip(ones, others, strict=False)]
            return max(min(pairs, default=Fit.YES), Fit.MAYBE)
        case (t.SetType(), t.SetType()):
            return Fit.YES
    if {left, right} <= {t.INT, t.FLOAT, t.BOOL}:
        return Fit.YES
    # A naive and an aware datetime cannot be compared; the type does not tell them apart.
    if left == right == t.DATETIME:
        return Fit.MAYBE
    return Fit.YES if left == right and left in (t.STR, t.TIMEDELTA) else Fit.NO


def truthy(module: ir.Module, type_: t.Type) -> t.Type:
    """The part of a type that can be true: the left side of ``or``."""
    return t.union(*(_split(module, member, True) for member in t.members(type_)))


def falsy(module: ir.Module, type_: t.Type) -> t.Type:
    """The part of a type that can be false: the left side of ``and``."""
    return t.union(*(_split(module, member, False) for member in t.members(type_)))


def _split(module: ir.Module, type_: t.Type, wanted: bool) -> t.Type:
    match type_:
        case t.LiteralType(found):
            kept = tuple(value for value in found if bool(value) == wanted)
            return t.LiteralType(kept) if kept else t.NEVER
        case t.Scalar("None"):
            return t.NEVER if wanted else t.NONE
        case t.TupleType(items):
            return type_ if bool(items) == wanted else t.NEVER
        case t.Scalar("datetime") | t.ErrorType():
            return type_ if wanted else t.NEVER
        case t.EnumType():
            definition = enum(module, type_)
            always = definition is not None and not definition.mixin
            return t.NEVER if always and not wanted else type_
        case t.RecordType():
            return type_ if wanted or is_mapping(module, type_) else t.NEVER
        case (
            t.Scalar()
            | t.AnyType()
            | t.NeverType()
            | t.ListType()
            | t.DictType()
            | t.SetType()
            | t.UnionType()
        ):
            return type_
        case _:
            assert_never(type_)


def enum_values(definition: ir.Enum) -> t.Type:
    """The type of ``.value`` of an enum's members."""
    return t.union(*(t.of_constant(value) for _, value in definition.members))

"""Expressions that stand for what a statement computes: an unpacked item, a changed list or dict.

Step Functions has no partial assignment, so a change becomes a new value for the whole variable.
"""

from __future__ import annotations

from typing import TypeAlias

from wfc.compiler.language.nodes import (
    AugmentedAssign,
    Binary,
    BinaryOperator,
    Delete,
    Expr,
    FieldKey,
    Mutate,
    Name,
    Store,
    Typed,
)
from wfc.compiler.language.nodes.types import Type

Path: TypeAlias = "tuple[FieldKey | Expr, ...]"


class Unpacked(Typed):
    """Item ``index`` of a list that must have ``size`` items."""

    value: Expr
    index: int
    size: int


class Stored(Typed):
    """The value with the place at ``path`` set to ``new``."""

    value: Expr
    path: Path
    new: Expr
    operator: BinaryOperator | None


class Deleted(Typed):
    """The value without the entry or item at ``path``."""

    value: Expr
    path: Path


class Changed(Typed):
    """The value after ``value.path.method(args)``."""

    value: Expr
    path: Path
    method: str
    args: tuple[Expr, ...]


class Taken(Typed):
    """What ``value.path.method(args)`` returns, for a method that also changes its object."""

    value: Expr
    path: Path
    method: str
    args: tuple[Expr, ...]


Extra: TypeAlias = Unpacked | Stored | Deleted | Changed | Taken
Extended: TypeAlias = Expr | Extra


def augmented(statement: AugmentedAssign) -> Binary:
    """The new value of ``target op= value``."""
    left = Name(statement.target, type=statement.type, span=statement.span)
    return Binary(
        statement.operator, left, statement.value, type=statement.type, span=statement.span
    )


def stored(statement: Store, type_: Type) -> Stored:
    """The new value of the variable in ``name.path = value``, which has this type."""
    owner = Name(statement.name, type=type_, span=statement.span)
    return Stored(
        owner, statement.path, statement.value, statement.operator, type=type_, span=statement.span
    )


def deleted(statement: Delete, type_: Type) -> Deleted:
    """The new value of the variable in ``del name.path``."""
    owner = Name(statement.name, type=type_, span=statement.span)
    return Deleted(owner, statement.path, type=type_, span=statement.span)


def changed(statement: Mutate, type_: Type) -> Changed:
    """The new value of the variable in ``name.path.method(args)``."""
    owner = Name(statement.name, type=type_, span=statement.span)
    return Changed(
        owner, statement.path, statement.method, statement.args, type=type_, span=statement.span
    )


def taken(statement: Mutate, type_: Type) -> Taken:
    """What ``name.path.method(args)`` returns."""
    owner = Name(statement.name, type=type_, span=statement.span)
    return Taken(
        owner,
        statement.path,
        statement.method,
        statement.args,
        type=statement.type,
        span=statement.span,
    )

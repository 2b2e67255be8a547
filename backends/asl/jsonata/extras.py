"""Expressions that stand for what a statement computes: an unpacked item, a changed list or dict.

Step Functions has no partial assignment, so a change becomes a new value for the whole variable.
"""

from __future__ import annotations

from typing import TypeAlias

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

Path: TypeAlias = "tuple[ir.FieldKey | ir.Expr, ...]"


class Unpacked(ir.Typed):
    """Item ``index`` of a list that must have ``size`` items."""

    value: ir.Expr
    index: int
    size: int


class Stored(ir.Typed):
    """The value with the place at ``path`` set to ``new``."""

    value: ir.Expr
    path: Path
    new: ir.Expr
    operator: ir.BinaryOperator | None


class Deleted(ir.Typed):
    """The value without the entry or item at ``path``."""

    value: ir.Expr
    path: Path


class Changed(ir.Typed):
    """The value after ``value.path.method(args)``."""

    value: ir.Expr
    path: Path
    method: str
    args: tuple[ir.Expr, ...]


class Taken(ir.Typed):
    """What ``value.path.method(args)`` returns, for a method that also changes its object."""

    value: ir.Expr
    path: Path
    method: str
    args: tuple[ir.Expr, ...]


Extra: TypeAlias = Unpacked | Stored | Deleted | Changed | Taken
Extended: TypeAlias = ir.Expr | Extra


def augmented(statement: ir.AugmentedAssign) -> ir.Binary:
    """The new value of ``target op= value``."""
    left = ir.Name(statement.target, type=statement.type, span=statement.span)
    return ir.Binary(
        statement.operator, left, statement.value, type=statement.type, span=statement.span
    )


def stored(statement: ir.Store, type_: t.Type) -> Stored:
    """The new value of the variable in ``name.path = value``, which has this type."""
    owner = ir.Name(statement.name, type=type_, span=statement.span)
    return Stored(
        owner, statement.path, statement.value, statement.operator, type=type_, span=statement.span
    )


def deleted(statement: ir.Delete, type_: t.Type) -> Deleted:
    """The new value of the variable in ``del name.path``."""
    owner = ir.Name(statement.name, type=type_, span=statement.span)
    return Deleted(owner, statement.path, type=type_, span=statement.span)


def changed(statement: ir.Mutate, type_: t.Type) -> Changed:
    """The new value of the variable in ``name.path.method(args)``."""
    owner = ir.Name(statement.name, type=type_, span=statement.span)
    return Changed(
        owner, statement.path, statement.method, statement.args, type=type_, span=statement.span
    )


def taken(statement: ir.Mutate, type_: t.Type) -> Taken:
    """What ``name.path.method(args)`` returns."""
    owner = ir.Name(statement.name, type=type_, span=statement.span)
    return Taken(
        owner,
        statement.path,
        statement.method,
        statement.args,
        type=statement.type,
        span=statement.span,
    )

"""What a test says about the types of variables."""

from __future__ import annotations

from wfc.compiler.ir import nodes as n
from wfc.compiler.ir import types as t
from wfc.compiler.source.frame import Frame

Fact = tuple[str, t.Type]


def facts_of(frame: Frame, test: n.Expr, holds: bool) -> list[Fact]:
    """The narrower types of variables (and of fields and items of variables) where a test holds, or
    where it does not."""
    match test:
        case n.Unary(operator="not", operand=operand):
            return facts_of(frame, operand, not holds)
        case n.Boolean(operator=operator, operands=operands):
            if holds == (operator == "and"):
                return [fact for operand in operands for fact in facts_of(frame, operand, holds)]
            return []
        case n.Compare(left=left, rest=((operator, n.Constant(value=None)),)):
            if operator in ("is", "=="):
                return _none(frame, left, holds)
            if operator in ("is not", "!="):
                return _none(frame, left, not holds)
            return []
        case n.Name() | n.Attribute() | n.Subscript():
            return _truth(frame, test, holds)
    return []


def path_of(expr: n.Expr) -> str | None:
    """A name for a variable or a part of it: ``order``, ``order.note``, ``order['note']``."""
    match expr:
        case n.Name(id=name):
            return name
        case n.Attribute(value=value, name=name):
            owner = path_of(value)
            return f"{owner}.{name}" if owner else None
        case n.Subscript(value=value, index=n.Constant(value=str() as key)):
            owner = path_of(value)
            return f"{owner}[{key!r}]" if owner else None
    return None


def _fact(frame: Frame, expr: n.Expr, type_: t.Type) -> list[Fact]:
    path = path_of(expr)
    if path is None or type_ == expr.type:
        return []
    if not isinstance(expr, n.Name):
        _remember_path(frame, expr, path)
    return [(path, type_)]


def _remember_path(frame: Frame, expr: n.Expr, path: str) -> None:
    root = expr
    while isinstance(root, n.Attribute | n.Subscript):
        root = root.value
    assert isinstance(root, n.Name)
    frame.paths.setdefault(root.id, set()).add(path)


def _none(frame: Frame, expr: n.Expr, is_none: bool) -> list[Fact]:
    if isinstance(expr.type, t.AnyType):
        return []
    narrowed = t.NONE if is_none else t.without_none(expr.type)
    if is_none and not t.optional(expr.type):
        narrowed = t.NEVER
    return _fact(frame, expr, narrowed)


def _truth(frame: Frame, expr: n.Expr, holds: bool) -> list[Fact]:
    if holds and not isinstance(expr.type, t.AnyType):
        return _fact(frame, expr, t.without_none(expr.type))
    return []

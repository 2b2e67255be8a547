"""What a test says about the types of variables."""

from __future__ import annotations

from typing import Final

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library.table import demands, function
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing import kinds
from wfc.compiler.source.frame import Frame

Fact = tuple[str, t.Type]


def facts_of(frame: Frame, test: ir.Expr, holds: bool) -> list[Fact]:
    """The narrower types of variables (and of fields and items of variables) where a test holds, or
    where it does not."""
    # partial: other tests tell nothing
    match test:
        case ir.Unary(operator="not", operand=operand):
            return facts_of(frame, operand, not holds)
        case ir.Boolean(operator=operator, operands=operands):
            if holds == (operator == "and"):
                return [fact for operand in operands for fact in facts_of(frame, operand, holds)]
            return []
        case ir.Compare(left=left, rest=((operator, ir.Constant(value=None)),)):
            if operator in ("is", "=="):
                return _none(frame, left, holds)
            if operator in ("is not", "!="):
                return _none(frame, left, not holds)
            return []
        case ir.Call(function=name, args=(value, classes)) if demands(function(name), "class"):
            return _instance(frame, value, classes, holds)
        case ir.Name() | ir.Attribute() | ir.Subscript():
            return _truth(frame, test, holds)
    return []


def path_of(expr: ir.Expr) -> str | None:
    """A name for a variable or a part of it: ``order``, ``order.note``, ``order['note']``."""
    # partial: other expressions have no path
    match expr:
        case ir.Name(id=name):
            return name
        case ir.Attribute(value=value, name=name):
            owner = path_of(value)
            return f"{owner}.{name}" if owner else None
        case ir.Subscript(value=value, index=ir.Constant(value=str() as key)):
            owner = path_of(value)
            return f"{owner}[{key!r}]" if owner else None
    return None


def _fact(frame: Frame, expr: ir.Expr, type_: t.Type) -> list[Fact]:
    path = path_of(expr)
    if path is None or type_ == expr.type:
        return []
    if not isinstance(expr, ir.Name):
        _remember_path(frame, expr, path)
    return [(path, type_)]


def _remember_path(frame: Frame, expr: ir.Expr, path: str) -> None:
    root = expr
    while isinstance(root, ir.Attribute | ir.Subscript):
        root = root.value
    assert isinstance(root, ir.Name)
    frame.paths.setdefault(root.id, set()).add(path)


def _none(frame: Frame, expr: ir.Expr, is_none: bool) -> list[Fact]:
    if isinstance(expr.type, t.AnyType):
        return []
    narrowed = t.NONE if is_none else t.without_none(expr.type)
    if is_none and not t.optional(expr.type):
        narrowed = t.NEVER
    return _fact(frame, expr, narrowed)


def _truth(frame: Frame, expr: ir.Expr, holds: bool) -> list[Fact]:
    part = kinds.truthy if holds else kinds.falsy
    return _fact(frame, expr, part(frame.module, expr.type))


# --- isinstance ---------------------------------------------------------------------------------

_SCALARS: Final[dict[str, tuple[t.Type, ...]]] = {
    "bool": (t.BOOL,),
    "int": (t.INT, t.BOOL),
    "float": (t.FLOAT,),
    "str": (t.STR,),
    "datetime.datetime": (t.DATETIME,),
    "datetime.timedelta": (t.TIMEDELTA,),
    "types.NoneType": (t.NONE,),
}
_CONTAINERS: Final[dict[str, type]] = {
    "list": t.ListType,
    "dict": t.DictType,
    "tuple": t.TupleType,
    "set": t.SetType,
}


def _instance(frame: Frame, value: ir.Expr, classes: ir.Expr, holds: bool) -> list[Fact]:
    names = [
        one.id
        for one in (classes.items if isinstance(classes, ir.TupleDisplay) else (classes,))
        if isinstance(one, ir.GlobalName)
    ]
    kept: list[t.Type] = []
    for member in t.members(value.type):
        if isinstance(member, t.AnyType):
            kept += [_any_instance(frame, name) for name in names] if holds else [t.ANY]
        elif any(_is_instance(frame, member, name) for name in names) == holds:
            kept.append(member)
    return _fact(frame, value, t.union(*kept))


def _is_instance(frame: Frame, type_: t.Type, name: str) -> bool:
    if name in frame.scope.records:
        return type_ == t.RecordType(name)
    if name in frame.scope.enums:
        return type_ == t.EnumType(name)
    if name in _CONTAINERS:
        mapping = name == "dict" and kinds.is_mapping(frame.module, type_)
        return mapping or isinstance(type_, _CONTAINERS[name])
    return any(member in _SCALARS.get(name, ()) for member in kinds.plain(frame.module, type_))


def _any_instance(frame: Frame, name: str) -> t.Type:
    """What JSON data of that class is."""
    match name:
        case "list":
            return t.ListType(t.ANY)
        case "dict":
            return t.DictType(t.ANY)
    if name in frame.scope.records:
        return t.RecordType(name)
    if name in frame.scope.enums:
        return t.EnumType(name)
    return t.union(*_SCALARS.get(name, (t.ANY,)))

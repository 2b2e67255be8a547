"""Reads names, literals and types of the IR's text form out of the parser's tree."""

from __future__ import annotations

import json
from collections.abc import Set
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from wfc.compiler.language.nodes import types as t

if TYPE_CHECKING:
    from lark import Token, Tree

Branch: TypeAlias = "Tree[Token]"

_PLAIN: Final[dict[str, t.Type]] = {
    **{str(one): one for one in (t.BOOL, t.INT, t.FLOAT, t.STR, t.DATETIME, t.TIMEDELTA, t.NONE)},
    str(t.ANY): t.ANY,
    str(t.NEVER): t.NEVER,
}


class IrSyntaxError(ValueError):
    """The text is not in the text form of the IR. Line and column count from 1."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(f"line {line}, column {column}: {message}" if line else message)
        self.line = line
        self.column = column


def misplaced(message: str, where: Any) -> IrSyntaxError:
    """The error of a text that is wrong at the place of a tree or token."""
    place = getattr(where, "meta", where)
    line = getattr(place, "line", None) or 0
    return IrSyntaxError(message, line, getattr(place, "column", None) or 0)


def trees(branch: Branch) -> list[Any]:
    """The children of a tree that are there."""
    return [one for one in branch.children if one is not None]


def name_of(token: Any) -> str:
    """The name that a token stands for."""
    return str(token).strip("`")


def text_of(token: Any) -> str:
    """The text of a string token: JSON in double quotes, as it is in single ones."""
    if token.startswith("'"):
        return str(token[1:-1])
    text: str = json.loads(str(token))
    return text


def number_of(token: Any) -> int | float:
    """The number of a token: an int unless it has a point or an exponent."""
    return int(token) if token.isdigit() else float(token)


def literal_of(token: Any) -> str | int | float | bool | None:
    """The value of a literal token."""
    match token.type:
        case "STRING":
            return text_of(token)
        case "NUMBER":
            return number_of(token)
        case "TRUE":
            return True
        case "FALSE":
            return False
    return None


def type_of(branch: Branch, enums: Set[str]) -> t.Type:
    """The type that a tree stands for; ``enums`` are the names of the module's enums.

    Raises:
        IrSyntaxError: it is no type.
    """
    if branch.data == "union":
        return t.UnionType(tuple(type_of(one, enums) for one in branch.children))  # type: ignore[arg-type]
    if branch.data in ("nothing", "literal"):
        raise misplaced("a type is expected here", branch)
    head, *args = trees(branch)
    name = name_of(head)
    if not args:
        if name in _PLAIN:
            return _PLAIN[name]
        return t.EnumType(name) if name in enums else t.RecordType(name)
    match name:
        case "Literal":
            return t.LiteralType(tuple(_literal(one) for one in args))
        case "error":
            return t.ErrorType(name_of(trees(args[0])[0]))
        case "tuple" if args[0].data == "nothing":
            return t.TupleType(())
    inner = tuple(type_of(one, enums) for one in args)
    match name, inner:
        case ("tuple", _):
            return t.TupleType(inner)
        case ("list", (element,)):
            return t.ListType(element)
        case ("set", (element,)):
            return t.SetType(element)
        case ("dict", (key, value)) if key == t.STR:
            return t.DictType(value)
    raise misplaced(f"'{name}' takes no such arguments", head)


def _literal(branch: Branch) -> str | int | bool | None:
    """A value of ``Literal``; None is read as a type."""
    *sign, token = trees(branch)
    value = literal_of(token)
    if isinstance(value, float) or (branch.data == "type_member" and token.type != "NONE"):
        raise misplaced("no value of a literal type", token)
    return -value if sign and isinstance(value, int) else value

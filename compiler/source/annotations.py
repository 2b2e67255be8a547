"""Type annotations as types of the portable language."""

from __future__ import annotations

import ast
from typing import Final

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.source import codes
from wfc.compiler.source.names import ModuleScope
from wfc.compiler.source.problems import Problems

_SCALARS: Final[dict[str, t.Type]] = {
    "int": t.INT,
    "float": t.FLOAT,
    "str": t.STR,
    "bool": t.BOOL,
    "object": t.ANY,
    "typing.Any": t.ANY,
    "datetime.datetime": t.DATETIME,
    "datetime.timedelta": t.TIMEDELTA,
    "types.NoneType": t.NONE,
    "typing.Never": t.NEVER,
    "typing.NoReturn": t.NEVER,
}
_LISTS: Final = {
    "list",
    "typing.List",
    "typing.Sequence",
    "typing.Iterable",
    "typing.Collection",
    "collections.abc.Sequence",
    "collections.abc.Iterable",
    "collections.abc.Collection",
    "collections.abc.MutableSequence",
}
_DICTS: Final = {
    "dict",
    "typing.Dict",
    "typing.Mapping",
    "typing.MutableMapping",
    "collections.abc.Mapping",
    "collections.abc.MutableMapping",
}
_TUPLES: Final = {"tuple", "typing.Tuple"}
_WRAPPERS: Final = {
    "typing.Annotated",
    "typing.Final",
    "typing.Required",
    "typing.NotRequired",
    "typing.ReadOnly",
    "typing_extensions.Annotated",
    "typing_extensions.Required",
    "typing_extensions.NotRequired",
    "typing_extensions.ReadOnly",
}
_INJECTED: Final[dict[str, ir.InjectedKind]] = {
    "wfc.IdempotencyKey": "IdempotencyKey",
    "wfc.CallbackToken": "CallbackToken",
    "wfc.Connection": "Connection",
    "wfc.Heartbeat": "Heartbeat",
    "wfc.RunId": "RunId",
}


class Annotations:
    """Reads annotations of one module. Unknown ones are reported and stand for ``Any``."""

    def __init__(self, scope: ModuleScope, problems: Problems) -> None:
        self.scope = scope
        self.problems = problems
        self._depth = 0

    def read(self, node: ast.expr | None) -> t.Type:
        """The type that an annotation names; ``Any`` when there is none."""
        if node is None:
            return t.ANY
        self._depth += 1
        try:
            if self._depth > 50:
                return t.ANY
            return self._read(node)
        finally:
            self._depth -= 1

    def injected(self, node: ast.expr | None) -> ir.InjectedKind | None:
        """The kind of an injected parameter, by its annotation."""
        node = self.unquoted(node)
        name = self.scope.qualified(node) if node is not None else None
        return _INJECTED.get(name or "")

    def unquoted(self, node: ast.expr | None) -> ast.expr | None:
        """The expression inside a quoted annotation; any other one is itself."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                inner = ast.parse(node.value.strip(), mode="eval").body
            except (SyntaxError, ValueError):
                return node
            for part in ast.walk(inner):
                ast.copy_location(part, node)
            return inner
        return node

    def wrapper(self, node: ast.expr | None) -> str:
        """``Required``, ``NotRequired``, ``ClassVar``, ... when the annotation is ``Wrapper[T]`` or
        bare ``Wrapper``."""
        node = self.unquoted(node)
        if isinstance(node, ast.Subscript):
            node = node.value
        name = self.scope.qualified(node) if node is not None else None
        return (name or "").rpartition(".")[2]

    def _read(self, node: ast.expr) -> t.Type:
        match self.unquoted(node):
            case ast.Constant(value=None):
                return t.NONE
            case ast.Name() | ast.Attribute() as name:
                return self._named(name)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return t.union(self.read(left), self.read(right))
            case ast.Subscript(value=value, slice=index) as subscript:
                return self._generic(subscript, self.scope.qualified(value) or "", index)
        return self._unknown(node)

    def _named(self, node: ast.Name | ast.Attribute) -> t.Type:
        if isinstance(node, ast.Name):
            if node.id in self.scope.records:
                return t.RecordType(node.id)
            if node.id in self.scope.enums:
                return t.EnumType(node.id)
            if node.id in self.scope.aliases:
                return self.read(self.scope.aliases[node.id])
            if node.id in self.scope.deferred:
                self.problems.replay(self.scope.deferred[node.id])
                return t.ANY
        name = self.scope.qualified(node) or ""
        if name in _SCALARS:
            return _SCALARS[name]
        if name in _INJECTED:
            return t.STR
        return self._bare(name) or self._unknown(node)

    def _bare(self, name: str) -> t.Type | None:
        if name in _LISTS or name in _TUPLES:
            return t.ListType(t.ANY)
        if name in _DICTS:
            return t.DictType(t.ANY)
        return None

    def _generic(self, node: ast.Subscript, name: str, index: ast.expr) -> t.Type:
        arguments = list(index.elts) if isinstance(index, ast.Tuple) else [index]
        if name.endswith(".Optional") and len(arguments) == 1:
            return t.union(self.read(arguments[0]), t.NONE)
        if name.endswith(".Union"):
            return t.union(*map(self.read, arguments))
        if name.endswith(".Literal"):
            return self._literal(node, arguments)
        if name in _WRAPPERS and arguments:
            return self.read(arguments[0])
        if name in _TUPLES:
            return self._tuple(arguments)
        if name in _LISTS and len(arguments) == 1:
            return t.ListType(self.read(arguments[0]))
        if name in _DICTS and len(arguments) == 2:
            return self._dict(node, arguments)
        return self._unknown(node)

    def _dict(self, node: ast.Subscript, arguments: list[ast.expr]) -> t.Type:
        key, value = map(self.read, arguments)
        if not all(_text_key(member) for member in t.members(key)):
            self.problems.add(
                codes.NO_JSON_FORM,
                node,
                f"the keys of a JSON object are text, not {key}",
                "use dict[str, ...], or a list of records",
            )
        return t.DictType(value)

    def _tuple(self, arguments: list[ast.expr]) -> t.Type:
        match arguments:
            case [element, ast.Constant(value=value)] if value is ...:
                return t.ListType(self.read(element))
            case [ast.Tuple(elts=[])]:
                return t.TupleType(())
        return t.TupleType(tuple(map(self.read, arguments)))

    def _literal(self, node: ast.Subscript, arguments: list[ast.expr]) -> t.Type:
        values = [a.value for a in arguments if isinstance(a, ast.Constant)]
        allowed = [v for v in values if v is None or isinstance(v, str | int | bool)]
        if len(allowed) != len(arguments):
            return self._unknown(node)
        kinds = dict.fromkeys(type(value) for value in allowed)
        return t.union(
            *(t.LiteralType(tuple(v for v in allowed if type(v) is kind)) for kind in kinds)
        )

    def _unknown(self, node: ast.expr) -> t.Type:
        written = self.problems.text.segment(node)
        instead = (
            "use bool, int, float, str, list, dict, tuple, Literal, datetime, timedelta, or an "
            "enum, dataclass or TypedDict of this file"
        )
        if written.partition("[")[0] in ("set", "frozenset"):
            instead = "use a list"
        message = f"the type '{written}' has no JSON form that wfc knows"
        self.problems.add(codes.NO_JSON_FORM, node, message, instead)
        return t.ANY


def _text_key(type_: t.Type) -> bool:
    # partial: no other type is one of texts
    match type_:
        case t.LiteralType(values=values):
            return all(isinstance(value, str) for value in values)
        case t.EnumType() | t.AnyType():
            return True
    return type_ == t.STR

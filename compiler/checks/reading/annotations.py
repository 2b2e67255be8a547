"""Which values an annotation speaks of."""

from __future__ import annotations

import ast
from typing import Final

from wfc.compiler.checks.reading import terms
from wfc.compiler.checks.reading.spelling import written
from wfc.compiler.checks.reading.terms import SET, Term
from wfc.compiler.checks.wordsets import words

_SET_ANNOTATIONS: Final = words("set frozenset Set FrozenSet AbstractSet MutableSet")
_MAPPINGS: Final = words("dict Dict Mapping MutableMapping defaultdict DefaultDict OrderedDict")
_TRANSPARENT: Final = words("Optional Annotated Final ClassVar Required NotRequired")


class Annotations:
    """Reads annotations. :class:`.expressions.Expressions` knows the names."""

    def lookup(self, name: str) -> tuple[Term, bool]:
        raise NotImplementedError

    def annotation(self, node: ast.expr | None) -> Term:
        """A value of an annotated type; unknown where the type says nothing."""
        if node is None:
            return None
        return terms.one_of(self._annotated(node))

    def _annotated(self, node: ast.expr) -> list[Term]:
        match node:
            case ast.Constant(value=str() as text):
                try:
                    return self._annotated(ast.parse(text, mode="eval").body)
                except (SyntaxError, ValueError, RecursionError):
                    return [None]
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return [*self._annotated(left), *self._annotated(right)]
            case ast.Subscript(value=base, slice=index):
                return self._generic(base, index)
            case ast.Name() | ast.Attribute():
                name = node.id if isinstance(node, ast.Name) else node.attr
                if name in _SET_ANNOTATIONS:
                    return [SET]
                return [("instance", self._type(node))]
        return [None]

    def _generic(self, base: ast.expr, index: ast.expr) -> list[Term]:
        name = written(base).rpartition(".")[2]
        if name in _SET_ANNOTATIONS:
            return [SET]
        arguments = index.elts if isinstance(index, ast.Tuple) else [index]
        if name == "Union":
            return [term for argument in arguments for term in self._annotated(argument)]
        if name in _TRANSPARENT:
            return self._annotated(arguments[0])
        if name in ("Callable", "Literal"):
            return [None]
        if name in ("type", "Type"):
            return [self._type(arguments[0])]
        elements = arguments[-1:] if name in _MAPPINGS else arguments
        inner = [term for argument in elements for term in self._annotated(argument)]
        return [("generic", self._type(base), tuple(inner))]

    def _type(self, node: ast.expr) -> Term:
        match node:
            case ast.Name(id=name):
                return self.lookup(name)[0]
            case ast.Attribute(value=value, attr=attr):
                return terms.attr(self._type(value), attr)
        return None

"""What an expression takes from outside: variables, fields of ``$states``, context, functions."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, TypeVar

from wfc.compiler.data.struct import MutableStruct, Struct, field
from wfc.grammar.jsonata import parse
from wfc.grammar.jsonata_tree import (
    Binary,
    Binding,
    Block,
    Call,
    Descendants,
    Expression,
    Filter,
    Focus,
    Function,
    Group,
    Index,
    KeepArray,
    Name,
    Order,
    Parent,
    Path,
    Transform,
    Variable,
    Wildcard,
    children,
)

# JSONata 2.0 (docs.jsonata.org) and the functions that Step Functions adds (AWS documentation,
# "Transforming data with JSONata"). ``eval`` is left out: Step Functions does not have it.
_FUNCTION_NAMES: Final = """
abs append assert average base64decode base64encode boolean ceil clone contains count
decodeUrl decodeUrlComponent distinct each encodeUrl encodeUrlComponent error exists filter
floor formatBase formatInteger formatNumber fromMillis join keys length lookup lowercase map
match max merge millis min not now number pad parseInteger power reduce replace reverse round
shuffle sift single sort split spread sqrt string substring substringAfter substringBefore sum
toMillis trim type uppercase zip
hash parse partition random range uuid
"""
FUNCTIONS: Final = frozenset(_FUNCTION_NAMES.split())

_NodeT = TypeVar("_NodeT", bound=Expression)


class Outside(Struct):
    """Each in source order. ``variables`` are free ``$name``; ``guarded`` those of them that only
    stand in ``$exists($name)``; ``calls`` are the free names that are called; ``states`` the first
    field of every path that starts at ``$states``; ``bare`` are ``$``, ``$$``, field names and
    wildcards that no path, predicate or other construct gives a context."""

    variables: tuple[Variable, ...]
    guarded: tuple[Variable, ...]
    calls: tuple[Variable, ...]
    states: tuple[Name, ...]
    bare: tuple[Expression, ...]


@lru_cache(maxsize=1024)
def outside(text: str) -> Outside:
    """Everything that the expression reads and does not bind itself.

    Raises:
        JsonataError: the text does not parse.
    """
    return _Walk().run(parse(text))


class _Frame(MutableStruct):
    """One scope of bindings."""

    outer: _Frame | None
    names: set[str] = field(factory=set)

    def binds(self, name: str) -> bool:
        frame: _Frame | None = self
        while frame is not None:
            if name in frame.names:
                return True
            frame = frame.outer
        return False


class _Walk:
    """Bodies of functions are looked at last: they run later, when the names that the block around
    them binds after them exist."""

    def __init__(self) -> None:
        self.variables: list[Variable] = []
        self.guarded: list[Variable] = []
        self.calls: list[Variable] = []
        self.states: list[Name] = []
        self.bare: list[Expression] = []
        self.functions: list[tuple[Function, bool, _Frame]] = []

    def run(self, root: Expression) -> Outside:
        self.visit(root, False, _Frame(None))
        while self.functions:
            function, context, outer = self.functions.pop()
            self.visit(function.body, context, _Frame(outer, set(function.parameters)))
        return Outside(
            _ordered(self.variables),
            _ordered(self.guarded),
            _ordered(self.calls),
            _ordered(self.states),
            _ordered(self.bare),
        )

    def visit(self, node: Expression, context: bool, frame: _Frame) -> None:
        """``context`` says whether something gives the node a context."""
        # partial: children() is total
        match node:
            case Variable("" | "$") | Name() | Wildcard() | Descendants() | Parent():
                if not context:
                    self.bare.append(node)
            case Variable(name):
                if not frame.binds(name):
                    self.variables.append(node)
            case Binary():
                self.binary(node, context, frame)
            case Path(steps):
                self.path(steps, context, frame)
            case Filter(value, predicate):
                self.visit(value, context, frame)
                self.visit(predicate, True, frame)
            case Group(value, pairs):
                self.visit(value, context, frame)
                for key, item in pairs:
                    self.visit(key, True, frame)
                    self.visit(item, True, frame)
            case Order(value, terms):
                self.visit(value, context, frame)
                for term in terms:
                    self.visit(term.value, True, frame)
            case Focus(value, name) | Index(value, name):
                self.visit(value, context, frame)
                frame.names.add(name)
            case Block(expressions):
                inner = _Frame(frame)
                for expression in expressions:
                    self.visit(expression, context, inner)
            case Binding(name, value):
                self.visit(value, context, frame)
                frame.names.add(name)
            case Function():
                self.functions.append((node, context, frame))
            case Call():
                self.call(node, context, frame)
            case Transform():
                for child in children(node):
                    self.visit(child, True, frame)
            case _:
                for child in children(node):
                    self.visit(child, context, frame)

    def binary(self, node: Binary, context: bool, frame: _Frame) -> None:
        """A chain ``a & b & c`` leans to the left; it may be longer than Python's stack is deep."""
        rights: list[Expression] = []
        left: Expression = node
        while isinstance(left, Binary):
            rights.append(left.right)
            left = left.left
        self.visit(left, context, frame)
        for right in reversed(rights):
            self.visit(right, context, frame)

    def path(self, steps: tuple[Expression, ...], context: bool, frame: _Frame) -> None:
        first, *rest = steps
        if isinstance(first, Variable) and first.name == "states" and not frame.binds("states"):
            named = rest[0]
            while isinstance(named, (Filter, Group, KeepArray, Order, Focus, Index)):
                named = named.value
            if isinstance(named, Name):
                self.states.append(named)
        self.visit(first, context, frame)
        for step in rest:
            self.visit(step, True, frame)

    def call(self, node: Call, context: bool, frame: _Frame) -> None:
        called = node.function
        if isinstance(called, Variable) and called.name and not frame.binds(called.name):
            self.calls.append(called)
            match node.arguments:
                case (Variable(name) as tested,) if called.name == "exists" and name:
                    if not frame.binds(name):
                        self.guarded.append(tested)
                    return
        else:
            self.visit(called, context, frame)
        for argument in node.arguments:
            self.visit(argument, context, frame)


def _ordered(nodes: list[_NodeT]) -> tuple[_NodeT, ...]:
    return tuple(sorted(nodes, key=lambda node: node.position))

"""The syntax tree of a JSONata expression, and walks over it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias, assert_never

from wfc.compiler.data.struct import Struct, fields


class Node(Struct, kw_only=True):
    """``position`` is the offset of the token that makes the node: the operator of a binary one. It
    takes no part in equality.

    Equality and representation are written out here once: generated for every class, they would
    double the time that importing this module takes.
    """

    position: int = 0

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._content() == other._content()

    def __hash__(self) -> int:
        return hash((type(self), *self._content().values()))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._content().items())
        return f"{type(self).__name__}({shown})"

    def _content(self) -> dict[str, object]:
        names = (field.name for field in fields(self) if field.name != "position")
        return {name: getattr(self, name) for name in names}


class Constant(Node):
    """Text, a number, ``true``, ``false`` or ``null``."""

    value: str | int | float | bool | None


class Regex(Node):
    """``/pattern/flags``; the flags are ``i`` and ``m``."""

    pattern: str
    flags: str


class Variable(Node):
    """``$name``. The name is empty for the context ``$`` and ``$`` for the root ``$$``."""

    name: str


class Name(Node):
    """A field of the context."""

    name: str


class Wildcard(Node):
    """``*``"""


class Descendants(Node):
    """``**``"""


class Parent(Node):
    """``%``"""


class Path(Node):
    """``first.second.third``: at least two steps, each evaluated with the one before as context."""

    steps: tuple[Expression, ...]


class Filter(Node):
    """``value[predicate]``"""

    value: Expression
    predicate: Expression


class KeepArray(Node):
    """``value[]``: a sequence of one stays an array."""

    value: Expression


class Array(Node):
    """``[a, b, c..d]``"""

    items: tuple[Expression, ...]


class Range(Node):
    """``first..last`` inside an array."""

    first: Expression
    last: Expression


Pair: TypeAlias = "tuple[Expression, Expression]"


class Object(Node):
    """``{key: value}``"""

    pairs: tuple[Pair, ...]


class Group(Node):
    """``value{key: value}``: group by key."""

    value: Expression
    pairs: tuple[Pair, ...]


class Term(Node):
    """One key of an order-by, ``<`` or ``>`` before it."""

    value: Expression
    descending: bool


class Order(Node):
    """``value^(<a, >b)``"""

    value: Expression
    terms: tuple[Term, ...]


class Focus(Node):
    """``value@$name``: binds each item and leaves the context as it is."""

    value: Expression
    name: str


class Index(Node):
    """``value#$name``: binds the position of each item."""

    value: Expression
    name: str


class Block(Node):
    """``(a; b; c)``: a scope of its own, with the value of the last expression."""

    expressions: tuple[Expression, ...]


class Negation(Node):
    """``-value``"""

    value: Expression


BinaryOperator: TypeAlias = Literal[
    "+", "-", "*", "/", "%", "&", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in", "~>"
]


class Binary(Node):
    """``left operator right``"""

    operator: BinaryOperator
    left: Expression
    right: Expression


class Conditional(Node):
    """``test ? then : orelse``; without ``orelse`` a false test gives nothing."""

    test: Expression
    then: Expression
    orelse: Expression | None


class Binding(Node):
    """``$name := value``"""

    name: str
    value: Expression


class Function(Node):
    """``function($a, $b)<signature>{body}``; the signature is empty when there is none."""

    parameters: tuple[str, ...]
    body: Expression
    signature: str = ""


class Placeholder(Node):
    """``?`` as an argument: the call makes a function of what is left out."""


class Call(Node):
    """``function(arguments)``"""

    function: Expression
    arguments: tuple[Expression, ...]


class Transform(Node):
    """``|pattern|update,delete|``"""

    pattern: Expression
    update: Expression
    delete: Expression | None


Expression: TypeAlias = (
    Constant
    | Regex
    | Variable
    | Name
    | Wildcard
    | Descendants
    | Parent
    | Path
    | Filter
    | KeepArray
    | Array
    | Range
    | Object
    | Group
    | Order
    | Focus
    | Index
    | Block
    | Negation
    | Binary
    | Conditional
    | Binding
    | Function
    | Placeholder
    | Call
    | Transform
)


def children(node: Expression | Term) -> Iterator[Expression]:
    """The expressions directly inside a node, in source order."""
    match node:
        case Path(steps):
            yield from steps
        case Filter(value, predicate):
            yield value
            yield predicate
        case KeepArray(value) | Focus(value, _) | Index(value, _) | Negation(value) | Term(value):
            yield value
        case Array(items):
            yield from items
        case Range(first, last):
            yield first
            yield last
        case Object(pairs):
            for key, value in pairs:
                yield key
                yield value
        case Group(value, pairs):
            yield value
            for key, item in pairs:
                yield key
                yield item
        case Order(value, terms):
            yield value
            for term in terms:
                yield term.value
        case Block(expressions):
            yield from expressions
        case Binary(_, left, right):
            yield left
            yield right
        case Conditional(test, then, orelse):
            yield test
            yield then
            if orelse is not None:
                yield orelse
        case Binding(_, value):
            yield value
        case Function(_, body):
            yield body
        case Call(function, arguments):
            yield function
            yield from arguments
        case Transform(pattern, update, delete):
            yield pattern
            yield update
            if delete is not None:
                yield delete
        case Constant() | Regex() | Variable() | Name() | Wildcard() | Descendants() | Parent():
            return
        case Placeholder():
            return
        case _:
            assert_never(node)


def walk(root: Expression) -> Iterator[Expression]:
    """The node and everything inside it, in source order."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(tuple(children(node))))

"""Ways through the IR, read off the roles that the fields of its classes declare.

What a walk needs to know of a class is looked up once, at the first node of that class. A class
that is not of the language has none: every walk that meets one raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from operator import attrgetter
from typing import Any, Final, TypeAlias, TypeVar, get_args

from wfc.compiler.data.struct import Field, fields, replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.nodes.base import Kind, NodeMeta, Role
from wfc.compiler.language.shapes import Shape, malformed, shape

EXPRESSIONS: Final = frozenset(get_args(ir.Expr))
STATEMENTS: Final = frozenset((*get_args(ir.Simple), *get_args(ir.Compound)))
_WHOLE: Final = EXPRESSIONS | STATEMENTS
"""No parts of others: a walk that does not want them does not look into them."""
_NODES: Final = frozenset(one for one in vars(ir).values() if isinstance(one, NodeMeta))
_TYPES: Final = frozenset(get_args(t.Type))
_TEXT: Final[frozenset[type]] = frozenset({str})

N = TypeVar("N", bound=ir.Node)
S = TypeVar("S", bound=ir.Stmt)
Walk: TypeAlias = Callable[[Any], tuple[Any, ...]]


class UnknownNode(TypeError):
    """A defect: a walk has met something that is no node of the language."""

    def __init__(self, class_: type) -> None:
        super().__init__(f"{class_.__name__} is no node of the language")


class MalformedNode(UnknownNode):
    """A defect: a field of a node holds what it cannot."""

    def __init__(self, node: ir.Node, field: str) -> None:
        held = type(getattr(node, field)).__name__
        TypeError.__init__(self, f"{type(node).__name__} holds {held} in '{field}'")


class _Walks(dict[type, Walk]):
    """A walk for each of the classes that it may start from, made at the first node of a class."""

    def __init__(self, start: Iterable[type], make: Callable[[Any], Walk]) -> None:
        super().__init__()
        self.start = frozenset(start)
        self.make = make

    def __missing__(self, class_: type) -> Walk:
        if class_ not in self.start:
            raise UnknownNode(class_)
        found = self[class_] = self.make(class_)
        return found


# --- From fields to walks ------------------------------------------------------------------------


def roles(class_: type, *kinds: Kind) -> list[Role]:
    """The fields of a class that have one of these roles, in the order in which Python comes to
    them."""
    if not isinstance(class_, NodeMeta):
        raise UnknownNode(class_)
    own = [one for one in class_.__fields__ if isinstance(one, Role) and one.kind in kinds]
    return sorted(own, key=lambda one: one.turn)


def _nothing(_: Any) -> tuple[()]:
    return ()


def _itself(value: Any) -> tuple[Any, ...]:
    return (value,)


def _all(value: tuple[Any, ...]) -> tuple[Any, ...]:
    return value


def _walk(class_: type, wanted: frozenset[type], *kinds: Kind) -> Walk:
    """A walk from a node of a class to what is wanted in its fields with these roles."""
    return _through(roles(class_, *kinds), wanted, *kinds)


def _through(of: Iterable[Field], wanted: frozenset[type], *kinds: Kind) -> Walk:
    """A walk through fields to what is wanted in them; into the parts that they hold only through
    fields with these roles."""
    return _joined([(one.name, _in_field(one.annotation, wanted, kinds)) for one in of])


@cache
def _in_field(annotation: str, wanted: frozenset[type], kinds: tuple[Kind, ...]) -> Walk:
    return _inside(shape(annotation), wanted, kinds)


def _joined(walks: list[tuple[str, Walk]]) -> Walk:
    """One walk through several fields, each given with the walk through what it holds."""
    walks = [(name, walk) for name, walk in walks if walk is not _nothing]
    match walks:
        case []:
            return _nothing
        case [(name, walk)]:
            get = attrgetter(name)
            return get if walk is _all else lambda node: walk(get(node))
    if all(walk is _itself for _, walk in walks):
        return attrgetter(*[name for name, _ in walks])
    pairs = [(attrgetter(name), walk) for name, walk in walks]
    return lambda node: tuple([found for get, walk in pairs for found in walk(get(node))])


def _inside(of: Shape, wanted: frozenset[type], kinds: tuple[Kind, ...]) -> Walk:
    """A walk from what a field holds to what is wanted in it. Statements are wanted as blocks."""
    if of.single and of.classes <= wanted:
        return _itself
    if of.items is not None:
        inner = _inside(of.items, wanted, kinds)
        if inner is _nothing:
            return _nothing
        if inner is _itself:
            return _itself if wanted is STATEMENTS else _all
        return lambda value: tuple([found for one in value for found in inner(one)])
    if of.row:
        row = [_inside(one, wanted, kinds) for one in of.row]
        if all(walk is _nothing for walk in row):
            return _nothing
        return lambda value: tuple(
            [found for walk, one in zip(row, value, strict=True) for found in walk(one)]
        )
    parts = {
        one: _walk(one, wanted, *kinds)
        for one in of.classes - wanted - _WHOLE
        if kinds and isinstance(one, NodeMeta)
    }
    if of.classes.isdisjoint(wanted) and all(walk is _nothing for walk in parts.values()):
        return _nothing
    walks = _Walks(
        of.classes, lambda class_: _itself if class_ in wanted else parts.get(class_, _nothing)
    )
    return lambda value: walks[type(value)](value)


# --- Walks ---------------------------------------------------------------------------------------


def _to_expressions(class_: type) -> Walk:
    return _walk(class_, EXPRESSIONS, "operand")


_OPERANDS: Final = _Walks(EXPRESSIONS, _to_expressions)
_OWN: Final = _Walks(STATEMENTS, _to_expressions)
_BLOCKS: Final = _Walks(STATEMENTS, lambda class_: _walk(class_, STATEMENTS, "block"))


def operands(expr: ir.Expr) -> tuple[ir.Expr, ...]:
    """The expressions directly inside an expression, in the order of evaluation."""
    return _OPERANDS[type(expr)](expr)


def own_expressions(statement: ir.Statement) -> tuple[ir.Expr, ...]:
    """The expressions of a statement itself, those of the blocks inside it left out."""
    return _OWN[type(statement)](statement)


def blocks(statement: ir.Statement) -> tuple[ir.Block, ...]:
    """The blocks directly inside a statement, in the order in which Python comes to them."""
    return _BLOCKS[type(statement)](statement)


_PARTS: Final = _Walks(_NODES, lambda class_: _through(fields(class_), _NODES))
_HELD_TYPES: Final = _Walks(_NODES, lambda class_: _through(fields(class_), _TYPES))
_OWN_NAMES: Final = _Walks(_NODES, lambda class_: _through(roles(class_, "binds"), _TEXT))


def every(root: ir.Node) -> Iterator[ir.Node]:
    """A node and all nodes inside it, whatever fields they are in, each before its parts.

    Raises:
        MalformedNode: a field holds what it cannot.
    """
    pending = [root]
    while pending:
        node = pending.pop()
        for field in malformed(node):
            raise MalformedNode(node, field)
        yield node
        pending += reversed(_PARTS[type(node)](node))


def types_in(node: ir.Node) -> tuple[t.Type, ...]:
    """The types in the fields of a node itself."""
    return _HELD_TYPES[type(node)](node)


def own_names(node: ir.Node) -> tuple[str, ...]:
    """The names that a node itself binds; those that a part of it binds are left out."""
    return _OWN_NAMES[type(node)](node)


# --- Names ---------------------------------------------------------------------------------------


def _to_types(class_: type[ir.Node]) -> Walk:
    """To the types of what a statement binds."""
    own = roles(class_, "binds")
    names = {one.types or one.name for one in own}
    return _through([one for one in fields(class_) if one.name in names], _TYPES, "derived")


def _to_referred(class_: type) -> Walk:
    own = roles(class_, "refers", "binds")
    return _through([one for one in own if one.kind == "refers" or one.changes], _TEXT)


_BOUND: Final = _Walks(STATEMENTS, lambda class_: _walk(class_, _TEXT, "binds"))
_BOUND_TYPES: Final = _Walks(STATEMENTS, _to_types)
_CAUGHT: Final = _Walks(STATEMENTS, lambda class_: _through(roles(class_, "block"), _TEXT, "binds"))
_REFERRED: Final = _Walks(STATEMENTS | EXPRESSIONS, _to_referred)


def bound(statement: ir.Statement) -> tuple[str, ...]:
    """The variables that a statement itself binds; what the blocks inside it bind and the errors
    that its handlers catch are left out."""
    return _BOUND[type(statement)](statement)


def bindings(statement: ir.Statement) -> tuple[tuple[str, t.Type], ...]:
    """The variables that a statement itself binds, as for :func:`bound`, each with its type."""
    return tuple(zip(bound(statement), _BOUND_TYPES[type(statement)](statement), strict=False))


def caught(statement: ir.Statement) -> tuple[str, ...]:
    """The names that the handlers of a statement give to what they catch."""
    return _CAUGHT[type(statement)](statement)


def referred(node: ir.Statement | ir.Expr) -> tuple[str, ...]:
    """The variables and caught errors that a statement or expression itself reads or changes by
    name; those of the expressions inside it are left out."""
    return _REFERRED[type(node)](node)


# --- Scopes --------------------------------------------------------------------------------------


@cache
def _is_scope(class_: type) -> bool:
    if class_ not in EXPRESSIONS:
        raise UnknownNode(class_)
    held = frozenset[type]().union(
        *[shape(one.annotation).held for one in roles(class_, "operand")]
    )
    parts = [one for one in held - EXPRESSIONS if isinstance(one, NodeMeta)]
    return any(roles(one, "binds") for one in (class_, *parts))


def binds_names(expr: ir.Expr) -> bool:
    """Whether an expression of this kind binds names for its operands."""
    return _is_scope(type(expr))


def scoped(expr: ir.Expr) -> Iterator[tuple[ir.Expr, frozenset[str]]]:
    """The operands of an expression, each with the names that the expression binds for it."""
    if type(expr) not in EXPRESSIONS:
        raise UnknownNode(type(expr))
    yield from _scoped_fields(expr, set())


def _scoped_fields(node: ir.Node, hidden: set[str]) -> Iterator[tuple[ir.Expr, frozenset[str]]]:
    class_ = type(node)
    for role in roles(class_, "operand", "binds"):
        value = getattr(node, role.name)
        if role.kind == "binds":
            hidden.update(_in_field(role.annotation, _TEXT, ("binds",))(value))
        else:
            yield from _scoped(value, shape(role.annotation).held, hidden)


def _scoped(
    value: Any, held: frozenset[type], hidden: set[str]
) -> Iterator[tuple[ir.Expr, frozenset[str]]]:
    class_ = type(value)
    if class_ in EXPRESSIONS:
        yield value, frozenset(hidden)
    elif class_ is tuple:
        for one in value:
            yield from _scoped(one, held, hidden)
    elif value is not None and class_ is not str:
        yield from _scoped_fields(_part(value, held), hidden)


def _part(value: Any, held: frozenset[type]) -> Any:
    """A value that is a part of the kind that a field holds."""
    if type(value) not in held:
        raise UnknownNode(type(value))
    return value


# --- Change --------------------------------------------------------------------------------------


def with_operands(expr: ir.Expr, change: Callable[[ir.Expr], ir.Expr]) -> ir.Expr:
    """The expression with each operand changed, in the order of evaluation; the same object if
    none of them differs."""
    if type(expr) not in EXPRESSIONS:
        raise UnknownNode(type(expr))
    return _changed(expr, change)


def _changed(node: N, change: Callable[[ir.Expr], ir.Expr]) -> N:
    """A node with the expressions in its operand fields changed."""
    new = {}
    for role in roles(type(node), "operand"):
        before = getattr(node, role.name)
        after = _value(before, shape(role.annotation).held, change)
        if after is not before:
            new[role.name] = after
    return replace(node, **new) if new else node


def _value(value: Any, held: frozenset[type], change: Callable[[ir.Expr], ir.Expr]) -> Any:
    class_ = type(value)
    if class_ in EXPRESSIONS:
        return change(value)
    if class_ is tuple:
        items = [_value(item, held, change) for item in value]
        same = all(one is other for one, other in zip(items, value, strict=True))
        return value if same else tuple(items)
    return value if value is None or class_ is str else _changed(_part(value, held), change)


def with_blocks(statement: S, change: Callable[[ir.Block], ir.Block]) -> S:
    """The statement with each block directly inside it changed, in the order in which Python comes
    to them; the same object if none of them differs."""
    class_ = type(statement)
    if class_ not in STATEMENTS and class_ is not ir.Handler:
        raise UnknownNode(class_)
    new = {}
    for role in roles(class_, "block"):
        before = getattr(statement, role.name)
        if ir.Handler in shape(role.annotation).held:
            after = tuple([with_blocks(part, change) for part in before])
        else:
            after = change(before)
        if after != before:
            new[role.name] = after
    return replace(statement, **new) if new else statement

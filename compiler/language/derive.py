"""Ways through the IR, read off the roles that the fields of its classes declare.

For each class the accessors are compiled once, at first use. A class that is not of the language
has none: every walk that meets one raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn, TypeAlias, get_args

from wfc.compiler.data.struct import replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.nodes.base import Kind, Role

EXPRESSIONS: Final = frozenset(get_args(ir.Expr))
STATEMENTS: Final = frozenset((*get_args(ir.Simple), *get_args(ir.Compound)))
PARTS: Final = frozenset(
    {ir.Argument, ir.Clause, ir.FieldKey, ir.Formatted, ir.Handler, ir.Starred, ir.Target}
)
"""What stands between an expression or statement and those inside it."""

Walk: TypeAlias = Callable[[Any], tuple[Any, ...]]


class UnknownNode(TypeError):
    """A defect: a walk has met something that is no node of the language."""

    def __init__(self, class_: type) -> None:
        super().__init__(f"{class_.__name__} is no node of the language")


def _unknown(value: object) -> NoReturn:
    raise UnknownNode(type(value))


# --- Roles ---------------------------------------------------------------------------------------


_ROLES: Final[dict[tuple[type, tuple[Kind, ...]], list[Role]]] = {}


def roles(class_: type[ir.Node], *kinds: Kind) -> list[Role]:
    """The fields of a class that have one of these roles, in the order in which Python comes to
    them."""
    found = _ROLES.get((class_, kinds))
    if found is None:
        own = [one for one in class_.__fields__ if isinstance(one, Role) and one.kind in kinds]
        found = _ROLES[class_, kinds] = sorted(own, key=lambda one: one.turn)
    return found


def _inside(value: Any, wanted: frozenset[type], kinds: tuple[Kind, ...]) -> Iterator[Any]:
    """What a field holds: the wanted nodes themselves, and those in tuples and parts of others."""
    class_ = type(value)
    if class_ in wanted:
        yield value
    elif class_ is tuple:
        for item in value:
            yield from _inside(item, wanted, kinds)
    elif class_ in PARTS:
        for role in roles(class_, *kinds):
            yield from _inside(getattr(value, role.name), wanted, kinds)
    elif value is not None and class_ is not str:
        _unknown(value)


class _Walks:
    """One walk for each class: ``closed`` are the classes that it may start from."""

    def __init__(
        self, closed: frozenset[type], wanted: frozenset[type], single: str, *kinds: Kind
    ) -> None:
        self.closed = closed
        self.wanted = wanted
        self.single = single
        self.kinds = kinds
        self.known: dict[type, Walk] = {}

    def __call__(self, node: Any) -> tuple[Any, ...]:
        walk = self.known.get(type(node))
        if walk is None:
            walk = self.known[type(node)] = self._compiled(node)
        return walk(node)

    def _compiled(self, node: Any) -> Walk:
        """``lambda node: (node.left, node.right)``: a field that holds one node is taken as it is,
        what is inside of others is looked for."""
        class_ = type(node)
        if class_ not in self.closed:
            _unknown(node)
        parts = [
            f"node.{role.name}"
            if class_.__annotations__[role.name] == self.single
            else f"*inside(node.{role.name}, wanted, kinds)"
            for role in roles(class_, *self.kinds)
        ]
        names = {"inside": _inside, "wanted": self.wanted, "kinds": self.kinds}
        walk: Walk = eval(f"lambda node: ({''.join(f'{part}, ' for part in parts)})", names)
        return walk


_operands: Final = _Walks(EXPRESSIONS, EXPRESSIONS, "Expr", "operand")
_own_expressions: Final = _Walks(STATEMENTS, EXPRESSIONS, "Expr", "operand")


def operands(expr: ir.Expr) -> tuple[ir.Expr, ...]:
    """The expressions directly inside an expression, in the order of evaluation."""
    return _operands(expr)


def own_expressions(statement: ir.Statement) -> tuple[ir.Expr, ...]:
    """The expressions of a statement itself, those of the blocks inside it left out."""
    return _own_expressions(statement)


def blocks(statement: ir.Statement) -> tuple[ir.Block, ...]:
    """The blocks directly inside a statement, in the order in which Python comes to them."""
    if type(statement) not in STATEMENTS:
        _unknown(statement)
    return tuple(_blocks(statement))


def _blocks(node: Any) -> Iterator[ir.Block]:
    for role in roles(type(node), "block"):
        value = getattr(node, role.name)
        if role.parts:
            for part in value:
                yield from _blocks(part)
        else:
            yield value


def bindings(statement: ir.Statement) -> tuple[tuple[str, t.Type], ...]:
    """The variables that a statement itself binds, each with its type; what the blocks inside it
    bind and the errors that its handlers catch are left out."""
    if type(statement) not in STATEMENTS:
        _unknown(statement)
    return tuple(_bindings(statement))


def _bindings(node: Any) -> Iterator[tuple[str, t.Type]]:
    for role in roles(type(node), "binds"):
        match getattr(node, role.name):
            case None:
                continue
            case str() as name:
                yield name, getattr(node, role.types)
            case tuple() as names:
                yield from zip(names, getattr(node, role.types), strict=False)
            case part:
                yield from _bindings(part)


def bound(statement: ir.Statement) -> tuple[str, ...]:
    """The variables that a statement itself binds, as for :func:`bindings`."""
    return tuple(name for name, _ in bindings(statement))


def caught(statement: ir.Statement) -> tuple[str, ...]:
    """The names that the handlers of a statement give to what they catch."""
    if type(statement) not in STATEMENTS:
        _unknown(statement)
    return tuple(
        name
        for role in roles(type(statement), "block")
        if role.parts
        for part in getattr(statement, role.name)
        for name in names_in(part, "binds")
    )


def names_in(node: ir.Node, kind: Kind) -> Iterator[str]:
    """The names that a node itself binds or refers to."""
    for role in roles(type(node), kind):
        value = getattr(node, role.name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from value
        elif value is not None:
            yield from names_in(value, kind)


def referred(statement: ir.Statement) -> Iterator[str]:
    """The variables that a statement reads or changes by name, beside those in its expressions;
    caught errors count as variables."""
    if type(statement) not in STATEMENTS:
        _unknown(statement)
    yield from names_in(statement, "refers")
    for role in roles(type(statement), "binds"):
        if role.changes:
            yield getattr(statement, role.name)


def scoped(expr: ir.Expr) -> Iterator[tuple[ir.Expr, frozenset[str]]]:
    """The operands of an expression, each with the names that the expression binds for it."""
    if type(expr) not in EXPRESSIONS:
        _unknown(expr)
    yield from _scoped(expr, set())


def _scoped(value: Any, hidden: set[str]) -> Iterator[tuple[ir.Expr, frozenset[str]]]:
    for role in roles(type(value), "operand", "binds"):
        inside = getattr(value, role.name)
        if role.kind == "binds":
            hidden.update(names_in(value, "binds"))
            continue
        for item in inside if type(inside) is tuple else (inside,):
            if type(item) in PARTS and roles(type(item), "binds"):
                yield from _scoped(item, hidden)
            else:
                for one in _inside(item, EXPRESSIONS, ("operand",)):
                    yield one, frozenset(hidden)


def binds_names(expr: ir.Expr) -> bool:
    """Whether an expression of this kind binds names for its operands."""
    return type(expr) in _SCOPES


_SCOPES: Final = frozenset(
    class_
    for class_ in EXPRESSIONS
    if roles(class_, "binds")
    or any("Clause" in class_.__annotations__[role.name] for role in roles(class_, "operand"))
)


# --- Change --------------------------------------------------------------------------------------


def with_operands(expr: ir.Expr, change: Callable[[ir.Expr], ir.Expr]) -> ir.Expr:
    """The expression with each operand changed, in the order of evaluation; the same object if
    none of them differs."""
    if type(expr) not in EXPRESSIONS:
        _unknown(expr)
    changed: ir.Expr = _changed(expr, change)
    return changed


def _changed(node: Any, change: Callable[[ir.Expr], ir.Expr]) -> Any:
    """A node with the expressions in its operand fields changed."""
    new = {}
    for role in roles(type(node), "operand"):
        before = getattr(node, role.name)
        after = _value(before, change)
        if after is not before:
            new[role.name] = after
    return replace(node, **new) if new else node


def _value(value: Any, change: Callable[[ir.Expr], ir.Expr]) -> Any:
    class_ = type(value)
    if class_ in EXPRESSIONS:
        return change(value)
    if class_ is tuple:
        items = [_value(item, change) for item in value]
        same = all(one is other for one, other in zip(items, value, strict=True))
        return value if same else tuple(items)
    if class_ in PARTS:
        return _changed(value, change)
    if value is None or class_ is str:
        return value
    return _unknown(value)

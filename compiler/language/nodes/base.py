"""What all nodes share: a place in the source, and fields that say what they are for."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, dataclass_transform

from wfc.compiler.data.struct import MISSING, Field, Struct, StructMeta, field
from wfc.compiler.diagnostics.span import NOWHERE, Span

Kind: TypeAlias = Literal[
    "operand", "block", "binds", "refers", "uses", "derived", "wording", "aside"
]


class Role(Field):
    """A field with a role. ``turn`` puts fields into the order in which Python comes to them, where
    that is not the order of the fields; ``types`` names the field with the types of what is
    bound; ``changes`` says that what is bound is read before."""

    __slots__ = ("changes", "kind", "turn", "types")

    def __init__(
        self,
        kind: Kind,
        *,
        turn: int = 0,
        types: str = "",
        changes: bool = False,
        default: Any = MISSING,
        compare: bool = True,
        repr: bool = True,
    ) -> None:
        super().__init__(default=default, compare=compare, repr=repr)
        self.kind = kind
        self.turn = turn
        self.types = types
        self.changes = changes


def operand(*, turn: int = 0, default: Any = MISSING) -> Any:
    """Expressions: one, none, or any number inside tuples and parts such as ``Argument``."""
    return Role("operand", turn=turn, default=default)


def path() -> Any:
    """The way into an object: names of fields, and subscripts, which are expressions."""
    return Role("operand")


def block(*, turn: int = 0, default: Any = MISSING) -> Any:
    """Statements, or parts such as ``Handler`` that hold statements in turn."""
    return Role("block", turn=turn, default=default)


def binds(*, turn: int = 0, types: str = "", changes: bool = False, default: Any = MISSING) -> Any:
    """Names of variables that get a value: one, none, several, or a part that holds them. Those of
    an expression are known to the operands whose turn comes later, and nowhere else."""
    return Role("binds", turn=turn, types=types, changes=changes, default=default)


def refers(*, default: Any = MISSING) -> Any:
    """The name of a variable, or of a caught error, that is read or changed in place."""
    return Role("refers", default=default)


def uses(*, default: Any = MISSING) -> Any:
    """The name of a definition of the module, or several names."""
    return Role("uses", default=default)


def derived(*, default: Any = MISSING) -> Any:
    """What the reader infers from the rest: no part of what the node means."""
    return Role("derived", default=default)


def wording(*, default: Any = MISSING) -> Any:
    """Which of several ways to say the same the author took: no part of what the node means."""
    return Role("wording", default=default)


def aside(*, default: Any = MISSING, repr: bool = False) -> Any:
    """What stands beside the node, such as its place or comments: no part of its equality."""
    return Role("aside", default=default, compare=False, repr=repr)


@dataclass_transform(
    frozen_default=True,
    field_specifiers=(
        Field,
        field,
        operand,
        path,
        block,
        binds,
        refers,
        uses,
        derived,
        wording,
        aside,
    ),
)
class NodeMeta(StructMeta):
    """Makes the classes of nodes."""


class Node(Struct, metaclass=NodeMeta, kw_only=True):
    """A piece of the IR."""

    span: Span = aside(default=NOWHERE)

"""What all nodes share: a place in the source, and fields that say what they are for."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, dataclass_transform

from wfc.compiler.data.struct import MISSING, Field, Struct, StructMeta, field
from wfc.compiler.diagnostics.span import NOWHERE, Span

Kind: TypeAlias = Literal["operand", "block", "binds", "refers"]


class Role(Field):
    """A field with a role. ``turn`` puts fields into the order in which Python comes to them, where
    that is not the order of the fields; ``types`` names the field with the types of what is
    bound; ``changes`` says that what is bound is read before."""

    __slots__ = ("changes", "kind", "parts", "turn", "types")

    def __init__(
        self,
        kind: Kind,
        *,
        turn: int = 0,
        types: str = "",
        changes: bool = False,
        parts: bool = False,
        default: Any = MISSING,
    ) -> None:
        super().__init__(default=default)
        self.parts = parts
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


def block(*, turn: int = 0, parts: bool = False, default: Any = MISSING) -> Any:
    """Statements; with ``parts``, what holds statements in turn, such as ``Handler``."""
    return Role("block", turn=turn, parts=parts, default=default)


def binds(*, turn: int = 0, types: str = "", changes: bool = False, default: Any = MISSING) -> Any:
    """Names of variables that get a value: one, none, several, or a part that holds them. Those of
    an expression are known to the operands whose turn comes later, and nowhere else."""
    return Role("binds", turn=turn, types=types, changes=changes, default=default)


def refers(*, default: Any = MISSING) -> Any:
    """The name of a variable, or of a caught error, that is read or changed in place."""
    return Role("refers", default=default)


@dataclass_transform(
    frozen_default=True, field_specifiers=(Field, field, operand, path, block, binds, refers)
)
class NodeMeta(StructMeta):
    """Makes the classes of nodes."""


class Node(Struct, metaclass=NodeMeta, kw_only=True):
    """A piece of the IR."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)

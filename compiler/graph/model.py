"""A workflow as basic blocks with explicit edges, error edges included.

A block is a run of pure assignments and one exit. What an engine records (a step, a child workflow,
a timer) is an exit of its own, so every edge between two recorded things is explicit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, TypeAlias, assert_never

from wfc.compiler.data.struct import Struct, field
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

BlockId: TypeAlias = int


# A call of this "function" is ``list[index]`` of an item that certainly exists.
ITEM_AT: Final = "wfc.item_at"


class SetError(ir.Stmt):
    """``target`` becomes an error: a new one of class ``error``, or the one in ``source``."""

    target: str
    error: str | None
    message: ir.Expr | None = None
    source: str | None = None


Action: TypeAlias = (
    ir.Assign | ir.AugmentedAssign | ir.Unpack | ir.Store | ir.Delete | ir.Mutate | SetError
)


class Goto(Struct):
    """Control goes on at another block."""

    target: BlockId


class Case(Struct):
    """One arm of a branch; ``origin`` is the ``if`` or loop that it comes from."""

    test: ir.Expr
    target: BlockId
    origin: ir.Stmt


class Branch(Struct):
    """The first arm whose test holds, else ``default``. ``kind`` says what it comes from: ``error``
    is a choice of the handler for an error that is only known at run time."""

    cases: tuple[Case, ...]
    default: BlockId
    origin: ir.Stmt
    kind: Literal["if", "while", "for", "error"] = "if"


class Catch(Struct):
    """Errors of these classes, subclasses implied, go to ``target`` with ``variable`` holding the
    error."""

    errors: tuple[str, ...]
    variable: str
    target: BlockId
    origin: ir.Stmt


class Perform(Struct):
    """An operation. ``target`` of the operation, if it has one, gets the result on the way to
    ``next``. The first catch that matches takes an error."""

    operation: ir.Operation
    next: BlockId
    catches: tuple[Catch, ...] = ()


class Leave(Struct):
    """The workflow returns a value."""

    value: ir.Expr
    origin: ir.Stmt


class Throw(Struct):
    """The workflow fails with a new error, or with the one that ``again`` holds unless one of the
    catches takes it."""

    error: str | None
    message: ir.Expr | None
    again: str | None
    origin: ir.Stmt
    catches: tuple[Catch, ...] = ()


Exit: TypeAlias = Goto | Branch | Perform | Leave | Throw


class BasicBlock(Struct):
    """Assignments without a branch between them, and where control goes afterwards."""

    id: BlockId
    actions: tuple[Action, ...]
    exit: Exit


class Graph(Struct):
    """``blocks`` are those that can be reached, in the order of the source; the first is the entry.
    ``types`` are the types of the variables that the lowering made."""

    blocks: tuple[BasicBlock, ...]
    types: Mapping[str, t.Type] = field(factory=dict)

    @property
    def entry(self) -> BlockId:
        """Where a run begins."""
        return self.blocks[0].id


def targets(exit_: Exit) -> Iterator[BlockId]:
    """Where control may go from an exit."""
    match exit_:
        case Goto(target):
            yield target
        case Branch(cases, default):
            yield from (case.target for case in cases)
            yield default
        case Perform(_, following, catches):
            yield following
            yield from (catch.target for catch in catches)
        case Throw(catches=catches):
            yield from (catch.target for catch in catches)
        case Leave():
            pass
        case _:
            assert_never(exit_)


def node_of(exit_: Exit) -> ir.Node | None:
    """The statement that an exit comes from."""
    match exit_:
        case Perform(operation):
            return operation
        case Branch() | Leave() | Throw():
            return exit_.origin
        case Goto():
            return None
        case _:
            assert_never(exit_)

"""Lowers the structured body of a workflow to a state graph.

Operations that can fail get their handlers as a list, innermost first. ``raise`` of a known class
inside a ``try`` is resolved here: its class decides which handler takes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import assert_never

from wfc.compiler.data.struct import MutableStruct, field, replace
from wfc.compiler.graph.loops import loop_over
from wfc.compiler.graph.model import (
    Action,
    BasicBlock,
    BlockId,
    Branch,
    Case,
    Catch,
    Exit,
    Goto,
    Graph,
    Leave,
    Perform,
    SetError,
    Throw,
    targets,
)
from wfc.compiler.graph.thread import threaded
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.hierarchy import catches as class_catches
from wfc.compiler.language.walk import arms, used_names


def lower(module: ir.Module, workflow: ir.Workflow) -> Graph:
    """The state graph of a workflow, without unreachable blocks.

    Raises:
        FinallyFound: the workflow has a ``finally``, which has no graph form yet.
    """
    lowering = _Lowering(module, workflow)
    lowering.run(workflow.body)
    lowering.leave_implicitly()
    blocks = threaded(lowering.finished, lowering.heads)
    return Graph(tuple(_reachable(blocks)), lowering.types)


class FinallyFound(Exception):
    """A ``finally`` block; ``statement`` is its ``try``."""

    def __init__(self, statement: ir.Try) -> None:
        super().__init__("finally")
        self.statement = statement


class _Draft(MutableStruct):
    """A block that has no exit yet."""

    id: BlockId
    actions: list[Action] = field(factory=list)


class _Frame(MutableStruct):
    """What surrounds the statement at hand: the loop, the handlers, the error being handled."""

    breaks: BlockId = -1
    continues: BlockId = -1
    catches: tuple[Catch, ...] = ()
    handling: str | None = None


class _Lowering:
    def __init__(self, module: ir.Module, workflow: ir.Workflow) -> None:
        self.module = module
        self.workflow = workflow
        self.types: dict[str, t.Type] = {}
        self.finished: dict[BlockId, BasicBlock] = {}
        self.taken = used_names(workflow.body) | {p.name for p in workflow.parameters}
        self.idle: set[str] = set()
        self.heads: set[BlockId] = set()
        self.ids = 0
        self.frame = _Frame()
        self.draft: _Draft | None = None
        self.start(self.fresh())

    # Blocks

    def fresh(self) -> BlockId:
        self.ids += 1
        return self.ids

    def start(self, block: BlockId) -> None:
        self.draft = _Draft(block)

    def end(self, exit_: Exit) -> None:
        assert self.draft is not None
        block = BasicBlock(self.draft.id, tuple(self.draft.actions), exit_)
        self.finished[block.id] = block
        self.draft = None

    def goto(self, target: BlockId) -> None:
        """Go on at the target, if this point is reached at all."""
        if self.draft is not None:
            self.end(Goto(target))

    def act(self, action: Action) -> None:
        assert self.draft is not None
        self.draft.actions.append(action)

    def name(self, wanted: str, type_: t.Type) -> str:
        """A new variable; its name is taken by no other. A counter of a loop that is over is used
        again by the next loop."""
        if wanted in self.idle and self.types[wanted] == type_:
            self.idle.discard(wanted)
            return wanted
        found, number = wanted, 2
        while found in self.taken:
            found, number = f"{wanted}_{number}", number + 1
        self.taken.add(found)
        self.types[found] = type_
        return found

    @contextmanager
    def inside(self, **changes: object) -> Iterator[None]:
        before = self.frame
        self.frame = replace(before, **changes)
        try:
            yield
        finally:
            self.frame = before

    def leave_implicitly(self) -> None:
        """The end of the body: ``return None``."""
        if self.draft is not None:
            nothing = ir.Constant(None, type=t.NONE)
            self.end(Leave(nothing, ir.Return(nothing, bare=True)))

    # Statements

    def run(self, block: ir.Block) -> None:
        for statement in block:
            if self.draft is None:
                return
            self.statement(statement)

    def statement(self, statement: ir.Statement) -> None:
        match statement:
            case (
                ir.Assign()
                | ir.AugmentedAssign()
                | ir.Unpack()
                | ir.Store()
                | ir.Delete()
                | ir.Mutate()
            ):
                self.act(statement)
            case ir.StepCall() | ir.WorkflowCall() | ir.Sleep():
                following = self.fresh()
                caught = () if isinstance(statement, ir.Sleep) else self.frame.catches
                self.end(Perform(statement, following, caught))
                self.start(following)
            case ir.If():
                self.branch(statement)
            case ir.While():
                self.while_loop(statement)
            case ir.For():
                self.for_loop(statement)
            case ir.Break():
                self.goto(self.frame.breaks)
            case ir.Continue():
                self.goto(self.frame.continues)
            case ir.Try():
                self.try_(statement)
            case ir.Raise():
                self.raise_(statement)
            case ir.Return(value):
                self.end(Leave(value, statement))
            case ir.Pass():
                pass
            case _:
                assert_never(statement)

    def branch(self, statement: ir.If) -> None:
        chain, otherwise = arms(statement)
        starts = [self.fresh() for _ in chain]
        after = self.fresh()
        default = self.fresh() if otherwise else after
        cases = tuple(Case(arm.test, start, arm) for arm, start in zip(chain, starts, strict=True))
        self.end(Branch(cases, default, statement))
        for arm, start in zip(chain, starts, strict=True):
            self.start(start)
            self.run(arm.then)
            self.goto(after)
        if otherwise:
            self.start(default)
            self.run(otherwise)
            self.goto(after)
        self.start(after)

    def while_loop(self, statement: ir.While) -> None:
        head, body, after = self.fresh(), self.fresh(), self.fresh()
        ends = self.fresh() if statement.orelse else after
        self.goto(head)
        self.start(head)
        self.heads.add(head)
        self.run(statement.prelude)
        if self.draft is not None:
            if isinstance(statement.test, ir.Constant) and statement.test.value:
                self.end(Goto(body))
            else:
                case = Case(statement.test, body, statement)
                self.end(Branch((case,), ends, statement, "while"))
        self.start(body)
        with self.inside(breaks=after, continues=head):
            self.run(statement.body)
        self.goto(head)
        self.otherwise(statement.orelse, ends, after)

    def otherwise(self, orelse: ir.Block, ends: BlockId, after: BlockId) -> None:
        if orelse:
            self.start(ends)
            self.run(orelse)
            self.goto(after)
        self.start(after)

    def for_loop(self, statement: ir.For) -> None:
        made: list[str] = []

        def new_name(wanted: str, type_: t.Type) -> str:
            made.append(self.name(wanted, type_))
            return made[-1]

        loop = loop_over(statement, new_name)
        head, step, after = self.fresh(), self.fresh(), self.fresh()
        ends = self.fresh() if statement.orelse else after
        for action in loop.before:
            self.act(action)
        self.goto(head)
        self.start(head)
        self.end(Branch((Case(loop.test, step, statement),), ends, statement, "for"))
        self.start(step)
        for action in loop.step:
            self.act(action)
        with self.inside(breaks=after, continues=head):
            self.run(statement.body)
        self.goto(head)
        self.otherwise(statement.orelse, ends, after)
        self.idle.update(made)

    # Errors

    def try_(self, statement: ir.Try) -> None:
        if statement.finalbody:
            raise FinallyFound(statement)
        after = self.fresh()
        caught = tuple(
            Catch(handler.errors, self.error_variable(handler), self.fresh(), handler)
            for handler in statement.handlers
        )
        with self.inside(catches=(*caught, *self.frame.catches)):
            self.run(statement.body)
        if self.draft is not None:
            self.run(statement.orelse)
        self.goto(after)
        for catch, handler in zip(caught, statement.handlers, strict=True):
            self.start(catch.target)
            with self.inside(handling=catch.variable):
                self.run(handler.body)
            self.goto(after)
        self.start(after)

    def error_variable(self, handler: ir.Handler) -> str:
        if handler.name is not None:
            return handler.name
        return self.name("failure", t.NONE)

    def raise_(self, statement: ir.Raise) -> None:
        if statement.error is not None:
            self.raise_new(statement)
            return
        again = statement.again or self.frame.handling
        self.end(Throw(None, None, again, statement, self.frame.catches))

    def raise_new(self, statement: ir.Raise) -> None:
        assert statement.error is not None
        message = self.shown(statement)
        for catch in self.frame.catches:
            if any(class_catches(self.module, name, statement.error) for name in catch.errors):
                error = SetError(catch.variable, statement.error, message, span=statement.span)
                self.act(error)
                self.goto(catch.target)
                return
        self.end(Throw(statement.error, message, None, statement))

    def shown(self, statement: ir.Raise) -> ir.Expr | None:
        """What ``str(error)`` says: a KeyError shows its key as Python writes it."""
        message = statement.message
        if message is None or not class_catches(self.module, "KeyError", statement.error or ""):
            return message
        if isinstance(message, ir.Constant):
            return ir.Constant(repr(message.value), type=t.STR, span=message.span)
        return ir.FString(
            (ir.Formatted(message, "r", span=message.span),), type=t.STR, span=message.span
        )


def _reachable(finished: dict[BlockId, BasicBlock]) -> Iterator[BasicBlock]:
    """The blocks that can be reached from the entry, numbered as the source has them."""
    entry = 1
    seen = {entry}
    pending = [entry]
    while pending:
        for target in targets(finished[pending.pop()].exit):
            if target not in seen:
                seen.add(target)
                pending.append(target)
    yield from (finished[id_] for id_ in sorted(seen))

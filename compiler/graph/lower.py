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
from wfc.compiler.language.nodes import (
    Assign,
    AugmentedAssign,
    Block,
    Break,
    Constant,
    Continue,
    Delete,
    Expr,
    For,
    Formatted,
    FString,
    Handler,
    If,
    Module,
    Mutate,
    Pass,
    Raise,
    Return,
    Sleep,
    Statement,
    StepCall,
    Store,
    Try,
    Unpack,
    While,
    Workflow,
    WorkflowCall,
)
from wfc.compiler.language.nodes.types import NONE, STR, Type
from wfc.compiler.language.typing.hierarchy import catches as class_catches
from wfc.compiler.language.walk import arms, used_names


def lower(module: Module, workflow: Workflow) -> Graph:
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

    def __init__(self, statement: Try) -> None:
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
    def __init__(self, module: Module, workflow: Workflow) -> None:
        self.module = module
        self.workflow = workflow
        self.types: dict[str, Type] = {}
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

    def name(self, wanted: str, type_: Type) -> str:
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
            nothing = Constant(None, type=NONE)
            self.end(Leave(nothing, Return(nothing, bare=True)))

    # Statements

    def run(self, block: Block) -> None:
        for statement in block:
            if self.draft is None:
                return
            self.statement(statement)

    def statement(self, statement: Statement) -> None:
        match statement:
            case Assign() | AugmentedAssign() | Unpack() | Store() | Delete() | Mutate():
                self.act(statement)
            case StepCall() | WorkflowCall() | Sleep():
                following = self.fresh()
                caught = () if isinstance(statement, Sleep) else self.frame.catches
                self.end(Perform(statement, following, caught))
                self.start(following)
            case If():
                self.branch(statement)
            case While():
                self.while_loop(statement)
            case For():
                self.for_loop(statement)
            case Break():
                self.goto(self.frame.breaks)
            case Continue():
                self.goto(self.frame.continues)
            case Try():
                self.try_(statement)
            case Raise():
                self.raise_(statement)
            case Return(value):
                self.end(Leave(value, statement))
            case Pass():
                pass
            case _:
                assert_never(statement)

    def branch(self, statement: If) -> None:
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

    def while_loop(self, statement: While) -> None:
        head, body, after = self.fresh(), self.fresh(), self.fresh()
        ends = self.fresh() if statement.orelse else after
        self.goto(head)
        self.start(head)
        self.heads.add(head)
        self.run(statement.prelude)
        if self.draft is not None:
            if isinstance(statement.test, Constant) and statement.test.value:
                self.end(Goto(body))
            else:
                case = Case(statement.test, body, statement)
                self.end(Branch((case,), ends, statement, "while"))
        self.start(body)
        with self.inside(breaks=after, continues=head):
            self.run(statement.body)
        self.goto(head)
        self.otherwise(statement.orelse, ends, after)

    def otherwise(self, orelse: Block, ends: BlockId, after: BlockId) -> None:
        if orelse:
            self.start(ends)
            self.run(orelse)
            self.goto(after)
        self.start(after)

    def for_loop(self, statement: For) -> None:
        made: list[str] = []

        def new_name(wanted: str, type_: Type) -> str:
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

    def try_(self, statement: Try) -> None:
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

    def error_variable(self, handler: Handler) -> str:
        if handler.name is not None:
            return handler.name
        return self.name("failure", NONE)

    def raise_(self, statement: Raise) -> None:
        if statement.error is not None:
            self.raise_new(statement)
            return
        again = statement.again or self.frame.handling
        self.end(Throw(None, None, again, statement, self.frame.catches))

    def raise_new(self, statement: Raise) -> None:
        assert statement.error is not None
        message = self.shown(statement)
        for catch in self.frame.catches:
            if any(class_catches(self.module, name, statement.error) for name in catch.errors):
                error = SetError(catch.variable, statement.error, message, span=statement.span)
                self.act(error)
                self.goto(catch.target)
                return
        self.end(Throw(statement.error, message, None, statement))

    def shown(self, statement: Raise) -> Expr | None:
        """What ``str(error)`` says: a KeyError shows its key as Python writes it."""
        message = statement.message
        if message is None or not class_catches(self.module, "KeyError", statement.error or ""):
            return message
        if isinstance(message, Constant):
            return Constant(repr(message.value), type=STR, span=message.span)
        return FString((Formatted(message, "r", span=message.span),), type=STR, span=message.span)


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

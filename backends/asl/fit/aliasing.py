"""Finds changes of a list, dict or record that another name can see.

Step Functions copies values: a change through one name does not show through the other. What may
share data is followed through the workflow, statement by statement. A change is refused when one
more name for the changed object, or something that holds it, is read later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from wfc.backends.asl.fit import codes
from wfc.backends.asl.fit.sharing import State, Tie, inside, shared, ties
from wfc.backends.asl.jsonata.kinds import Kinds
from wfc.compiler.data.struct import MutableStruct, field
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library.row import shares
from wfc.compiler.language.library.table import mutations
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.walk import arms, read, statements


def check_aliases(module: ir.Module, workflow: ir.Workflow) -> list[Diagnostic]:
    """Every change that another name can see."""
    walk = _Walk(module, workflow, Kinds(module))
    walk.block(workflow.body, State())
    return list(walk.found.values())


class _Loop(MutableStruct):
    """``first`` is the number of the loop's statement: what is read from there on may be read again
    after a change in the loop."""

    first: int
    breaks: list[State] = field(factory=list)
    continues: list[State] = field(factory=list)


class _Walk:
    def __init__(self, module: ir.Module, workflow: ir.Workflow, kinds: Kinds) -> None:
        self.path = module.path
        self.kinds = kinds
        self.found: dict[int, Diagnostic] = {}
        self.numbers: dict[int, int] = {}
        self.last_read: dict[str, int] = {}
        for number, statement in enumerate(statements(workflow.body)):
            self.numbers[id(statement)] = number
            for name in read(statement):
                self.last_read[name] = number
        self.loops: list[_Loop] = []

    # Statements; None is a state that is never reached.

    def block(self, block: ir.Block, state: State | None) -> State | None:
        for statement in block:
            if state is None:
                return None
            state = self.statement(statement, state)
        return state

    def statement(self, statement: ir.Statement, state: State) -> State | None:
        match statement:
            case ir.Assign(target, value):
                state.assign(target, self.ties(value))
            case ir.AugmentedAssign(target, value=value, type=type_):
                self.augmented(statement, target, value, type_, state)
            case ir.Unpack(targets, value):
                self.unpack(targets, value, state)
            case ir.Store(name, path, value):
                self.change(statement, name, len(path) > 1, state)
                state.hold(name, self.ties(value))
            case ir.Delete(name, path):
                self.change(statement, name, len(path) > 1, state)
            case ir.Mutate():
                self.mutate(statement, state)
            case ir.StepCall(target=str(target)) | ir.WorkflowCall(target=str(target)):
                state.assign(target, [])
            case ir.If():
                return self.branch(statement, state)
            case ir.While(_, body, orelse, prelude):
                return self.loop(statement, (*prelude, *body), orelse, state)
            case ir.For():
                return self.for_loop(statement, state)
            case ir.Try():
                return self.try_(statement, state)
            case ir.Break():
                self.loops[-1].breaks.append(state)
                return None
            case ir.Continue():
                self.loops[-1].continues.append(state)
                return None
            case ir.Return() | ir.Raise():
                return None
            case ir.StepCall() | ir.WorkflowCall() | ir.Sleep() | ir.Pass():
                pass
            case _:
                assert_never(statement)
        return state

    def ties(self, value: ir.Expr) -> list[Tie]:
        return ties(self.kinds, value)

    def augmented(
        self, statement: ir.Stmt, target: str, value: ir.Expr, type_: t.Type, state: State
    ) -> None:
        """``+=`` changes a list in place."""
        if not all(isinstance(member, t.ListType) for member in t.members(type_)):
            state.assign(target, [])
            return
        self.change(statement, target, False, state)
        state.hold(target, inside(self.ties(value)))

    def unpack(self, targets: tuple[str, ...], value: ir.Expr, state: State) -> None:
        values: list[list[Tie]] = []
        # partial: the parts of other values are not written out
        match value:
            case ir.TupleDisplay(items) | ir.ListDisplay(items) if len(items) == len(targets):
                for item in items:
                    values.append(self.ties(item.value if isinstance(item, ir.Starred) else item))
            case _:
                values = [inside(self.ties(value)) for _ in targets]
        state.assign_together(list(zip(targets, values, strict=True)))

    def mutate(self, statement: ir.Mutate, state: State) -> None:
        self.change(statement, statement.name, bool(statement.path), state)
        calls = list(mutations(statement))
        if statement.target is not None:
            taken = [tie for one in calls for tie in shared(self.kinds, one, one.row.result.shares)]
            state.assign(statement.target, taken if self.kinds.mutable(statement.type) else [])
        for call in calls:
            for expr, share in call.named_in(shares(call.row.result.keeps or "")):
                found = self.ties(expr)
                state.hold(statement.name, found if share == "held" else inside(found))

    def branch(self, statement: ir.If, state: State) -> State | None:
        chain, otherwise = arms(statement)
        ends = [self.block(arm.then, state.copy()) for arm in chain]
        return _joined([*ends, self.block(otherwise, state.copy())])

    def for_loop(self, statement: ir.For, state: State) -> State | None:
        items = inside(self.ties(statement.iterable))
        bindings = [
            (name, items if self.kinds.mutable(type_) else [])
            for name, type_ in zip(statement.target.names, statement.target.types, strict=True)
        ]
        return self.loop(statement, statement.body, statement.orelse, state, bindings)

    def loop(
        self,
        statement: ir.Statement,
        body: ir.Block,
        orelse: ir.Block,
        state: State,
        bindings: Iterable[tuple[str, list[Tie]]] = (),
    ) -> State | None:
        """The body until nothing new is found: what holds at its start grows and is finite."""
        head = state
        while True:
            self.loops.append(_Loop(self.numbers[id(statement)]))
            start = head.copy()
            start.assign_together(list(bindings))
            end = self.block(body, start)
            loop = self.loops.pop()
            grown = _joined([head, end, *loop.continues])
            assert grown is not None
            if grown == head:
                break
            head = grown
        return _joined([self.block(orelse, head.copy()), *loop.breaks])

    def try_(self, statement: ir.Try, state: State) -> State | None:
        """An error may leave the body after any of its statements."""
        reached = [state.copy()]
        inner: State | None = state
        for one in statement.body:
            if inner is None:
                break
            inner = self.statement(one, inner)
            if inner is not None:
                reached.append(inner.copy())
        failed = _joined(reached)
        assert failed is not None
        end = self.block(statement.orelse, inner) if inner is not None else None
        ends = [self.block(handler.body, failed.copy()) for handler in statement.handlers]
        return self.block(statement.finalbody, _joined([end, *ends]))

    # Changes

    def change(self, statement: ir.Stmt, name: str, nested: bool, state: State) -> None:
        """A change of the variable's object or, if nested, of something inside it."""
        others = sorted(
            other for other in state.seen_by(name, nested=nested) if self.later(other, statement)
        )
        if nested and name in state.repeated:
            others = others or [name]
        if not others:
            return
        what = _described(statement)
        also = "another part of itself" if others[0] == name else f"'{others[0]}'"
        self.found[id(statement)] = codes.ALIAS.at(
            self.path,
            statement.span,
            f"'{name}' shares data with {also}, and {what} here would not show there on"
            " Step Functions, which copies values",
            instead=f"change a copy such as {_copy(statement, name)}, or assign a new value",
        )

    def later(self, name: str, statement: ir.Stmt) -> bool:
        """Whether the variable may be read after the statement."""
        first = self.loops[0].first if self.loops else self.numbers[id(statement)] + 1
        return self.last_read.get(name, -1) >= first


def _described(statement: ir.Stmt) -> str:
    # partial: += is the only other change
    match statement:
        case ir.Mutate(method=method):
            return f"{method}()"
        case ir.Delete():
            return "del"
        case ir.Store(path=path):
            return "setting a field" if isinstance(path[-1], ir.FieldKey) else "setting an item"
    return "+="


def _copy(statement: ir.Stmt, name: str) -> str:
    # partial: the other changes are those of lists
    match statement:
        case ir.Store(path=(*_, ir.FieldKey())):
            return f"dataclasses.replace({name})"
        case ir.Mutate(method="update" | "setdefault"):
            return f"dict({name})"
    return f"list({name})"


def _joined(states: Iterable[State | None]) -> State | None:
    found: Iterator[State] = (state for state in states if state is not None)
    first = next(found, None)
    if first is None:
        return None
    result = first.copy()
    for state in found:
        result.join(state)
    return result

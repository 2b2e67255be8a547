"""Writes the states of a machine from its flow."""

from __future__ import annotations

from typing import Any, Final, assert_never

from wfc.backends.asl.jsonata.context import Unfit
from wfc.backends.asl.machine.failures import ALL, error_equals, looks_like_object, takes_all
from wfc.backends.asl.machine.flow import (
    Arm,
    Caught,
    Choice,
    Copied,
    Edge,
    Failure,
    Flow,
    Output,
    Raised,
    Relay,
    Result,
    Source,
    Task,
    Unset,
    Update,
    Vertex,
)
from wfc.backends.asl.machine.formulas import Formulas, Json
from wfc.backends.asl.machine.fuse import LARGEST_VALUE, before, largest_value, looping, required
from wfc.backends.asl.machine.inputs import Inputs
from wfc.backends.asl.machine.linking import State, linked
from wfc.backends.asl.machine.problems import Problems
from wfc.backends.asl.machine.scope import ErrorValue, Pending, Scope, Value
from wfc.backends.asl.machine.tasks import CHILD, Tasks
from wfc.backends.asl.machine.titles import Titles
from wfc.compiler.data.struct import Struct
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

# The result of the workflow is repeated in several last states if it is no longer than this.
LONGEST_OUTPUT: Final = 160


class Written(Struct):
    """The name of the first state, the states by name, and the vertex behind each."""

    start: str
    states: dict[str, State]
    vertices: dict[str, Vertex]


class States:
    """Writes one machine's states; a state refers to others by their vertices until all have names.

    Args:
        called: another machine starts this one, and reads how it failed.
    """

    def __init__(
        self,
        flow: Flow,
        formulas: Formulas,
        problems: Problems,
        tasks: Tasks,
        inputs: Inputs,
        titles: Titles,
        *,
        called: bool,
    ) -> None:
        self.flow = flow
        self.formulas = formulas
        self.problems = problems
        self.tasks = tasks
        self.inputs = inputs
        self.titles = titles
        self.called = called
        self.looping = looping(flow.vertices)
        self.written: dict[int, dict[str, Any]] = {}
        self.vertices: dict[int, Vertex] = {}
        self.pending: list[Vertex] = []

    def write(self) -> Written:
        start = self.reach(self.first())
        while self.pending:
            vertex = self.pending.pop()
            self.written[id(vertex)] = self.state(vertex)
        vertices = sorted(self.vertices.values(), key=lambda vertex: vertex.order)
        vertices.sort(key=lambda vertex: vertex is not start)
        names = {id(vertex): self.titles.of(vertex) for vertex in vertices}
        by_name = {names[id(vertex)]: vertex for vertex in vertices}
        reads = self.formulas.reads
        states = {
            n: linked(self.written[id(vertex)], names, reads) for n, vertex in by_name.items()
        }
        return Written(names[id(start)], states, by_name)

    def reach(self, vertex: Vertex) -> Vertex:
        if id(vertex) not in self.vertices:
            self.vertices[id(vertex)] = vertex
            self.pending.append(vertex)
        return vertex

    # What variables hold

    def first(self) -> Vertex:
        """The first state; a Pass if variables have to be there before anything else."""
        edge = self.flow.start
        scope = self.inputs.at_start()
        if self.inputs.direct:
            return edge.target
        if self.inputs.anywhere or not any(self.along(edge, scope)):
            return edge.target
        return self.relay(edge, list(edge.updates))

    def scope(self, vertex: Vertex) -> Scope:
        """What the variables hold when the exit of the vertex is evaluated."""
        scope = self.inputs.at(vertex)
        for update in vertex.entry:
            self.apply(scope, update)
        return scope

    def apply(self, scope: Scope, update: Update) -> None:
        values = [(name, self.value(scope, source)) for name, source in update.values]
        for name, value in values:
            scope.values[name] = value

    def value(self, scope: Scope, source: Source) -> Value:
        # partial: the rest are expressions
        match source:
            case Raised(error, message):
                name = scope.pending(ir.Constant(error, type=t.STR))
                return ErrorValue(name, scope.pending(_text(message)))
            case Copied(variable):
                held = scope.values.get(variable)
                return self.formulas.copied(variable) if held is None else held
            case Result(operation):
                return self.tasks.result(operation)
            case Caught(operation, errors):
                return self.tasks.caught(operation, errors)
        return scope.pending(source)

    # Transitions

    def along(self, edge: Edge, scope: Scope) -> tuple[dict[str, Value], list[Update]]:
        """What has to be assigned on an edge, and the updates that need a state of their own."""
        scope = scope.copy()
        for position, update in enumerate(edge.updates):
            after = scope.copy()
            self.apply(after, update)
            too_large = any(_size(after.values[name]) > LARGEST_VALUE for name, _ in update.values)
            if (position and too_large) or self.lost(edge.updates[:position], update):
                return self.assigned(edge, scope, position), edge.updates[position:]
            scope = after
        return self.assigned(edge, scope, len(edge.updates)), []

    def lost(self, earlier: list[Update], update: Update) -> bool:
        """Whether the update overwrites a value whose computation may fail."""
        new = update.defines
        return any(one.raises and new & one.defines and not new & update.reads for one in earlier)

    def assigned(self, edge: Edge, scope: Scope, count: int) -> dict[str, Value]:
        live = required(self.flow, edge.target)
        live = before(self.flow, edge.updates[count:], live)
        forced = {
            name for update in edge.updates[:count] if update.raises for name in update.defines
        }
        found: dict[str, Value] = {}
        for name, value in scope.values.items():
            wanted = self.flow.mask({name}) & live or name in forced
            if (
                wanted
                and not self.inputs.kept(edge.target, name, value)
                and not _itself(name, value)
            ):
                found[name] = value
        return found

    def transition(
        self, edge: Edge, scope: Scope, *, refuses_failing: bool = False
    ) -> dict[str, Any]:
        """``Assign`` and ``Next`` of an edge. ``refuses_failing``: an expression that fails here
        would be caught or retried, so it must be evaluated in another state."""
        found, rest = self.along(edge, scope)
        if refuses_failing and any(update.raises for update in edge.updates):
            count = next(i for i, update in enumerate(edge.updates) if update.raises)
            scope = scope.copy()
            for update in edge.updates[:count]:
                self.apply(scope, update)
            found, rest = self.assigned(edge, scope, count), edge.updates[count:]
        target = self.relay(edge, rest) if rest else self.reach(edge.target)
        assign = {
            self.formulas.names(name): self.noted(edge, name, value)
            for name, value in found.items()
        }
        return {**({"Assign": assign} if assign else {}), "Next": target}

    def noted(self, edge: Edge, name: str, value: Value) -> Json:
        vertex = edge.updates[0].origin if edge.updates else ir.Constant(None)
        return self.problems.attempt(vertex, lambda: self.formulas.assigned(name, value))

    def relay(self, edge: Edge, rest: list[Update]) -> Vertex:
        """A Pass for the rest of an edge's updates."""
        live = before(self.flow, rest, required(self.flow, edge.target))
        line, block, place = edge.target.order
        vertex = Vertex((line, block, place - 1), live=live)
        following = Edge(vertex, edge.target, rest)
        vertex.exit = Relay(following)
        edge.target.ins.append(following)
        self.inputs.add(vertex, edge, rest)
        self.titles.add(vertex, rest)
        return self.reach(vertex)

    # States

    def state(self, vertex: Vertex) -> dict[str, Any]:
        scope = self.scope(vertex)
        match vertex.exit:
            case Task(ir.Sleep() as sleep):
                state = {"Type": "Wait", **self.comment(vertex)}
                state["Seconds"] = self.tasks.seconds(sleep, scope)
                return state | self.onward(vertex.exit.next, scope)
            case Task():
                return self.task(vertex, vertex.exit, scope)
            case Choice():
                return self.choice(vertex, vertex.exit, scope)
            case Output(value):
                output = self.problems.attempt(value, lambda: self.output(value, scope))
                return {"Type": "Succeed", **self.comment(vertex), "Output": output}
            case Failure():
                return self.failure(vertex, vertex.exit, scope)
            case Relay(following):
                return {"Type": "Pass", **self.comment(vertex), **self.onward(following, scope)}
            case Unset():
                raise AssertionError(vertex.exit)
            case _:
                assert_never(vertex.exit)

    def comment(self, vertex: Vertex) -> dict[str, Json]:
        text = self.titles.comment(vertex)
        return {"Comment": text} if text else {}

    def output(self, value: ir.Expr, scope: Scope) -> Json:
        found = self.formulas.field(value, scope)
        # A null in the definition could be taken for an absent field.
        return "{% null %}" if found is None else found

    def onward(self, edge: Edge, scope: Scope, *, refuses_failing: bool = False) -> dict[str, Any]:
        """The way on, or the end with the result when the workflow returns right here."""
        final = edge.target.exit
        updates = [*edge.updates, *edge.target.entry]
        small = largest_value(updates) <= LARGEST_VALUE
        if isinstance(final, Output) and small and not any(u.raises for u in edge.updates):
            after = scope.copy()
            for update in updates:
                self.apply(after, update)
            output = self.final_output(edge, final, after, refuses_failing)
            if output is not None:
                return {"Output": output, "End": True}
        return self.transition(edge, scope, refuses_failing=refuses_failing)

    def final_output(self, edge: Edge, final: Output, scope: Scope, refuses_failing: bool) -> Json:
        """The result as the Output of the state before; None if it has to have its own."""
        try:
            if refuses_failing and self.formulas.fragment(final.value, scope).raises:
                return None
            output = self.output(final.value, scope)
        except Unfit:
            return None
        shared = len(edge.target.ins) > 1
        return None if shared and len(str(output)) > LONGEST_OUTPUT else output

    def task(self, vertex: Vertex, exit_: Task, scope: Scope) -> dict[str, Any]:
        operation = exit_.operation
        state: dict[str, Any] = {"Type": "Task", **self.comment(vertex)}
        if isinstance(operation, ir.StepCall):
            step = self.tasks.steps[operation.step]
            state["Resource"] = self.tasks.resource(operation)
            state["Arguments"] = self.tasks.lambda_call(
                operation, scope, looping=id(vertex) in self.looping
            )
            state |= self.tasks.limits(step)
            retry = self.tasks.retry(step)
            if retry:
                state["Retry"] = retry
        else:
            assert isinstance(operation, ir.WorkflowCall)
            state["Resource"] = CHILD
            state["Arguments"] = self.tasks.child_call(operation, scope)
        catch = self.catchers(exit_, scope)
        if catch:
            state["Catch"] = catch
        guarded = any(ALL in one["ErrorEquals"] for one in catch)
        refuses = guarded or self.tasks.retries_all(operation)
        return state | self.onward(exit_.next, scope, refuses_failing=refuses)

    def catchers(self, exit_: Task, scope: Scope) -> list[dict[str, Any]]:
        """The handlers, innermost first; a name that an earlier one takes is left out."""
        found: list[dict[str, Any]] = []
        taken: set[str] = set()
        step = self.tasks.step_of(exit_.operation)
        for catch, edge in exit_.catches:
            names = error_equals(self.tasks.module, catch.errors, step)
            names = [name for name in names if name not in taken]
            taken |= set(names)
            if names:
                found.append({"ErrorEquals": names, **self.transition(edge, scope)})
            if takes_all(catch.errors):
                break
        return found

    def choice(self, vertex: Vertex, exit_: Choice, scope: Scope) -> dict[str, Any]:
        state: dict[str, Any] = {"Type": "Choice", **self.comment(vertex)}
        state["Choices"] = [
            self.rule(arm, scope, first=position == 0) for position, arm in enumerate(exit_.arms)
        ]
        otherwise = self.transition(exit_.default, scope)
        state["Default"] = otherwise.pop("Next")
        return state | otherwise

    def rule(self, arm: Arm, scope: Scope, *, first: bool) -> dict[str, Any]:
        inner = scope.copy()
        for update in arm.before:
            self.apply(inner, update)
        condition = self.problems.attempt(
            arm.test, lambda: self.formulas.condition(arm.test, inner)
        )
        comment = "" if first else self.titles.rule_comment(arm)
        rule: dict[str, Any] = {"Comment": comment} if comment else {}
        return rule | {"Condition": condition, **self.transition(arm.edge, scope)}

    def failure(self, vertex: Vertex, exit_: Failure, scope: Scope) -> dict[str, Any]:
        state: dict[str, Any] = {"Type": "Fail", **self.comment(vertex)}
        if exit_.again is not None:
            state["Error"] = self.formulas.error_field(exit_.again, "type", scope)
            state["Cause"] = self.formulas.error_field(
                exit_.again, "message", scope, told=self.called
            )
            return state
        state["Error"] = exit_.error
        if exit_.message is not None:
            message = exit_.message
            # The caller has to tell a message from what a failed function leaves as its cause.
            told = self.called and looks_like_object(message)
            state["Cause"] = self.problems.attempt(
                message, lambda: self.formulas.cause(message, scope, told=told)
            )
        return state


def _text(message: ir.Expr | None) -> ir.Expr:
    """The text of an exception made with this one argument."""
    if message is None:
        return ir.Constant("", type=t.STR)
    if message.type == t.STR:
        return message
    return ir.FString((ir.Formatted(message, span=message.span),), type=t.STR, span=message.span)


def _size(value: Value) -> int:
    return value.size if isinstance(value, Pending) else 1


def _itself(name: str, value: Value) -> bool:
    match value:
        case Pending(ir.Name(other), scope):
            return other == name and name not in scope
    return False

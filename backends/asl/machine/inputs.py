"""Where the parameters of a workflow are found: in the input of the first states, as long as it
passes through unchanged, then in variables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, assert_never

from wfc.backends.asl.jsonata.fragment import Fragment, field
from wfc.backends.asl.machine.conform import Conforming
from wfc.backends.asl.machine.flow import (
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
    Task,
    Unset,
    Update,
    Vertex,
)
from wfc.backends.asl.machine.formulas import Formulas
from wfc.backends.asl.machine.fuse import LARGEST_VALUE, after_exit, largest_value, required
from wfc.backends.asl.machine.problems import Problems
from wfc.backends.asl.machine.scope import Scope, Value, strict_names
from wfc.compiler.language import nodes as ir

STATE_INPUT: Final = "$states.input"
EXECUTION_INPUT: Final = "$states.context.Execution.Input"

# Up to these lengths a value is written out in the first state, in all places that use it, rather
# than computed once in a state in front of it.
_WRITTEN_TWICE: Final = 160
_WRITTEN_OFTEN: Final = 72


class Inputs:
    """``direct``: the first state has only the start in front of it. Otherwise, when nothing but
    unchanging parameters would need a state in front of the first one, they are read from the
    execution's input everywhere. ``settled`` are the parameters that the first state assigns, so
    that how defaults complete them is not repeated in the states behind it."""

    def __init__(
        self, workflow: ir.Workflow, flow: Flow, formulas: Formulas, problems: Problems
    ) -> None:
        self.formulas = formulas
        given = Conforming(formulas, problems).parameter
        self.parameters = {p.name: p for p in workflow.parameters}
        self.flow = flow
        self.fragments = {name: given(p, STATE_INPUT) for name, p in self.parameters.items()}
        self.completed = frozenset(
            name
            for name, fragment in self.fragments.items()
            if fragment.text != field(Fragment(STATE_INPUT), name).text
        )
        self._join_start()
        self.settled: frozenset[str] = frozenset()
        self.direct = len(flow.start.target.ins) == 1 and not self._needs_start()
        self.anywhere = self._read_anywhere()
        if self.anywhere:
            self.fragments = {n: given(p, EXECUTION_INPUT) for n, p in self.parameters.items()}
        elif not self.direct:
            self._leave_start()
        self.resident: dict[int, frozenset[str]] = self._residents()
        if self.completed and not self.anywhere and (self.direct or self._starts_in_pass()):
            self.settled = frozenset(filter(self._repeated, self.completed))
            self._residents()

    def at_start(self) -> Scope:
        return Scope(dict(self.fragments))

    def at(self, vertex: Vertex) -> Scope:
        """What variables hold on arrival at a vertex."""
        names = self.parameters if self.anywhere else self.resident[id(vertex)]
        return Scope({name: self.fragments[name] for name in self.parameters if name in names})

    def kept(self, target: Vertex, name: str, value: Value) -> bool:
        """Whether the target finds the value where it is."""
        here = self.anywhere or name in self.resident[id(target)]
        return here and self.fragments.get(name) is value

    def add(self, vertex: Vertex, edge: Edge, rest: list[Update]) -> None:
        """A new Pass on an edge: the input passes through it."""
        if edge.source is None:
            self.resident[id(vertex)] = frozenset(self.parameters)
            return
        self.resident[id(vertex)] = self._along(edge, edge.updates[: len(edge.updates) - len(rest)])

    def _join_start(self) -> None:
        """What happens before the first state is written out in it, if only that leads there."""
        entry = self.flow.start.target
        if len(entry.ins) == 1:
            entry.entry[:0] = self.flow.start.updates
            self.flow.start.updates.clear()

    def _leave_start(self) -> None:
        """What happens before the first state happens in a Pass."""
        entry = self.flow.start.target
        self.flow.start.updates += entry.entry
        if len(entry.ins) == 1:
            entry.entry = []

    def _needs_start(self) -> bool:
        """Whether writing out values in the first state would repeat long expressions, or evaluate
        one that may fail too late."""
        vertex = self.flow.start.target
        if any(update.raises for update in vertex.entry) and not _evaluates(vertex):
            return True
        if largest_value(vertex.entry) > LARGEST_VALUE:
            return True
        later = after_exit(self.flow, vertex)
        lengths = [
            self._length(update)
            for update in vertex.entry
            if self.flow.mask(update.defines) & later
        ]
        if not isinstance(vertex.exit, Choice):
            return max(lengths, default=0) > _WRITTEN_TWICE
        kept = {name for update in vertex.entry for name in update.defines}
        needed = set(self.flow.names(required(self.flow, vertex) | later)) - kept
        lengths += [
            len(fragment.text) for name, fragment in self.fragments.items() if name in needed
        ]
        return max(lengths, default=0) > _WRITTEN_OFTEN

    def _length(self, update: Update) -> int:
        """How long the expressions of an update are."""
        total = 0
        for _, source in update.values:
            if not isinstance(source, Raised | Copied | Result | Caught):
                total += len(str(self.formulas.field(source, Scope())))
        return total

    def _read_anywhere(self) -> bool:
        entry = self.flow.start.target
        if self.direct or self.flow.start.updates or entry.entry or len(entry.ins) == 1:
            return False
        changed = {name for vertex in self.flow.vertices for name in _defined(vertex)}
        needed = set(self.flow.names(required(self.flow, self.flow.start.target)))
        return bool(needed) and needed <= self.parameters.keys() and not changed & needed

    def _residents(self) -> dict[int, frozenset[str]]:
        """The parameters that every way to a vertex leaves in the input and unchanged."""
        everything = frozenset(self.parameters)
        self.resident = {id(vertex): everything for vertex in self.flow.vertices}
        moving = True
        while moving:
            moving = False
            for vertex in self.flow.vertices:
                found = everything
                for edge in vertex.ins:
                    found &= self._along(edge, edge.updates)
                if found != self.resident[id(vertex)]:
                    self.resident[id(vertex)] = found
                    moving = True
        return self.resident

    def _starts_in_pass(self) -> bool:
        """Whether variables have to be there before the first state."""
        start = self.flow.start
        needed = set(self.flow.names(required(self.flow, start.target)))
        moved = needed & self.parameters.keys() - self.resident[id(start.target)]
        return bool(start.updates or moved)

    def _repeated(self, name: str) -> bool:
        """Whether several states behind the first one would take it from the input."""
        mask, first = self.flow.mask({name}), self.flow.start.target
        behind = [vertex for vertex in self.flow.vertices if vertex is not first or not self.direct]
        found = [
            n for n in behind if name in self.resident[id(n)] and mask & required(self.flow, n)
        ]
        return len(found) > 1

    def _along(self, edge: Edge, updates: Iterable[Update]) -> frozenset[str]:
        changed = {name for update in updates for name in update.defines}
        if edge.source is None:
            return frozenset(self.parameters) - changed - (set() if self.direct else self.settled)
        if not _passes_input(edge.source):
            return frozenset()
        changed |= {name for update in edge.source.entry for name in update.defines}
        return self.resident[id(edge.source)] - changed - self.settled


def _evaluates(vertex: Vertex) -> bool:
    """Whether the state evaluates every value in front of it that may fail, before anything
    happens, and nothing would catch the failure."""
    names = {n for update in vertex.entry if update.raises for n in update.defines}
    match vertex.exit:
        case Task(ir.StepCall() | ir.WorkflowCall() as call, catches=[]):
            values = [argument.value for argument in call.args]
        case Choice([first, *_]):
            values = [first.test]
        case Task() | Choice() | Relay() | Output() | Failure() | Unset():
            return False
        case _:
            assert_never(vertex.exit)
    return names <= strict_names(*values)


def _passes_input(vertex: Vertex) -> bool:
    """Whether a state's output is its input: Choice, Wait and Pass without an Output."""
    match vertex.exit:
        case Choice() | Relay() | Task(ir.Sleep()):
            return True
        case Task() | Output() | Failure() | Unset():
            return False
        case _:
            assert_never(vertex.exit)


def _defined(vertex: Vertex) -> set[str]:
    updates = [*vertex.entry, *(update for edge in vertex.outs() for update in edge.updates)]
    return {name for update in updates for name in update.defines}

"""Names and comments of states, in the words of the source."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import assert_never

from wfc.backends.asl.machine.flow import (
    Arm,
    Choice,
    Failure,
    Output,
    Relay,
    Task,
    Unset,
    Update,
    Vertex,
)
from wfc.backends.asl.machine.names import StateNames, shortened, words
from wfc.backends.asl.machine.wording import Wording
from wfc.compiler.diagnostics.span import NOWHERE, Span
from wfc.compiler.language import nodes as ir


class Titles:
    """Names and comments for the states of one workflow.

    Args:
        failing: the sites whose errors each variable holds; "" for one that is raised.
        locations: end comments with file and line.
    """

    def __init__(
        self,
        module: ir.Module,
        workflow: ir.Workflow,
        failing: Mapping[str, Collection[str]],
        *,
        locations: bool,
    ) -> None:
        self.module = module
        self.locations = locations
        self.wording = Wording(module, workflow)
        self.steps: Mapping[str, str] = {
            definition.name: definition.docstring
            for definition in (*module.steps, *module.workflows)
        }
        self.errors = {error.name: error.docstring for error in module.errors}
        self.failing = failing
        self._names = StateNames()
        self._relays: dict[int, tuple[Update, ...]] = {}
        self._given: dict[int, str] = {}

    def add(self, vertex: Vertex, updates: list[Update]) -> None:
        """A Pass that makes these updates."""
        self._relays[id(vertex)] = tuple(updates)

    def of(self, vertex: Vertex) -> str:
        """The name of a vertex's state; unique."""
        if id(vertex) not in self._given:
            self._given[id(vertex)] = self._names.new(self._wanted(vertex))
        return self._given[id(vertex)]

    def _wanted(self, vertex: Vertex) -> str:
        match vertex.exit:
            case Task(operation):
                return words(operation.site)
            case Choice(arms, _, origin, kind):
                return self._decision(arms, origin, kind)
            case Output():
                return "Return"
            case Failure(str(error)):
                return words(error)
            case Failure(again=str(again)):
                return self._failure(again)
            case Relay(following):
                return self._assignment(vertex, list(following.updates))
            case Failure() | Unset():
                return "Fail"
            case _:
                assert_never(vertex.exit)

    def _failure(self, variable: str) -> str:
        """``Credit merchant failed``; an error from several places has the name of its variable."""
        sites = self.failing.get(variable, ())
        if len(sites) == 1 and "" not in sites:
            return f"{words(min(sites))} failed"
        return f"Raise {words(variable).lower()}"

    def _decision(self, arms: list[Arm], origin: ir.Stmt, kind: str) -> str:
        if kind == "error" and isinstance(arms[0].origin, ir.Handler):
            text = f"If the error is {' or '.join(arms[0].origin.errors)}"
        elif isinstance(origin, ir.For):
            target = ", ".join(origin.target.names)
            text = f"For {target} in {self.wording.text(origin.iterable)}"
        else:
            word = "While" if kind == "while" else "If"
            text = f"{word} {self.wording.text(arms[0].test)}"
        return shortened(text)

    def _assignment(self, vertex: Vertex, updates: list[Update]) -> str:
        names = [name for update in updates for name, _ in update.values]
        shown = [name for name in dict.fromkeys(names) if self.wording.known(name)]
        if not shown:
            hidden = [ir.Name(name) for name in names if self.wording.stands_for_text(name)]
            return shortened(f"Compute {self.wording.text(hidden[0])}") if hidden else "Start"
        if len(shown) > 3:
            return f"Set {', '.join(shown[:2])} and others"
        return f"Set {' and '.join(filter(None, [', '.join(shown[:-1]), shown[-1]]))}"

    # Comments

    def comment(self, vertex: Vertex) -> str:
        origin = self.origin(vertex)
        parts = [self._said(vertex, origin)]
        if self.locations and origin is not None and origin.span != NOWHERE:
            parts.append(f"source: {self.module.path}:{origin.span.line}")
        return " ".join(part for part in parts if part)

    def _said(self, vertex: Vertex, origin: ir.Node | None) -> str:
        written = _comment(origin)
        if written:
            return written
        # partial: nothing is said of other states
        match vertex.exit:
            case Task(ir.StepCall(step=name)) | Task(ir.WorkflowCall(workflow=name)):
                return _first_line(self.steps.get(name, ""))
            case Failure(str(error)):
                return _first_line(self.errors.get(error, ""))
        return ""

    def rule_comment(self, arm: Arm) -> str:
        return _comment(arm.origin)

    def origin(self, vertex: Vertex) -> ir.Node | None:
        """The statement that a state comes from."""
        match vertex.exit:
            case Task(operation):
                return operation
            case Choice(_, _, origin) | Output(_, origin) | Failure(_, _, _, origin):
                return origin
            case Relay(following):
                updates = self._relays.get(id(vertex)) or tuple(following.updates)
                return updates[0].origin if updates else None
            case Unset():
                return None
            case _:
                assert_never(vertex.exit)

    def place(self, vertex: Vertex) -> Span:
        origin = self.origin(vertex)
        return origin.span if origin is not None else NOWHERE


def _comment(origin: ir.Node | None) -> str:
    """The comment above a statement, else the one at its end."""
    if not isinstance(origin, ir.Stmt):
        return ""
    return " ".join((origin.comment or origin.trailing).split())


def _first_line(docstring: str) -> str:
    lines = docstring.strip().splitlines()
    return lines[0].strip() if lines else ""

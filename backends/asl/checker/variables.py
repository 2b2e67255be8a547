"""Variables: names, scopes, and that each is assigned before it is read (ASL-R19, R20, R31, R34 to
R38, R40)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from wfc.backends.asl.checker.expressions import Read
from wfc.backends.asl.checker.flow import (
    assignments,
    edges,
    inner_scopes,
    is_distributed,
    states_of,
)
from wfc.backends.asl.checker.report import JsonObject, Report, objects, step
from wfc.compiler.data.struct import MutableStruct, Struct, field
from wfc.grammar.jsonata_scope import FUNCTIONS


class _Names(MutableStruct):
    """Gives each variable a bit, so that a set of variables is an int."""

    bits: dict[str, int] = field(factory=dict)

    def of(self, name: str) -> int:
        return self.bits.setdefault(name, 1 << len(self.bits))


_NONE: Final = 0


class _Outer(Struct):
    """What an inner scope finds: variables that are surely assigned (``must``) or assigned on some
    path (``may``) when it is entered, all that scopes around it have assigned by then (``before``)
    or assign at all (``ever``), and those that a Distributed Map hides."""

    must: int = _NONE
    may: int = _NONE
    before: int = _NONE
    ever: int = _NONE
    hidden: int = _NONE


def check_variables(machine: JsonObject, reads: Mapping[str, list[Read]], report: Report) -> None:
    """``reads`` are what each state needs, by the state's pointer."""
    _Checker(reads, report).scope(machine, "", _Outer())


class _Checker:
    def __init__(self, reads: Mapping[str, list[Read]], report: Report) -> None:
        self.reads = reads
        self.report = report
        self.names = _Names()

    def scope(self, scope: JsonObject, path: str, outer: _Outer) -> None:
        states = states_of(scope)
        start = scope.get("StartAt")
        places = {name: step(path, "States", name) for name in states}
        own = _NONE
        for name, state in states.items():
            own |= self.assigned(state, places[name], outer)
        if start not in states:
            return
        flow = _Flow(states, str(start), self.variables_of)
        flow.solve(outer.must, outer.may)
        for name, state in states.items():
            if name not in flow.must:
                continue
            must, may = flow.must[name], flow.may[name]
            for read in self.reads.get(places[name], ()):
                self.read(read, must, may, outer.hidden)
            if state.get("Type") in ("Map", "Parallel"):
                before, ever = outer.before | may, outer.ever | own
                inner = _Outer(must, may, before, ever, outer.hidden)
                if is_distributed(state):
                    inner = _Outer(hidden=outer.hidden | ever)
                for branch, branch_path in inner_scopes(state, places[name]):
                    self.scope(branch, branch_path, inner)

    def variables_of(self, assign: JsonObject) -> int:
        found = _NONE
        for key in assign:
            found |= self.names.of(_variable(key))
        return found

    def assigned(self, state: JsonObject, path: str, outer: _Outer) -> int:
        """All that a state assigns, on whatever way out; checks names and scopes."""
        owners = [(state, path)]
        for key in ("Choices", "Catch"):
            owners += objects(state.get(key), step(path, key))
        found = _NONE
        for owner, owner_path in owners:
            for key in assignments(owner):
                name = _variable(key)
                place = step(owner_path, "Assign", key)
                self.name(name, place)
                bit = self.names.of(name)
                found |= bit
                if outer.before & bit:
                    message = f"an outer scope has assigned {name!r}; an inner one cannot"
                    self.report.add("ASL-R35", place, message)
                elif outer.ever & bit:
                    message = f"an outer scope assigns {name!r} elsewhere; give it another name"
                    self.report.warn("ASL-R35", place, message)
        return found

    def name(self, name: str, path: str) -> None:
        if name == "states":
            self.report.add("ASL-R31", path, "$states is reserved")
        elif not _is_name(name):
            message = f"{name!r} is no variable name: a letter, then letters, digits and _"
            self.report.add("ASL-R31", path, message)
        elif len(name) > 80:
            message = f"a variable name has at most 80 characters, not {len(name)}"
            self.report.add("ASL-R31", path, message)

    def read(self, read: Read, must: int, may: int, hidden: int) -> None:
        bit = self.names.of(read.name)
        if read.call and read.name in FUNCTIONS:
            if may & bit:
                message = f"the variable {read.name!r} hides the function ${read.name}"
                self.report.add("ASL-R31", read.path, message)
            return
        if must & bit:
            return
        if may & bit:
            message = f"${read.name} is not assigned on every path that leads here"
            self.report.add("ASL-R40", read.path, message)
        elif hidden & bit:
            message = f"a Distributed Map cannot read ${read.name}; pass it with ItemSelector"
            self.report.add("ASL-R38", read.path, message)
        else:
            what = "there is no function" if read.call else "nothing assigns"
            rule = "ASL-R20" if read.language == "JSONata" else "ASL-R19"
            self.report.add(rule, read.path, f"{what} ${read.name} before this state")


def _variable(key: object) -> str:
    """The variable that a key of ``Assign`` names; JSONPath marks paths with ``.$``."""
    return str(key).removesuffix(".$")


def _is_name(name: str) -> bool:
    """Unicode ID_Start, then ID_Continue. Python's identifiers are that plus a leading ``_``."""
    return name.isidentifier() and not name.startswith("_")


class _Flow:
    """Forward data flow over one scope: which variables are assigned at the entry of each state."""

    def __init__(
        self,
        states: Mapping[str, JsonObject],
        start: str,
        variables_of: Callable[[JsonObject], int],
    ) -> None:
        self.start = start
        self.out: dict[str, list[tuple[str, int]]] = {}
        for name, state in states.items():
            self.out[name] = [
                (edge.target, variables_of(edge.assign))
                for edge in edges(state, "")
                if edge.target in states
            ]
        self.must: dict[str, int] = {}
        self.may: dict[str, int] = {}

    def solve(self, must: int, may: int) -> None:
        """Iterate in reverse postorder until nothing changes: one round more than loops nest."""
        self.must[self.start], self.may[self.start] = must, may
        order = self.order()
        changed = True
        while changed:
            changed = False
            for name in order:
                changed |= self.spread(name)

    def spread(self, name: str) -> bool:
        changed = False
        must, may = self.must[name], self.may[name]
        for target, assigned in self.out[name]:
            after_must, after_may = must | assigned, may | assigned
            if target in self.must:
                after_must &= self.must[target]
                after_may |= self.may[target]
            if (self.must.get(target), self.may.get(target)) != (after_must, after_may):
                self.must[target], self.may[target] = after_must, after_may
                changed = True
        return changed

    def order(self) -> list[str]:
        """Reverse postorder from the start."""
        finished: list[str] = []
        seen = {self.start}
        stack = [(self.start, iter(self.out[self.start]))]
        while stack:
            name, targets = stack[-1]
            for target, _ in targets:
                if target not in seen:
                    seen.add(target)
                    stack.append((target, iter(self.out[target])))
                    break
            else:
                finished.append(name)
                stack.pop()
        return finished[::-1]

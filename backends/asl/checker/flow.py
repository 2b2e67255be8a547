"""The graph of one scope: where its states go, and what that may not be."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from wfc.backends.asl.checker.report import MISSING, JsonObject, Report, objects, step
from wfc.backends.asl.checker.tables import ENDING
from wfc.compiler.data.struct import Struct


class Edge(Struct):
    """A transition to ``target``. ``assign`` is what happens on the way; ``path`` is the pointer of
    the field that names the target."""

    target: str
    assign: JsonObject
    path: str


def assignments(owner: JsonObject) -> JsonObject:
    """The ``Assign`` of a state, a Choice rule or a catcher; empty when there is none."""
    value = owner.get("Assign")
    return value if isinstance(value, Mapping) else {}


def edges(state: JsonObject, path: str) -> Iterator[Edge]:
    """Where a state goes: ``Next`` or ``Default`` with its own ``Assign``, Choice rules and
    catchers with theirs. A catcher's ``Assign`` replaces the state's (AWS documentation, "Passing
    data between states with variables")."""
    for key in ("Next", "Default"):
        target = state.get(key)
        if isinstance(target, str):
            yield Edge(target, assignments(state), step(path, key))
    for key in ("Choices", "Catch"):
        for item, item_path in objects(state.get(key), step(path, key)):
            target = item.get("Next")
            if isinstance(target, str):
                yield Edge(target, assignments(item), step(item_path, "Next"))


def ends(state: JsonObject) -> bool:
    return state.get("End") is True or state.get("Type") in ENDING


def states_of(scope: JsonObject) -> dict[str, JsonObject]:
    """The states of a machine, branch or processor that are objects."""
    states = scope.get("States")
    if not isinstance(states, Mapping):
        return {}
    return {name: state for name, state in states.items() if isinstance(state, Mapping)}


def inner_scopes(state: JsonObject, path: str) -> Iterator[tuple[JsonObject, str]]:
    """The branches of a Parallel, the processor of a Map, with their pointers."""
    if state.get("Type") == "Parallel":
        yield from objects(state.get("Branches"), step(path, "Branches"))
    if state.get("Type") == "Map":
        for key in ("ItemProcessor", "Iterator"):
            processor = state.get(key)
            if isinstance(processor, Mapping):
                yield processor, step(path, key)


def is_distributed(state: JsonObject) -> bool:
    """Whether a Map runs its items as child executions."""
    processor = state.get("ItemProcessor") or state.get("Iterator")
    config = processor.get("ProcessorConfig") if isinstance(processor, Mapping) else None
    return isinstance(config, Mapping) and config.get("Mode") == "DISTRIBUTED"


def check_scope(scope: JsonObject, path: str, report: Report) -> None:
    """ASL-R6, R7, R9 and R10 for one scope (nested ones excluded)."""
    states = states_of(scope)
    if not states:
        return
    places = step(path, "States")
    start = scope.get("StartAt")
    if not isinstance(start, str):
        report.add(MISSING, path, "StartAt is missing")
        return
    if start not in states:
        report.add("ASL-R6", step(path, "StartAt"), f"there is no state {start!r} to start at")
        return
    targets: dict[str, list[str]] = {}
    for name, state in states.items():
        targets[name] = reached = []
        for edge in edges(state, step(places, name)):
            if edge.target in states:
                reached.append(edge.target)
            else:
                report.add("ASL-R7", edge.path, f"there is no state {edge.target!r} to go to")
    reachable = _closure(start, targets)
    for name in states:
        if name not in reachable:
            report.add("ASL-R9", step(places, name), "no state leads here")
    if not any(ends(states[name]) for name in reachable):
        report.add("ASL-R10", places, "no state ends this scope")


def _closure(start: str, targets: Mapping[str, list[str]]) -> set[str]:
    seen = {start}
    pending = [start]
    while pending:
        for target in targets[pending.pop()]:
            if target not in seen:
                seen.add(target)
                pending.append(target)
    return seen


def check_names(machine: JsonObject, report: Report) -> None:
    """ASL-R3 and R4: the length of state names, and that they are unique over the machine."""
    first: dict[str, str] = {}
    pending: deque[tuple[JsonObject, str]] = deque([(machine, "")])
    while pending:
        scope, path = pending.popleft()
        for name, state in states_of(scope).items():
            place = step(path, "States", name)
            if not 1 <= len(name) <= 80:
                report.add("ASL-R3", place, f"a state name has 1 to 80 characters, not {len(name)}")
            if name in first:
                report.add("ASL-R4", place, f"another state has this name: {first[name]}")
            first.setdefault(name, place)
            pending.extend(inner_scopes(state, place))

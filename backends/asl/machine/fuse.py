"""Places assignments so that no state is needed for them, and makes one Choice of several.

An update between two states can be made where the first one ends (its ``Assign``), or be written
out where the second one uses it. Only when neither is possible it gets a Pass of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wfc.backends.asl.machine.flow import (
    Arm,
    Choice,
    Edge,
    Failure,
    Flow,
    Output,
    Relay,
    Update,
    Vertex,
    reached,
)
from wfc.backends.asl.machine.scope import size
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

# Sizes are numbers of expressions.
_COPIED_TOTAL: Final = 40
_BEFORE_TEST: Final = 16
_REPEATED_TEST: Final = 6


# A value is written out where it is used as long as it has no more expressions than this.
LARGEST_VALUE: Final = 160


def fuse(flow: Flow) -> None:
    """Decide for every vertex where the updates in front of it happen, then merge Choices."""
    for vertex in list(flow.vertices):
        if vertex.entry:
            _place(flow, vertex)
    for vertex in flow.vertices:
        if isinstance(vertex.exit, Choice) and vertex.ins:
            _merge(vertex, vertex.exit)
    flow.vertices = reached(flow.start)


def _place(flow: Flow, vertex: Vertex) -> None:
    raising = any(update.raises for update in vertex.entry)
    if len(vertex.ins) == 1 and vertex.ins[0].source is None:
        return
    large = largest_value(vertex.entry) > LARGEST_VALUE
    if isinstance(vertex.exit, Output | Failure) and not raising and not large:
        return
    if len(vertex.ins) == 1:
        _push(vertex)
        return
    if large:
        _relay(flow, vertex)
        return
    if not raising and not _defined(flow, vertex.entry) & after_exit(flow, vertex):
        return
    if sum(update.size for update in vertex.entry) * len(vertex.ins) <= _COPIED_TOTAL:
        _push(vertex)
        return
    if raising or len(list(vertex.outs())) > 1:
        _relay(flow, vertex)


def largest_value(updates: Iterable[Update]) -> int:
    """The size of the largest value when earlier values are written out in later ones."""
    sizes: dict[str, int] = {}
    largest = 0
    for update in updates:
        new = update.size + sum(sizes.get(name, 0) for name in update.reads)
        largest = max(largest, new)
        sizes.update(dict.fromkeys(update.defines, new))
    return largest


def _push(vertex: Vertex) -> None:
    """The updates happen on every way in."""
    for edge in vertex.ins:
        edge.updates += vertex.entry
    vertex.entry = []


def _relay(flow: Flow, vertex: Vertex) -> None:
    """The updates happen in a state of their own."""
    relay = Vertex((*vertex.order[:2], -1), live=required(flow, vertex))
    for edge in vertex.ins:
        edge.target = relay
    relay.ins, vertex.ins = vertex.ins, []
    edge = Edge(relay, vertex, vertex.entry)
    vertex.entry = []
    vertex.ins.append(edge)
    relay.exit = Relay(edge)
    flow.vertices.append(relay)


def _defined(flow: Flow, updates: Iterable[Update]) -> int:
    return flow.mask({name for update in updates for name in update.defines})


def required(flow: Flow, vertex: Vertex) -> int:
    """The variables that have to be there when the vertex is reached."""
    return before(flow, vertex.entry, vertex.live)


def before(flow: Flow, updates: Iterable[Update], live: int) -> int:
    """What is live before updates, given what is live after them."""
    for update in reversed(list(updates)):
        defined = _defined(flow, [update])
        if defined & live or update.raises:
            live = live & ~defined | flow.mask(update.reads)
    return live


def after_exit(flow: Flow, vertex: Vertex) -> int:
    """The variables that are live after the exit of a vertex, whatever way is taken."""
    live = 0
    for edge in vertex.outs():
        live |= before(flow, edge.updates, required(flow, edge.target))
    return live


# --- Choices --------------------------------------------------------------------------------------


def _merge(vertex: Vertex, choice: Choice) -> None:
    if choice.kind != "if":
        return
    while _take_default(vertex, choice) or _take_last_arm(vertex, choice):
        pass


def _inner(vertex: Vertex, edge: Edge) -> Choice | None:
    """The Choice behind an edge, if nothing else leads to it."""
    target = edge.target
    if target is vertex or len(target.ins) != 1 or not isinstance(target.exit, Choice):
        return None
    return target.exit if target.exit.kind in ("if", "error") else None


def _take_default(vertex: Vertex, choice: Choice) -> bool:
    """``else: if``: the inner arms follow the outer ones."""
    inner = _inner(vertex, choice.default)
    if inner is None:
        return False
    between = choice.default.updates + choice.default.target.entry
    small = sum(update.size for update in between) <= _BEFORE_TEST
    if any(update.raises for update in between) or not small:
        return False
    choice.default.target.ins.clear()
    for arm in inner.arms:
        edge = _moved(arm.edge, vertex, between)
        choice.arms.append(Arm(arm.test, edge, arm.origin, between + arm.before))
    choice.default = _moved(inner.default, vertex, between)
    return True


def _take_last_arm(vertex: Vertex, choice: Choice) -> bool:
    """``if a: if b:`` where not b leads where not a leads: ``if a and b:``"""
    last = choice.arms[-1]
    inner = _inner(vertex, last.edge)
    if inner is None or last.edge.updates or last.edge.target.entry or last.before:
        return False
    same_end = inner.default.target is choice.default.target
    if not same_end or inner.default.updates or choice.default.updates:
        return False
    if len(inner.arms) > 1 and size(last.test) > _REPEATED_TEST:
        return False
    if any(arm.before for arm in inner.arms):
        return False
    inner.default.target.ins.remove(inner.default)
    last.edge.target.ins.clear()
    choice.arms.pop()
    for arm in inner.arms:
        test = ir.Boolean("and", (last.test, arm.test), type=t.BOOL, span=last.test.span)
        choice.arms.append(Arm(test, _moved(arm.edge, vertex, []), arm.origin))
    return True


def _moved(edge: Edge, source: Vertex, updates: list[Update]) -> Edge:
    moved = Edge(source, edge.target, updates + edge.updates)
    edge.target.ins[edge.target.ins.index(edge)] = moved
    return moved


def looping(vertices: Iterable[Vertex]) -> set[int]:
    """The vertices that control can come back to, by identity (Tarjan's components, without
    recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[Vertex] = []
    on_stack: set[int] = set()
    found: set[int] = set()
    for root in vertices:
        if id(root) in index:
            continue
        work = [(root, iter([edge.target for edge in root.outs()]))]
        index[id(root)] = low[id(root)] = len(index)
        stack.append(root)
        on_stack.add(id(root))
        while work:
            vertex, successors = work[-1]
            for target in successors:
                if id(target) not in index:
                    index[id(target)] = low[id(target)] = len(index)
                    stack.append(target)
                    on_stack.add(id(target))
                    work.append((target, iter([edge.target for edge in target.outs()])))
                    break
                if id(target) in on_stack:
                    low[id(vertex)] = min(low[id(vertex)], index[id(target)])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[id(parent)] = min(low[id(parent)], low[id(vertex)])
                if low[id(vertex)] == index[id(vertex)]:
                    found |= _component(vertex, stack, on_stack)
    return found


def _component(root: Vertex, stack: list[Vertex], on_stack: set[int]) -> set[int]:
    component: list[Vertex] = []
    while True:
        vertex = stack.pop()
        on_stack.discard(id(vertex))
        component.append(vertex)
        if vertex is root:
            break
    if len(component) > 1 or any(edge.target is root for edge in root.outs()):
        return {id(vertex) for vertex in component}
    return set()

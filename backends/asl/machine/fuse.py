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
    Node,
    Output,
    Relay,
    Update,
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
    """Decide for every node where the updates in front of it happen, then merge Choices."""
    for node in list(flow.nodes):
        if node.entry:
            _place(flow, node)
    for node in flow.nodes:
        if isinstance(node.exit, Choice) and node.ins:
            _merge(node, node.exit)
    flow.nodes = reached(flow.start)


def _place(flow: Flow, node: Node) -> None:
    raising = any(update.raises for update in node.entry)
    if len(node.ins) == 1 and node.ins[0].source is None:
        return
    large = largest_value(node.entry) > LARGEST_VALUE
    if isinstance(node.exit, Output | Failure) and not raising and not large:
        return
    if len(node.ins) == 1:
        _push(node)
        return
    if large:
        _relay(flow, node)
        return
    if not raising and not _defined(flow, node.entry) & after_exit(flow, node):
        return
    if sum(update.size for update in node.entry) * len(node.ins) <= _COPIED_TOTAL:
        _push(node)
        return
    if raising or len(list(node.outs())) > 1:
        _relay(flow, node)


def largest_value(updates: Iterable[Update]) -> int:
    """The size of the largest value when earlier values are written out in later ones."""
    sizes: dict[str, int] = {}
    largest = 0
    for update in updates:
        new = update.size + sum(sizes.get(name, 0) for name in update.reads)
        largest = max(largest, new)
        sizes.update(dict.fromkeys(update.defines, new))
    return largest


def _push(node: Node) -> None:
    """The updates happen on every way in."""
    for edge in node.ins:
        edge.updates += node.entry
    node.entry = []


def _relay(flow: Flow, node: Node) -> None:
    """The updates happen in a state of their own."""
    relay = Node((*node.order[:2], -1), live=required(flow, node))
    for edge in node.ins:
        edge.target = relay
    relay.ins, node.ins = node.ins, []
    edge = Edge(relay, node, node.entry)
    node.entry = []
    node.ins.append(edge)
    relay.exit = Relay(edge)
    flow.nodes.append(relay)


def _defined(flow: Flow, updates: Iterable[Update]) -> int:
    return flow.mask({name for update in updates for name in update.defines})


def required(flow: Flow, node: Node) -> int:
    """The variables that have to be there when the node is reached."""
    return before(flow, node.entry, node.live)


def before(flow: Flow, updates: Iterable[Update], live: int) -> int:
    """What is live before updates, given what is live after them."""
    for update in reversed(list(updates)):
        defined = _defined(flow, [update])
        if defined & live or update.raises:
            live = live & ~defined | flow.mask(update.reads)
    return live


def after_exit(flow: Flow, node: Node) -> int:
    """The variables that are live after the exit of a node, whatever way is taken."""
    live = 0
    for edge in node.outs():
        live |= before(flow, edge.updates, required(flow, edge.target))
    return live


# --- Choices --------------------------------------------------------------------------------------


def _merge(node: Node, choice: Choice) -> None:
    if choice.kind != "if":
        return
    while _take_default(node, choice) or _take_last_arm(node, choice):
        pass


def _inner(node: Node, edge: Edge) -> Choice | None:
    """The Choice behind an edge, if nothing else leads to it."""
    target = edge.target
    if target is node or len(target.ins) != 1 or not isinstance(target.exit, Choice):
        return None
    return target.exit if target.exit.kind in ("if", "error") else None


def _take_default(node: Node, choice: Choice) -> bool:
    """``else: if``: the inner arms follow the outer ones."""
    inner = _inner(node, choice.default)
    if inner is None:
        return False
    between = choice.default.updates + choice.default.target.entry
    small = sum(update.size for update in between) <= _BEFORE_TEST
    if any(update.raises for update in between) or not small:
        return False
    choice.default.target.ins.clear()
    for arm in inner.arms:
        edge = _moved(arm.edge, node, between)
        choice.arms.append(Arm(arm.test, edge, arm.origin, between + arm.before))
    choice.default = _moved(inner.default, node, between)
    return True


def _take_last_arm(node: Node, choice: Choice) -> bool:
    """``if a: if b:`` where not b leads where not a leads: ``if a and b:``"""
    last = choice.arms[-1]
    inner = _inner(node, last.edge)
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
        choice.arms.append(Arm(test, _moved(arm.edge, node, []), arm.origin))
    return True


def _moved(edge: Edge, source: Node, updates: list[Update]) -> Edge:
    moved = Edge(source, edge.target, updates + edge.updates)
    edge.target.ins[edge.target.ins.index(edge)] = moved
    return moved


def looping(nodes: Iterable[Node]) -> set[int]:
    """The nodes that control can come back to, by identity (Tarjan's components, without
    recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[Node] = []
    on_stack: set[int] = set()
    found: set[int] = set()
    for root in nodes:
        if id(root) in index:
            continue
        work = [(root, iter([edge.target for edge in root.outs()]))]
        index[id(root)] = low[id(root)] = len(index)
        stack.append(root)
        on_stack.add(id(root))
        while work:
            node, successors = work[-1]
            for target in successors:
                if id(target) not in index:
                    index[id(target)] = low[id(target)] = len(index)
                    stack.append(target)
                    on_stack.add(id(target))
                    work.append((target, iter([edge.target for edge in target.outs()])))
                    break
                if id(target) in on_stack:
                    low[id(node)] = min(low[id(node)], index[id(target)])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[id(parent)] = min(low[id(parent)], low[id(node)])
                if low[id(node)] == index[id(node)]:
                    found |= _component(node, stack, on_stack)
    return found


def _component(root: Node, stack: list[Node], on_stack: set[int]) -> set[int]:
    component: list[Node] = []
    while True:
        node = stack.pop()
        on_stack.discard(id(node))
        component.append(node)
        if node is root:
            break
    if len(component) > 1 or any(edge.target is root for edge in root.outs()):
        return {id(node) for node in component}
    return set()

"""An exit or an action that the state graph does not know stops what reads graphs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.house.test_unknown_nodes import GUARD, MAGIC, N
from wfc.backends.asl.machine.failures import with_dispatch
from wfc.backends.asl.machine.flow import exit_reads, flow_of
from wfc.compiler.data.struct import Struct
from wfc.compiler.graph.model import BasicBlock, Branch, Case, Goto, Graph, Leave, node_of, targets
from wfc.compiler.graph.thread import threaded
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import UnknownNode
from wfc.compiler.language.nodes import types as t


class Vanish(Struct):
    """An exit that nobody knows."""

    target: int


EXIT: Any = Vanish(1)
SET = ir.Assign("done", ir.Constant(True, type=t.BOOL), t.BOOL)
DONE = ir.Name("done", type=t.BOOL)
END = BasicBlock(1, (), Leave(N, ir.Return(N)))


def graph(*blocks: BasicBlock) -> Graph:
    return Graph((*blocks, END))


def flow(given: Graph) -> object:
    return flow_of(given, {"done": t.BOOL, "n": t.INT}, lambda _: False)


def threaded_graph(given: Graph) -> object:
    blocks = {block.id: block for block in given.blocks}
    return threaded(blocks, set())


UNKNOWN_EXIT = graph(BasicBlock(0, (SET,), Goto(2)), BasicBlock(2, (), EXIT))
UNKNOWN_ACTION = graph(BasicBlock(0, (SET, GUARD), Goto(1)))
UNKNOWN_VALUE = graph(BasicBlock(0, (ir.Assign("n", MAGIC, t.INT),), Goto(1)))
IF = ir.If(DONE, ())
UNKNOWN_TEST = graph(BasicBlock(0, (), Branch((Case(MAGIC, 1, IF),), 1, IF)))


@pytest.mark.parametrize(
    "call",
    [
        lambda: list(targets(EXIT)),
        lambda: node_of(EXIT),
        lambda: exit_reads(EXIT),
        lambda: threaded_graph(UNKNOWN_EXIT),
        lambda: threaded_graph(UNKNOWN_ACTION),
        lambda: flow(UNKNOWN_EXIT),
        lambda: flow(UNKNOWN_ACTION),
        lambda: flow(UNKNOWN_VALUE),
        lambda: flow(UNKNOWN_TEST),
    ],
)
def test_what_reads_graphs_stops_at_what_it_does_not_know(call: Callable[[], object]) -> None:
    with pytest.raises((AssertionError, UnknownNode)):
        call()


def test_what_tells_errors_apart_hands_other_exits_on() -> None:
    module = ir.Module(name="flow", path="flow.py")
    after = with_dispatch(module, UNKNOWN_EXIT, str)
    assert [block.exit for block in after.blocks] == [b.exit for b in UNKNOWN_EXIT.blocks]

"""Control that comes to a test whose outcome is already known goes straight on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import assert_never

from wfc.compiler.data.struct import replace
from wfc.compiler.graph.model import (
    BasicBlock,
    BlockId,
    Branch,
    Goto,
    Leave,
    Perform,
    SetError,
    Throw,
)
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import bound

Known = Mapping[str, bool]


def threaded(
    blocks: Mapping[BlockId, BasicBlock], heads: Collection[BlockId]
) -> dict[BlockId, BasicBlock]:
    """The blocks, where one that sets a variable to True or False and goes on to a test of it goes
    on to what the test leads to, as in ``while a and step():`` when ``a`` does not hold.

    Args:
        heads: blocks with the test of a loop. Nothing enters a loop but through its test.
    """
    found: dict[BlockId, BasicBlock] = {}
    for id_, block in blocks.items():
        if isinstance(block.exit, Goto) and (known := _constants(block)):
            block = replace(block, exit=Goto(_end(blocks, heads, block.exit.target, known)))
        found[id_] = block
    return found


def _constants(block: BasicBlock) -> dict[str, bool]:
    """The variables that are True or False at the end of the block."""
    known: dict[str, bool] = {}
    for action in block.actions:
        for name in (action.target,) if isinstance(action, SetError) else bound(action):
            known.pop(name, None)
        match action:
            case ir.Assign(target, ir.Constant(bool() as value)):
                known[target] = value
    return known


def _end(
    blocks: Mapping[BlockId, BasicBlock], heads: Collection[BlockId], start: BlockId, known: Known
) -> BlockId:
    """Where control comes to, past empty blocks and the tests whose outcome is known."""
    target, seen = start, {start}
    while not blocks[target].actions:
        following = _next(blocks[target], known, target in heads)
        if following is None or following in seen:
            break
        target = following
        seen.add(target)
    return target


def _next(block: BasicBlock, known: Known, head: bool) -> BlockId | None:
    match block.exit:
        case Goto(target):
            return target
        case Branch(cases, default):
            for case in cases:
                outcome = _outcome(case.test, known)
                if outcome is None or (outcome and head):
                    return None
                if outcome:
                    return case.target
            return default
        case Perform() | Leave() | Throw():
            return None
        case _:
            assert_never(block.exit)


def _outcome(test: ir.Expr, known: Known) -> bool | None:
    # partial: only the truth of a variable is known before
    match test:
        case ir.Name(name):
            return known.get(name)
        case ir.Unary("not", ir.Name(name)) if name in known:
            return not known[name]
    return None

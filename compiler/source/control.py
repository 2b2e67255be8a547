"""Branches and loops."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Final

from wfc.compiler.data.struct import MutableStruct, replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.inference.rules import iteration
from wfc.compiler.language.nodes import types as t
from wfc.compiler.source import anf
from wfc.compiler.source.comprehensions import read_target
from wfc.compiler.source.flow import Layer, Variable, depth, join
from wfc.compiler.source.frame import Frame, LoopScope
from wfc.compiler.source.narrowing import facts_of

BlockReader = Callable[[Frame, Sequence[ast.stmt]], None]

# A type that is still growing after so many readings of a loop is given up for Any.
_MOST_READINGS: Final = 6
_DEEPEST_TYPE: Final = 8


class _Arm(MutableStruct, eq=False):
    """One test of an if/elif chain. ``out`` is the block that holds its If."""

    node: ast.If
    test: ir.Expr
    then: ir.Block
    out: list[ir.Statement]
    first: int
    base: Layer
    ends: list[Layer]


def read_if(frame: Frame, node: ast.If, read_block: BlockReader) -> None:
    """``if``/``elif``/``else``; a long chain is read without recursion."""
    out, layer = frame.out, frame.layer
    arms: list[_Arm] = []
    current = node
    while True:
        current = _split_test(frame, current)
        first = len(frame.out)
        test = frame.read(current.test)
        base = frame.layer
        then_layer = base.child(facts_of(frame, test, True))
        else_layer = base.child(facts_of(frame, test, False))
        with frame.branch(then_layer) as then:
            read_block(frame, current.body)
        ends = [then_layer, else_layer]
        arms.append(_Arm(current, test, tuple(then), frame.out, first, base, ends))
        frame.out, frame.layer = [], else_layer
        match current.orelse:
            case [ast.If() as following]:
                current = following
            case _:
                read_block(frame, current.orelse)
                comment_else(frame, current, current.orelse)
                break
    orelse = tuple(frame.out)
    for arm in reversed(arms):
        arm.base.merge(arm.ends)
        statement = ir.If(arm.test, arm.then, orelse, span=frame.span(arm.node))
        arm.out.append(statement)
        if arm is not arms[0]:
            _comment_elif(frame, arm)
        orelse = tuple(arm.out)
    frame.out, frame.layer = out, layer


def comment_else(frame: Frame, node: ast.stmt, block: Sequence[ast.stmt]) -> None:
    """The comments of an ``else:`` go to the first statement of its block, which has been read."""
    if not block or not frame.out or not frame.text.comments:
        return
    text = frame.text
    column = text.column(node.lineno, node.col_offset) - 1
    comment = text.comments_of_else(block[0].lineno, column)
    if comment:
        first = frame.out[0]
        frame.out[0] = replace(first, comment="\n".join(filter(None, [comment, first.comment])))


def _comment_elif(frame: Frame, arm: _Arm) -> None:
    text = frame.text
    if not text.comments:
        return
    node = arm.node
    comment = text.comments_above(node.lineno, text.column(node.lineno, node.col_offset) - 1)
    trailing = text.comment_at(node.test.end_lineno or node.lineno)
    if comment:
        arm.out[0] = replace(arm.out[0], comment=comment)
    if trailing:
        arm.out[-1] = replace(arm.out[-1], trailing=trailing)


def _split_test(frame: Frame, node: ast.If) -> ast.If:
    """``if a and f(x): ...`` without else is ``if a: if f(x): ...``."""
    test = node.test
    if node.orelse or not isinstance(test, ast.BoolOp) or not isinstance(test.op, ast.And):
        return node
    effects = [i for i, value in enumerate(test.values) if i and frame.effectful(value)]
    if not effects:
        return node
    outer = anf.part(frame, test, test.values[: effects[0]])
    rest = anf.part(frame, test, test.values[effects[0] :])
    inner = ast.copy_location(ast.If(rest, node.body, []), rest)
    inner.end_lineno, inner.end_col_offset = node.end_lineno, node.end_col_offset
    made = ast.copy_location(ast.If(outer, [inner], []), node)
    frame.keep(made)
    return made


# --- Loops ------------------------------------------------------------------------------------


class _Reading(MutableStruct, eq=False):
    """One reading of a loop: the ends that lead back to its head, those that leave it, and the
    statement."""

    back: list[Layer]
    ends: list[Layer]
    statement: ir.Statement


def read_while(frame: Frame, node: ast.While, read_block: BlockReader) -> None:
    """``while``, with the operations of its test in a prelude."""

    def read(head: Layer) -> _Reading:
        frame.layer = head
        with frame.branch(head) as prelude:
            test = frame.read(node.test)
        scope = LoopScope()
        body_layer = head.child(facts_of(frame, test, True))
        exit_layer = head.child(facts_of(frame, test, False))
        frame.loops.append(scope)
        with frame.branch(body_layer) as body:
            read_block(frame, node.body)
        frame.loops.pop()
        if isinstance(test, ir.Constant) and test.value:
            exit_layer.live = False
        with frame.branch(exit_layer) as orelse:
            read_block(frame, node.orelse)
            comment_else(frame, node, node.orelse)
        statement = ir.While(
            test, tuple(body), tuple(orelse), tuple(prelude), span=frame.span(node)
        )
        return _Reading([body_layer, *scope.continues], [exit_layer, *scope.breaks], statement)

    _read_loop(frame, node, read)


def read_for(frame: Frame, node: ast.For, read_block: BlockReader) -> None:
    """``for`` over a list, a range or another builtin iterable."""
    iterable = frame.read(node.iter)
    target = read_target(frame, node.target, iterable)
    judgement = iteration(frame.module, iterable, len(target.names), target.unpack)
    frame.note_errors(iterable, judgement.raises, [iterable])

    def read(head: Layer) -> _Reading:
        scope = LoopScope()
        body_layer = head.child()
        exit_layer = head.child()
        frame.loops.append(scope)
        with frame.branch(body_layer) as body:
            for name, type_ in zip(target.names, target.types, strict=True):
                frame.assign(name, type_)
                frame.remember_alias(name, iterable, type_)
            read_block(frame, node.body)
        frame.loops.pop()
        with frame.branch(exit_layer) as orelse:
            read_block(frame, node.orelse)
            comment_else(frame, node, node.orelse)
        statement = ir.For(target, iterable, tuple(body), tuple(orelse), span=frame.span(node))
        return _Reading([body_layer, *scope.continues], [exit_layer, *scope.breaks], statement)

    _read_loop(frame, node, read)


def _read_loop(frame: Frame, node: ast.stmt, read: Callable[[Layer], _Reading]) -> None:
    """Read a loop until the types at its head hold for every round.

    What was found out about the head is kept, so that a loop inside another one is not found out
    from the start again.
    """
    entry = frame.layer
    types = frame.loop_heads.setdefault(id(node), {})
    for count in range(_MOST_READINGS + 2):
        mark = frame.checkpoint()
        head = _head(entry, types)
        frame.layer = head
        reading = read(head)
        frame.layer = entry
        grown = _grown(head, reading.back, give_up=count >= _MOST_READINGS)
        if not grown:
            break
        types.update(grown)
        frame.roll_back(mark)
    entry.merge(reading.ends)
    _remember_unbound(entry, reading.back)
    frame.emit(reading.statement)


def _head(entry: Layer, types: dict[str, t.Type]) -> Layer:
    head = entry.child()
    for name, type_ in types.items():
        before = entry.get(name)
        if not name.isidentifier():
            head.set(name, Variable(t.ANY, bound=False))
        elif before is not None:
            head.set(name, replace(before, type=join((before.type, type_), before.type)))
    return head


def _remember_unbound(entry: Layer, back: list[Layer]) -> None:
    """Variables that only a full round assigns may have no value after the loop."""
    for end in back:
        for name, variable in end.changed_since(entry).items():
            if entry.get(name) is None:
                entry.set(name, replace(variable, bound=False))


def _grown(head: Layer, back: list[Layer], *, give_up: bool) -> dict[str, t.Type]:
    """Variables whose type at the end of a round does not fit the one at the head."""
    grown: dict[str, t.Type] = {}
    for end in back:
        if not end.live:
            continue
        for name, variable in end.changed_since(head).items():
            before = head.get(name)
            if before is None:
                continue
            known = grown.get(name, before.type)
            joined = join((known, variable.type), known)
            if joined != known or (before.bound and not name.isidentifier() and not variable.bound):
                wide = give_up or depth(joined) > _DEEPEST_TYPE
                grown[name] = t.ANY if wide else joined
    return grown

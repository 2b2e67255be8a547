"""A-normal form: operations become statements, and Python's order of evaluation is kept."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.source.facts import operation_name
from wfc.compiler.source.frame import Frame
from wfc.compiler.source.narrowing import facts_of

Finish = Callable[[ir.Expr], None]
Operate = Callable[[ast.expr], None]


def operands(frame: Frame, nodes: Sequence[ast.expr]) -> list[ir.Expr]:
    """Operands that are evaluated from left to right.

    An operand whose value could differ after the operations of a later one is bound to a temporary
    before them.
    """
    if not any(map(frame.effectful, nodes)):
        return [frame.read(node) for node in nodes]
    values: list[ir.Expr] = []
    ends: list[int] = []
    for node in nodes:
        values.append(frame.read(node))
        ends.append(len(frame.out))
    for index in reversed(range(len(nodes) - 1)):
        later = nodes[index + 1 :]
        if len(frame.out) > ends[index] and not _stable(frame, values[index], later):
            values[index] = _spill(frame, nodes[index], values[index], ends[index])
    return values


def _stable(frame: Frame, value: ir.Expr, later: Sequence[ast.expr]) -> bool:
    if isinstance(value, ir.Constant | ir.Name | ir.GlobalName | ir.EnumMember):
        return True
    if any(id(node) in frame.facts.mutating for node in later):
        return False
    return not frame.raises(value)


def _spill(frame: Frame, node: ast.expr, value: ir.Expr, index: int) -> ir.Name:
    name = frame.temporary(node, "value")
    frame.out.insert(index, ir.Assign(name, value, value.type, span=value.span))
    frame.assign(name, value.type)
    return ir.Name(name, type=value.type, span=value.span)


def value_to(frame: Frame, node: ast.expr, finish: Finish, operate: Operate | None = None) -> None:
    """Read an expression and hand its value on; where only one of several operations may run, each
    branch of an ``if`` hands on its own value.

    Args:
        finish: takes the value.
        operate: takes an expression that is nothing but a call with an effect, when its result need
            not pass through a temporary.
    """
    if frame.effectful(node):
        match node:
            case ast.IfExp(body=body, orelse=orelse) if frame.effectful(body) or frame.effectful(
                orelse
            ):
                return _conditional(frame, node, finish, operate)
            case ast.BoolOp(values=values) if any(map(frame.effectful, values[1:])):
                return _short_circuit(frame, node, finish, operate)
            case ast.Call() | ast.Await() if operate is not None and _only_effect(frame, node):
                return operate(node)
    finish(frame.read(node))
    return None


def value_in_branches(frame: Frame, node: ast.expr) -> ir.Expr:
    """The value of a conditional or short-circuit expression with operations, as a variable that
    the branches assign."""
    name = frame.fresh(node, "value")

    def finish(value: ir.Expr) -> None:
        frame.emit(ir.Assign(name, value, value.type, span=value.span))
        frame.assign(name, value.type)

    def operate(call: ast.expr) -> None:
        frame.operation(frame, call, name)

    value_to(frame, node, finish, operate)
    variable = frame.layer.get(name)
    return ir.Name(name, type=variable.type if variable else t.ANY, span=frame.span(node))


def _only_effect(frame: Frame, node: ast.Call | ast.Await) -> bool:
    """Whether the call itself, and not only an argument, has an effect."""
    call = node.value if isinstance(node, ast.Await) else node
    if not isinstance(call, ast.Call):
        return False
    return operation_name(call, frame.scope, frame.facts.locals) is not None


def _conditional(frame: Frame, node: ast.IfExp, finish: Finish, operate: Operate | None) -> None:
    test = frame.read(node.test)
    _branches(
        frame,
        node,
        test,
        lambda: value_to(frame, node.body, finish, operate),
        lambda: value_to(frame, node.orelse, finish, operate),
    )


def _short_circuit(frame: Frame, node: ast.BoolOp, finish: Finish, operate: Operate | None) -> None:
    """``a and f(x)`` is ``if a: f(x) else: a``; ``a or f(x)`` is ``if a: a else: f(x)``."""
    first = next(i for i, value in enumerate(node.values) if i and frame.effectful(value))
    left = _read_part(frame, node, node.values[:first])
    conjunction = isinstance(node.op, ast.And)
    decided: ir.Expr = ir.Constant(not conjunction, type=t.BOOL, span=left.span)
    if left.type != t.BOOL:
        if not isinstance(left, ir.Name | ir.Constant):
            left = frame.bind_temporary(node, "first", left)
            frame.temporaries.discard(left.id)  # it is used twice
        decided = left
    rest = part(frame, node, node.values[first:])

    def go_on() -> None:
        value_to(frame, rest, finish, operate)

    def stop() -> None:
        finish(decided)

    _branches(frame, node, left, *((go_on, stop) if conjunction else (stop, go_on)))


def part(frame: Frame, node: ast.BoolOp, values: list[ast.expr]) -> ast.expr:
    """Some neighbouring operands of a boolean operator as an expression."""
    if len(values) == 1:
        return values[0]
    made = ast.BoolOp(op=node.op, values=values)
    made.lineno, made.col_offset = values[0].lineno, values[0].col_offset
    made.end_lineno, made.end_col_offset = values[-1].end_lineno, values[-1].end_col_offset
    frame.keep(made)
    if any(map(frame.effectful, values)):
        frame.facts.effectful.add(id(made))
    if any(id(value) in frame.facts.mutating for value in values):
        frame.facts.mutating.add(id(made))
    return made


def _read_part(frame: Frame, node: ast.BoolOp, values: list[ast.expr]) -> ir.Expr:
    return frame.read(part(frame, node, values))


def _branches(
    frame: Frame,
    node: ast.expr,
    test: ir.Expr,
    then: Callable[[], None],
    orelse: Callable[[], None],
) -> None:
    base = frame.layer
    then_layer = base.child(facts_of(frame, test, True))
    else_layer = base.child(facts_of(frame, test, False))
    with frame.branch(then_layer) as then_block:
        then()
    with frame.branch(else_layer) as else_block:
        orelse()
    base.merge([then_layer, else_layer])
    if not then_block:
        if not else_block:
            return
        test = ir.Unary("not", test, type=t.BOOL, span=test.span)
        then_block, else_block = else_block, then_block
    frame.emit(ir.If(test, tuple(then_block), tuple(else_block), span=frame.span(node)))

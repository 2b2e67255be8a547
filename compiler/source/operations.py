"""Calls that an engine records: steps, child workflows, sleeps."""

from __future__ import annotations

import ast

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.source import codes
from wfc.compiler.source.arguments import bind
from wfc.compiler.source.constants import NotConstant, seconds
from wfc.compiler.source.frame import Frame


def read_operation(
    frame: Frame, call: ast.Call, name: str, *, awaited: bool, target: str | None, wanted: bool
) -> ir.Expr:
    """Emit an operation; the result stands for its value.

    Args:
        name: the step or workflow, or ``sleep``.
        awaited: whether ``await`` stands before the call.
        target: the variable that takes the value, when the call is all of an assigned value.
        wanted: whether anyone uses the value.
    """
    if frame.kind != "workflow":
        return _refuse_outside(frame, call, name)
    if name == "sleep" and frame.scope.qualified(call.func) == "wfc.sleep":
        return _sleep(frame, call, wanted=wanted)
    callee = frame.scope.steps.get(name) or frame.scope.workflows[name]
    _check_await(frame, call, callee, awaited)
    kind = "step" if isinstance(callee, ir.Step) else "workflow"
    arguments = bind(frame, call, f"{kind} '{name}'", callee.parameters, imply_defaults=True)
    if arguments is None:
        return frame.nothing(call)
    site = frame.sites.get(id(call), name)
    span = frame.span(call)
    if wanted and target is None:
        target = frame.temporary(call, f"{site}_result")
    node = ir.StepCall if isinstance(callee, ir.Step) else ir.WorkflowCall
    type_ = callee.returns
    if target is not None:
        type_ = frame.assign(target, type_)
    frame.emit(node(site, name, arguments, target, type_, span=span))
    if target is None:
        return ir.Constant(None, type=t.NONE, span=span)
    return ir.Name(target, type=callee.returns, span=span)


def _refuse_outside(frame: Frame, call: ast.Call, name: str) -> ir.Expr:
    if frame.kind == "constant":
        return frame.refuse(
            codes.OPERATION_PLACE,
            call,
            f"'{name}' outside a workflow is not supported yet",
            "call it in a workflow",
        )
    return frame.refuse(
        codes.OPERATION_IN_HELPER,
        call,
        f"the operation '{name}' in a helper function is not supported yet",
        "call it in the workflow, or make the helper a @workflow",
    )


def _check_await(
    frame: Frame, call: ast.Call, callee: ir.Step | ir.Workflow, awaited: bool
) -> None:
    """The plain run returns an awaitable for an ``async def`` and the value for a ``def``."""
    name = callee.name
    if callee.asynchronous and not frame.asynchronous:
        frame.refuse(
            codes.AWAIT,
            call,
            f"'{name}' is an async def, so the workflow that calls it must be one too",
            "make the workflow an async def, and await the call",
        )
    elif callee.asynchronous and not awaited:
        frame.refuse(
            codes.AWAIT, call, f"the call of '{name}' is not awaited", f"await {name}(...)"
        )
    elif awaited and not callee.asynchronous:
        frame.refuse(
            codes.AWAIT,
            call,
            f"'{name}' is no async def, so its call cannot be awaited",
            "remove 'await', or make it an async def",
        )


# --- Sleep ------------------------------------------------------------------------------------


def _sleep(frame: Frame, call: ast.Call, *, wanted: bool) -> ir.Expr:
    span = frame.span(call)
    nothing = ir.Constant(None, type=t.NONE, span=span)
    argument = _duration_argument(frame, call)
    if argument is None:
        return nothing
    if wanted:
        frame.refuse(
            codes.OPERATION_PLACE,
            call,
            "sleep inside an expression is not supported yet",
            "write it as a statement; it has no value",
        )
        return nothing
    read = _duration(frame, argument)
    if read is not None:
        frame.emit(ir.Sleep(frame.sites.get(id(call), "sleep"), *read, span=span))
    return nothing


def _duration_argument(frame: Frame, call: ast.Call) -> ast.expr | None:
    match call.args, call.keywords:
        case [argument], [] if not isinstance(argument, ast.Starred):
            return argument
        case [], [ast.keyword(arg="duration", value=argument)]:
            return argument
    frame.refuse(
        codes.ARGUMENTS, call, "sleep takes one duration", 'write sleep("30s"), for example'
    )
    return None


def _duration(frame: Frame, argument: ast.expr) -> tuple[ir.Expr, str] | None:
    local = isinstance(argument, ast.Name) and frame.is_local(argument.id)
    if not local and not isinstance(argument, ast.JoinedStr):
        try:
            value, text = seconds(argument, frame.scope)
        except NotConstant as error:
            if _looks_constant(argument):
                frame.refuse(codes.DURATION, argument, f"the duration cannot be read: {error}")
                return None
        else:
            number = int(value) if value.is_integer() else value
            constant = ir.Constant(number, type=t.of_constant(number), span=frame.span(argument))
            return constant, text
    return _computed(frame, argument)


def _looks_constant(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Constant) or (
        isinstance(argument, ast.UnaryOp) and isinstance(argument.operand, ast.Constant)
    )


def _computed(frame: Frame, argument: ast.expr) -> tuple[ir.Expr, str] | None:
    value = frame.read(argument)
    kinds = set(t.members(t.widen(value.type)))
    if kinds == {t.TIMEDELTA}:
        method = ir.Method(value, "total_seconds", (), span=value.span)
        return frame.typed(method, [value]), ""
    if kinds <= {t.INT, t.FLOAT}:
        return value, ""
    if t.NEVER in kinds:
        return None
    if t.ANY in kinds:
        frame.refuse(
            codes.TYPE_NEEDED,
            argument,
            f"the type of the duration '{frame.written(argument)}' is not known",
            "annotate it as int, float or timedelta",
        )
    else:
        frame.refuse(
            codes.DURATION,
            argument,
            f"a computed duration must be a number of seconds or a timedelta, not {value.type}",
            "write the text itself in the call, or compute seconds",
        )
    return None

"""Whole numbers that may be bools: in Python True is 1, in JSONata it is no number, and as an index
it selects everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from wfc.backends.asl.jsonata import codes
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import own_expressions
from wfc.compiler.language.library.table import called, method_calls, mutations
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.walk import expressions, statements


def check_whole_numbers(module: ir.Module, workflow: ir.Workflow) -> list[Diagnostic]:
    """The bools where a workflow, or a helper that it calls, needs an index or a count."""
    helpers = {helper.name: helper for helper in module.helpers}
    found: list[Diagnostic] = []
    pending: list[ir.Block] = [workflow.body]
    seen: set[str] = set()
    while pending:
        for expr in _operands(module, pending.pop()):
            if isinstance(expr, ir.HelperCall):
                if expr.helper not in seen:
                    seen.add(expr.helper)
                    pending.append(helpers[expr.helper].body)
            elif t.BOOL in t.members(expr.type):
                found.append(
                    codes.OPERANDS.at(
                        module.path,
                        expr.span,
                        f"this whole number may be a bool ({expr.type}), which is none in JSONata",
                        instead="convert it with int(...)",
                    )
                )
    return found


def _operands(module: ir.Module, block: ir.Block) -> Iterator[ir.Expr]:
    """Every index and count in a block, and the calls of helpers."""
    for statement in statements(block):
        if isinstance(statement, ir.Store | ir.Delete | ir.Mutate):
            yield from (key for key in statement.path if not isinstance(key, ir.FieldKey))
        if isinstance(statement, ir.Mutate):
            yield from (one for call in mutations(statement) for one in call.demanding("int"))
        for expr in expressions(*own_expressions(statement)):
            if isinstance(expr, ir.HelperCall):
                yield expr
            yield from _numbers(module, expr)


def _numbers(module: ir.Module, expr: ir.Expr) -> Iterable[ir.Expr]:
    match expr:
        case ir.Subscript(index=index):
            return (index,)
        case ir.Slice(lower=lower, upper=upper, step=step):
            return tuple(part for part in (lower, upper, step) if part is not None)
        case ir.Binary("*", left, right) if _repeats(left.type):
            return (right,)
        case ir.Binary("*", left, right) if _repeats(right.type):
            return (left,)
        case ir.Call():
            operands = called(expr)
            return tuple(operands.demanding("int")) if operands is not None else ()
        case ir.Method():
            calls = method_calls(module, expr)
            return tuple(one for call in calls for one in call.demanding("int"))
        case (
            ir.Constant()
            | ir.Name()
            | ir.GlobalName()
            | ir.EnumMember()
            | ir.Attribute()
            | ir.Unary()
            | ir.Binary()
            | ir.Compare()
            | ir.Boolean()
            | ir.Conditional()
            | ir.FString()
            | ir.ListDisplay()
            | ir.TupleDisplay()
            | ir.SetDisplay()
            | ir.DictDisplay()
            | ir.Lambda()
            | ir.HelperCall()
            | ir.Construct()
            | ir.Comprehension()
            | ir.ErrorMessage()
            | ir.ErrorName()
        ):
            return ()
        case _:
            assert_never(expr)


def _repeats(type_: t.Type) -> bool:
    return type_ == t.STR or isinstance(type_, t.ListType)

"""Moves an expression of a wfc workflow into a step of its own: what the step gives is recorded."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import islice
from typing import Final

from wfc.compiler.checks.engines.requests import Need, NewStep
from wfc.compiler.checks.fixes.bindings import FunctionNode, Names, binding, names_in
from wfc.compiler.diagnostics.model import Rewrite
from wfc.compiler.source.text import SourceText

_NO_PLACE: Final = (
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.ClassDef,
)
"""A workflow calls no step inside these."""
_ZONES: Final = ("ZoneInfo", "timezone", "timedelta")


def into_step(
    node: ast.expr,
    around: Sequence[ast.AST],
    step: NewStep,
    text: SourceText,
    module: Names,
    inside: Names,
) -> Rewrite | None:
    """The fix that moves an expression into a new step, or None where it cannot move.

    Args:
        node: the expression.
        around: what it stands in, from the inside to the module.
        step: what to make of it.
        text: the file.
        module: what names stand for in the file.
        inside: what they stand for in the workflow.
    """
    if _calls_a_step(node, module):
        return None
    match around[0]:
        case ast.Call(func=ast.Name(step.absorbs), args=[ast.expr() as given], keywords=[]) as call:
            if given is node:
                node, around = call, around[1:]
        case ast.Attribute() if step.absorbs:  # of a value that the step will not give
            return None
    if not _in_workflow(around, module) or not _means_the_same(node, module, inside):
        return None
    tree = around[-1]
    decorator = binding(module, Need("wfc", "step"))
    if decorator is None or step.name in inside.origins or step.name in names_in(tree):
        return None
    span = text.span(node)
    if span.line != span.end_line:
        return None
    written = text.lines[span.line - 1][span.column - 1 : span.end_column - 1]
    definition = _definition(node, step, decorator.name, written)
    if not definition:
        return None
    return Rewrite(span, "expression", f"{step.name}()", decorator.missing, definition)


def _in_workflow(around: Sequence[ast.AST], module: Names) -> bool:
    """Whether a place belongs to a workflow of the module itself, and may call a step."""
    if any(isinstance(node, _NO_PLACE) for node in around):
        return False
    functions = [node for node in around if isinstance(node, FunctionNode)]
    match functions:
        case [ast.FunctionDef() | ast.AsyncFunctionDef() as function]:
            found = any(_is_workflow(decorator, module) for decorator in function.decorator_list)
            return found and function in around[-2:-1]
    return False


def _is_workflow(decorator: ast.expr, module: Names) -> bool:
    match decorator:
        case ast.Call(func=func):
            return _is_workflow(func, module)
        case ast.Name(name):
            return module.origins.get(name) == {"wfc:workflow"}
        case ast.Attribute(ast.Name(name), "workflow"):
            return module.origins.get(name) == {"wfc"}
    return False


def _means_the_same(node: ast.expr, module: Names, inside: Names) -> bool:
    """Whether an expression means outside the workflow what it means inside."""
    return all(module.origins.get(n) == inside.origins.get(n) for n in names_in(node))


def _calls_a_step(node: ast.expr, module: Names) -> bool:
    """Whether an argument of a call may call a step, which no step does, or moves by itself: it
    calls something, and neither a builtin nor what makes a time zone."""
    calls = (inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call))
    for function in islice(calls, 1, None):
        match function:
            case ast.Name(name) if name not in module.origins:
                continue
            case ast.Name(name) | ast.Attribute(attr=name) if name in _ZONES:
                continue
        return True
    return False


def _definition(node: ast.expr, step: NewStep, decorator: str, written: str) -> str:
    """The text of the step; nothing where its annotation cannot be told."""
    function = node.func if isinstance(node, ast.Call) else node
    owner = ast.unparse(function.value) if isinstance(function, ast.Attribute) else ""
    returns = step.returns.replace("{owner}", owner)
    absorbed = bool(step.absorbs) and written.startswith(f"{step.absorbs}(")
    gives = written if absorbed else step.gives.replace("{}", written)
    return returns and f"@{decorator}\ndef {step.name}() -> {returns}:\n    return {gives}\n"

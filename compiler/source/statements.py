"""Statements of a workflow or helper."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, Final

from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.source import anf, codes
from wfc.compiler.source.assignments import (
    read_annotated,
    read_assign,
    read_augmented,
    read_delete,
)
from wfc.compiler.source.calls import is_mutation, is_operation, read_called
from wfc.compiler.source.control import read_for, read_if, read_while
from wfc.compiler.source.errors import read_raise, read_try
from wfc.compiler.source.expected import check_fits
from wfc.compiler.source.frame import Frame


def read_block(frame: Frame, statements: Sequence[ast.stmt]) -> None:
    """Read statements into the frame's current block; what follows a jump is left out. Statements
    that do nothing, such as texts, are a ``pass`` when there are no others."""
    first = len(frame.out)
    for node in statements:
        if not frame.layer.live:
            return
        read_statement(frame, node)
    if statements and len(frame.out) == first and frame.layer.live:
        frame.emit(ir.Pass(span=frame.span(statements[0])))


def read_statement(frame: Frame, node: ast.stmt) -> None:
    """Read one statement, with the comments above it and at its end."""
    first = len(frame.out)
    reader = _READERS.get(type(node))
    if reader is not None:
        reader(frame, node)
    else:
        _refuse(frame, node)
    _attach_comments(frame, node, first)
    frame.end_statement()


def _attach_comments(frame: Frame, node: ast.stmt, first: int) -> None:
    text = frame.text
    if not text.comments or first >= len(frame.out) or _is_rest_of_test(node):
        return
    above = text.comments_above(node.lineno, text.column(node.lineno, node.col_offset) - 1)
    end = _header_end(node)
    within = text.comments_within(node.lineno, end)
    comment = "\n".join(filter(None, [above, within]))
    if comment:
        frame.out[first] = replace(frame.out[first], comment=comment)
    trailing = text.comment_at(end)
    if trailing:
        frame.out[-1] = replace(frame.out[-1], trailing=trailing)


def _is_rest_of_test(node: ast.stmt) -> bool:
    """Whether an ``if`` was made of the second half of a test, and has no place of its own."""
    return isinstance(node, ast.If) and (
        (node.lineno, node.col_offset) == (node.test.lineno, node.test.col_offset)
    )


def _header_end(node: ast.stmt) -> int:
    """The last line of a simple statement, or of the header of a compound one."""
    match node:
        case ast.If(test=header) | ast.While(test=header) | ast.For(iter=header):
            return header.end_lineno or node.lineno
        case ast.Try():
            return node.lineno
    return node.end_lineno or node.lineno


def _expression(frame: Frame, node: ast.Expr) -> None:
    value = node.value
    if isinstance(value, ast.Constant):
        if not isinstance(value.value, str) and value.value is not ...:
            _useless(frame, node)
        return
    if is_operation(frame, value) or is_mutation(value):
        _run(frame, value)
        return
    if frame.effectful(value):
        anf.value_to(
            frame, value, lambda rest: _drop(frame, node, rest), lambda call: _run(frame, call)
        )
        return
    before = frame.problems.mark()
    frame.read(value)
    if frame.problems.mark() == before:
        _useless(frame, node)


def _run(frame: Frame, call: ast.expr) -> None:
    """Run a call for its effect only."""
    read_called(frame, call, awaited=False, target=None, wanted=False)


def _drop(frame: Frame, node: ast.Expr, rest: ir.Expr) -> None:
    """What is left of a statement when its operations have run must not be a computation."""
    if not isinstance(rest, ir.Name | ir.Constant):
        _useless(frame, node)


def _useless(frame: Frame, node: ast.Expr) -> None:
    frame.refuse(
        codes.STATEMENT_NEVER,
        node,
        "an expression whose value nobody uses cannot be supported",
        "assign the value, or remove the line",
    )


def _return(frame: Frame, node: ast.Return) -> None:
    span = frame.span(node)
    if node.value is None:
        frame.returned.append(t.NONE)
        value = ir.Constant(None, type=t.NONE, span=span)
        check_fits(frame, value, frame.returns, "the result")
        frame.emit(ir.Return(value, bare=True, span=span))
        frame.layer.live = False
        return

    def finish(value: ir.Expr) -> None:
        value = check_fits(frame, value, frame.returns, "the result")
        frame.returned.append(value.type)
        frame.emit(ir.Return(value, span=span))
        frame.layer.live = False

    anf.value_to(frame, node.value, finish)


def _pass(frame: Frame, node: ast.Pass) -> None:
    frame.emit(ir.Pass(span=frame.span(node)))


def _jump(frame: Frame, node: ast.Break | ast.Continue) -> None:
    scope = frame.loops[-1]
    if isinstance(node, ast.Break):
        scope.breaks.append(frame.layer.snapshot())
        frame.emit(ir.Break(span=frame.span(node)))
    else:
        scope.continues.append(frame.layer.snapshot())
        frame.emit(ir.Continue(span=frame.span(node)))
    frame.layer.live = False


Reader = Callable[[Frame, Any], None]

_READERS: Final[dict[type[ast.stmt], Reader]] = {
    ast.Expr: _expression,
    ast.Assign: read_assign,
    ast.AnnAssign: read_annotated,
    ast.AugAssign: read_augmented,
    ast.Delete: read_delete,
    ast.Return: _return,
    ast.Raise: read_raise,
    ast.Pass: _pass,
    ast.Break: _jump,
    ast.Continue: _jump,
    ast.If: lambda frame, node: read_if(frame, node, read_block),
    ast.While: lambda frame, node: read_while(frame, node, read_block),
    ast.For: lambda frame, node: read_for(frame, node, read_block),
    ast.Try: lambda frame, node: read_try(frame, node, read_block),
}

_NOT_YET: Final[dict[str, tuple[str, str]]] = {
    "Assert": ("assert", "test with if, and raise an error"),
    "Match": ("match", "write if/elif"),
    "With": ("with", "put what needs a context manager into a step"),
    "FunctionDef": ("a nested function", "move it to the module"),
    "AsyncFunctionDef": ("a nested function", "move it to the module"),
    "TypeAlias": ("a type alias inside a function", "move it to the module"),
}
_NEVER: Final[dict[str, tuple[str, str]]] = {
    "AsyncWith": ("async with", "put what needs a context manager into a step"),
    "AsyncFor": ("async for", "read the items in a step that returns a list"),
    "TryStar": ("except*", "use except"),
    "ClassDef": ("a class inside a function", "move it to the module"),
    "Import": ("an import inside a workflow", "move it to the top of the module"),
    "ImportFrom": ("an import inside a workflow", "move it to the top of the module"),
    "Global": ("global", "pass values as parameters and return them"),
    "Nonlocal": ("nonlocal", "pass values as parameters and return them"),
}


def _refuse(frame: Frame, node: ast.stmt) -> None:
    kind = type(node).__name__
    code = codes.STATEMENT_NOT_YET if kind in _NOT_YET else codes.STATEMENT_NEVER
    what, instead = {**_NOT_YET, **_NEVER}.get(kind, (kind, ""))
    verb = "is not supported yet" if kind in _NOT_YET else "cannot be supported"
    header = Span(
        node.lineno,
        frame.span(node).column,
        node.lineno,
        len(frame.text.lines[node.lineno - 1]) + 1,
    )
    frame.refuse(code, header, f"{what} {verb}", instead)
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            frame.assign(part.id, t.NEVER)
        elif isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            frame.assign(part.name, t.NEVER)
        elif isinstance(part, ast.alias):
            frame.assign((part.asname or part.name).partition(".")[0], t.NEVER)

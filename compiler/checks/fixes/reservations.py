"""What speaks against a fix at a place: that it would fail there, or take away what code is for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

_UNORDERED: Final = re.compile(r"\b(Awaitable|Callable|Coroutine|Future|Task)\b|\w+Handle\b")
_MAKES_TASKS: Final = re.compile(
    r"(?:^|\.)(?:create_task|ensure_future|start_(?:local_)?activity(?:_method)?"
    r"|start_child_workflow|start_workflow(?:_async)?)$"
)


def cannot_be_sorted(node: ast.expr, around: ast.AST) -> bool:
    """Whether a set is known to hold tasks or the like, which have no order.

    Args:
        around: where its name is bound: a function or the file.
    """
    if not isinstance(node, ast.Name | ast.Attribute):
        return False
    name = ast.unparse(node)
    return any(
        (annotation is not None and bool(_UNORDERED.search(ast.unparse(annotation))))
        or (value is not None and _makes_tasks(value))
        for annotation, value in _contents(name, around)
    )


def _contents(name: str, around: ast.AST) -> Iterator[tuple[ast.expr | None, ast.expr | None]]:
    """The types and the values that a set is said to hold, or is given."""
    for node in ast.walk(around):
        match node:
            case ast.AnnAssign(target=target, annotation=annotation):
                if ast.unparse(target) == name:
                    yield annotation, None
            case ast.arg(arg=argument, annotation=annotation) if argument == name:
                yield annotation, None
            case ast.Assign(targets=[target], value=ast.SetComp(elt=value)):
                if ast.unparse(target) == name:
                    yield None, value
            case ast.Call(func=ast.Attribute(value=owner, attr="add"), args=[value]):
                if ast.unparse(owner) == name:
                    yield None, value


def _makes_tasks(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and bool(_MAKES_TASKS.search(ast.unparse(value.func)))


def tells_errors_apart(handler: ast.ExceptHandler) -> bool:
    """Whether a handler asks which error it has caught: it is written for more than one kind."""
    for node in (inner for statement in handler.body for inner in ast.walk(statement)):
        match node:
            case ast.If(test=asked) | ast.IfExp(test=asked) | ast.Match(subject=asked):
                if any(isinstance(n, ast.Name) and n.id == handler.name for n in ast.walk(asked)):
                    return True
    return False

"""Which names a piece of Python source refers to."""

from __future__ import annotations

import ast
from functools import lru_cache


@lru_cache(maxsize=4096)
def used_names(source: str) -> frozenset[str]:
    """The names that the source reads, those in annotations written as strings included. Local
    names of functions are among them: the caller keeps what the module defines.

    Args:
        source: statements or an expression.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return frozenset()
    return frozenset(_names(tree))


def _names(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.AugAssign(target=ast.Name(id=name)):
                found.add(name)
            case ast.Global(names=names):
                found.update(names)
            case ast.arg(annotation=ast.expr() as hint) | ast.AnnAssign(annotation=hint):
                found |= _quoted(hint)
            case (
                ast.FunctionDef(returns=ast.expr() as hint)
                | ast.AsyncFunctionDef(returns=ast.expr() as hint)
            ):
                found |= _quoted(hint)
    return found


def _quoted(hint: ast.expr) -> set[str]:
    """The names in the string parts of an annotation."""
    found: set[str] = set()
    for node in ast.walk(hint):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= used_names(node.value)
    return found

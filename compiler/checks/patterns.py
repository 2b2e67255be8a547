"""Recognises what a few statements and expressions are for."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from wfc.compiler.checks.expressions import written
from wfc.compiler.checks.terms import words

_CONTAINERS = words(
    "list dict set bytearray deque defaultdict OrderedDict Counter ChainMap WeakSet "
    "WeakKeyDictionary WeakValueDictionary"
)


def is_container(node: ast.expr | None) -> bool:
    match node:
        case ast.List() | ast.Dict() | ast.Set() | ast.ListComp() | ast.DictComp() | ast.SetComp():
            return True
        case ast.Call(func=func):
            return written(func).rpartition(".")[2] in _CONTAINERS
    return False


def is_type_checking(test: ast.expr) -> bool:
    return written(test).rpartition(".")[2] == "TYPE_CHECKING"


def is_main_guard(test: ast.expr) -> bool:
    match test:
        case ast.Compare(
            left=ast.Name(id="__name__"), comparators=[ast.Constant(value="__main__")]
        ):
            return True
    return False


def calls(test: ast.expr) -> set[str]:
    return {
        written(node.func).rpartition(".")[2]
        for node in ast.walk(test)
        if isinstance(node, ast.Call)
    }


def leaves(body: Sequence[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break))


def leaves_replay(node: ast.stmt) -> bool:
    """``if workflow.unsafe.is_replaying(): return``: what follows does not run in a replay."""
    return (
        isinstance(node, ast.If)
        and "is_replaying" in calls(node.test)
        and not isinstance(node.test, ast.UnaryOp)
        and leaves(node.body)
    )

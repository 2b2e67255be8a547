"""Recognises what a few statements and expressions are for."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from wfc.compiler.checks.reading.spelling import written
from wfc.compiler.checks.wordsets import words

_COMMUTING = words("add discard pop remove")
_INSIDE = re.compile(r"(?:^|_)in_(?:\w+_)?workflow(?:_|$)")

_CONTAINERS = words(
    "list dict set bytearray deque defaultdict OrderedDict Counter ChainMap WeakSet "
    "WeakKeyDictionary WeakValueDictionary"
)


def is_container(node: ast.expr | None) -> bool:
    """Whether an initial value can change in place."""
    match node:
        case ast.List() | ast.Dict() | ast.Set() | ast.ListComp() | ast.DictComp() | ast.SetComp():
            return True
        case ast.Call(func=func):
            return written(func).rpartition(".")[2] in _CONTAINERS
    return False


def is_only(target: ast.expr) -> bool:
    """``(x,) = s``, which takes the only element and fails if there are more."""
    match target:
        case ast.Tuple(elts=[inner]) | ast.List(elts=[inner]):
            return not isinstance(inner, ast.Starred)
    return False


def is_type_checking(test: ast.expr) -> bool:
    """``TYPE_CHECKING``, ``typing.TYPE_CHECKING``"""
    return written(test).rpartition(".")[2] == "TYPE_CHECKING"


def is_main_guard(test: ast.expr) -> bool:
    """``__name__ == "__main__"``"""
    match test:
        case ast.Compare(
            left=ast.Name(id="__name__"), comparators=[ast.Constant(value="__main__")]
        ):
            return True
    return False


def calls(test: ast.expr) -> set[str]:
    """The last names of what a condition calls."""
    return {
        written(node.func).rpartition(".")[2]
        for node in ast.walk(test)
        if isinstance(node, ast.Call)
    }


def asks_for_workflow(test: ast.expr) -> tuple[bool, bool]:
    """Whether a condition says that no workflow is running: when it is true, when it is false.
    ``workflow.in_workflow()``, or a helper that is called so."""
    match test:
        case ast.Call(func=func):
            return False, bool(_INSIDE.search(written(func).rpartition(".")[2]))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            when_true, when_false = asks_for_workflow(operand)
            return when_false, when_true
        case ast.BoolOp(op=operator, values=values):
            answers = [asks_for_workflow(value) for value in values]
            if isinstance(operator, ast.And):
                return any(true for true, _ in answers), False
            return False, any(false for _, false in answers)
    return False, False


def tries_workflow(body: Sequence[ast.stmt], inside_only: re.Pattern[str]) -> bool:
    """``try: return workflow.now()``, which fails only where no workflow is running, so that the
    handlers run there alone.

    Args:
        inside_only: the texts of functions that do so.
    """
    match [node for node in body if not isinstance(node, (ast.Import, ast.ImportFrom))]:
        case [ast.Return(value=value) | ast.Assign(value=value) | ast.Expr(value=value)]:
            return _is_of_workflow(value, inside_only)
    return False


def _is_of_workflow(value: ast.expr | None, inside_only: re.Pattern[str]) -> bool:
    match value:
        case ast.Call(func=ast.Name(id="str"), args=[inner], keywords=[]):
            return _is_of_workflow(inner, inside_only)
        case ast.Call(func=func) if inside_only.fullmatch(written(func)):
            return True
        case ast.Attribute(value=inner) | ast.Call(func=ast.Attribute(value=inner)):
            return _is_of_workflow(inner, inside_only)
    return False


def leaves(body: Sequence[ast.stmt]) -> bool:
    """Whether nothing behind a block runs after it."""
    return bool(body) and isinstance(body[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break))


def raises_again(handler: ast.ExceptHandler) -> bool:
    """Whether a handler ends in an error, or hands on what it caught in one of its branches."""
    for node in handler.body:
        if isinstance(node, ast.Raise):
            return True
        for inner in ast.walk(node):
            match inner:
                case ast.Raise(exc=None):
                    return True
                case ast.Raise(exc=ast.Name(id=name)) if name == handler.name:
                    return True
    return False


def commutes(body: Sequence[ast.stmt]) -> bool:
    """Whether the rounds of a loop may run in any order: they only take things away, add to sets,
    count, or set a mark."""
    return all(_commutes(node) for node in body)


def _commutes(node: ast.stmt) -> bool:
    match node:
        case ast.Pass() | ast.Continue() | ast.Break() | ast.Return(value=None | ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner, attr=attr), args=args)):
            return attr in _COMMUTING and all(map(_is_plain, [owner, *args]))
        case ast.Delete(targets=targets):
            return all(map(_is_plain, targets))
        case ast.AugAssign(target=ast.Name(), op=ast.Add(), value=ast.Constant(value=int())):
            return True
        case ast.Assign(targets=[ast.Name()], value=ast.Constant()):
            return True
        case ast.If(test=test, body=body, orelse=orelse):
            return _is_plain(test) and commutes(body) and commutes(orelse)
    return False


def _is_plain(node: ast.expr) -> bool:
    """An expression that calls nothing."""
    calling = (ast.Call, ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom)
    return not any(isinstance(inner, calling) for inner in ast.walk(node))


def leaves_replay(node: ast.stmt, replaying: frozenset[str]) -> bool:
    """``if workflow.unsafe.is_replaying(): return``: what follows does not run in a replay.

    Args:
        replaying: the last names of functions that say so.
    """
    return (
        isinstance(node, ast.If)
        and not replaying.isdisjoint(calls(node.test))
        and not isinstance(node.test, ast.UnaryOp)
        and leaves(node.body)
    )

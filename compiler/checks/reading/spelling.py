"""What an expression looks like: its text for messages, and shapes that have a name."""

from __future__ import annotations

import ast
from typing import Final

from wfc.compiler.checks.wordsets import words

_LOG_METHODS: Final = words(
    "debug info warning warn error exception critical fatal log trace success"
)


def written(node: ast.expr, depth: int = 0) -> str:
    """A short form of an expression, for messages: arguments and indexes are left out."""
    if depth > 20:
        return "..."
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{written(value, depth + 1)}.{attr}"
        case ast.Call(func=func):
            empty = not node.args and not node.keywords
            return f"{written(func, depth + 1)}({'' if empty else '...'})"
        case ast.Subscript(value=value, slice=ast.Constant(value=index)):
            return f"{written(value, depth + 1)}[{index!r:.20}]"
        case ast.Subscript(value=value):
            return f"{written(value, depth + 1)}[...]"
        case ast.Constant(value=value):
            return f"{value!r:.20}"
        case ast.Await(value=value):
            return written(value, depth + 1)
        case ast.Set():
            return "{...}"
        case ast.Lambda():
            return "lambda"
    return "..."


_PRINTING: Final = frozenset({"print", "traceback.print_exc", "traceback.print_stack"})
_TERMINAL: Final = frozenset({"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"})


def is_logging(call: ast.Call) -> bool:
    """``logger.info()``, ``self.log.debug()``, ``workflow.logger.error()``, ..., and ``print()`` to
    the terminal: nothing comes of the arguments but a line that somebody reads."""
    func = call.func
    if written(func) in _PRINTING:
        streams = (written(k.value) for k in call.keywords if k.arg in ("file", None))
        return all(stream in _TERMINAL for stream in streams)
    if not isinstance(func, ast.Attribute) or func.attr not in _LOG_METHODS:
        return False
    owner = written(func.value).rpartition(".")[2].lower()
    return owner.rstrip("()").endswith(("log", "logger", "logging")) or "getlogger" in owner


def is_view(node: ast.expr) -> bool:
    """``d.keys()`` or ``d.items()``, whose set operators give a set."""
    match node:
        case ast.Call(func=ast.Attribute(attr="keys" | "items"), args=[], keywords=[]):
            return True
    return False


def reorders(node: ast.expr) -> bool:
    """A call that gives the elements of its argument in their order."""
    match node:
        case ast.Call(func=ast.Name(id="list" | "tuple" | "iter" | "map" | "filter")):
            return True
    return False

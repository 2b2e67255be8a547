"""Constant values of options and defaults, computed from the source without executing it."""

from __future__ import annotations

import ast
from datetime import timedelta
from typing import Final

from wfc.compiler.source.names import ModuleScope
from wfc.grammar.duration import LONGEST, DurationError, parse_seconds

Scalar = str | int | float | bool | None

_TIMEDELTA_PARTS: Final = (
    "days",
    "seconds",
    "microseconds",
    "milliseconds",
    "minutes",
    "hours",
    "weeks",
)


class NotConstant(Exception):
    """The expression has no value that can be known; the message says why."""


def scalar(node: ast.expr, scope: ModuleScope) -> Scalar:
    """The value of a literal, a negated number, a product of numbers or a module constant.

    Raises:
        NotConstant: it is something else.
    """
    match node:
        case ast.Constant(value=str() | int() | float() | bool() | None as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(operand, scope)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _number(left, scope) * _number(right, scope)
        case ast.Name(id=name) if name in scope.constant_nodes:
            return scalar(scope.constant_nodes[name], scope)
    raise NotConstant("it must be a constant")


def frozen_items(node: ast.expr, scope: ModuleScope) -> ast.expr | None:
    """``{1, 2}`` for ``frozenset({1, 2})``, and the same for one of a list or tuple; None for what
    is no frozenset of items that are written out."""
    match node:
        case ast.Call(func=function, args=[], keywords=[]):
            items: ast.expr = ast.Call(ast.Name("set", ast.Load()), [], [])
        case ast.Call(func=function, args=[ast.Set() as items], keywords=[]):
            pass
        case ast.Call(func=function, args=[ast.List() | ast.Tuple() as given], keywords=[]):
            if not given.elts:
                return None
            items = ast.Set(given.elts)
        case _:
            return None
    if scope.qualified(function) != "frozenset":
        return None
    return ast.fix_missing_locations(ast.copy_location(items, node))


def _number(node: ast.expr, scope: ModuleScope) -> int | float:
    value = scalar(node, scope)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotConstant("it must be a number")
    return value


def seconds(node: ast.expr, scope: ModuleScope) -> tuple[float, str]:
    """A duration in seconds, and its text when it was written as text.

    Raises:
        NotConstant: it is no duration, or not a constant one.
    """
    if isinstance(node, ast.Call) and scope.qualified(node.func) == "datetime.timedelta":
        return _timedelta(node, scope), ""
    if isinstance(node, ast.Name) and node.id in scope.constant_nodes:
        return seconds(scope.constant_nodes[node.id], scope)
    value = scalar(node, scope)
    if isinstance(value, str):
        try:
            return parse_seconds(value), value
        except DurationError as error:
            raise NotConstant(str(error)) from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotConstant('a duration is a timedelta, a number of seconds, or text such as "30s"')
    if value < 0:
        raise NotConstant("a duration cannot be negative")
    if value > LONGEST:
        raise NotConstant(f"a duration has at most {LONGEST:,} seconds")
    return float(value), ""


def _timedelta(node: ast.Call, scope: ModuleScope) -> float:
    parts: dict[str, int | float] = {}
    for name, argument in zip(_TIMEDELTA_PARTS, node.args, strict=False):
        parts[name] = _number(argument, scope)
    for keyword in node.keywords:
        if keyword.arg not in _TIMEDELTA_PARTS or keyword.arg in parts:
            raise NotConstant(f"timedelta has no argument '{keyword.arg}'")
        parts[keyword.arg] = _number(keyword.value, scope)
    if len(node.args) > len(_TIMEDELTA_PARTS):
        raise NotConstant("timedelta takes at most seven arguments")
    try:
        total = timedelta(**parts).total_seconds()
    except (OverflowError, ValueError):
        raise NotConstant("the timedelta is too long") from None
    if total < 0:
        raise NotConstant("a duration cannot be negative")
    return total

"""The verifier's rules of expressions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Set
from typing import assert_never

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import binds_names, operands, scoped
from wfc.compiler.language.inference.rules import iteration, judge
from wfc.compiler.language.library.table import (
    CLASSES,
    CONSTANTS,
    called,
    demands,
    function,
    lazy,
    methods,
)
from wfc.compiler.language.verify.report import Report

Visible = Set[str]


def expression(
    report: Report, root: ir.Expr, variables: Visible, errors: Visible = frozenset()
) -> None:
    """The rules of an expression that stands where a value is needed; ``variables`` and ``errors``
    are the names bound there."""
    if lazy(root):
        report.add(f"the result of '{_called(root)}' is used as a value", root)
    iterated(report, root, variables, errors)


def iterated(report: Report, root: ir.Expr, variables: Visible, errors: Visible) -> None:
    """The rules of an expression that is iterated over at once."""
    # Beside each expression stand the names that comprehensions and lambdas around it bind.
    pending: list[tuple[ir.Expr, frozenset[str]]] = [(root, frozenset())]
    while pending:
        expr, inner = pending.pop()
        if isinstance(expr, ir.Name) and expr.id not in inner and expr.id not in variables:
            report.add(f"variable '{expr.id}' is not bound here", expr)
        _own(report, expr, errors)
        problem = judge(expr, report.module).problem
        if problem:
            report.add(problem, expr)
        pending += reversed(list(_inside(report, expr, inner)))


def _called(expr: ir.Expr) -> str:
    # partial: only calls and comprehensions have lambdas
    match expr:
        case ir.Call(function=name) | ir.Method(name=name):
            return name
    return "a generator"


def _inside(
    report: Report, expr: ir.Expr, inner: frozenset[str]
) -> Iterable[tuple[ir.Expr, frozenset[str]]]:
    if isinstance(expr, ir.Call) and demands(function(expr.function), "class"):
        tested = called(expr)
        classes = tuple(tested.demanding("class")) if tested is not None else ()
        for class_ in classes:
            _classes(report, class_)
        return ((one, inner) for one in operands(expr) if one not in classes)
    if binds_names(expr):
        return ((operand, inner | names) for operand, names in scoped(expr))
    return ((operand, inner) for operand in operands(expr))


def _own(report: Report, expr: ir.Expr, errors: Visible) -> None:
    match expr:
        case ir.Constant(value):
            if isinstance(value, float) and not math.isfinite(value):
                report.add("a constant is not finite", expr)
        case ir.ErrorMessage(name) | ir.ErrorName(name):
            if name not in errors:
                report.add(f"no error is bound to '{name}' here", expr)
        case ir.GlobalName(id_):
            if id_ not in report.constants and id_ not in CONSTANTS:
                report.add(f"unknown constant '{id_}'", expr)
        case ir.EnumMember(enum, member):
            _member(report, enum, member, expr)
        case ir.FString(parts):
            for part in parts:
                if isinstance(part, ir.Formatted):
                    _formatted(report, part)
        case ir.Call(name):
            if not function(name):
                report.add(f"unknown function '{name}'", expr)
            _lambdas(report, expr)
        case ir.Method(_, name):
            if _always_mutates(name):
                report.add(f"method '{name}' changes its object inside an expression", expr)
            _lambdas(report, expr)
        case ir.HelperCall(name, args):
            _helper_call(report, name, args, expr)
        case ir.Construct():
            _construct(report, expr)
        case ir.Comprehension():
            _comprehension(report, expr)
        case (
            ir.Name()
            | ir.Attribute()
            | ir.Subscript()
            | ir.Slice()
            | ir.Unary()
            | ir.Binary()
            | ir.Compare()
            | ir.Boolean()
            | ir.Conditional()
            | ir.ListDisplay()
            | ir.TupleDisplay()
            | ir.SetDisplay()
            | ir.DictDisplay()
            | ir.Lambda()
        ):
            pass
        case _:
            assert_never(expr)


def _always_mutates(name: str) -> bool:
    """``index`` of a str changes nothing, nor does any other; ``update`` always does."""
    rows = [row for overloads in methods(name).values() for row in overloads]
    return bool(rows) and all(row.mutates for row in rows)


def _member(report: Report, enum: str, member: str, node: ir.Node) -> None:
    if enum not in report.enums:
        report.add(f"unknown enum '{enum}'", node)
    elif member not in {name for name, _ in report.enums[enum].members}:
        report.add(f"enum {enum} has no member '{member}'", node)


def _formatted(report: Report, part: ir.Formatted) -> None:
    if set("{}") & set(part.spec):
        report.add("a format specification is not constant", part)


def _lambdas(report: Report, expr: ir.Call | ir.Method) -> None:
    """A lambda stands as a key, for each of the elements that are ordered."""
    rows = function(expr.function) if isinstance(expr, ir.Call) else ()
    keys = demands(rows, "lambda")
    for name, value in expr.keywords:
        if isinstance(value, ir.Lambda) and name not in keys:
            report.add("a lambda is no key here", value)
        elif isinstance(value, ir.Lambda) and len(value.parameters) != 1:
            report.add("a key has one parameter", value)
    for value in expr.args:
        if isinstance(value, ir.Lambda):
            report.add("a lambda is no key here", value)


def _classes(report: Report, class_: ir.Expr) -> None:
    known = CLASSES | set(report.records) | set(report.enums)
    several = class_.items if isinstance(class_, ir.TupleDisplay) else (class_,)
    for one in several:
        if not isinstance(one, ir.GlobalName) or one.id not in known:
            report.add("isinstance() is asked for no class of the language", one)


def _helper_call(
    report: Report, name: str, args: tuple[ir.Argument, ...], node: ir.HelperCall
) -> None:
    helper = report.helpers.get(name)
    if helper is None:
        report.add(f"unknown helper '{name}'", node)
        return
    arguments(report, name, helper.parameters, args, node)


def arguments(
    report: Report,
    name: str,
    parameters: tuple[ir.Parameter, ...],
    args: tuple[ir.Argument, ...],
    node: ir.Node,
    *,
    in_order: bool = False,
) -> None:
    """The arguments of a call are the parameters', each once. With ``in_order`` they stand in the
    order of the parameters and none is left out; injected ones never stand there."""
    given = [one.name for one in args]
    wanted = {one.name: one for one in parameters if one.injected is None}
    report.unique(f"argument of '{name}'", given, node)
    for one in given:
        if one not in wanted:
            report.add(f"'{name}' has no parameter '{one}'", node)
    for parameter in wanted.values():
        if parameter.name not in given and (in_order or parameter.default is None):
            report.add(f"a call of '{name}' has no argument '{parameter.name}'", node)
    order = [one for one in wanted if one in given]
    if in_order and order != [one for one in given if one in wanted]:
        report.add(f"the arguments of '{name}' are not in the order of its parameters", node)
    for arg in args:
        if arg.implied and arg.name in wanted and wanted[arg.name].default is None:
            report.add(f"argument '{arg.name}' of '{name}' is implied by no default", node)


def _construct(report: Report, expr: ir.Construct) -> None:
    definition = report.records.get(expr.record)
    if definition is None:
        report.add(f"unknown record '{expr.record}'", expr)
        return
    given = [name for name, _ in expr.fields]
    known = [field.name for field in definition.fields]
    report.unique(f"field of {expr.record}", given, expr)
    for name in given:
        if name not in known:
            report.add(f"record {expr.record} has no field '{name}'", expr)
    for field in definition.fields:
        if field.name not in given and field.required and field.default is None:
            report.add(f"a new {expr.record} has no field '{field.name}'", expr)
    if given[: expr.positional] != known[: expr.positional]:
        report.add(f"the fields of a new {expr.record} are not in its order", expr)


def _comprehension(report: Report, expr: ir.Comprehension) -> None:
    if not expr.clauses:
        report.add("a comprehension has no clause", expr)
    if (expr.kind == "dict") != (expr.key is not None):
        report.add("a comprehension has a key if it makes a dict", expr)
    for clause in expr.clauses:
        target(report, clause.target, clause)


def target(report: Report, one: ir.Target, node: ir.Node) -> None:
    """The names that a loop binds are one, or several that are unpacked."""
    report.unique("name of a target", one.names, node)
    if len(one.names) != len(one.types):
        report.add("a target has not one type for each name", node)
    if not one.names or (len(one.names) > 1 and not one.unpack):
        report.add("a target that is not unpacked has one name", node)


def looped(report: Report, iterable: ir.Expr, one: ir.Target, node: ir.Node) -> None:
    """A loop iterates over something that can be, and unpacks what can be."""
    problem = iteration(report.module, iterable, len(one.names), one.unpack).problem
    if problem:
        report.add(problem, node)

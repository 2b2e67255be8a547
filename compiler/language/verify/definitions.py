"""The verifier's rules of definitions: names, records, enums, errors, constants, signatures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import own_expressions
from wfc.compiler.language.typing.hierarchy import ancestors
from wfc.compiler.language.verify.expressions import expression
from wfc.compiler.language.verify.report import Report
from wfc.compiler.language.walk import expressions, statements


def definitions(report: Report) -> None:
    """The rules of everything that the module defines, bodies of functions left out."""
    module = report.module
    # Support is text: several pieces of it may bind a name, as Python allows.
    names = [n for one in _all(module) if not isinstance(one, ir.Support) for n in _names(one)]
    supported = dict.fromkeys(name for one in module.support for name in one.names)
    report.unique("definition", [*names, *supported])
    report.unique("workflow label", (one.label or one.name for one in module.workflows))
    for definition in _all(module):
        report.definition = definition.name
        if not isinstance(definition, ir.Support):
            report.identifier("definition", definition.name, definition)
    for record in module.records:
        _record(report, record)
    for enum in module.enums:
        _enum(report, enum)
    for error in module.errors:
        _error(report, error)
    for constant in module.constants:
        report.definition = constant.name
        _constant(report, constant.value)
    for step in module.steps:
        _step(report, step)
    for function in (*module.helpers, *module.workflows):
        report.definition = function.name
        _parameters(report, function.parameters)
        if any(one.injected for one in function.parameters):
            report.add("only a step has injected parameters", function)
    _circles(report)
    report.definition = ""


def _all(module: ir.Module) -> tuple[ir.Definition, ...]:
    return (
        *module.records,
        *module.enums,
        *module.errors,
        *module.constants,
        *module.support,
        *module.helpers,
        *module.steps,
        *module.workflows,
    )


def _names(definition: ir.Definition) -> Sequence[str]:
    return definition.names if isinstance(definition, ir.Support) else (definition.name,)


def _constant(report: Report, value: ir.Expr) -> None:
    """A constant expression reads nothing but constants of the module."""
    expression(report, value, frozenset())
    if any(isinstance(one, ir.HelperCall) for one in expressions(value)):
        report.add("a constant calls a helper", value)


def _record(report: Report, record: ir.Record) -> None:
    report.definition = record.name
    report.unique("field", (field.name for field in record.fields), record)
    for field in record.fields:
        if record.kind == "dataclass" and not field.required:
            report.add(f"field '{field.name}' of a dataclass is not required", field)
        if record.kind == "typeddict" and field.default is not None:
            report.add(f"field '{field.name}' of a TypedDict has a default", field)
        if field.default is not None:
            _constant(report, field.default)


def _enum(report: Report, enum: ir.Enum) -> None:
    report.definition = enum.name
    report.unique("member", (name for name, _ in enum.members), enum)
    mixin = {"str": str, "int": int}.get(enum.mixin)
    if enum.mixin and mixin is None:
        report.add(f"unknown mixin '{enum.mixin}'", enum)
    for name, value in enum.members:
        if mixin is not None and not isinstance(value, mixin):
            report.add(f"member '{name}' is no {enum.mixin}", enum)


def _error(report: Report, error: ir.ErrorClass) -> None:
    report.definition = error.name
    for base in error.bases:
        report.error(base, error)
        if error.name in ancestors(report.module, base):
            report.add("the error is its own base", error)
    if "Exception" not in ancestors(report.module, error.name):
        report.add(f"'{', '.join(error.bases)}' is no Exception", error)


def _parameters(report: Report, parameters: tuple[ir.Parameter, ...]) -> None:
    report.unique("parameter", (one.name for one in parameters))
    keyword_only = defaulted = False
    for one in parameters:
        report.identifier("parameter", one.name, one)
        if keyword_only and not one.keyword_only:
            report.add(f"parameter '{one.name}' follows keyword-only ones", one)
        optional = one.default is not None or one.injected is not None
        if defaulted and not optional and not one.keyword_only:
            report.add(f"parameter '{one.name}' without a default follows one with", one)
        if one.default is not None and one.injected is not None:
            report.add(f"parameter '{one.name}' is injected and has a default", one)
        keyword_only, defaulted = one.keyword_only, optional
        if one.default is not None:
            _constant(report, one.default)


def _step(report: Report, step: ir.Step) -> None:
    report.definition = step.name
    _parameters(report, step.parameters)
    _seconds(report, "timeout", step.timeout, step)
    _seconds(report, "heartbeat", step.heartbeat, step)
    if step.heartbeat is not None and not any(p.injected == "Heartbeat" for p in step.parameters):
        report.add("a step with a heartbeat has no Heartbeat parameter", step)
    if step.retry is not None:
        _retry(report, step.retry)
    if any(one.injected == "Connection" for one in step.parameters) and not step.transaction:
        report.add("a plain step has a Connection", step)


def _seconds(report: Report, what: str, value: float | None, step: ir.Step) -> None:
    if value is not None and not (math.isfinite(value) and value > 0):
        report.add(f"the {what} is no positive number", step)


def _retry(report: Report, retry: ir.RetryPolicy) -> None:
    for name in retry.errors:
        report.error(name, retry)
    if retry.attempts < 1:
        report.add("a retry policy has no attempt", retry)
    delays = (retry.first_delay, retry.backoff, retry.max_delay or 0)
    if not all(math.isfinite(one) and one >= 0 for one in delays):
        report.add("a delay or backoff of a retry policy is no positive number", retry)


def _circles(report: Report) -> None:
    """Helpers call each other without coming back."""
    calls = {helper.name: _called(helper) & set(report.helpers) for helper in report.module.helpers}
    done: set[str] = set()
    for name in calls:
        path: list[str] = []
        pending: list[tuple[str, Iterable[str]]] = [(name, sorted(calls[name]))]
        while pending:
            current, inner = pending.pop()
            del path[len(pending) :]
            path.append(current)
            remaining = [one for one in inner if one not in done]
            if not remaining:
                done.add(current)
                continue
            first, *others = remaining
            pending.append((current, others))
            if first in path:
                report.definition = name
                report.add(f"helpers call each other in a circle: {' -> '.join([*path, first])}")
                done.add(first)
            else:
                pending.append((first, sorted(calls[first])))


def _called(helper: ir.Helper) -> set[str]:
    roots = [one for statement in statements(helper.body) for one in own_expressions(statement)]
    return {one.helper for one in expressions(*roots) if isinstance(one, ir.HelperCall)}

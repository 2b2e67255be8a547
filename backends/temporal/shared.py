"""Writes ``shared.py``: what the workflows, the activities and the client have in common."""

from __future__ import annotations

from collections.abc import Iterable

from wfc.backends.python.printing.expressions import Expressions
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import flat
from wfc.backends.python.printing.references import used_names
from wfc.backends.python.printing.text import quote
from wfc.backends.python.program.definitions import add_imports, blocks, join_blocks
from wfc.backends.temporal.converter import conversions, converter
from wfc.backends.temporal.durations import timedelta
from wfc.backends.temporal.plan import LOCAL, Placement, Plan, boundary_names
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t


def write(plan: Plan, placement: Placement) -> str:
    """The text of ``shared.py``."""
    imports = Imports(LOCAL)
    functions = plan.functions
    names = boundary_names(functions)
    for item in placement.shared:
        names |= used_names(item.source)
    add_imports(plan.module, names, imports)
    inputs = [lines for function in functions if (lines := _input(plan, function, imports))]
    found = conversions(plan)
    conversion = converter(plan, found, imports) if found else []
    head = [f'"""What the workflows, activities and clients of {plan.module.name} share."""']
    constants = _constants(plan, imports)
    own = blocks(placement.shared)
    return "\n".join(
        [*join_blocks([head, imports.lines(), constants, *own, *inputs, *conversion]), ""]
    )


def _constants(plan: Plan, imports: Imports) -> list[str]:
    lines = [f"{plan.names.own('TASK_QUEUE')} = {quote(plan.queue)}"]
    if any(step.timeout is None for step in plan.steps):
        duration = timedelta(
            plan.settings.step_timeout, plan.names.library("datetime", "timedelta", imports)
        )
        lines += [
            "",
            "# The limit of activities that have none of their own.",
            f"{plan.names.own('DEFAULT_STEP_TIMEOUT')} = {duration}",
        ]
    return lines


def _input(plan: Plan, function: ir.Step | ir.Workflow, imports: Imports) -> list[str]:
    """The dataclass that is the one argument of a workflow or activity."""
    parameters = [p for p in function.parameters if p.injected is None]
    if not parameters:
        return []
    dataclass = plan.names.library("dataclasses", "dataclass", imports)
    required_later = _required_after_default(parameters)
    kind = "workflow" if isinstance(function, ir.Workflow) else "activity"
    return [
        f"@{dataclass}(kw_only=True)" if required_later else f"@{dataclass}",
        f"class {plan.names.input_class(function)}:",
        f'    """Input of the {function.name} {kind}."""',
        "",
        *(_field(plan, parameter, imports) for parameter in parameters),
    ]


def _required_after_default(parameters: Iterable[ir.Parameter]) -> bool:
    defaulted = False
    for parameter in parameters:
        if parameter.default is not None:
            defaulted = True
        elif defaulted:
            return True
    return False


def _field(plan: Plan, parameter: ir.Parameter, imports: Imports) -> str:
    hint = parameter.annotation or plan.names.library("typing", "Any", imports)
    if parameter.default is None:
        return f"    {parameter.name}: {hint}"
    text = flat(Expressions(plan.module, imports).expression(parameter.default))
    if not _immutable(plan, parameter.default):
        field = plan.names.library("dataclasses", "field", imports)
        empty = {"[]": "list", "{}": "dict"}.get(text, f"lambda: {text}")
        text = f"{field}(default_factory={empty})"
    return f"    {parameter.name}: {hint} = {text}"


def _immutable(plan: Plan, value: ir.Expr) -> bool:
    """Whether all instances of a dataclass may share the value."""
    # partial: other values may change
    match value:
        case ir.Constant() | ir.EnumMember() | ir.Unary():
            return True
        case ir.Call(function="datetime.datetime" | "datetime.timedelta"):
            return True
        case ir.GlobalName(id=name):
            scalars = {c.name for c in plan.module.constants if isinstance(c.type, t.Scalar)}
            return name in scalars
    return False

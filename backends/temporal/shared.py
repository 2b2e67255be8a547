"""``shared.py``: what the workflows, the activities and the client have in common."""

from __future__ import annotations

from wfc.backends.python.printing.references import used_names
from wfc.backends.python.printing.text import quote
from wfc.backends.python.program.definitions import add_imports, blocks, join_blocks
from wfc.backends.python.program.inputs import input_record
from wfc.backends.python.program.names import Unit
from wfc.backends.python.program.plan import Plan
from wfc.backends.temporal.converter import conversions, converter
from wfc.backends.temporal.durations import timedelta
from wfc.backends.temporal.placement import LOCAL, Placement, boundary_names
from wfc.backends.temporal.settings import Settings
from wfc.compiler.language import nodes as ir


def shared_module(plan: Plan, settings: Settings, placement: Placement) -> str:
    """The text of the module."""
    unit = Unit(plan.names, LOCAL)
    names = boundary_names(plan.functions)
    for item in placement.shared:
        names |= used_names(item.source)
    add_imports(plan.module, names, unit.imports)
    inputs = [
        input_record(plan, unit, function, f"Input of the {function.name} {_kind(function)}.")
        for function in plan.functions
    ]
    found = conversions(plan)
    conversion = converter(plan, found, unit) if found else []
    head = [f'"""What the workflows, activities and clients of {plan.module.name} share."""']
    constants = _constants(plan, settings, unit)
    own = blocks(placement.shared)
    return "\n".join(
        [*join_blocks([head, unit.imports.lines(), constants, *own, *inputs, *conversion]), ""]
    )


def _kind(function: ir.Step | ir.Workflow) -> str:
    return "workflow" if isinstance(function, ir.Workflow) else "activity"


def _constants(plan: Plan, settings: Settings, unit: Unit) -> list[str]:
    lines = [f"{unit.own('TASK_QUEUE')} = {quote(settings.queue(plan.module))}"]
    if any(step.timeout is None for step in plan.steps):
        duration = timedelta(settings.step_timeout, unit.library("datetime", "timedelta"))
        lines += [
            "",
            "# The limit of activities that have none of their own.",
            f"{unit.own('DEFAULT_STEP_TIMEOUT')} = {duration}",
        ]
    return lines

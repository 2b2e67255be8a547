"""From IR to a Temporal package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from wfc.backends.base import Emission, File, Options, Origin
from wfc.backends.python.program.names import Vocabulary
from wfc.backends.temporal import activities, shared
from wfc.backends.temporal.fit import problems
from wfc.backends.temporal.plan import Plan
from wfc.backends.temporal.processes import client, requirements, worker
from wfc.backends.temporal.settings import read
from wfc.backends.temporal.workflows import WorkflowsWriter
from wfc.compiler.diagnostics.model import has_errors
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.calls import with_children
from wfc.compiler.language.walk import operations


def emit(module: ir.Module, workflows: Sequence[ir.Workflow], options: Options) -> Emission:
    """The package for workflows of a module and the child workflows that they start."""
    chosen = with_children(module, workflows)
    found = problems(module, chosen, options)
    if has_errors(found):
        return Emission(diagnostics=tuple(found))
    plan = make_plan(module, chosen, options)
    writer = WorkflowsWriter(plan)
    placement = writer.placement()
    texts = {
        "workflows.py": writer.text(placement),
        "activities.py": activities.write(plan, placement) if plan.steps else "",
        "shared.py": shared.write(plan, placement),
        "worker.py": worker(plan),
        "client.py": client(plan, workflows),
        "requirements.txt": requirements(plan),
    }
    files = tuple(File(path, text) for path, text in texts.items() if text)
    return Emission(files, tuple(_origins(plan)), tuple(found))


def make_plan(module: ir.Module, workflows: Sequence[ir.Workflow], options: Options) -> Plan:
    """The plan of a package; the settings are known to be right."""
    settings, _ = read(options.settings)
    return Plan(module, tuple(workflows), settings, Vocabulary(module), options.source_locations)


def _origins(plan: Plan) -> Iterator[Origin]:
    for workflow in plan.workflows:
        for node in operations(workflow.body):
            match node:
                case ir.StepCall():
                    kind = "activity"
                case ir.WorkflowCall():
                    kind = "child"
                case ir.Sleep():
                    kind = "timer"
                case _:
                    assert_never(node)
            place = node.span.line, node.span.column
            yield Origin("workflows.py", workflow.name, node.site, kind, *place)

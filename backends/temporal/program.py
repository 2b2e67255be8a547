"""The package of modules that workflows become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from wfc.backends.base import File
from wfc.backends.python.program.plan import Plan
from wfc.backends.temporal.activities import Activities
from wfc.backends.temporal.fit import CODES, problems
from wfc.backends.temporal.placement import place
from wfc.backends.temporal.processes import client, requirements, worker
from wfc.backends.temporal.settings import read
from wfc.backends.temporal.shared import shared_module
from wfc.backends.temporal.traits import TRAITS
from wfc.backends.temporal.workflows import Workflows
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.language import nodes as ir


class TemporalProgram(Workflows, Activities):
    """Workflows, activities, what both share, a worker and a client."""

    traits = TRAITS
    codes = CODES

    @classmethod
    def fits(cls, plan: Plan) -> Iterable[Diagnostic]:
        return problems(plan)

    def origin(self, node: ir.Operation) -> tuple[str, str]:
        match node:
            case ir.StepCall():
                kind = "activity"
            case ir.WorkflowCall():
                kind = "child"
            case ir.Sleep():
                kind = "timer"
            case _:
                assert_never(node)
        return "workflows.py", kind

    def files(self) -> Iterator[File]:
        classes = [self.workflow(workflow) for workflow in self.plan.workflows]
        placement = place(self.plan, self.used)
        settings, _ = read(self.plan.options.settings)
        yield File("workflows.py", self.workflows_module(classes, placement))
        if self.plan.steps:
            yield File("activities.py", self.activities_module(placement))
        yield File("shared.py", shared_module(self.plan, settings, placement))
        yield File("worker.py", worker(self.plan))
        yield File("client.py", client(self.plan))
        yield File("requirements.txt", requirements(self.plan))

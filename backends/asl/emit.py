"""From the IR of workflows to state machines and Lambda handlers."""

from __future__ import annotations

from collections.abc import Sequence

from wfc.backends.asl.checker.machine import check_machine
from wfc.backends.asl.fit.check import check_surroundings, fitted
from wfc.backends.asl.handlers.functions import handlers
from wfc.backends.asl.machine.build import Machine
from wfc.backends.base import Emission, File, Options
from wfc.compiler.diagnostics.model import Refused, has_errors, in_source_order
from wfc.compiler.language import nodes as ir


def emit(module: ir.Module, workflows: Sequence[ir.Workflow], options: Options) -> Emission:
    """One machine for each workflow, and the Lambda handlers of their steps."""
    machines: list[Machine] = []
    diagnostics = check_surroundings(module, workflows, options)
    for workflow in workflows:
        try:
            machines.append(_checked(fitted(module, workflow, options)))
        except Refused as refused:
            diagnostics += refused.diagnostics
    files = [File(machine.path, machine.text) for machine in machines]
    if not has_errors(diagnostics):
        files += handlers(module, workflows)
    origins = [origin for machine in machines for origin in machine.origins]
    return Emission(tuple(files), tuple(origins), tuple(in_source_order(diagnostics)))


def _checked(machine: Machine) -> Machine:
    """The machine, which the reference checker has nothing against."""
    problems = check_machine(machine.definition)
    if problems:
        raise AssertionError(f"defect in the emitted {machine.path}: {problems[0]}")
    return machine

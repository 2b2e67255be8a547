"""Which workflows and steps of a module the calls of a workflow lead to."""

from __future__ import annotations

from collections.abc import Iterable

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.walk import operations


def with_children(module: ir.Module, workflows: Iterable[ir.Workflow]) -> tuple[ir.Workflow, ...]:
    """The workflows and every workflow that they start, in the order of the source.

    Args:
        module: the module that defines them.
        workflows: some of its workflows.
    """
    by_name = {workflow.name: workflow for workflow in module.workflows}
    found: set[str] = set()
    pending = [workflow.name for workflow in workflows]
    while pending:
        name = pending.pop()
        if name in found:
            continue
        found.add(name)
        calls = operations(by_name[name].body)
        pending += [node.workflow for node in calls if isinstance(node, ir.WorkflowCall)]
    return tuple(workflow for workflow in module.workflows if workflow.name in found)


def called_steps(module: ir.Module, workflows: Iterable[ir.Workflow]) -> tuple[ir.Step, ...]:
    """The steps that workflows call themselves, in the order of the source; those of the workflows
    that they start are left out."""
    called = {
        node.step
        for workflow in workflows
        for node in operations(workflow.body)
        if isinstance(node, ir.StepCall)
    }
    return tuple(step for step in module.steps if step.name in called)

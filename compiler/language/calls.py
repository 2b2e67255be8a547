"""Which workflows and steps of a module the calls of a workflow lead to."""

from __future__ import annotations

from collections.abc import Iterable

from wfc.compiler.language.nodes import Module, Step, StepCall, Workflow, WorkflowCall
from wfc.compiler.language.walk import operations


def with_children(module: Module, workflows: Iterable[Workflow]) -> tuple[Workflow, ...]:
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
        pending += [node.workflow for node in calls if isinstance(node, WorkflowCall)]
    return tuple(workflow for workflow in module.workflows if workflow.name in found)


def called_steps(module: Module, workflows: Iterable[Workflow]) -> tuple[Step, ...]:
    """The steps that workflows call themselves, in the order of the source; those of the workflows
    that they start are left out."""
    called = {
        node.step
        for workflow in workflows
        for node in operations(workflow.body)
        if isinstance(node, StepCall)
    }
    return tuple(step for step in module.steps if step.name in called)

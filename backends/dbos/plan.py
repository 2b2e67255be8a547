"""What a set of workflows uses, and the flavour of the module that runs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wfc.compiler.data.struct import Struct
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.calls import called_steps, with_children
from wfc.compiler.language.walk import operations


class Plan(Struct):
    """``workflows`` include those started by others; ``steps`` are the ones they call; both in the
    order of the source. ``asynchronous`` says that the module is written with ``async def``: DBOS
    knows timeouts for coroutines only (``timeout_seconds`` on a sync step is an error)."""

    module: ir.Module
    workflows: tuple[ir.Workflow, ...]
    steps: tuple[ir.Step, ...]
    asynchronous: bool
    steps_by_name: Mapping[str, ir.Step]

    def step(self, name: str) -> ir.Step:
        """The step function of that name."""
        return self.steps_by_name[name]

    def workflow(self, name: str) -> ir.Workflow:
        """The workflow function of that name."""
        return next(item for item in self.module.workflows if item.name == name)

    @property
    def plain_steps(self) -> tuple[ir.Step, ...]:
        return tuple(step for step in self.steps if not step.transaction)

    @property
    def transactions(self) -> tuple[ir.Step, ...]:
        return tuple(step for step in self.steps if step.transaction)

    @property
    def roots(self) -> tuple[ir.Workflow, ...]:
        """The workflows that no other one starts; all of them when each is started by another."""
        children = {
            node.workflow
            for workflow in self.workflows
            for node in operations(workflow.body)
            if isinstance(node, ir.WorkflowCall) and node.workflow != workflow.name
        }
        return tuple(w for w in self.workflows if w.name not in children) or self.workflows


def is_limited(step: ir.Step) -> bool:
    """Whether an attempt of the step may be ended before it returns."""
    return step.timeout is not None or step.heartbeat is not None


def plan(module: ir.Module, workflows: Sequence[ir.Workflow]) -> Plan:
    """The plan for workflows of a module and the workflows that they start."""
    chosen = with_children(module, workflows)
    steps = called_steps(module, chosen)
    asynchronous = any(step.asynchronous or is_limited(step) for step in steps)
    return Plan(module, chosen, steps, asynchronous, {step.name: step for step in steps})

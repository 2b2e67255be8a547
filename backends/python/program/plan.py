"""What is compiled: workflows, and all that they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from wfc.backends.base import Options
from wfc.backends.python.program.names import Vocabulary
from wfc.backends.python.program.traits import Traits
from wfc.compiler.data.struct import Struct
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.calls import called_steps, with_children
from wfc.compiler.language.walk import operations


class Plan(Struct):
    """Workflows of a module that somebody asks for (``given``), and what that means for one
    engine."""

    module: ir.Module
    given: tuple[ir.Workflow, ...]
    traits: Traits
    options: Options

    @cached_property
    def workflows(self) -> tuple[ir.Workflow, ...]:
        """The given ones and those that they start, in the order of the source."""
        return with_children(self.module, self.given)

    @cached_property
    def steps(self) -> tuple[ir.Step, ...]:
        """The steps that the workflows call, in the order of the source."""
        return called_steps(self.module, self.workflows)

    @cached_property
    def plain_steps(self) -> tuple[ir.Step, ...]:
        return tuple(step for step in self.steps if not step.transaction)

    @cached_property
    def transactions(self) -> tuple[ir.Step, ...]:
        return tuple(step for step in self.steps if step.transaction)

    @cached_property
    def functions(self) -> tuple[ir.Workflow | ir.Step, ...]:
        """Everything that has a boundary."""
        return (*self.workflows, *self.steps)

    @cached_property
    def operations(self) -> tuple[ir.Operation, ...]:
        return tuple(node for workflow in self.workflows for node in operations(workflow.body))

    @cached_property
    def step(self) -> Mapping[str, ir.Step]:
        return {step.name: step for step in self.module.steps}

    @cached_property
    def workflow(self) -> Mapping[str, ir.Workflow]:
        return {workflow.name: workflow for workflow in self.module.workflows}

    @cached_property
    def children(self) -> frozenset[str]:
        """The workflows that another one starts."""
        return frozenset(
            node.workflow
            for workflow in self.workflows
            for node in operations(workflow.body)
            if isinstance(node, ir.WorkflowCall) and node.workflow != workflow.name
        )

    @cached_property
    def default(self) -> ir.Workflow | None:
        """The workflow that runs where none is named: the only one that no other one starts."""
        roots = [workflow for workflow in self.given if workflow.name not in self.children]
        return roots[0] if len(roots) == 1 else None

    @cached_property
    def has_children(self) -> bool:
        """Whether a workflow starts another one, or itself."""
        return any(isinstance(node, ir.WorkflowCall) for node in self.operations)

    @cached_property
    def asynchronous(self) -> bool:
        """Whether the workflows are coroutines."""
        if self.traits.colour == "either":
            return any(step.asynchronous or is_limited(step) for step in self.steps)
        return self.traits.colour == "async"

    @cached_property
    def names(self) -> Vocabulary:
        """The names that the user's file has taken, and those of what is generated."""
        return Vocabulary(self.module, self.traits.mark)


def is_limited(step: ir.Step) -> bool:
    """Whether an attempt of the step may be ended before it returns."""
    return step.timeout is not None or step.heartbeat is not None


def is_retried(step: ir.Step) -> bool:
    """Whether a second attempt may follow the first."""
    return step.retry is not None and step.retry.attempts > 1


def guarded_errors(step: ir.Step) -> tuple[str, ...]:
    """The errors that a step is retried on, where not every error is: all others must not be
    retried."""
    if step.retry is None or not is_retried(step):
        return ()
    everything = {"Exception", "BaseException"}
    return () if everything & set(step.retry.errors) else step.retry.errors

"""How an engine's code says what the body of a workflow says."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence

from wfc.backends.python.printing.expressions import Level
from wfc.backends.python.printing.layout import Doc, join
from wfc.backends.python.printing.statements import Statements
from wfc.backends.python.program.names import Unit
from wfc.backends.python.program.plan import Plan
from wfc.backends.python.program.steps import Fillings, passed
from wfc.compiler.language import nodes as ir


class Dialect(Statements, partial=True):
    """Prints the body of one workflow; made anew for each.

    An engine answers how an operation runs, how its arguments cross, how errors are raised and
    caught, what a variable is. No hook has an answer of its own here: what is right for one engine
    is quietly wrong for another. Answers that several engines share are mixed in by name, such as
    ``OwnErrors`` and ``ExplicitData``.

    Args:
        plan: what is compiled.
        unit: the module that the workflow is written into.
        workflow: whose body this is.
        fillings: what fills the injected parameters of a step.
    """

    def __init__(
        self,
        plan: Plan,
        unit: Unit,
        workflow: ir.Workflow,
        fillings: Callable[[ir.Step], Fillings],
    ) -> None:
        super().__init__(
            plan.module,
            unit.imports,
            workflow,
            placement=plan.traits.placement,
            level=Level.AWAIT if plan.asynchronous else Level.ATOM,
        )
        self.plan = plan
        self.unit = unit
        self.workflow = workflow
        self._fillings = fillings

    @abstractmethod
    def sent(self, function: ir.Step | ir.Workflow, arguments: Sequence[ir.Argument]) -> list[Doc]:
        """The arguments of a call as they cross its boundary. Those that are ``implied`` are
        defaults that the source leaves out."""

    @abstractmethod
    def run(self, node: ir.StepCall, step: ir.Step, given: Sequence[Doc]) -> Doc:
        """The expression that runs a step and has its result.

        Args:
            given: its arguments, those that fill injected parameters included.
        """

    @abstractmethod
    def child(self, node: ir.WorkflowCall, workflow: ir.Workflow, given: Sequence[Doc]) -> Doc:
        """The expression that runs a child workflow and has its result; arguments as for
        :meth:`run`."""

    def step_call(self, node: ir.StepCall) -> Doc:
        step = self.plan.step[node.step]
        given = [*self.sent(step, node.args), *passed(node, self._fillings(step))]
        return self.run(node, step, given)

    def workflow_call(self, node: ir.WorkflowCall) -> Doc:
        child = self.plan.workflow[node.workflow]
        return self.child(node, child, self.sent(child, node.args))

    def awaited(self, call: Doc) -> Doc:
        """A call that is awaited where workflows are coroutines."""
        return join("await ", call) if self.plan.asynchronous else call

"""How a workflow body is written for DBOS."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wfc.backends.dbos.names import Names
from wfc.backends.python.printing.expressions import Level
from wfc.backends.python.printing.layout import Bracket, Doc, call, join
from wfc.backends.python.printing.text import quote
from wfc.backends.python.program.boundary import Codec
from wfc.backends.python.program.crossing import ExplicitData
from wfc.backends.python.program.errors import OwnErrorClasses
from wfc.backends.python.program.names import Unit
from wfc.backends.python.program.plan import Plan, is_retried
from wfc.backends.python.program.steps import Fillings
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t


class DbosDialect(OwnErrorClasses, ExplicitData):
    """Steps, children and sleeps go through DBOS; what crosses their boundary is JSON data.

    Args:
        names: the module's own functions.
        options: the constants that hold the retries and timeouts of steps, by step.
    """

    def __init__(
        self,
        plan: Plan,
        unit: Unit,
        workflow: ir.Workflow,
        fillings: Callable[[ir.Step], Fillings],
        codec: Codec,
        encoded: list[t.Type],
        names: Names,
        options: Mapping[str, str],
    ) -> None:
        super().__init__(plan, unit, workflow, fillings, codec, encoded)
        self.names = names
        self.options = options

    def variable(self, name: str) -> Doc:
        return name

    def run(self, node: ir.StepCall, step: ir.Step, given: Sequence[Doc]) -> Doc:
        runner = self.names.run_async_step if step.asynchronous else self.names.run_step
        if step.transaction:
            runner = self.names.run_transaction
        run = call(runner, [self._options(node), step.name, *given])
        # A datasource of SQLAlchemy's blocking kind is called as it is, also on the event loop;
        # only the wait between two attempts is awaited.
        blocking = step.transaction and not any(map(is_retried, self.plan.transactions))
        if self.plan.asynchronous and not blocking:
            return self.received(step, join("await ", run), Level.AWAIT)
        return self.received(step, run, Level.ATOM)

    def _options(self, node: ir.StepCall) -> Doc:
        """``{"name": "debit_platform"}``, with the step's retries and timeout."""
        items: list[Doc] = [f'"name": {quote(node.site)}']
        if node.step in self.options:
            items.append(f"**{self.options[node.step]}")
        return Bracket("{", tuple(items), "}")

    def child(self, node: ir.WorkflowCall, workflow: ir.Workflow, given: Sequence[Doc]) -> Doc:
        run = self.awaited(call(self.names.run_child, [workflow.name, *given]))
        return self.received(workflow, run, self.operation_level)

    def sleep(self, node: ir.Sleep) -> Doc:
        sleep = "DBOS.sleep_async" if self.plan.asynchronous else "DBOS.sleep"
        return self.awaited(call(sleep, [self.expression(node.seconds, Level.LAMBDA)]))

    def as_json(self, value: Doc) -> Doc:
        return call(self.names.as_json, [value])

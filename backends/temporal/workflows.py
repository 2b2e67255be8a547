"""Writes ``workflows.py``: a class per workflow."""

from __future__ import annotations

from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import Bracket, arguments, lay_out
from wfc.backends.python.printing.references import used_names
from wfc.backends.python.printing.text import docstring_lines, quote
from wfc.backends.python.program.definitions import add_imports, blocks, join_blocks
from wfc.backends.temporal.dialect import TemporalDialect
from wfc.backends.temporal.failures import failing_types
from wfc.backends.temporal.helpers import error_helpers
from wfc.backends.temporal.plan import LOCAL, Placement, Plan, defined, place
from wfc.backends.temporal.policies import Policies
from wfc.compiler.language import nodes as ir


class WorkflowsWriter:
    """Prints the classes first, because they decide what the rest of the module has to hold."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.imports = Imports(LOCAL)
        self._policies = Policies(plan, self.imports)
        self._used: set[str] = set()
        self._helpers: set[str] = set()
        self._caught: set[str] = set()
        self._groups: dict[str, tuple[str, ...]] = {}
        self._steps: set[str] = set()
        self._shared: set[str] = set()
        self._classes = [self._class(workflow) for workflow in plan.workflows]

    @property
    def api(self) -> str:
        return self.plan.names.library("temporalio", "workflow", self.imports)

    def placement(self) -> Placement:
        """Where the definitions of the user's file go."""
        return place(self.plan, self._used)

    def text(self, placement: Placement) -> str:
        """The text of ``workflows.py``."""
        names = set(self._used)
        for item in placement.workflows:
            names |= used_names(item.source)
        add_imports(self.plan.module, names, self.imports)
        shared = self._shared | (names & defined(placement.shared))
        helpers = error_helpers(self.plan, self._helpers, self._caught, self.imports)
        constants = self._constants()
        passed = self._passed_through(shared)
        head = docstring_lines(self.plan.module.docstring)
        own = placement.workflows
        values = [item for item in own if isinstance(item, ir.ConstantDefinition)]
        others = [item for item in own if not isinstance(item, ir.ConstantDefinition)]
        top = [head, self.imports.lines(), passed, *blocks(values), constants]
        return "\n".join([*join_blocks([*top, *blocks(others), *helpers, *self._classes]), ""])

    def _passed_through(self, shared: set[str]) -> list[str]:
        """Activities bring modules that the sandbox must not load again, and what both sides share
        has to be the same classes on both."""
        modules = {"activities": self._steps, "shared": shared}
        lines: list[str] = []
        for module, names in modules.items():
            if names:
                found = Imports(LOCAL)
                for name in names:
                    found.member(module, name)
                lines += found.lines(indent=4)
        if not lines:
            return []
        return [f"with {self.api}.unsafe.imports_passed_through():", *lines]

    def _constants(self) -> list[str]:
        lines = self._policies.constants()
        for name in sorted(self._groups):
            items = Bracket("(", tuple(map(quote, self._groups[name])), ")")
            lines += lay_out(f"{name} = ", items)
        return lines

    def _class(self, workflow: ir.Workflow) -> list[str]:
        """One workflow as a class with a ``run`` method."""
        names = self.plan.names
        dialect = TemporalDialect(self.plan, self._policies, self.imports, workflow)
        body = dialect.body(8)
        lines = [
            *self._decorator(workflow),
            f"class {names.workflow_class(workflow)}:",
            *docstring_lines(workflow.docstring, 4),
            *([""] if workflow.docstring else []),
            f"    @{self.api}.run",
            *self._signature(workflow, dialect),
            *body,
        ]
        self._used |= dialect.used | used_names(workflow.returns_annotation.strip("\"'"))
        self._helpers |= dialect.helpers
        self._caught |= dialect.caught
        self._groups |= dialect.groups
        self._steps |= dialect.steps
        self._shared |= dialect.shared
        return lines

    def _decorator(self, workflow: ir.Workflow) -> list[str]:
        options: list[str] = []
        if workflow.label and workflow.label != workflow.name:
            options.append(f"name={quote(workflow.label)}")
        types = failing_types(self.plan.module, workflow)
        if types:
            # Anything else that a workflow raises makes Temporal try again for ever.
            options.append(f"failure_exception_types=[{', '.join(types)}]")
        if not options:
            return [f"@{self.api}.defn"]
        return lay_out(f"@{self.api}.defn", arguments(options))

    def _signature(self, workflow: ir.Workflow, dialect: TemporalDialect) -> list[str]:
        items = ["self"]
        if workflow.parameters:
            input_class = self.plan.names.input_class(workflow)
            self._shared.add(input_class)
            items.append(f"{dialect.input}: {input_class}")
        result = f" -> {workflow.returns_annotation}" if workflow.returns_annotation else ""
        return lay_out("async def run", arguments(items), f"{result}:", 4)

"""``workflows.py``: a class per workflow."""

from __future__ import annotations

from collections.abc import Sequence

from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import Bracket, arguments, lay_out
from wfc.backends.python.printing.references import used_names
from wfc.backends.python.printing.text import docstring_lines, quote
from wfc.backends.python.program.definitions import add_imports, blocks, join_blocks
from wfc.backends.python.program.dialect import Dialect
from wfc.backends.python.program.names import Unit
from wfc.backends.python.program.plan import Plan
from wfc.backends.python.program.program import Program
from wfc.backends.python.program.steps import Frame
from wfc.backends.temporal.dialect import Needs, TemporalDialect
from wfc.backends.temporal.failures import failing_types
from wfc.backends.temporal.helpers import error_helpers
from wfc.backends.temporal.placement import LOCAL, Placement, defined
from wfc.backends.temporal.policies import Policies
from wfc.compiler.language import nodes as ir


class Workflows(Program, partial=True):
    """What Temporal answers about workflows. Their classes are printed first, because they decide
    what the rest of their module has to hold."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._workflows = Unit(plan.names, LOCAL)
        self._policies = Policies(plan, self._workflows)
        self._needs = Needs()

    def dialect(self, workflow: ir.Workflow) -> TemporalDialect:
        return TemporalDialect(
            self.plan, self._workflows, workflow, self.fillings, self._policies, self._needs
        )

    def workflow_frame(self, workflow: ir.Workflow, dialect: Dialect) -> Frame:
        """A class with a ``run`` method."""
        assert isinstance(dialect, TemporalDialect)
        self.used |= used_names(workflow.returns_annotation.strip("\"'"))
        head = [
            *self._workflow_decorator(workflow),
            f"class {self.plan.names.workflow_class(workflow)}:",
            *docstring_lines(workflow.docstring, 4),
            *([""] if workflow.docstring else []),
            f"    @{dialect.api}.run",
            *self._workflow_signature(workflow, dialect.input),
        ]
        return Frame(head, indent=8)

    def _workflow_decorator(self, workflow: ir.Workflow) -> list[str]:
        options: list[str] = []
        if workflow.label and workflow.label != workflow.name:
            options.append(f"name={quote(workflow.label)}")
        types = failing_types(self.module, workflow)
        if types:
            # Anything else that a workflow raises makes Temporal try again for ever.
            options.append(f"failure_exception_types=[{', '.join(types)}]")
        decorator = f"@{self._workflows.library('temporalio', 'workflow')}.defn"
        return lay_out(decorator, arguments(options)) if options else [decorator]

    def _workflow_signature(self, workflow: ir.Workflow, name: str) -> list[str]:
        items = ["self"]
        if workflow.parameters:
            input_class = self.plan.names.input_class(workflow)
            self._needs.shared.add(input_class)
            items.append(f"{name}: {input_class}")
        result = f" -> {workflow.returns_annotation}" if workflow.returns_annotation else ""
        return lay_out("async def run", arguments(items), f"{result}:", 4)

    def workflows_module(self, classes: Sequence[list[str]], placement: Placement) -> str:
        """The text of the module with these classes."""
        names = set(self.used)
        for item in placement.workflows:
            names |= used_names(item.source)
        add_imports(self.module, names, self._workflows.imports)
        shared = self._needs.shared | (names & defined(placement.shared))
        helpers = error_helpers(self.plan, self._workflows, self._needs.helpers, self._needs.caught)
        constants = self._constants()
        passed = self._passed_through(shared)
        head = docstring_lines(self.module.docstring)
        own = placement.workflows
        values = [item for item in own if isinstance(item, ir.ConstantDefinition)]
        others = [item for item in own if not isinstance(item, ir.ConstantDefinition)]
        top = [head, self._workflows.imports.lines(), passed, *blocks(values), constants]
        return "\n".join([*join_blocks([*top, *blocks(others), *helpers, *classes]), ""])

    def _passed_through(self, shared: set[str]) -> list[str]:
        """Activities bring modules that the sandbox must not load again, and what both sides share
        has to be the same classes on both."""
        modules = {"activities": self._needs.steps, "shared": shared}
        lines: list[str] = []
        for module, names in modules.items():
            if names:
                found = Imports(LOCAL)
                for name in names:
                    found.member(module, name)
                lines += found.lines(indent=4)
        if not lines:
            return []
        api = self._workflows.library("temporalio", "workflow")
        return [f"with {api}.unsafe.imports_passed_through():", *lines]

    def _constants(self) -> list[str]:
        lines = self._policies.constants()
        for name in sorted(self._needs.groups):
            items = Bracket("(", tuple(map(quote, self._needs.groups[name])), ")")
            lines += lay_out(f"{name} = ", items)
        return lines

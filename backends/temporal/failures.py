"""Which Python errors end a workflow.

Temporal takes an error that is not one of its own for a bug of the worker and runs the workflow
task again until it is fixed. Where the source says that a workflow fails, its class has to name the
error.
"""

from __future__ import annotations

from typing import Final

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.inference.finite import may_leave_json
from wfc.compiler.language.inference.raising import statement_may_raise, variable_types
from wfc.compiler.language.typing.hierarchy import ancestors
from wfc.compiler.language.walk import statements

# Families of errors that expressions raise; each stands for all of its members.
_FAMILIES: Final = ("ArithmeticError", "LookupError", "ValueError")


def failing_types(module: ir.Module, workflow: ir.Workflow) -> list[str]:
    """The builtin classes for ``failure_exception_types``, sorted; empty when no statement of the
    workflow can fail by itself."""
    variables = variable_types(workflow)
    found: set[str] = set()
    for statement in statements(workflow.body):
        for name in statement_may_raise(statement, module, variables):
            above = ancestors(module, name)
            found.add(next((family for family in _FAMILIES if family in above), name))
    if may_leave_json(module, workflow):
        found.add("ValueError")
    return sorted(found)

"""Which Python errors end a workflow.

Temporal takes an error that is not one of its own for a bug of the worker and runs the workflow
task again until it is fixed. Where the source says that a workflow fails, its class has to name the
error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wfc.compiler.ir import nodes as ir
from wfc.compiler.ir.hierarchy import ancestors
from wfc.compiler.ir.typing import judge
from wfc.compiler.ir.walk import expressions, own_expressions, statements

# Families of errors that expressions raise; each stands for all of its members.
_FAMILIES: Final = ("ArithmeticError", "LookupError", "ValueError")


def failing_types(module: ir.Module, workflow: ir.Workflow) -> list[str]:
    """The builtin classes for ``failure_exception_types``, sorted; empty when no expression of the
    workflow can fail."""
    found: set[str] = set()
    for name in _raised(module, workflow, set()):
        above = ancestors(module, name)
        found.add(next((family for family in _FAMILIES if family in above), name))
    return sorted(found)


def _raised(module: ir.Module, function: ir.Function, seen: set[str]) -> Iterator[str]:
    helpers = {helper.name: helper for helper in module.helpers}
    for statement in statements(function.body):
        yield from _by_statement(statement)
        for expr in expressions(*own_expressions(statement)):
            yield from judge(expr, module).raises
            if isinstance(expr, ir.HelperCall) and expr.helper not in seen:
                seen.add(expr.helper)
                yield from _raised(module, helpers[expr.helper], seen)
    if isinstance(function, ir.Helper):
        raised = (s.error for s in statements(function.body) if isinstance(s, ir.Raise))
        yield from (name for name in raised if name is not None)


def _by_statement(statement: ir.Statement) -> Iterator[str]:
    """What a statement raises beside its expressions."""
    match statement:
        case ir.Unpack():
            yield "ValueError"
        case ir.Store(path=path) | ir.Delete(path=path) if path:
            if any(not isinstance(key, ir.FieldKey) for key in path):
                yield "LookupError"
        case ir.Mutate(method="pop" | "remove" | "index" | "popitem" as method, path=path):
            yield "ValueError" if method == "remove" else "LookupError"

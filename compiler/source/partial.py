"""What of a module with errors can still be looked at."""

from __future__ import annotations

from collections.abc import Iterable

from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.form.content import part


def without_errors(module: ir.Module, diagnostics: Iterable[Diagnostic]) -> ir.Module | None:
    """The module with those workflows only that have no error and reach none.

    An error outside of steps, helpers and workflows (in a record, an import, a constant) may be
    felt anywhere, so that nothing is left then.

    Args:
        module: as read, with whatever stands in for what could not be read.
        diagnostics: what was found in it.

    Returns:
        None when no workflow is left.
    """
    functions = (*module.helpers, *module.steps, *module.workflows)
    broken: set[str] = set()
    for found in diagnostics:
        if found.severity == "error":
            around = [one.name for one in functions if _holds(one.span, found.span)]
            if not around:
                return None
            broken.update(around)
    workflows = tuple(one for one in module.workflows if not broken & _reached(module, one))
    if not workflows:
        return None
    return replace(
        module,
        helpers=tuple(one for one in module.helpers if one.name not in broken),
        steps=tuple(one for one in module.steps if one.name not in broken),
        workflows=workflows,
    )


def _reached(module: ir.Module, workflow: ir.Workflow) -> set[str]:
    found = part(module, workflow.name)
    return {one.name for one in (*found.helpers, *found.steps, *found.workflows)}


def _holds(outer: Span, inner: Span) -> bool:
    return outer.line <= inner.line and inner.end_line <= outer.end_line

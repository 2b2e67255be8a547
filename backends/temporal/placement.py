"""Which module of a package takes which definition of the user's file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from wfc.backends.python.printing.references import used_names
from wfc.backends.python.program.definitions import bound_names, constant_names, reachable
from wfc.backends.python.program.plan import Plan, guarded_errors
from wfc.compiler.data.struct import Struct
from wfc.compiler.language import nodes as ir

# Modules of the generated package.
LOCAL: Final = ("activities", "shared", "workflows")


class Placement(Struct):
    """Where each definition of the user's file goes. What both sides use, and every record and enum
    that workflow code sees, is shared: the sandbox passes that module through, so that a class is
    the same class in workflows and activities."""

    shared: tuple[ir.Definition, ...]
    activities: tuple[ir.Definition, ...]
    workflows: tuple[ir.Definition, ...]


def place(plan: Plan, workflow_names: Iterable[str]) -> Placement:
    """Divide the definitions among the modules.

    Args:
        plan: what is compiled.
        workflow_names: the module-level names that the text of the workflows refers to.
    """
    module = plan.module
    sides = {
        "activities": reachable(module, activity_names(plan.steps)).definitions,
        "workflows": reachable(module, workflow_names).definitions,
    }
    both = [item for item in sides["activities"] if _has(sides["workflows"], item)]
    data = [item for item in sides["workflows"] if isinstance(item, ir.Record | ir.Enum)]
    boundary = boundary_names(plan.functions)
    roots = {name for item in (*both, *data) for name in bound_names(item)} | boundary
    shared = reachable(module, roots).definitions
    rest = {
        side: tuple(item for item in found if not _has(shared, item))
        for side, found in sides.items()
    }
    return Placement(shared, rest["activities"], rest["workflows"])


def _has(items: Sequence[ir.Definition], item: ir.Definition) -> bool:
    return any(other is item for other in items)


def activity_names(steps: Iterable[ir.Step]) -> set[str]:
    """The names that steps refer to, those of the errors they are retried on included."""
    found: set[str] = set()
    for step in steps:
        found |= body_names(step)
        found.update(guarded_errors(step))
    return found


def body_names(step: ir.Step) -> frozenset[str]:
    """The names that the text of an activity refers to; those of its parameters' annotations are in
    the dataclass of its input."""
    return used_names(step.body) | _annotation_names(step.returns_annotation)


def boundary_names(functions: Iterable[ir.Step | ir.Workflow]) -> set[str]:
    """The names in what crosses a boundary: annotations and defaults of parameters, results."""
    found: set[str] = set()
    for function in functions:
        for parameter in function.parameters:
            if parameter.injected is None:
                found |= _annotation_names(parameter.annotation)
                found |= constant_names(parameter.default)
        found |= _annotation_names(function.returns_annotation)
    return found


def _annotation_names(text: str) -> frozenset[str]:
    return used_names(text) | used_names(text.strip("\"'"))


def defined(items: Iterable[ir.Definition]) -> frozenset[str]:
    """The names that definitions bind."""
    return frozenset(name for item in items for name in bound_names(item))

"""Names of the generated module, and those of the user's file that they must not hide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wfc.backends.dbos.plan import Plan
from wfc.backends.python.printing.references import used_names
from wfc.backends.python.program.definitions import (
    bound_names,
    constant_names,
    reachable,
    step_names,
)
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.walk import used_names as local_names

# What the generated module imports or defines under a fixed name.
FIXED: Final = frozenset(
    {
        "Any",
        "Awaitable",
        "Callable",
        "DBOS",
        "DBOSConfig",
        "DBOSPortableJSONSerializer",
        "PortableWorkflowError",
        "SQLAlchemyDatasource",
        "Serializer",
        "SetWorkflowID",
        "StepOptions",
        "asdict",
        "builtins",
    }
)

# What it imports or defines under another name where the user's file has that one.
MOVABLE: Final = frozenset(
    {
        "argparse",
        "asyncio",
        "contextlib",
        "contextvars",
        "deepcopy",
        "fields",
        "inspect",
        "itertools",
        "json",
        "main",
        "os",
        "sys",
        "uuid",
    }
)

# The variables of the function that runs a workflow by its name.
MAIN_VARIABLES: Final = frozenset({"arguments", "error", "failure", "given", "parser", "result"})

_HOMES: Final = {"deepcopy": "copy.deepcopy", "fields": "dataclasses.fields"}


def collisions(whole: Plan, names: frozenset[str]) -> Iterator[tuple[str, ir.Definition]]:
    """The user's definitions in the generated module that have such a name."""
    module = whole.module
    always: list[ir.Definition] = [
        *module.records,
        *module.enums,
        *module.errors,
        *whole.steps,
        *whole.workflows,
    ]
    when_used: list[ir.Definition] = [*module.constants, *module.support, *module.helpers]
    taken = [item for item in when_used if not names.isdisjoint(bound_names(item))]
    if taken:
        used = _used(whole)
        taken = [item for item in taken if not used.isdisjoint(bound_names(item))]
    for item in [*always, *taken]:
        for name in sorted(names.intersection(bound_names(item))):
            yield name, item


def hidden(whole: Plan) -> frozenset[str]:
    """The movable names that mean something of the user's in the generated module."""
    imported = {
        name
        for statement in whole.module.imports
        for name, full in statement.names
        if name in MOVABLE and full != _HOMES.get(name, name)
    }
    return frozenset({name for name, _ in collisions(whole, MOVABLE)} | imported)


def taken_names(whole: Plan) -> set[str]:
    """Every name that the user's module or one of its functions binds."""
    module = whole.module
    names = {bound for statement in module.imports for bound, _ in statement.names}
    for item in (*module.records, *module.enums, *module.errors, *module.constants):
        names.add(item.name)
    functions: tuple[ir.Function | ir.Step, ...] = (
        *module.helpers,
        *module.workflows,
        *module.steps,
    )
    for function in functions:
        names.add(function.name)
        names |= {parameter.name for parameter in function.parameters}
    for support in module.support:
        names |= set(support.names)
    for workflow in module.workflows:
        names |= local_names(workflow.body)
    for step in module.steps:
        names |= used_names(step.body)
    return names


def _used(whole: Plan) -> frozenset[str]:
    """The names that the steps and workflows refer to, themselves or through definitions."""
    names = {record.name for record in whole.module.records}
    names.update(*map(step_names, whole.steps), *map(constant_names, whole.workflows))
    return reachable(whole.module, names).names

"""Names of the generated module, and those of the user's file that they must not hide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wfc.backends.python.printing.text import fresh
from wfc.backends.python.program.definitions import (
    bound_names,
    constant_names,
    reachable,
    step_names,
)
from wfc.backends.python.program.plan import Plan
from wfc.compiler.data.struct import Struct, fields
from wfc.compiler.language import nodes as ir

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


def collisions(plan: Plan, names: frozenset[str]) -> Iterator[tuple[str, ir.Definition]]:
    """The user's definitions in the generated module that have such a name."""
    module = plan.module
    always: list[ir.Definition] = [
        *module.records,
        *module.enums,
        *module.errors,
        *plan.steps,
        *plan.workflows,
    ]
    when_used: list[ir.Definition] = [*module.constants, *module.support, *module.helpers]
    taken = [item for item in when_used if not names.isdisjoint(bound_names(item))]
    if taken:
        used = _used(plan)
        taken = [item for item in taken if not used.isdisjoint(bound_names(item))]
    for item in [*always, *taken]:
        for name in sorted(names.intersection(bound_names(item))):
            yield name, item


def _hidden(plan: Plan) -> frozenset[str]:
    """The movable names that mean something of the user's in the generated module."""
    imported = {
        name
        for statement in plan.module.imports
        for name, full in statement.names
        if name in MOVABLE and full != _HOMES.get(name, name)
    }
    return frozenset({name for name, _ in collisions(plan, MOVABLE)} | imported)


def _used(plan: Plan) -> frozenset[str]:
    """The names that the steps and workflows refer to, themselves or through definitions."""
    names = {record.name for record in plan.module.records}
    names.update(*map(step_names, plan.steps), *map(constant_names, plan.workflows))
    return reachable(plan.module, names).names


class Names(Struct):
    """The module's own names, chosen so that they hide none of the user's."""

    config: str = "CONFIG"
    errors: str = "ERRORS"
    workflows: str = "WORKFLOWS"
    datasource: str = "datasource"
    record: str = "TransactionRecord"
    run_step: str = "run_step"
    run_async_step: str = "run_async_step"
    run_transaction: str = "run_transaction"
    run_child: str = "run_child"
    heartbeats: str = "HEARTBEATS"
    heartbeat: str = "heartbeat"
    watched: str = "watched"
    as_json: str = "as_json"
    json_form: str = "json_form"
    as_recorded: str = "as_recorded"
    # These are hidden by the user's names at the top of the module only.
    argparse: str = "argparse"
    asyncio: str = "asyncio"
    contextlib: str = "contextlib"
    contextvars: str = "contextvars"
    deepcopy: str = "deepcopy"
    fields: str = "fields"
    inspect: str = "inspect"
    itertools: str = "itertools"
    json: str = "json"
    main: str = "main"
    os: str = "os"
    sys: str = "sys"
    uuid: str = "uuid"


def module_names(plan: Plan) -> Names:
    """The names of a module's own helpers and imports, clear of those that the user's module has:
    everywhere in it, or for imports at the top of the generated module."""
    covered = _hidden(plan)
    chosen: dict[str, str] = {}
    for one in fields(Names):
        if one.name in MOVABLE:
            covers = one.name in covered
            chosen[one.name] = fresh(f"_{one.name}", plan.names.taken) if covers else one.name
        else:
            chosen[one.name] = plan.names.own(one.default)
    return Names(**chosen)

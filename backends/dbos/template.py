"""What the template of a module is filled with, and what its text imports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, assert_never

from wfc.backends.dbos.names import Names
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.program.boundary import mutable
from wfc.backends.python.program.plan import Plan, is_retried
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.kinds import enum, parts, record


def render(**values: Any) -> str:
    """The text of a module behind its imports."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.get_template("module.py.j2").render(values)


def features(plan: Plan, encoded: Sequence[t.Type]) -> dict[str, Any]:
    """Which parts of the template a module needs, given the types of the values that become JSON
    data."""
    plain = plan.plain_steps
    kinds = _kinds(plan.module, encoded)
    return {
        "sync_steps": any(not step.asynchronous for step in plain),
        "async_steps": any(step.asynchronous for step in plain),
        "children": plan.has_children,
        "sync_retries": any(is_retried(step) for step in plain if not step.asynchronous),
        "async_retries": any(is_retried(step) for step in plain if step.asynchronous),
        "transaction_retries": any(map(is_retried, plan.transactions)),
        "watches": any(step.heartbeat is not None for step in plain),
        "async_watches": any(s.asynchronous and s.heartbeat is not None for s in plain),
        "timeouts": any(step.timeout is not None for step in plan.steps),
        "deadlines": any(not s.asynchronous and s.timeout is not None for s in plain),
        "sync_watches": any(not s.asynchronous and s.heartbeat is not None for s in plain),
        "copies": any(
            mutable(plan.module, parameter.type)
            for step in plan.steps
            for parameter in step.parameters
            if parameter.injected is None
        ),
        "encodes": bool(plan.steps or encoded),
        "kinds": kinds,
        "only_records": kinds == {"record"},
    }


def add_imports(plan: Plan, needed: dict[str, Any], names: Names, imports: Imports) -> None:
    """What the template's text imports for these features."""
    modules = ["argparse", "contextlib", "inspect", "json", "os", "sys", "uuid"]
    if plan.asynchronous:
        modules.append("asyncio")
    if any(needed[name] for name in ("sync_retries", "async_retries", "transaction_retries")):
        modules.append("itertools")
    if needed["watches"]:
        modules.append("contextvars")
        imports.member("collections.abc", "Awaitable")
    for module in modules:
        imports.module(module, _alias(names, module))
    members = ["DBOS", "DBOSConfig", "DBOSPortableJSONSerializer", "PortableWorkflowError"]
    members.append("SetWorkflowID")
    if plan.steps:
        members.append("StepOptions")
    if plan.transactions:
        members += ["SQLAlchemyDatasource", "Serializer"]
    for member in members:
        imports.member("dbos", member)
    if plan.steps or needed["children"]:
        imports.member("collections.abc", "Callable")
    if needed["encodes"] or needed["children"]:
        imports.member("typing", "Any")
    if needed["copies"]:
        imports.member("copy", "deepcopy", _alias(names, "deepcopy"))
    _import_kinds(needed["kinds"], names, imports)


def _alias(names: Names, name: str) -> str:
    """What something is imported as, if not by its own name."""
    own = str(getattr(names, name))
    return "" if own == name else own


def _import_kinds(kinds: set[str], names: Names, imports: Imports) -> None:
    if "enum" in kinds:
        imports.member("enum", "Enum")
    if "datetime" in kinds:
        imports.member("datetime", "UTC")
    for name in kinds & {"datetime", "timedelta"}:
        imports.member("datetime", name)
    if "record" in kinds:
        if kinds == {"record"}:
            imports.member("dataclasses", "asdict")
        else:
            imports.member("dataclasses", "fields", _alias(names, "fields"))


def _kinds(module: ir.Module, types: Sequence[t.Type]) -> set[str]:
    """The kinds of values in these types that json does not know."""
    found: set[str] = set()
    for part in parts(module, *types):
        match part:
            case t.Scalar("datetime" | "timedelta" as name):
                found.add(name)
            case t.EnumType():
                definition = enum(module, part)
                found |= {"enum"} if definition and not definition.mixin else set()
            case t.RecordType():
                holder = record(module, part)
                found |= {"record"} if holder and holder.kind == "dataclass" else set()
            case t.AnyType():
                found |= {"record" for item in module.records if item.kind == "dataclass"}
                found |= {"enum" for item in module.enums if not item.mixin}
                found |= {"datetime", "timedelta"} if _knows_moments(module) else set()
            case (
                t.Scalar()
                | t.NeverType()
                | t.ListType()
                | t.DictType()
                | t.TupleType()
                | t.SetType()
                | t.LiteralType()
                | t.UnionType()
                | t.ErrorType()
            ):
                pass
            case _:
                assert_never(part)
    return found


def _knows_moments(module: ir.Module) -> bool:
    """Whether something of the module may make a datetime or a timedelta."""
    texts = [item.source for item in module.imports] + [step.body for step in module.steps]
    return any("datetime" in text for text in texts)

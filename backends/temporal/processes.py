"""``worker.py``, ``client.py`` and ``requirements.txt``, from templates."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import Bracket, Doc, call, join, lay_out
from wfc.backends.python.printing.text import quote
from wfc.backends.python.program.plan import Plan
from wfc.backends.temporal.converter import conversions, typed_dicts
from wfc.backends.temporal.durations import timedelta
from wfc.backends.temporal.placement import LOCAL
from wfc.compiler.language import nodes as ir

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _templates() -> Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("wfc.backends.temporal", "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["quote"] = quote
    return environment


def _render(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(**values)


def worker(plan: Plan) -> str:
    """``worker.py``: runs the workflows and activities until it is told to stop."""
    classes = [plan.names.workflow_class(workflow) for workflow in plan.workflows]
    steps = [f"activities.{step.name}" for step in plan.steps]
    synchronous = any(not step.asynchronous for step in plan.steps)
    converts = bool(conversions(plan))
    imports = Imports(LOCAL)
    for name in ("asyncio", "contextlib", "logging", "os", "signal", "sys"):
        imports.module(name)
    imports.member("datetime", "timedelta")
    imports.member("temporalio.client", "Client")
    imports.member("temporalio.worker", "Worker")
    if synchronous:
        imports.member("concurrent.futures", "ThreadPoolExecutor")
    if steps:
        imports.module("activities")
    _shared(plan, imports, converts)
    for name in classes:
        imports.member("workflows", name)
    return _render(
        "worker.py.j2",
        name=plan.module.name,
        imports=imports.lines(),
        queue=plan.names.own("TASK_QUEUE"),
        converter=plan.names.own("data_converter") if converts else "",
        workflows=_list("workflows=", classes, 8),
        activities=_list("activities=", steps, 8) if steps else [],
        synchronous=synchronous,
    )


def _list(prefix: str, items: Sequence[str], indent: int) -> list[str]:
    return lay_out(prefix, Bracket("[", tuple(items), "]"), ",", indent)


def _shared(plan: Plan, imports: Imports, converts: bool) -> None:
    imports.member("shared", plan.names.own("TASK_QUEUE"))
    if converts:
        imports.member("shared", plan.names.own("data_converter"))


def client(plan: Plan) -> str:
    """``client.py``: starts one of the given workflows and prints its result. With several of them
    an option says which; left out, it is the one that starts all others."""
    workflows = plan.given
    found = conversions(plan)
    imports = Imports(LOCAL)
    for name in ("argparse", "asyncio", "json", "os", "sys"):
        imports.module(name)
    imports.member("uuid", "uuid4")
    for name in ("Client", "WorkflowFailureError"):
        imports.member("temporalio.client", name)
    for name in ("ActivityError", "ApplicationError", "ChildWorkflowError", "TemporalError"):
        imports.member("temporalio.exceptions", name)
    _shared(plan, imports, bool(found))
    encoder = plan.names.own("JSONEncoder") if found.encodes else "AdvancedJSONEncoder"
    imports.member("shared" if found.encodes else "temporalio.converter", encoder)
    takes_input = any(workflow.parameters for workflow in workflows)
    if takes_input:
        _reading(imports)
    checked = typed_dicts(plan)
    postponed = _postponed(plan, checked)
    if checked:
        _checking(imports, postponed=postponed)
    converters = ["RequiredKeys()"] if checked else []
    if takes_input and found.decodes:
        own = plan.names.own("TypeConverter")
        imports.member("shared", own)
        converters.append(f"{own}()")
    for workflow in workflows:
        imports.member("workflows", plan.names.workflow_class(workflow))
        if workflow.parameters:
            imports.member("shared", plan.names.input_class(workflow))
    if any(workflow.timeout is not None for workflow in workflows):
        imports.member("datetime", "timedelta")
    alone = len(workflows) == 1
    start = _start_one(plan, workflows[0]) if alone else _start_any(plan, workflows, imports)
    return _render(
        "client.py.j2",
        docstring=_client_docstring(plan),
        description="Start a workflow and wait for it.",
        imports=imports.lines(),
        queue=plan.names.own("TASK_QUEUE"),
        converter=plan.names.own("data_converter") if found else "",
        converted=_converted(converters),
        typed_dicts=checked,
        postponed=postponed,
        encoder=encoder,
        takes_input=takes_input,
        all_take_input=all(workflow.parameters for workflow in workflows),
        choice=_choice(plan.default),
        timeouts=any(workflow.timeout is not None for workflow in workflows),
        **start,
    )


def _reading(imports: Imports) -> None:
    imports.module("dataclasses")
    imports.member("typing", "Any")
    imports.member("typing", "get_type_hints")
    imports.member("temporalio.converter", "value_to_type")


def _converted(converters: Sequence[str]) -> list[str]:
    """``values[field.name] = value_to_type(...)``"""
    items: list[Doc] = ["hints[field.name]", "data[field.name]"]
    if converters:
        items.append(Bracket("[", tuple(converters), "]"))
    return lay_out("values[field.name] = ", call("value_to_type", items), indent=16)


def _checking(imports: Imports, *, postponed: bool) -> None:
    """What the check for missing keys of a TypedDict needs."""
    imports.member("temporalio.converter", "JSONTypeConverter")
    imports.member("typing", "is_typeddict")
    if postponed:
        imports.member("typing", "NotRequired")
        imports.member("typing", "get_origin")


def _postponed(plan: Plan, records: Sequence[ir.Record]) -> bool:
    """Whether keys that may be missing are marked in annotations that are text at run time."""
    optional = [field for record in records for field in record.fields if not field.required]
    if any("__future__" in statement.source for statement in plan.module.imports):
        return bool(optional)
    return any(field.annotation.startswith(("'", '"')) for field in optional)


def _choice(default: ir.Workflow | None) -> list[str]:
    """``parser.add_argument("--workflow", ...)``"""
    left_out = "required=True" if default is None else f"default={quote(default.name)}"
    option = call("parser.add_argument", ['"--workflow"', "choices=WORKFLOWS", left_out])
    return lay_out("", option, indent=4)


def _client_docstring(plan: Plan) -> str:
    default = plan.default
    first = default or plan.given[0]
    names = ", ".join(f'"{parameter.name}": ...' for parameter in first.parameters)
    words = ["python client.py"]
    if default is None:
        words.append(f"--workflow {first.name}")
    if names:
        words.append(f"'{{{names}}}'")
    what = f"the {first.name} workflow" if len(plan.given) == 1 else "a workflow"
    return f'"""Starts {what} and prints its result as JSON.\n\nUsage: {" ".join(words)}\n"""'


def _start_one(plan: Plan, workflow: ir.Workflow) -> dict[str, Any]:
    """The lines that start the only workflow."""
    call = [f"{plan.names.workflow_class(workflow)}.run"]
    parsed: list[str] = []
    if workflow.parameters:
        parsed.append(f"workflow_input = parse(options.input, {plan.names.input_class(workflow)})")
        call.append("workflow_input")
    if workflow.timeout is not None:
        call.append(f"execution_timeout={timedelta(workflow.timeout)}")
    return {
        "table": [],
        "unpacked": "",
        "parsed": parsed,
        "call": call,
        "id": workflow.name.replace("_", "-"),
    }


def _start_any(plan: Plan, workflows: Sequence[ir.Workflow], imports: Imports) -> dict[str, Any]:
    """The lines that start the workflow of a given name, and the table to look it up in."""
    imports.member("typing", "Any")
    takes_input = any(workflow.parameters for workflow in workflows)
    timeouts = any(workflow.timeout is not None for workflow in workflows)
    rows: list[Doc] = []
    for workflow in workflows:
        row = [f"{plan.names.workflow_class(workflow)}.run"]
        if takes_input:
            row.append(plan.names.input_class(workflow) if workflow.parameters else "None")
        if timeouts:
            row.append("None" if workflow.timeout is None else timedelta(workflow.timeout))
        rows.append(join(f"{quote(workflow.name)}: ", _row(row)))
    unpacked = ["run", *(["input_type"] if takes_input else []), *(["timeout"] if timeouts else [])]
    call = ["run"]
    if takes_input:
        call.append("args=args")
    if timeouts:
        call.append("execution_timeout=timeout")
    return {
        "table": lay_out(
            "WORKFLOWS: dict[str, Any] = ", Bracket("{", tuple(rows), "}", exploded=True)
        ),
        "unpacked": ", ".join(unpacked),
        "parsed": ["args = [parse(options.input, input_type)] if input_type else []"],
        "call": call,
        "id": "{options.workflow}",
    }


def _row(items: Sequence[str]) -> Doc:
    return items[0] if len(items) == 1 else Bracket("(", tuple(items), ")")


def requirements(plan: Plan) -> str:
    """``requirements.txt``: what the package itself needs, and a note on what the steps import."""
    database = any(p.injected == "Connection" for s in plan.steps for p in s.parameters)
    imports = Imports()
    for statement in plan.module.imports:
        imports.source(statement, [bound for bound, _ in statement.names])
    others = sorted(
        root
        for root in imports.roots() - {"wfc", "__future__", "temporalio", "sqlalchemy"}
        if root and root not in sys.stdlib_module_names
    )
    return _render("requirements.txt.j2", database=database, others=others)

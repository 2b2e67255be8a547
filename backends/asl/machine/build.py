"""From the IR of a workflow to its state machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from wfc.backends.asl.jsonata.extras import Extended
from wfc.backends.asl.machine import codes
from wfc.backends.asl.machine.failures import is_called
from wfc.backends.asl.machine.flow import (
    Caught,
    Copied,
    Endless,
    Failure,
    Flow,
    Output,
    Raised,
    Result,
    Update,
    flow_of,
    verify,
)
from wfc.backends.asl.machine.formulas import Formulas
from wfc.backends.asl.machine.fuse import fuse
from wfc.backends.asl.machine.inputs import Inputs
from wfc.backends.asl.machine.linking import with_variables
from wfc.backends.asl.machine.lowering import error_sites, graph_of, variable_types
from wfc.backends.asl.machine.names import VariableNames
from wfc.backends.asl.machine.problems import Problems
from wfc.backends.asl.machine.scope import Scope
from wfc.backends.asl.machine.states import States, Written
from wfc.backends.asl.machine.tasks import LONGEST, Tasks
from wfc.backends.asl.machine.text import as_text
from wfc.backends.asl.machine.titles import Titles
from wfc.backends.base import Options, Origin
from wfc.compiler.data.struct import Struct
from wfc.compiler.graph.model import Graph
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.walk import used_names

# AWS API model: a definition has at most 1,048,576 characters.
LARGEST: Final = 1_048_576
# AWS service quotas: input, output and variables of a state have at most 256 KiB.
LARGEST_DATA: Final = 262_144


class Machine(Struct):
    """The definition of a workflow's state machine, as JSON data and as text; ``path`` is the file
    that it is for, ``origins`` lead from its states to the source."""

    path: str
    definition: dict[str, Any]
    text: str
    origins: tuple[Origin, ...]


def build(module: ir.Module, workflow: ir.Workflow, options: Options) -> Machine:
    """The state machine of a workflow, pass by pass.

    Raises:
        Refused: Step Functions cannot hold it; every reason is in it.
    """
    problems = Problems(module.path)
    names = VariableNames(used_names(workflow.body) | {p.name for p in workflow.parameters})
    formulas = Formulas(module, names)
    _check_timeout(workflow, problems)
    graph = graph_of(module, workflow)
    flow = _flow(workflow, graph, formulas, problems)
    fuse(flow)
    verify(flow)
    inputs = Inputs(workflow, flow, formulas, problems)
    tasks = Tasks(module, workflow, formulas, problems, options.settings)
    titles = Titles(module, workflow, error_sites(graph), locations=options.source_locations)
    called = is_called(module, workflow)
    written = States(flow, formulas, problems, tasks, inputs, titles, called=called).write()
    problems.stop()
    definition = _definition(workflow, written)
    text = as_text(definition)
    shorter = names.needlessly_reserved(text)
    if shorter:
        definition = with_variables(definition, shorter)
        text = as_text(definition)
    _check_size(workflow, written, text, titles, problems)
    problems.stop()
    path = f"{workflow.name}.asl.json"
    return Machine(path, definition, text, tuple(_origins(written, titles, workflow, path)))


def _check_timeout(workflow: ir.Workflow, problems: Problems) -> None:
    seconds = workflow.timeout
    if seconds is not None and not (float(seconds).is_integer() and 1 <= seconds <= LONGEST):
        problems.add(
            codes.DURATION,
            workflow,
            f"the timeout of '{workflow.name}' is {seconds:g} seconds",
            f"give whole seconds from 1 to {LONGEST}",
        )


def _flow(workflow: ir.Workflow, graph: Graph, formulas: Formulas, problems: Problems) -> Flow:
    """The flow of a graph that comes to an end."""

    def may_raise(update: Update) -> bool:
        return _may_raise(update, formulas, problems)

    try:
        flow = flow_of(graph, variable_types(workflow.parameters, graph), may_raise)
    except Endless:
        flow = None
    if flow is None or not any(isinstance(n.exit, Output | Failure) for n in flow.vertices):
        problems.add(
            codes.ENDLESS,
            workflow,
            f"the workflow '{workflow.name}' never ends",
            "return from the loop at some point",
        )
    problems.stop()
    assert flow is not None
    return flow


def _may_raise(update: Update, formulas: Formulas, problems: Problems) -> bool:
    """Whether computing an update may fail; what has no exact form is reported."""
    found: list[bool] = []
    for _, source in update.values:
        # partial: the rest are expressions
        match source:
            case Copied() | Result() | Caught():
                continue
            case Raised(_, message):
                expr: Extended | None = message
            case _:
                expr = source
        if expr is not None:
            found.append(_raises(expr, update.origin, formulas, problems))
    return any(found)


def _raises(expr: Extended, origin: ir.Stmt, formulas: Formulas, problems: Problems) -> bool:
    fragment = problems.attempt(origin, lambda: formulas.fragment(expr, Scope()))
    return fragment is not None and bool(fragment.raises)


def _definition(workflow: ir.Workflow, written: Written) -> dict[str, Any]:
    machine: dict[str, Any] = {}
    if workflow.docstring:
        paragraph, _, _ = workflow.docstring.strip().partition("\n\n")
        machine["Comment"] = " ".join(paragraph.split())
    machine["QueryLanguage"] = "JSONata"
    if workflow.timeout is not None:
        machine["TimeoutSeconds"] = int(workflow.timeout)
    return machine | {"StartAt": written.start, "States": written.states}


def _check_size(
    workflow: ir.Workflow, written: Written, text: str, titles: Titles, problems: Problems
) -> None:
    for name, state in written.states.items():
        for field in ("Arguments", "Assign", "Output"):
            if len(str(state.get(field, ""))) > LARGEST_DATA:
                problems.add(
                    codes.TOO_LARGE,
                    titles.origin(written.vertices[name]) or workflow,
                    f"{field} of the state '{name}' is larger than {LARGEST_DATA:,} bytes",
                    "read large data in the step that needs it",
                )
    if len(text) > LARGEST:
        problems.add(
            codes.TOO_LARGE,
            workflow,
            f"the machine of '{workflow.name}' has {len(text):,} characters; Step Functions"
            f" takes {LARGEST:,}",
            "move a part of it into a child workflow",
        )


def _origins(
    written: Written, titles: Titles, workflow: ir.Workflow, artefact: str
) -> Iterator[Origin]:
    for name, vertex in written.vertices.items():
        span = titles.place(vertex)
        if span.line:
            yield Origin(artefact, workflow.name, name, "state", span.line, span.column)

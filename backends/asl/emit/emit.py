"""From the IR of a workflow to its state machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import Any, Final, assert_never

from wfc.backends.asl.fit.settings import check_settings
from wfc.backends.asl.fit.whole import check_whole_numbers
from wfc.backends.asl.jsonata.codes import NOT_YET
from wfc.backends.asl.machine import codes
from wfc.backends.asl.machine.failures import is_called, with_dispatch
from wfc.backends.asl.machine.flow import (
    Caught,
    Copied,
    Endless,
    Failure,
    Flow,
    Node,
    Output,
    Raised,
    Result,
    Update,
    flow_of,
)
from wfc.backends.asl.machine.formulas import Formulas
from wfc.backends.asl.machine.fuse import fuse
from wfc.backends.asl.machine.inputs import Inputs
from wfc.backends.asl.machine.names import RESERVED, VariableNames
from wfc.backends.asl.machine.states import States
from wfc.backends.asl.machine.tasks import Tasks, function_name, state_machine_arn
from wfc.backends.asl.machine.titles import Titles
from wfc.backends.base import Emission, File, Options, Origin
from wfc.compiler.diagnostics.model import Diagnostic, Refused, has_errors, in_source_order
from wfc.compiler.graph.lower import lower
from wfc.compiler.graph.model import Action, Graph, Perform, SetError
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.calls import called_steps
from wfc.compiler.language.derive import bindings, referred
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.walk import operations, statements, used_names

# AWS API model: a definition has at most 1,048,576 characters.
LARGEST: Final = 1_048_576
# AWS service quotas: input, output and variables of a state have at most 256 KiB.
LARGEST_DATA: Final = 262_144


def build_machine(module: ir.Module, workflow: ir.Workflow, options: Options) -> dict[str, Any]:
    """The definition of a workflow's state machine, as JSON data.

    Raises:
        Refused: the workflow does not fit Step Functions; every reason is in it.
    """
    return _built(module, workflow, options)[1]


def check(module: ir.Module, workflow: ir.Workflow, options: Options) -> list[Diagnostic]:
    """Why the workflow does not fit, in source order."""
    from wfc.backends.asl.handlers.functions import check_handlers

    found = check_handlers(module, called_steps(module, [workflow]))
    found += check_settings(module, options)
    try:
        build_machine(module, workflow, options)
    except Refused as refused:
        found += refused.diagnostics
    return in_source_order(found)


def emit(module: ir.Module, workflows: Sequence[ir.Workflow], options: Options) -> Emission:
    """One machine for each workflow, and the Lambda handlers of their steps."""
    from wfc.backends.asl.checker.machine import check_machine
    from wfc.backends.asl.handlers.functions import check_handlers, handlers

    files: list[File] = []
    origins: list[Origin] = []
    diagnostics = check_handlers(module, called_steps(module, workflows))
    diagnostics += check_settings(module, options)
    for workflow in workflows:
        try:
            machine, definition = _built(module, workflow, options)
        except Refused as refused:
            diagnostics += refused.diagnostics
            continue
        problems = check_machine(definition)
        if problems:
            raise AssertionError(f"defect in the emitted machine {workflow.name}: {problems[0]}")
        path = f"{workflow.name}.asl.json"
        files.append(File(path, machine.text))
        origins += machine.origins(path)
    if not has_errors(diagnostics):
        files += handlers(module, workflows)
    return Emission(tuple(files), tuple(origins), tuple(in_source_order(diagnostics)))


def as_text(definition: dict[str, Any]) -> str:
    """The definition as it is written to a file."""
    return _lines(definition, "") + "\n"


def _lines(value: object, indent: str) -> str:
    """Indented JSON, with a list of plain values on one line."""
    inner = indent + "  "
    if isinstance(value, dict) and value:
        parts = [f"{_scalar(key)}: {_lines(item, inner)}" for key, item in value.items()]
        opening, closing = "{", "}"
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        parts = [_lines(item, inner) for item in value]
        opening, closing = "[", "]"
    elif isinstance(value, list):
        return f"[{', '.join(map(_scalar, value))}]"
    else:
        return _scalar(value)
    return f"{opening}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{closing}"


def _scalar(value: object) -> str:
    return encode_basestring(value) if isinstance(value, str) else json.dumps(value)


def _built(
    module: ir.Module, workflow: ir.Workflow, options: Options
) -> tuple[_Machine, dict[str, Any]]:
    """The machine and its definition. A variable may have the name of a function, such as error,
    unless the machine calls that function, which its text tells."""
    machine = _Machine(module, workflow, options)
    definition = machine.build()
    free = machine.names.needlessly_reserved(machine.text)
    if free:
        machine = _Machine(module, workflow, options, RESERVED - free)
        definition = machine.build()
    return machine, definition


class _Machine:
    def __init__(
        self,
        module: ir.Module,
        workflow: ir.Workflow,
        options: Options,
        reserved: frozenset[str] = RESERVED,
    ) -> None:
        self.module = module
        self.workflow = workflow
        self.options = options
        parameters = {parameter.name for parameter in workflow.parameters}
        self.names = VariableNames(used_names(workflow.body) | parameters, reserved)
        self.formulas = Formulas(module, self.names)
        self.titles = Titles(module, workflow, locations=options.source_locations)
        self.nodes: dict[str, Node] = {}
        self.text = ""

    def build(self) -> dict[str, Any]:
        self.refuse_collisions()
        self.refuse_finally()
        self.check_aliases()
        self.check_children()
        self.formulas.problems += check_whole_numbers(self.module, self.workflow)
        self.raise_problems()
        graph = self.graph()
        self.titles.failing = _failing(graph)
        flow = self.flow(graph)
        self.raise_problems()
        fuse(flow)
        inputs = Inputs(self.workflow, flow, self.formulas)
        tasks = Tasks(self.module, self.workflow, self.formulas, self.options.settings)
        called = is_called(self.module, self.workflow)
        states = States(flow, self.formulas, tasks, inputs, self.titles, called=called)
        start, written, self.nodes = states.write()
        self.formulas.drop_unread()
        self.raise_problems()
        definition = self.definition(start, written)
        self.check_size(definition)
        return definition

    def raise_problems(self) -> None:
        if self.formulas.problems:
            raise Refused(self.formulas.problems)

    def definition(self, start: str, states: dict[str, Any]) -> dict[str, Any]:
        machine: dict[str, Any] = {}
        if self.workflow.docstring:
            paragraph, _, _ = self.workflow.docstring.strip().partition("\n\n")
            machine["Comment"] = " ".join(paragraph.split())
        machine["QueryLanguage"] = "JSONata"
        if self.workflow.timeout is not None:
            machine["TimeoutSeconds"] = self.timeout(self.workflow.timeout)
        return machine | {"StartAt": start, "States": states}

    def timeout(self, seconds: float) -> int:
        if not float(seconds).is_integer() or not 1 <= seconds <= 99_999_999:
            problem = codes.DURATION.at(
                self.module.path,
                self.workflow.span,
                f"the timeout of '{self.workflow.name}' is {seconds:g} seconds",
                instead="give whole seconds from 1 to 99999999",
            )
            raise Refused([problem])
        return int(seconds)

    def check_size(self, definition: dict[str, Any]) -> None:
        self.text = as_text(definition)
        for name, state in definition["States"].items():
            for field in ("Arguments", "Assign", "Output"):
                if len(str(state.get(field, ""))) > LARGEST_DATA:
                    self.formulas.refuse(
                        codes.TOO_LARGE,
                        self.titles.origin(self.nodes[name]) or self.workflow,
                        f"{field} of the state '{name}' is larger than {LARGEST_DATA:,} bytes",
                        "read large data in the step that needs it",
                    )
        size = len(self.text)
        if size > LARGEST:
            self.formulas.refuse(
                codes.TOO_LARGE,
                self.workflow,
                f"the machine of '{self.workflow.name}' has {size:,} characters; Step Functions"
                f" takes {LARGEST:,}",
                "move a part of it into a child workflow",
            )
        self.raise_problems()

    # Before the states

    def refuse_collisions(self) -> None:
        taken: dict[str, str] = {}
        for operation in operations(self.workflow.body):
            match operation:
                case ir.StepCall(step=name):
                    key = function_name(name, self.options.settings)
                case ir.WorkflowCall(workflow=name):
                    key = state_machine_arn(name, self.options.settings)
                case ir.Sleep():
                    continue
                case _:
                    assert_never(operation)
            if taken.setdefault(key, name) != name:
                self.formulas.refuse(
                    codes.NAMES,
                    operation,
                    f"'{name}' and '{taken[key]}' both become {key}",
                    "rename one of them, or give their ARNs in [tool.wfc.asl]",
                )

    def refuse_finally(self) -> None:
        for statement in statements(self.workflow.body):
            if isinstance(statement, ir.Try) and statement.finalbody:
                self.formulas.refuse(
                    NOT_YET,
                    statement,
                    "'finally' on Step Functions is not supported yet",
                    "repeat its statements at the end of the try and of each handler",
                )

    def check_children(self) -> None:
        found = list(statements(self.workflow.body))
        if any(isinstance(o, ir.WorkflowCall) for o in found) and any(
            isinstance(one, ir.Try) for one in found
        ):
            from wfc.backends.asl.fit.children import check_children

            self.formulas.problems += check_children(self.module, self.workflow)

    def check_aliases(self) -> None:
        if not any(referred(one) for one in statements(self.workflow.body)):
            return
        from wfc.backends.asl.fit.aliasing import check_aliases

        found = check_aliases(self.module, self.workflow, self.formulas.kinds)
        self.formulas.problems += found

    def graph(self) -> Graph:
        graph = lower(self.module, self.workflow)
        taken = used_names(self.workflow.body) | set(graph.types)

        def new_name(wanted: str) -> str:
            while wanted in taken:
                wanted += "_"
            taken.add(wanted)
            return wanted

        return with_dispatch(self.module, graph, new_name)

    def flow(self, graph: Graph) -> Flow:
        types = self.types(graph)
        try:
            flow = flow_of(graph, sorted(types), types, self.may_raise)
        except Endless:
            flow = None
        if flow is None or not any(isinstance(n.exit, Output | Failure) for n in flow.nodes):
            self.formulas.refuse(
                codes.ENDLESS,
                self.workflow,
                f"the workflow '{self.workflow.name}' never ends",
                "return from the loop at some point",
            )
            self.raise_problems()
        assert flow is not None
        return flow

    def may_raise(self, update: Update) -> bool:
        """Whether computing an update may fail; what has no exact form is noted here."""
        found: list[bool] = []
        for _, source in update.values:
            # partial: the rest are expressions
            match source:
                case Raised(_, message):
                    if message is not None:
                        found.append(self.formulas.may_raise(message, update.origin))
                case Copied() | Result() | Caught():
                    pass
                case _:
                    found.append(self.formulas.may_raise(source, update.origin))
        return any(found)

    def types(self, graph: Graph) -> dict[str, t.Type]:
        """The type of every variable."""
        found: dict[str, t.Type] = {p.name: p.type for p in self.workflow.parameters}
        found.update(graph.types)

        def add(name: str, type_: t.Type) -> None:
            found[name] = t.union(found[name], type_) if name in found else type_

        for block in graph.blocks:
            for action in block.actions:
                for name, type_ in _types(action):
                    add(name, type_)
            if isinstance(block.exit, Perform):
                operation = block.exit.operation
                if not isinstance(operation, ir.Sleep) and operation.target is not None:
                    add(operation.target, operation.type)
                for catch in block.exit.catches:
                    add(catch.variable, t.NONE)
        return found

    def origins(self, artefact: str) -> list[Origin]:
        found: list[Origin] = []
        for name, node in self.nodes.items():
            span = self.titles.place(node)
            if span.line:
                place = span.line, span.column
                found.append(Origin(artefact, self.workflow.name, name, "state", *place))
        return found


def _failing(graph: Graph) -> dict[str, set[str]]:
    """The sites whose errors each variable holds."""
    found: dict[str, set[str]] = {}
    for block in graph.blocks:
        if isinstance(block.exit, Perform):
            for catch in block.exit.catches:
                found.setdefault(catch.variable, set()).add(block.exit.operation.site)
        for action in block.actions:
            if isinstance(action, SetError):
                found.setdefault(action.target, set()).add("")
    return found


def _types(action: Action) -> tuple[tuple[str, t.Type], ...]:
    if isinstance(action, SetError):
        return ((action.target, t.NONE),)
    return bindings(action)

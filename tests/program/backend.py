"""A complete backend for Relay: what a further engine that runs Python has to say for itself.

``relay.py`` is its library. It is unlike Temporal and DBOS in how operations are reached (through
the first argument), in its input (one JSON value) and in who passes the keys (the workflow).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from wfc.backends.base import Emission, File, Options
from wfc.backends.python.printing.expressions import Level
from wfc.backends.python.printing.layout import Doc, arguments, call, conditional, lay_out
from wfc.backends.python.printing.text import docstring_lines, quote
from wfc.backends.python.program.boundary import Codec
from wfc.backends.python.program.crossing import ExplicitData
from wfc.backends.python.program.definitions import add_imports, blocks, join_blocks, with_called
from wfc.backends.python.program.dialect import Dialect
from wfc.backends.python.program.errors import OwnErrorClasses
from wfc.backends.python.program.fit import Codes, ambiguous_unions
from wfc.backends.python.program.fit import check as check_plan
from wfc.backends.python.program.names import Unit
from wfc.backends.python.program.plan import Plan, is_retried
from wfc.backends.python.program.program import Program
from wfc.backends.python.program.program import emit as emit_program
from wfc.backends.python.program.steps import (
    Filling,
    Frame,
    Opened,
    Passed,
    Unfilled,
    Written,
    shown,
    signature,
)
from wfc.backends.python.program.traits import Traits
from wfc.compiler.diagnostics.model import Code, Diagnostic
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

TRAITS: Final = Traits(engine="Relay", colour="sync", placement="anywhere", mark="relay")


def _code(number: str, name: str, severity: str = "error") -> Code:
    return Code(number, name, "-", "-", "-", "-", severity=severity)  # type: ignore[arg-type]


CODES: Final = Codes(
    jitter=_code("WFC900", "relay-no-jitter", "info"),
    coroutine_transaction=_code("WFC901", "relay-coroutine-transaction"),
)
AMBIGUOUS: Final = _code("WFC902", "relay-ambiguous-union")
TIMEOUT: Final = _code("WFC903", "relay-workflow-timeout")


def problems(plan: Plan) -> Iterator[Diagnostic]:
    """What Relay in particular cannot do."""
    yield from ambiguous_unions(plan, AMBIGUOUS)
    for workflow in plan.workflows:
        if workflow.timeout is not None:
            yield TIMEOUT.at(plan.module.path, workflow.span, "a workflow may take its time")


class RelayDialect(OwnErrorClasses, ExplicitData):
    """The body of a workflow: operations are methods of its run."""

    def variable(self, name: str) -> Doc:
        return name

    def run(self, node: ir.StepCall, step: ir.Step, given: Sequence[Doc]) -> Doc:
        run = call(f"{self.unit.own('run')}.step", [quote(node.site), step.name, *given])
        return self.received(step, run, Level.ATOM)

    def child(self, node: ir.WorkflowCall, workflow: ir.Workflow, given: Sequence[Doc]) -> Doc:
        run = call(f"{self.unit.own('run')}.child", [quote(node.site), workflow.name, *given])
        return self.received(workflow, run, Level.ATOM)

    def sleep(self, node: ir.Sleep) -> Doc:
        seconds = self.expression(node.seconds, Level.LAMBDA)
        return call(f"{self.unit.own('run')}.sleep", [seconds])

    def as_json(self, value: Doc) -> Doc:
        return call(f"{self.unit.module('relay')}.as_json", [value])

    def prologue(self, indent: int) -> list[str]:
        """Parameters from the data that the run was started with."""
        data = self.unit.own("data")
        lines: list[str] = []
        for parameter in self.workflow.parameters:
            key = quote(parameter.name)
            value = self.codec.decode(parameter.type, f"{data}[{key}]")
            if parameter.default is not None:
                default = self.expression(parameter.default, Level.CONDITIONAL)
                value = conditional(value, f"{key} in {data}", default)
            lines += lay_out(f"{parameter.name} = ", value, indent=indent)
        return lines


class RelayProgram(Program):
    """One module."""

    traits = TRAITS
    codes = CODES

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.unit = Unit(plan.names)
        self.codec = Codec(plan.module, self.unit.imports, plan.names.taken)
        self.encoded: list[t.Type] = []
        self.path = f"{plan.module.name}_relay.py"

    @classmethod
    def fits(cls, plan: Plan) -> Iterable[Diagnostic]:
        return problems(plan)

    def dialect(self, workflow: ir.Workflow) -> Dialect:
        return RelayDialect(self.plan, self.unit, workflow, self.fillings, self.codec, self.encoded)

    def workflow_frame(self, workflow: ir.Workflow, dialect: Dialect) -> Frame:
        relay, any_ = self.unit.module("relay"), self.unit.library("typing", "Any")
        run, data = self.unit.own("run"), self.unit.own("data")
        given = arguments([f"{run}: {relay}.Run", f"{data}: dict[str, {any_}]"])
        return Frame(
            [
                f"@{relay}.workflow({quote(workflow.label or workflow.name)})",
                *lay_out(f"def {workflow.name}", given, f" -> {any_}:"),
                *docstring_lines(workflow.docstring, 4),
            ]
        )

    def step_frame(self, step: ir.Step) -> Frame:
        decorator = call(f"{self.unit.module('relay')}.step", list(self._options(step)))
        own = shown(step, self.fillings(step))
        return Frame([*lay_out("@", decorator), *signature(own, self.unit.imports, step.name)])

    def _options(self, step: ir.Step) -> Iterator[str]:
        if step.retry is not None and is_retried(step):
            errors = step.retry.errors or ("Exception",)
            yield f"attempts={step.retry.attempts}"
            yield f"retry_on=({', '.join(errors)},)"
        if step.timeout is not None:
            yield f"timeout={float(step.timeout)!r}"

    def idempotency_key(self, step: ir.Step) -> Filling:
        return Passed(lambda node: f"{self.unit.own('run')}.key({quote(node.site)})")

    def run_id(self, step: ir.Step) -> Filling:
        return Passed(lambda node: f"{self.unit.own('run')}.id")

    def connection(self, step: ir.Step) -> Filling:
        return Opened(f"{self.unit.module('relay')}.connection()")

    def heartbeat(self, step: ir.Step) -> Filling:
        return Written(f"{self.unit.module('relay')}.heartbeat")

    def callback_token(self, step: ir.Step) -> Filling:
        raise Unfilled("CallbackToken", step)

    def origin(self, node: ir.Operation) -> tuple[str, str] | None:
        return None if isinstance(node, ir.Sleep) else (self.path, "operation")

    def files(self) -> Iterator[File]:
        workflows = [self.workflow(workflow) for workflow in self.plan.workflows]
        names = self.used | self.codec.used | {error.name for error in self.module.errors}
        called, found = with_called(self.module, self.plan.steps, names)
        steps = [self.step(step) for step in called]
        add_imports(self.module, found.names, self.unit.imports)
        parts = [
            docstring_lines(self.module.docstring),
            self.unit.imports.lines(),
            *blocks(found.definitions),
            *steps,
            *self.codec.functions(),
            *workflows,
        ]
        yield File(self.path, "\n".join([*join_blocks(parts), ""]))


def check(module: ir.Module, workflow: ir.Workflow, options: Options) -> list[Diagnostic]:
    """Why a workflow does not fit."""
    return check_plan(Plan(module, (workflow,), TRAITS, options), CODES, problems)


def emit(module: ir.Module, workflows: Sequence[ir.Workflow], options: Options) -> Emission:
    """The module for workflows."""
    return emit_program(RelayProgram, module, workflows, options)

"""The output of an engine that runs Python: what every such engine has to answer, and what follows
from the answers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, assert_never

from wfc.backends.base import Emission, File, Options, Origin
from wfc.backends.python.printing.hooks import Hooks
from wfc.backends.python.printing.references import identifiers
from wfc.backends.python.program.dialect import Dialect
from wfc.backends.python.program.fit import Codes, check
from wfc.backends.python.program.plan import Plan
from wfc.backends.python.program.steps import Filling, Fillings, Frame, body
from wfc.backends.python.program.traits import Traits
from wfc.compiler.diagnostics.model import Diagnostic, has_errors
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.walk import operations


class Program(Hooks, partial=True):
    """The files for the workflows of one plan; made anew for each.

    An engine answers every hook; none has an answer of its own here, and a class that leaves one
    out is refused when it is made. How the body of a workflow is said is up to ``Dialect``.
    """

    traits: ClassVar[Traits]
    codes: ClassVar[Codes]

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.module = plan.module
        # The names of the user's module that the text of its workflows refers to.
        self.used: set[str] = set()

    # --- What an engine answers ------------------------------------------------------------------

    @classmethod
    @abstractmethod
    def fits(cls, plan: Plan) -> Iterable[Diagnostic]:
        """Why workflows do not fit this engine in particular; all that is not refused here has to
        be printed exactly."""

    @abstractmethod
    def dialect(self, workflow: ir.Workflow) -> Dialect:
        """What prints the body of a workflow."""

    @abstractmethod
    def workflow_frame(self, workflow: ir.Workflow, dialect: Dialect) -> Frame:
        """A workflow as the engine wants it, up to its body: decorators, signature, docstring."""

    @abstractmethod
    def step_frame(self, step: ir.Step) -> Frame:
        """A step as the engine wants it, up to its docstring: decorators and signature."""

    @abstractmethod
    def idempotency_key(self, step: ir.Step) -> Filling:
        """A text that is the same in every attempt of one call, and another in every other."""

    @abstractmethod
    def run_id(self, step: ir.Step) -> Filling:
        """The id of the run."""

    @abstractmethod
    def connection(self, step: ir.Step) -> Filling:
        """The connection of a transaction of the application's database."""

    @abstractmethod
    def heartbeat(self, step: ir.Step) -> Filling:
        """A function that says that the step is alive."""

    @abstractmethod
    def callback_token(self, step: ir.Step) -> Filling:
        """A text with which somebody else completes the step."""

    @abstractmethod
    def origin(self, node: ir.Operation) -> tuple[str, str] | None:
        """The file in which an operation bears the name of its site, and what it is called there;
        None where the engine has no place for the name."""

    @abstractmethod
    def files(self) -> Iterator[File]:
        """Everything that is written, the file to read first in front."""

    # --- What follows ----------------------------------------------------------------------------

    def workflow(self, workflow: ir.Workflow) -> list[str]:
        """The text of a workflow."""
        dialect = self.dialect(workflow)
        frame = self.workflow_frame(workflow, dialect)
        lines = [*frame.head, *dialect.body(frame.indent)]
        self.used |= dialect.used
        return lines

    def step(self, step: ir.Step) -> list[str]:
        """The text of a step."""
        frame = self.step_frame(step)
        return [*frame.head, *body(step, frame, self.fillings(step))]

    def fillings(self, step: ir.Step) -> Fillings:
        """What fills the injected parameters of a step that its body names."""
        return {
            parameter.name: self._filling(step, parameter.injected)
            for parameter in step.parameters
            if parameter.injected is not None and parameter.name in identifiers(step.body)
        }

    def _filling(self, step: ir.Step, kind: ir.InjectedKind) -> Filling:
        match kind:
            case "IdempotencyKey":
                return self.idempotency_key(step)
            case "RunId":
                return self.run_id(step)
            case "Connection":
                return self.connection(step)
            case "Heartbeat":
                return self.heartbeat(step)
            case "CallbackToken":
                return self.callback_token(step)
            case _:
                assert_never(kind)

    def origins(self) -> Iterator[Origin]:
        """Where the names in the output come from."""
        for workflow in self.plan.workflows:
            for node in operations(workflow.body):
                found = self.origin(node)
                if found is not None:
                    file, kind = found
                    place = node.span.line, node.span.column
                    yield Origin(file, workflow.name, node.site, kind, *place)


def emit(
    program: type[Program], module: ir.Module, workflows: Sequence[ir.Workflow], options: Options
) -> Emission:
    """The files of an engine for workflows of a module and those that they start; none where one
    does not fit."""
    plan = Plan(module, tuple(workflows), program.traits, options)
    found = tuple(check(plan, program.codes, program.fits))
    if has_errors(found) or not workflows:
        return Emission(diagnostics=found)
    made = program(plan)
    return Emission(tuple(made.files()), tuple(made.origins()), found)

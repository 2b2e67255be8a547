"""Writes the Lambda handlers of a module's steps: one function for each step, beside the step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wfc.backends.asl.handlers.heartbeats import TokenAnswers
from wfc.backends.asl.jsonata import codes
from wfc.backends.base import File
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import Doc, arguments, join, lay_out
from wfc.backends.python.printing.text import fresh
from wfc.backends.python.program.boundary import Ambiguous, Codec
from wfc.backends.python.program.definitions import (
    add_imports,
    blocks,
    bound_names,
    definitions,
    join_blocks,
    reachable,
    step_names,
)
from wfc.backends.python.program.steps import injected_type, plain_step
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.calls import called_steps
from wfc.compiler.language.nodes import types as t


def handlers(module: ir.Module, workflows: Sequence[ir.Workflow]) -> list[File]:
    """The file with the steps that the workflows call and their handlers; none without steps."""
    steps = called_steps(module, workflows)
    if not steps:
        return []
    return [File(f"{module.name}_handlers.py", _Handlers(module, steps).text(), main=False)]


def check_handlers(module: ir.Module, steps: Iterable[ir.Step]) -> list[Diagnostic]:
    """The steps whose data does not say which type it is."""
    found: list[Diagnostic] = []
    for step in steps:
        try:
            _Handlers(module, [step]).handler(step)
        except Ambiguous as ambiguous:
            message = f"the data of the step '{step.name}' may be {ambiguous.type}, and JSON does"
            found.append(
                codes.NOT_YET.at(
                    module.path,
                    step.span,
                    f"{message} not say which; this is not supported yet",
                    instead="give the step one type, or a record with a field that tells",
                )
            )
    return found


class _Handlers:
    def __init__(self, module: ir.Module, steps: Sequence[ir.Step]) -> None:
        self.module = module
        self.steps = steps
        self.imports = Imports()
        self.taken = {name for item in definitions(module) for name in bound_names(item)}
        self.taken |= {step.name for step in module.steps}
        self.event, self.result = fresh("event", self.taken), fresh("result", self.taken)
        self.codec = Codec(module, self.imports, frozenset(self.taken))
        self.engine = ""
        self.answers: TokenAnswers | None = None

    def text(self) -> str:
        functions = [part for step in self.steps for part in self.pair(step)]
        names = self.codec.used.union(*map(step_names, self.steps))
        selection = reachable(self.module, names)
        add_imports(self.module, selection.names, self.imports)
        converters = self.codec.functions()
        engine = [self.engine_function()] if self.engine else []
        answers = self.answers.blocks() if self.answers else []
        parts = [
            [f'"""The steps of {self.module.name}, one AWS Lambda handler for each."""'],
            self.imports.lines(),
            *blocks(selection.definitions),
            *engine,
            *answers,
            *converters,
            *functions,
        ]
        return "\n".join([*join_blocks(parts), ""])

    def pair(self, step: ir.Step) -> Iterator[list[str]]:
        yield plain_step(step, self.imports)
        yield self.handler(step)

    def handler(self, step: ir.Step) -> list[str]:
        """``def step_handler(event, context)``, or with ``beat`` in place of the context."""
        self.imports.member("typing", "Any")
        name = fresh(f"{step.name}_handler", self.taken)
        self.taken.add(name)
        result = "None" if step.returns == t.NONE else "Any"
        second = "context: object"
        lines: list[str] = []
        if step.heartbeat is not None:
            beat = _beat(step)
            second = f"{self.local(beat)}: {injected_type(beat, self.imports)}"
            lines.append(f"@{self.token_answers().decorator}")
        given = arguments([f"{self.event}: dict[str, Any]", second])
        lines += lay_out(f"def {name}", given, f" -> {result}:")
        indent = 4
        for parameter in step.parameters:
            if parameter.injected == "Connection":
                name = self.local(parameter)
                lines.append(f"    with {self.engine_name()}().begin() as {name}:")
                indent = 8
        return [*lines, *self.call(step, indent)]

    def call(self, step: ir.Step, indent: int) -> list[str]:
        call = join(step.name, arguments([*self.arguments(step)]))
        if step.asynchronous:
            self.imports.module("asyncio")
            call = join("asyncio.run", arguments([call]))
        if step.returns == t.NONE:
            return lay_out("", call, indent=indent)
        if not self.codec.encodes(step.returns):
            return lay_out("return ", call, indent=indent)
        encoded = self.codec.encode(step.returns, self.result)
        return [
            *lay_out(f"{self.result} = ", call, indent=indent),
            *lay_out("return ", encoded, indent=indent),
        ]

    def arguments(self, step: ir.Step) -> Iterator[Doc]:
        """The arguments in the order of the plain function's parameters."""
        defaulted = by_name = False
        for parameter in step.parameters:
            injected = parameter.injected is not None
            by_name = by_name or parameter.keyword_only or (injected and defaulted)
            defaulted = defaulted or (parameter.default is not None and not injected)
            value = self.argument(step, parameter)
            yield join(f"{parameter.name}=", value) if by_name else value

    def argument(self, step: ir.Step, parameter: ir.Parameter) -> Doc:
        match parameter.injected:
            case "Connection":
                return self.local(parameter)
            case "Heartbeat":
                nobody_waits = step.heartbeat is None
                return "lambda *details: None" if nobody_waits else self.local(_beat(step))
        return self.codec.decode(parameter.type, f'{self.event}["{parameter.name}"]')

    def local(self, parameter: ir.Parameter) -> str:
        return fresh(parameter.name, {self.event, self.result, "context", *self.taken})

    def token_answers(self) -> TokenAnswers:
        if self.answers is None:
            self.answers = TokenAnswers(self.module, self.imports, self.taken)
        return self.answers

    def engine_name(self) -> str:
        if not self.engine:
            self.engine = fresh("engine", self.taken)
            self.taken.add(self.engine)
        return self.engine

    def engine_function(self) -> list[str]:
        self.imports.module("os")
        self.imports.member("functools", "cache")
        self.imports.member("sqlalchemy", "Engine")
        self.imports.member("sqlalchemy", "create_engine")
        return [
            "@cache",
            f"def {self.engine}() -> Engine:",
            '    """The application\'s database; warm starts of the function keep the pool."""',
            '    return create_engine(os.environ.get("DATABASE_URL", "sqlite:///app.db"))',
        ]


def _beat(step: ir.Step) -> ir.Parameter:
    """The parameter that a step with a heartbeat reports with."""
    return next(one for one in step.parameters if one.injected == "Heartbeat")

"""Writes ``activities.py``: the steps of a module as activities."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import arguments, lay_out
from wfc.backends.python.printing.references import used_names
from wfc.backends.python.printing.text import indented, quote, split_docstring
from wfc.backends.python.program.definitions import add_imports, blocks, join_blocks
from wfc.backends.python.program.names import identifiers, parameter_name
from wfc.backends.temporal.bodies import with_names_replaced
from wfc.backends.temporal.plan import LOCAL, Placement, Plan, body_names, defined, guarded_errors
from wfc.compiler.language import nodes as ir


def write(plan: Plan, placement: Placement) -> str:
    """The text of ``activities.py``."""
    writer = _Writer(plan)
    functions = [writer.activity(step) for step in plan.steps]
    own = blocks(placement.activities)
    helpers = writer.helpers()
    names = writer.used.union(*(used_names(item.source) for item in placement.activities))
    add_imports(plan.module, names, writer.imports)
    for name in sorted(defined(placement.shared) & names):
        writer.imports.member("shared", name)
    head = [
        f'"""The activities of {plan.module.name}: its workflows reach the world through them."""'
    ]
    return "\n".join([*join_blocks([head, writer.imports.lines(), *own, *helpers, *functions]), ""])


class _Writer:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.imports = Imports(LOCAL)
        self.used: set[str] = set()
        self.needs_key = self.needs_guard = self.needs_engine = False

    def library(self, module: str, name: str) -> str:
        return self.plan.names.library(module, name, self.imports)

    def activity(self, step: ir.Step) -> list[str]:
        """One step as an activity."""
        self.used |= body_names(step)
        decorator = f"@{self.library('temporalio', 'activity')}.defn"
        if step.label and step.label != step.name:
            decorator += f"(name={quote(step.label)})"
        errors = guarded_errors(step)
        guard = ""
        if errors:
            self.used.update(errors)
            self.needs_guard = True
            guard = f"{self.plan.names.own('retry_only_on')}({', '.join(errors)})"
        lines = [decorator]
        if guard and not step.asynchronous:
            lines.append(f"@{guard}")
        body = self._body(step, guard if step.asynchronous else "")
        return [*lines, *body]

    def _body(self, step: ir.Step, guard: str) -> list[str]:
        docstring, code = split_docstring(step.body)
        parameters = [p for p in step.parameters if p.injected is None]
        own = {p.name for p in step.parameters} - {"input"}
        name = parameter_name(identifiers(step.body) | own)
        wrappers = [f"with {guard}:"] if guard else []
        wrappers += [
            f"with {self._engine()}().begin() as {p.name}:"
            for p in step.parameters
            if p.injected == "Connection"
        ]
        indent = 4 + 4 * len(wrappers)
        texts = {p.name: f"{name}.{p.name}" for p in parameters}
        texts |= {p.name: text for p in step.parameters if (text := self._heartbeat(p))}
        code, kept = with_names_replaced(code, texts, indent, asynchronous=step.asynchronous)
        lines = self._signature(step, name)
        lines += [f"    {line}".rstrip() for line in docstring]
        lines += self._injected(step)
        lines += [f"    {kept_name} = {texts[kept_name]}" for kept_name in kept]
        for depth, wrapper in enumerate(wrappers):
            lines.append(" " * (4 + 4 * depth) + wrapper)
        rest = indented(code.strip("\n"), indent)
        if code.startswith("\n") and docstring and rest:
            lines.append("")
        if not rest and (wrappers or not docstring):
            rest = [" " * indent + "pass"]
        return lines + rest

    def _signature(self, step: ir.Step, name: str) -> list[str]:
        keyword = "async def" if step.asynchronous else "def"
        result = f" -> {step.returns_annotation}" if step.returns_annotation else ""
        given: list[str] = []
        if any(p.injected is None for p in step.parameters):
            input_class = self.plan.names.input_class(step)
            self.imports.member("shared", input_class)
            given = [f"{name}: {input_class}"]
        return lay_out(f"{keyword} {step.name}", arguments(given), f"{result}:")

    def _injected(self, step: ir.Step) -> Iterator[str]:
        """The injected parameters as variables."""
        used = identifiers(step.body)
        for parameter in step.parameters:
            if parameter.name not in used:
                continue
            if parameter.injected == "IdempotencyKey":
                self.needs_key = True
                yield f"    {parameter.name} = {self.plan.names.own('idempotency_key')}()"
            elif parameter.injected == "RunId":
                activity = self.library("temporalio", "activity")
                yield f"    {parameter.name} = {activity}.info().workflow_id"

    def _heartbeat(self, parameter: ir.Parameter) -> str:
        if parameter.injected != "Heartbeat":
            return ""
        return f"{self.library('temporalio', 'activity')}.heartbeat"

    def _engine(self) -> str:
        self.needs_engine = True
        return self.plan.names.own("engine")

    def helpers(self) -> list[list[str]]:
        """The functions that activities of this module share, those that are used."""
        found: list[list[str]] = []
        if self.needs_key:
            found.append(self._key_function())
        if self.needs_guard:
            found.append(self._guard_function())
        if self.needs_engine:
            found.append(self._engine_function())
        return found

    def _key_function(self) -> list[str]:
        activity = self.library("temporalio", "activity")
        return [
            f"def {self.plan.names.own('idempotency_key')}() -> str:",
            '    """A text that is the same in every attempt of the current activity."""',
            f"    info = {activity}.info()",
            '    return f"{info.workflow_run_id}:{info.activity_id}"',
        ]

    def _guard_function(self) -> list[str]:
        manager = self.library("contextlib", "contextmanager")
        iterator = self.library("collections.abc", "Iterator")
        application = self.library("temporalio.exceptions", "ApplicationError")
        cancelled = self.library("temporalio.exceptions", "CancelledError")
        return [
            f"@{manager}",
            f"def {self.plan.names.own('retry_only_on')}(*errors: type[Exception])"
            f" -> {iterator}[None]:",
            '    """Retry an activity on these errors only: any other one fails it at once."""',
            "    try:",
            "        yield",
            "    except Exception as error:",
            f"        if isinstance(error, ({cancelled}, *errors)):",
            "            raise",
            f"        raise {application}(",
            "            str(error), type=type(error).__name__, non_retryable=True",
            "        ) from error",
        ]

    def _engine_function(self) -> list[str]:
        os = self.plan.names.module("os", self.imports)
        cache = self.library("functools", "cache")
        engine = self.library("sqlalchemy", "Engine")
        create = self.library("sqlalchemy", "create_engine")
        return [
            f"@{cache}",
            f"def {self.plan.names.own('engine')}() -> {engine}:",
            '    """The application\'s database."""',
            f'    return {create}({os}.environ.get("DATABASE_URL", "sqlite:///app.db"))',
        ]

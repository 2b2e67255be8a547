"""Prints workflows as one DBOS module."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from wfc.backends.base import File
from wfc.backends.dbos.dialect import DbosDialect
from wfc.backends.dbos.fit import CODES, problems
from wfc.backends.dbos.names import FIXED, MAIN_VARIABLES, module_names
from wfc.backends.dbos.template import add_imports as own_imports
from wfc.backends.dbos.template import features, render
from wfc.backends.dbos.traits import TRAITS
from wfc.backends.python.printing.expressions import PlainExpressions
from wfc.backends.python.printing.layout import Bracket, call, flat, lay_out
from wfc.backends.python.printing.references import used_names
from wfc.backends.python.printing.text import docstring_lines, fresh, quote
from wfc.backends.python.program.boundary import Codec
from wfc.backends.python.program.definitions import (
    add_imports,
    blocks,
    spaced,
    with_called,
)
from wfc.backends.python.program.dialect import Dialect
from wfc.backends.python.program.errors import told_apart
from wfc.backends.python.program.names import Unit
from wfc.backends.python.program.plan import Plan, is_retried
from wfc.backends.python.program.program import Program
from wfc.backends.python.program.steps import Assigned, Defined, Filling, Frame, Unfilled, signature
from wfc.compiler.data.struct import fields, replace
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.form.content import content_hash
from wfc.compiler.language.nodes import types as t


def app_name(module: ir.Module) -> str:
    """What DBOS calls the application: 3 to 256 of ``a-z 0-9 - _`` (DBOSConfig)."""
    name = re.sub(r"[^a-z0-9_-]+", "-", module.name.lower()).strip("-") or "workflows"
    return (name if len(name) > 2 else f"{name}-app")[:256]


def _policy_names(whole: Plan, taken: set[str]) -> dict[str, str]:
    """The constants that hold the retries of several steps, by their name in the source."""
    policies = Counter(step.retry.name for step in whole.steps if step.retry and is_retried(step))
    names: dict[str, str] = {}
    for name, uses in policies.items():
        if name.isupper() and uses > 1:
            names[name] = fresh(name, {*taken, *names.values()})
    return names


def _options_names(whole: Plan, policies: Mapping[str, str], taken: set[str]) -> dict[str, str]:
    """The constants that hold the retries and timeouts of steps, by step."""
    names: dict[str, str] = {}
    for step in whole.steps:
        policy = policies.get(step.retry.name) if step.retry and is_retried(step) else None
        if policy and step.timeout is None:
            names[step.name] = policy
        elif is_retried(step) or step.timeout is not None:
            used = {*taken, *policies.values(), *names.values()}
            names[step.name] = fresh(f"{step.name.upper()}_OPTIONS", used)
    return names


class DbosProgram(Program):
    """One module. Workflows are printed first, so that it is known what else they need."""

    traits = TRAITS
    codes = CODES

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.names = module_names(plan)
        self.unit = Unit(plan.names)
        self.imports = self.unit.imports
        self.codec = Codec(self.module, self.imports, plan.names.taken)
        # The types of the values that become JSON data.
        self.encoded: list[t.Type] = []
        own = (getattr(self.names, one.name) for one in fields(self.names))
        used = {*plan.names.taken, *FIXED, *own, "UTC"}
        self.policies = _policy_names(plan, used)
        self.options = _options_names(plan, self.policies, used)
        self.pending_policies = dict(self.policies)
        self.used |= {error.name for error in self.module.errors}
        self.path = f"{self.module.name}_dbos.py"

    @classmethod
    def fits(cls, plan: Plan) -> Iterable[Diagnostic]:
        return problems(plan)

    def origin(self, node: ir.Operation) -> tuple[str, str] | None:
        return (self.path, "step") if isinstance(node, ir.StepCall) else None

    @property
    def version(self) -> str:
        """The application version: DBOS recovers runs of the same version only, and wants versions
        to be unique among the applications of a system database."""
        names = [workflow.name for workflow in self.plan.workflows]
        return f"{app_name(self.module)}-{content_hash(self.module, *names)[:12]}"

    def files(self) -> Iterator[File]:
        yield File(self.path, self._text())

    def _text(self) -> str:
        workflows = [self.workflow(item) for item in self.plan.workflows]
        table = self._workflow_table()
        names = self.used | self.codec.used
        printed, selection = with_called(self.module, self.plan.steps, names)
        steps = [block for step in printed for block in (*self._constants(step), self.step(step))]
        needed = features(self.plan, self.encoded)
        own_imports(self.plan, needed, self.names, self.imports)
        add_imports(self.module, selection.names, self.imports)
        body = render(
            names=self.names,
            plan=self.plan,
            app=self.plan.options.settings.get("name") or app_name(self.module),
            version=self.version,
            definitions=[
                {"gap": "\n" * gap, "text": "\n".join(lines)}
                for gap, lines in spaced([*blocks(selection.definitions), *steps])
            ],
            workflows=["\n".join(lines) for lines in workflows],
            decoders=["\n".join(lines) for lines in self.codec.functions()],
            errors="\n".join(self._errors()),
            heartbeats="\n".join(self._heartbeats()),
            workflow_table="\n".join(table),
            target="workflow" if table else self.plan.workflows[0].name,
            parser="\n".join(self._parser()),
            async_def="async def" if self.plan.asynchronous else "def",
            **needed,
        )
        head = docstring_lines(self.module.docstring)
        lines = [*head, *([""] if head else []), *self.imports.lines(), "", body]
        return "\n".join(lines)

    def _parser(self) -> list[str]:
        """``parser = argparse.ArgumentParser(description=__doc__)``"""
        description = ["description=__doc__"] if self.module.docstring else []
        return lay_out(
            "parser = ", call(f"{self.names.argparse}.ArgumentParser", description), indent=4
        )

    def _errors(self) -> list[str]:
        """``ERRORS = {...}``"""
        names = told_apart(self.plan)
        if not names:
            return []
        own = {error.name for error in self.module.errors}
        if "JSONDecodeError" in names and "JSONDecodeError" not in own:
            self.imports.member("json", "JSONDecodeError")
        if len(names) > 5:
            return [
                f"{self.names.errors} = {{",
                "    error.__name__: error",
                *lay_out("for error in ", Bracket("(", names, ")"), indent=4),
                "}",
            ]
        items = tuple(f"{quote(name)}: {name}" for name in names)
        return lay_out(f"{self.names.errors} = ", Bracket("{", items, "}"))

    def _heartbeats(self) -> list[str]:
        """``HEARTBEATS = {"load": 10.0}``"""
        items = tuple(
            f"{quote(step.name)}: {float(step.heartbeat)!r}"
            for step in self.plan.plain_steps
            if step.heartbeat is not None
        )
        return lay_out(f"{self.names.heartbeats} = ", Bracket("{", items, "}"))

    def _workflow_table(self) -> list[str]:
        """``WORKFLOWS: dict[...] = {...}``, when there is a choice or ``main`` cannot name the
        workflow."""
        first, *others = self.plan.workflows
        if not others and first.name not in MAIN_VARIABLES:
            return []
        self.imports.member("collections.abc", "Callable")
        self.imports.member("typing", "Any")
        items = tuple(f"{quote(item.name)}: {item.name}" for item in self.plan.workflows)
        head = f"{self.names.workflows}: dict[str, Callable[..., Any]] = "
        return lay_out(head, Bracket("{", items, "}"))

    # --- Steps -----------------------------------------------------------------------------------

    def step_frame(self, step: ir.Step) -> Frame:
        """The step as a plain function."""
        parameters = tuple(
            _float_default(parameter) for parameter in step.parameters if parameter.injected is None
        )
        return Frame(signature(replace(step, parameters=parameters), self.imports, step.name))

    def idempotency_key(self, step: ir.Step) -> Filling:
        return Assigned('f"{DBOS.workflow_id}:{DBOS.step_id}"')

    def run_id(self, step: ir.Step) -> Filling:
        return Assigned("DBOS.workflow_id")

    def connection(self, step: ir.Step) -> Filling:
        return Assigned(f"{self.names.datasource}.sql_session().connection()")

    def heartbeat(self, step: ir.Step) -> Filling:
        if step.heartbeat is not None:
            return Assigned(f"{self.names.heartbeat}.get()")
        return Defined("(*details: object) -> None", "Nobody waits for a sign of life.")

    def callback_token(self, step: ir.Step) -> Filling:
        raise Unfilled("CallbackToken", step)

    def _constants(self, step: ir.Step) -> Iterable[list[str]]:
        """What stands above a step: a policy that it is the first to use, and its own options."""
        if step.name not in self.options:
            return
        retry = step.retry if is_retried(step) else None
        policy = self.pending_policies.pop(retry.name, None) if retry else None
        if retry and policy:
            yield self._constant(policy, _retries(retry))
        if self.options[step.name] not in self.policies.values():
            yield self._constant(self.options[step.name], self._own_options(step, retry))

    def _own_options(self, step: ir.Step, retry: ir.RetryPolicy | None) -> list[str]:
        items: list[str] = []
        if retry and retry.name in self.policies:
            items.append(f"**{self.policies[retry.name]}")
        elif retry:
            items += _retries(retry)
        if step.timeout is not None:
            items.append(f'"timeout_seconds": {float(step.timeout)!r}')
        return items

    def _constant(self, name: str, items: list[str]) -> list[str]:
        """``PULL_SETTLEMENT_OPTIONS: StepOptions = {...}``"""
        self.imports.member("dbos", "StepOptions")
        return lay_out(f"{name}: StepOptions = ", Bracket("{", tuple(items), "}"))

    # --- Workflows -------------------------------------------------------------------------------

    def dialect(self, workflow: ir.Workflow) -> Dialect:
        return DbosDialect(
            self.plan,
            self.unit,
            workflow,
            self.fillings,
            self.codec,
            self.encoded,
            self.names,
            self.options,
        )

    def workflow_frame(self, workflow: ir.Workflow, dialect: Dialect) -> Frame:
        """The workflow as a decorated function."""
        name = "" if workflow.label in ("", workflow.name) else f"name={quote(workflow.label)}"
        keyword = "async def" if self.plan.asynchronous else "def"
        items = tuple(self._parameters(workflow))
        returns = self._annotation(workflow.returns, workflow.returns_annotation, encoded=True)
        suffix = f" -> {returns}:" if returns else ":"
        head = lay_out(f"{keyword} {workflow.name}", Bracket("(", items, ")"), suffix)
        return Frame([f"@DBOS.workflow({name})", *head, *docstring_lines(workflow.docstring, 4)])

    def _parameters(self, workflow: ir.Workflow) -> Iterable[str]:
        printer = PlainExpressions(self.module, self.imports)
        keyword_only = False
        for parameter in workflow.parameters:
            if parameter.keyword_only and not keyword_only:
                keyword_only = True
                yield "*"
            hint = self._annotation(parameter.type, parameter.annotation, encoded=False)
            text = f"{parameter.name}: {hint}" if hint else parameter.name
            if parameter.default is None:
                yield text
                continue
            default = flat(printer.expression(self._json_default(parameter)))
            self.used |= printer.used
            yield f"{text}{' = ' if hint else '='}{default}"

    def _json_default(self, parameter: ir.Parameter) -> ir.Expr:
        """The default as the JSON data that the parameter takes."""
        default = parameter.default
        assert default is not None
        if isinstance(default, ir.EnumMember):
            enum = next(item for item in self.module.enums if item.name == default.enum)
            return ir.Constant(dict(enum.members)[default.member])
        return default

    def _annotation(self, type_: t.Type, written: str, *, encoded: bool) -> str:
        """The annotation of a value that crosses as JSON data. A parameter that becomes another
        value at the top of the workflow has no one type."""
        changed = self.codec.encodes(type_) if encoded else self.codec.decodes(type_)
        if type_ == t.FLOAT or not changed:
            self.used |= used_names(written)
            return written
        if not encoded:
            self.imports.member("typing", "Any")
            return "Any"
        # partial: the JSON form of anything else is Any
        if isinstance(type_, t.RecordType | t.DictType):
            self.imports.member("typing", "Any")
            return "dict[str, Any]"
        if isinstance(type_, t.ListType | t.TupleType):
            self.imports.member("typing", "Any")
            return "list[Any]"
        if type_ == t.DATETIME:
            return "str"
        if type_ == t.TIMEDELTA:
            return "float"
        if isinstance(type_, t.EnumType):
            enum = next(item for item in self.module.enums if item.name == type_.name)
            return type(enum.members[0][1]).__name__
        self.imports.member("typing", "Any")
        return "Any"


def _float_default(parameter: ir.Parameter) -> ir.Parameter:
    """A whole number as the default of a float is a float at the boundary."""
    default = parameter.default
    if parameter.type != t.FLOAT or not isinstance(default, ir.Constant):
        return parameter
    if type(default.value) is not int:
        return parameter
    return replace(parameter, default=ir.Constant(float(default.value), type=t.FLOAT))


def _retries(retry: ir.RetryPolicy) -> list[str]:
    """The options that a policy comes to."""
    errors = retry.errors or ("Exception",)
    classes = errors[0] if len(errors) == 1 else f"({', '.join(errors)})"
    return [
        '"retries_allowed": True',
        f'"max_attempts": {retry.attempts}',
        f'"interval_seconds": {float(retry.first_delay)!r}',
        f'"backoff_rate": {float(retry.backoff)!r}',
        f'"should_retry": lambda error: isinstance(error, {classes})',
    ]

"""Decorators of steps and workflows, and the options they take."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final, Literal, TypeGuard

from wfc.compiler.data.struct import MutableStruct
from wfc.compiler.diagnostics.words import closest
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.typing.hierarchy import canonical
from wfc.compiler.source import codes
from wfc.compiler.source.constants import NotConstant, scalar, seconds
from wfc.compiler.source.names import FunctionNode, ModuleScope
from wfc.compiler.source.problems import Problems
from wfc.grammar.duration import LONGEST

Kind = Literal["step", "transaction", "workflow"]

_KINDS: Final[dict[str, Kind]] = {
    "wfc.step": "step",
    "wfc.transaction": "transaction",
    "wfc.workflow": "workflow",
}
_STEP_OPTIONS: Final = ("retry", "timeout", "heartbeat", "name", "queue")
_OPTIONS: Final[dict[Kind, Sequence[str]]] = {
    "step": _STEP_OPTIONS,
    "transaction": _STEP_OPTIONS,
    "workflow": ("name", "timeout", "version"),
}
_RETRY_OPTIONS: Final = ("attempts", "first_delay", "backoff", "max_delay", "jitter")


class Options(MutableStruct, eq=False):
    """The options of one decorator, read."""

    kind: Kind
    retry: ir.RetryPolicy | None = None
    timeout: float | None = None
    heartbeat: float | None = None
    heartbeat_place: ast.expr | None = None
    name: str = ""
    version: str = ""


def kind_of(node: FunctionNode, scope: ModuleScope) -> Kind | None:
    """What a function is, by its decorators; None for an undecorated or foreign one."""
    for decorator in node.decorator_list:
        kind = _kind(decorator, scope)
        if kind:
            return kind
    return None


def _kind(decorator: ast.expr, scope: ModuleScope) -> Kind | None:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return _KINDS.get(scope.qualified(function) or "")


def read_options(node: FunctionNode, scope: ModuleScope, problems: Problems) -> Options:
    """The options of a step, transaction or workflow; what cannot be read is reported."""
    kind = kind_of(node, scope)
    assert kind is not None
    options = Options(kind, name=node.name)
    seen = False
    for decorator in node.decorator_list:
        if _kind(decorator, scope) != kind or seen:
            problems.add(
                codes.DECORATOR,
                decorator,
                f"'@{problems.text.segment(decorator)}' beside @{kind} cannot be supported",
                "remove it" if kind == "workflow" else "decorate a function that the step calls",
            )
            continue
        seen = True
        if isinstance(decorator, ast.Call):
            _OptionReader(options, scope, problems).read(decorator)
    return options


class _OptionReader:
    def __init__(self, options: Options, scope: ModuleScope, problems: Problems) -> None:
        self.options = options
        self.scope = scope
        self.problems = problems

    def read(self, call: ast.Call) -> None:
        for argument in call.args:
            self.problems.add(
                codes.OPTION, argument, f"the options of @{self.options.kind} are given by name"
            )
        for keyword in call.keywords:
            if keyword.arg not in _OPTIONS[self.options.kind]:
                known = _OPTIONS[self.options.kind]
                _unknown(self.problems, keyword, f"@{self.options.kind}", known)
                continue
            if keyword.arg and not _is_none(keyword.value):
                self.option(keyword.arg, keyword.value)

    def option(self, name: str, value: ast.expr) -> None:
        match name:
            case "retry":
                self.options.retry = self.retry(value)
            case "timeout":
                self.options.timeout = self.positive_duration(name, value)
            case "heartbeat":
                self.options.heartbeat = self.positive_duration(name, value)
                self.options.heartbeat_place = value
            case "name":
                self.options.name = self.text(name, value) or self.options.name
            case "version":
                self.options.version = self.text(name, value)
            case "queue":
                self.problems.add(
                    codes.FEATURE_NOT_YET,
                    value,
                    "the option 'queue' is not supported yet",
                    "leave it out; a step runs where its workflow runs",
                )

    def positive_duration(self, name: str, value: ast.expr) -> float | None:
        duration = _duration(self.problems, self.scope, name, value)
        if duration == 0:
            self.problems.add(codes.DURATION, value, f"'{name}' must be longer than zero")
            return None
        return duration

    def text(self, name: str, value: ast.expr) -> str:
        try:
            read = scalar(value, self.scope)
        except NotConstant:
            read = None
        if isinstance(read, str) and read.strip():
            return read
        self.problems.add(codes.OPTION, value, f"the option '{name}' must be a constant text")
        return ""

    def retry(self, value: ast.expr) -> ir.RetryPolicy | None:
        """``Retry(...)`` written out, or the name of a constant that is one."""
        if isinstance(value, ast.Name) and value.id in self.scope.policies:
            return self.scope.policies[value.id]
        if is_retry(value, self.scope):
            return read_retry(value, self.scope, self.problems)
        self.problems.add(
            codes.RETRY,
            value,
            "the option 'retry' must be Retry(...), or a constant of this file that is one",
            'write retry=Retry(SomeError, attempts=3, first_delay="1s")',
        )
        return None


def is_retry(value: ast.expr, scope: ModuleScope) -> TypeGuard[ast.Call]:
    """Whether an expression makes a retry policy."""
    return isinstance(value, ast.Call) and scope.qualified(value.func) == "wfc.Retry"


def read_retry(call: ast.Call, scope: ModuleScope, problems: Problems) -> ir.RetryPolicy:
    """The policy that ``Retry(...)`` makes; what cannot be read is reported."""
    return _RetryReader(scope, problems).read(call)


class _RetryReader:
    def __init__(self, scope: ModuleScope, problems: Problems) -> None:
        self.scope = scope
        self.problems = problems

    def read(self, call: ast.Call) -> ir.RetryPolicy:
        errors = tuple(filter(None, map(self.error, call.args)))
        policy = ir.RetryPolicy(errors=errors, span=self.problems.text.span(call))
        values = {
            "attempts": policy.attempts,
            "first_delay": policy.first_delay,
            "backoff": policy.backoff,
            "max_delay": policy.max_delay,
            "jitter": policy.jitter,
        }
        for keyword in call.keywords:
            if keyword.arg not in _RETRY_OPTIONS:
                _unknown(self.problems, keyword, "Retry", _RETRY_OPTIONS)
                continue
            read = self.value(keyword.arg, keyword.value)
            if read is not None:
                values[keyword.arg] = read
        policy = ir.RetryPolicy(errors=errors, span=policy.span, **values)  # type: ignore[arg-type]
        self.check_delays(call, policy)
        return policy

    def check_delays(self, call: ast.Call, policy: ir.RetryPolicy) -> None:
        if policy.max_delay is None and policy.longest_delay > LONGEST:
            self.problems.add(
                codes.RETRY,
                call,
                "the delays of Retry grow longer than any duration",
                "give a max_delay, a smaller backoff or fewer attempts",
            )
        elif policy.max_delay is not None and policy.max_delay < policy.first_delay:
            self.problems.add(
                codes.RETRY,
                call,
                "'max_delay' of Retry is shorter than 'first_delay'",
                "give a longer max_delay",
            )

    def error(self, node: ast.expr) -> str | None:
        name = node.id if isinstance(node, ast.Name) else ""
        if self.scope.error_known(name) and name not in ("StopIteration", "StopAsyncIteration"):
            return name if name in self.scope.errors else canonical(name)
        if name in self.scope.deferred:
            self.problems.replay(self.scope.deferred[name])
            return None
        self.problems.add(
            codes.ERROR_CLASS,
            node,
            f"'{self.problems.text.segment(node)}' is not an exception class of this file or a "
            "builtin one",
            "name exception classes first, options by keyword",
        )
        return None

    def value(self, name: str, node: ast.expr) -> int | float | bool | None:
        if name in ("first_delay", "max_delay"):
            if name == "max_delay" and _is_none(node):
                return None
            return _duration(self.problems, self.scope, name, node)
        try:
            value = scalar(node, self.scope)
        except NotConstant:
            value = None
        match name, value:
            case "jitter", bool():
                return value
            case "attempts", int() if not isinstance(value, bool) and value >= 1:
                return value
            case "backoff", int() | float() if not isinstance(value, bool) and value >= 1:
                return float(value)
        wanted = {
            "attempts": "a whole number of at least 1",
            "backoff": "a number of at least 1",
            "jitter": "True or False",
        }
        self.problems.add(codes.RETRY, node, f"'{name}' of Retry must be {wanted[name]}")
        return None


def _unknown(problems: Problems, keyword: ast.keyword, owner: str, known: Sequence[str]) -> None:
    close = closest(keyword.arg or "", known)
    instead = f"did you mean '{close}'?" if close else f"it has {', '.join(known)}"
    name = f"'{keyword.arg}'" if keyword.arg else "'**'"
    problems.add(codes.OPTION, keyword, f"{owner} has no option {name}", instead)


def _duration(problems: Problems, scope: ModuleScope, name: str, value: ast.expr) -> float | None:
    try:
        return seconds(value, scope)[0]
    except NotConstant as error:
        problems.add(codes.DURATION, value, f"'{name}' cannot be read: {error}")
        return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None

"""The decorators: ``@workflow``, ``@step``, ``@transaction``, and the retry policy.

They leave a function a function. Called outside a workflow a step is a plain call; inside one it is
an operation whose arguments and result cross a boundary as JSON data (see :mod:`wfc.boundary`).
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, overload

from wfc.durations import Duration, seconds_of
from wfc.errors import UsageError
from wfc.execution import StepDefinition, WorkflowDefinition, call_step, call_workflow

P = ParamSpec("P")
R = TypeVar("R")

ATTRIBUTE = "__wfc__"


class Retry:
    """When and how often a failed step is tried again.

    Args:
        errors: exception classes, subclasses implied; without any, every ``Exception``.
        attempts: how often the step is tried, the first time included.
        first_delay: the wait before the second try.
        backoff: each further wait is this many times the one before.
        max_delay: no wait is longer than this.
        jitter: spread the waits at random below their length.

    Raises:
        UsageError: a value is out of range or of the wrong type.
    """

    __slots__ = ("attempts", "backoff", "errors", "first_delay", "jitter", "max_delay")

    def __init__(
        self,
        *errors: type[Exception],
        attempts: int = 3,
        first_delay: Duration = "1s",
        backoff: float = 2.0,
        max_delay: Duration | None = None,
        jitter: bool = False,
    ) -> None:
        for error in errors:
            if not (isinstance(error, type) and issubclass(error, Exception)):
                raise UsageError(f"Retry: {_shown(error)} is not an exception class")
        if isinstance(attempts, bool) or not isinstance(attempts, int) or attempts < 1:
            raise UsageError(f"Retry: attempts must be a whole number from 1 on, not {attempts!r}")
        if isinstance(backoff, bool) or not isinstance(backoff, (int, float)) or not backoff >= 1:
            raise UsageError(f"Retry: backoff must be a number from 1 on, not {backoff!r}")
        if not isinstance(jitter, bool):
            raise UsageError(f"Retry: jitter must be True or False, not {jitter!r}")
        self.errors = errors
        self.attempts = attempts
        self.first_delay = _duration(first_delay, "Retry: first_delay", least=0)
        self.backoff = float(backoff)
        self.max_delay = None if max_delay is None else _duration(max_delay, "Retry: max_delay")
        self.jitter = jitter
        if self.max_delay is not None and self.max_delay < self.first_delay:
            raise UsageError("Retry: max_delay is shorter than first_delay")

    def delay(self, attempt: int) -> float:
        """Seconds to wait after a failed attempt, counted from 1, without the jitter."""
        delay = self.first_delay * self.backoff ** (attempt - 1)
        return delay if self.max_delay is None else min(delay, self.max_delay)

    def __repr__(self) -> str:
        named = [error.__name__ for error in self.errors]
        options = [f"{name}={getattr(self, name)!r}" for name in self.__slots__ if name != "errors"]
        return f"Retry({', '.join(named + options)})"


@overload
def step(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def step(
    *,
    retry: Retry | None = None,
    timeout: Duration | None = None,
    heartbeat: Duration | None = None,
    name: str | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def step(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Make a function a step: any Python, run at least once, its result recorded once.

    Args:
        retry: when to try again; without it, never.
        timeout: the longest time of one attempt; a longer one fails with ``TimeoutError``.
        heartbeat: the longest time between two calls of an injected ``Heartbeat``.
        name: what engines and histories call the step, if not by the function's name.

    Raises:
        UsageError: an option has a value that no engine could use.
    """
    return _decorate("step", function, options, transaction=False)


@overload
def transaction(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def transaction(
    *,
    retry: Retry | None = None,
    timeout: Duration | None = None,
    heartbeat: Duration | None = None,
    name: str | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def transaction(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Make a function a step that works on the application's database through an injected
    ``Connection``. What it writes is committed when it returns and undone when it raises; on an
    engine that can, the commit includes the record of the step. Options as for :func:`step`.
    """
    return _decorate("transaction", function, options, transaction=True)


@overload
def workflow(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def workflow(
    *, name: str | None = None, timeout: Duration | None = None, version: str | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def workflow(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Make a function a workflow: durable, deterministic, made of steps.

    Calling it runs it in this process, step by step, with virtual time.

    Args:
        name: what engines call the workflow, if not by the function's name.
        timeout: the longest time of a run.
        version: a text that is recorded with each run.

    Raises:
        UsageError: an option has a value that no engine could use.
    """
    _check_options("workflow", options, ("name", "timeout", "version"))

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        _check_function("workflow", function)
        definition = WorkflowDefinition(function, options.get("name") or function.__name__)
        return _wrapped(function, functools.partial(call_workflow, definition), definition)

    return decorate if function is None else decorate(function)


def _decorate(
    kind: str,
    function: Callable[..., Any] | None,
    options: dict[str, Any],
    *,
    transaction: bool,
) -> Any:
    _check_options(kind, options, ("retry", "timeout", "heartbeat", "name"))

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        _check_function(kind, function)
        definition = StepDefinition(
            function,
            options.get("name") or function.__name__,
            options.get("retry"),
            transaction,
        )
        return _wrapped(function, functools.partial(call_step, definition), definition)

    return decorate if function is None else decorate(function)


def _wrapped(
    function: Callable[..., Any], call: Callable[..., Any], definition: object
) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return call(args, kwargs)

    setattr(wrapper, ATTRIBUTE, definition)
    return wrapper


def _check_function(kind: str, function: object) -> None:
    if not isinstance(function, types.FunctionType):
        raise UsageError(f"@{kind} decorates a function, not {_shown(function)}")
    if hasattr(function, ATTRIBUTE):
        raise UsageError(f"{function.__name__} is already a step or workflow; use one decorator")
    code = function.__code__
    if code.co_flags & 0x0C:  # inspect.CO_VARARGS, CO_VARKEYWORDS
        raise UsageError(
            f"@{kind} {function.__name__}: write out the parameters instead of * or **"
        )
    if code.co_flags & 0x220:  # inspect.CO_GENERATOR, CO_ASYNC_GENERATOR
        raise UsageError(
            f"@{kind} {function.__name__}: a generator cannot be a {kind}; return a list"
        )


def _check_options(kind: str, options: dict[str, Any], known: tuple[str, ...]) -> None:
    for name, value in options.items():
        if name not in known:
            raise UsageError(f"@{kind} has no option {name!r}; it has {', '.join(known)}")
        if value is None:
            continue
        if name in ("timeout", "heartbeat"):
            _duration(value, f"@{kind}: {name}")
        elif name == "retry":
            if not isinstance(value, Retry):
                raise UsageError(f"@{kind}: retry must be a Retry(...), not {_shown(value)}")
        elif not isinstance(value, str) or not value.strip():
            raise UsageError(f"@{kind}: {name} must be a text that is not empty, not {value!r}")


def _duration(value: Any, what: str, *, least: float | None = None) -> float:
    seconds = seconds_of(value, what)
    if least is None and seconds <= 0:
        raise UsageError(f"{what} must be longer than nothing, not {value!r}")
    if least is not None and seconds < least:
        raise UsageError(f"{what} must not be negative, not {value!r}")
    return seconds


def _shown(value: object) -> str:
    return f"class {value.__name__}" if isinstance(value, type) else repr(value)

"""The decorators: ``@workflow``, ``@step`` and ``@transaction``.

They leave a function a function. Called outside a workflow a step is a plain call; inside one it is
an operation whose arguments and result cross a boundary as JSON data (see ``author.boundary``).
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, overload

from wfc.author.definitions import StepDefinition, WorkflowDefinition
from wfc.author.durations import Duration, length_of
from wfc.author.errors import UsageError, shown
from wfc.author.execution import call_step, call_workflow
from wfc.author.retry import Retry

P = ParamSpec("P")
R = TypeVar("R")

ATTRIBUTE = "__wfc__"


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
    """Make a function a step: any Python, run at least once, its result recorded once. A step that
    exits, as with ``sys.exit()``, has failed with ``SystemExit``; an ``except Exception`` of the
    workflow catches that.

    Args:
        retry: when to try again; without it, never.
        timeout: the longest time of one attempt; a longer one fails with ``TimeoutError``.
        heartbeat: the longest time between two calls of an injected ``Heartbeat``; an attempt that
            is silent for longer fails with ``TimeoutError``.
        name: what engines and histories call the step, if not by the function's name: the activity
            on Temporal, and with its letters, digits and underscores the steps of DBOS and the
            states of Step Functions. The placeholder of a Lambda function, ``${Charge}``, and the
            cases of ``wfc verify`` go by the function's name.

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
        raise UsageError(f"@{kind} decorates a function, not {shown(function)}")
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
            length_of(value, f"@{kind}: {name}")
        elif name == "retry":
            if not isinstance(value, Retry):
                raise UsageError(f"@{kind}: retry must be a Retry(...), not {shown(value)}")
        elif not isinstance(value, str) or not value.strip():
            raise UsageError(f"@{kind}: {name} must be a text that is not empty, not {value!r}")

"""The plain run: a workflow as a call in this process. It defines what the workflow means.

A :class:`Run` is active while a workflow runs. Calls of steps and of other workflows go through it:
arguments and results cross as JSON data, failed attempts are repeated as the retry policy says, and
time is virtual. ``wfc.testing`` puts its own :class:`Steps` into the run, to answer steps by a
script.
"""

from __future__ import annotations

import builtins
import contextlib
import json
import os
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

from wfc.author.boundary import check_text, decode, encode, hints_of
from wfc.author.errors import BoundaryError, UsageError
from wfc.author.injection import (
    Connection,
    Heartbeat,
    IdempotencyKey,
    RunId,
    application_connection,
    injected,
)

if TYPE_CHECKING:
    from inspect import Signature

    from wfc.author.retry import Retry


class Steps(Protocol):
    """Runs one attempt of a step."""

    def attempt(self, step: StepDefinition, arguments: dict[str, Any], key: str, run: Run) -> Any:
        """The step's result as JSON data, or an awaitable of it for an ``async def`` step.

        Args:
            step: what to run.
            arguments: by name, as JSON data, injected ones left out.
            key: the same for every attempt of this call.
            run: the run of the workflow that calls.

        Raises:
            Exception: the attempt failed.
        """


class Endless(BaseException):
    """A run made more operations than it was allowed to; no workflow can catch this."""


class Run:
    """One run of a workflow. Child workflows have their own, with the same steps and clock.

    ``limit`` refuses integers beyond 2**53-1; ``most`` is how many operations the run may make.
    """

    __slots__ = (
        "_clock",
        "_count",
        "asynchronous",
        "id",
        "limit",
        "most",
        "parent",
        "scope",
        "steps",
    )

    def __init__(
        self,
        steps: Steps | None = None,
        *,
        id: str = "",
        limit: bool = False,
        most: int | None = None,
        parent: Run | None = None,
    ) -> None:
        self.steps: Steps = steps or _Direct()
        self.id = id or f"plain-{os.urandom(8).hex()}"
        self.limit = limit
        self.most = most
        self.parent = parent
        self.scope: Mapping[str, Any] = {}
        self.asynchronous = False
        self._clock = 0.0
        self._count = 0

    def child(self) -> Run:
        """A run for a workflow that this one starts."""
        return Run(self.steps, limit=self.limit, most=self.most, parent=self)

    @property
    def clock(self) -> float:
        """Virtual seconds since the outermost workflow began."""
        return self._clock if self.parent is None else self.parent.clock

    @clock.setter
    def clock(self, seconds: float) -> None:
        if self.parent is None:
            self._clock = seconds
        else:
            self.parent.clock = seconds

    def next_key(self) -> str:
        """An id for the next operation of this run.

        Raises:
            Endless: there were too many.
        """
        self._count += 1
        if self.most is not None and self._count > self.most:
            raise Endless(f"the run does not end within {self.most:,} operations")
        return f"{self.id}:{self._count}"


_current: ContextVar[Run | None] = ContextVar("wfc_run", default=None)


def current_run() -> Run | None:
    """The run whose workflow code is executing; None in a step and outside."""
    return _current.get()


@contextlib.contextmanager
def activate(run: Run | None) -> Iterator[None]:
    """Make a run the current one."""
    token = _current.set(run)
    try:
        yield
    finally:
        _current.reset(token)


class Definition:
    """A decorated function, with what its signature says; looked at when it is first called."""

    kind = ""

    def __init__(self, function: Callable[..., Any], label: str) -> None:
        self.function = function
        self.name = function.__name__
        self.label = label
        self.asynchronous = bool(function.__code__.co_flags & 0x80)  # inspect.CO_COROUTINE
        self._hints: dict[str, Any] | None = None
        self._signature: Signature | None = None

    @property
    def hints(self) -> dict[str, Any]:
        """The annotations by parameter name, and ``return``."""
        if self._hints is None:
            self._hints = hints_of(self.function)
        return self._hints

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """The value of every parameter, in their order, defaults filled in.

        Raises:
            TypeError: the arguments do not fit the signature.
        """
        import inspect

        if self._signature is None:
            self._signature = inspect.signature(self.function)
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return bound.arguments

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all parameters, in their order."""
        code = self.function.__code__
        return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]

    def encode_arguments(self, values: dict[str, Any], run: Run) -> dict[str, Any]:
        """Arguments by name as JSON data; errors as for :func:`wfc.author.boundary.encode`."""
        return self._converted(encode, values, run)

    def decode_arguments(self, data: dict[str, Any], run: Run) -> dict[str, Any]:
        """The arguments that JSON data stands for; errors as for ``boundary.decode``."""
        return self._converted(decode, data, run)

    def _converted(
        self, convert: Callable[..., Any], values: dict[str, Any], run: Run
    ) -> dict[str, Any]:
        return {
            name: convert(
                value,
                self.hints.get(name, Any),
                f"argument {name} of {self.kind} {self.name}",
                limit=run.limit,
            )
            for name, value in values.items()
        }

    def encode_result(self, value: Any, run: Run) -> Any:
        """The result as JSON data."""
        return encode(value, self.returns, f"result of {self.kind} {self.name}", limit=run.limit)

    def decode_result(self, data: Any, run: Run) -> Any:
        """The result that JSON data stands for."""
        return decode(data, self.returns, f"result of {self.kind} {self.name}", limit=run.limit)

    @property
    def returns(self) -> Any:
        """The annotation of the result."""
        return self.hints.get("return", Any)

    def invoke(self, values: dict[str, Any]) -> Any:
        """Call the function with its values by parameter name."""
        count = self.function.__code__.co_posonlyargcount
        positional = list(values.values())[:count]
        keywords = dict(list(values.items())[count:])
        return self.function(*positional, **keywords)


class WorkflowDefinition(Definition):
    """A ``@workflow`` function."""

    kind = "workflow"


class StepDefinition(Definition):
    """A ``@step`` or ``@transaction`` function."""

    kind = "step"

    def __init__(
        self, function: Callable[..., Any], label: str, retry: Retry | None, transaction: bool
    ) -> None:
        super().__init__(function, label)
        self.retry = retry
        self.transaction = transaction

    def given(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values without those that the engine fills."""
        return {name: value for name, value in values.items() if value is not injected}


# --- Workflows ------------------------------------------------------------------------------------


def call_workflow(definition: WorkflowDefinition, args: tuple[Any, ...], kwargs: Any) -> Any:
    """Run a workflow: as a child when a workflow calls it, else as a new run."""
    parent = current_run()
    run = Run() if parent is None else parent.child()
    return run_workflow(definition, definition.bind(args, kwargs), run)


def run_workflow(definition: WorkflowDefinition, values: dict[str, Any], run: Run) -> Any:
    """Run a workflow with its arguments by name in a run that was made for it; for an ``async def``
    the result is a coroutine."""
    if run.parent is not None:
        _check_awaited(definition, run.parent)
        run.id = run.parent.next_key()
    run.scope = definition.function.__globals__
    run.asynchronous = definition.asynchronous
    arguments = definition.encode_arguments(values, run)
    values = definition.decode_arguments(arguments, run)
    if definition.asynchronous:
        return _workflow_result_async(definition, values, run)
    with _ErrorsForParent(run), activate(run):
        result = definition.invoke(values)
    return _own_copy(definition, result, run)


async def _workflow_result_async(
    definition: WorkflowDefinition, values: dict[str, Any], run: Run
) -> Any:
    with _ErrorsForParent(run), activate(run):
        result = await definition.invoke(values)
    return _own_copy(definition, result, run)


def _own_copy(definition: WorkflowDefinition, result: Any, run: Run) -> Any:
    return definition.decode_result(definition.encode_result(result, run), run)


class _ErrorsForParent(contextlib.AbstractContextManager[None]):
    """A child's error reaches its parent as a name and a message, as a step's does."""

    # No generator, in which a StopIteration would become a RuntimeError.

    def __init__(self, run: Run) -> None:
        self.run = run

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        parent = self.run.parent
        if parent is None or not isinstance(error, Exception) or isinstance(error, BoundaryError):
            return
        raise as_data(error, parent.scope) from error


# --- Steps ----------------------------------------------------------------------------------------


def call_step(definition: StepDefinition, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run a step: as an operation when a workflow calls it, else as a plain call."""
    values = definition.bind(args, kwargs)
    run = current_run()
    if run is None:
        outside = Run()
        return execute(definition, values, outside.next_key(), outside)
    _check_awaited(definition, run)
    operation = _Operation(definition, values, run)
    return operation.complete_async() if definition.asynchronous else operation.complete()


class _Operation:
    """One call of a step in a workflow, with as many attempts as its policy allows."""

    def __init__(self, definition: StepDefinition, values: dict[str, Any], run: Run) -> None:
        self.definition = definition
        self.run = run
        self.arguments = definition.encode_arguments(definition.given(values), run)
        self.key = run.next_key()
        self.attempts = 0

    def complete(self) -> Any:
        while True:
            try:
                data = self._attempt()
            except (Exception, SystemExit) as error:
                self._failed(error)
            else:
                return self.definition.decode_result(data, self.run)

    async def complete_async(self) -> Any:
        while True:
            try:
                data = await self._attempt()
            except (Exception, SystemExit) as error:
                self._failed(error)
            else:
                return self.definition.decode_result(data, self.run)

    def _attempt(self) -> Any:
        self.attempts += 1
        return self.run.steps.attempt(self.definition, self.arguments, self.key, self.run)

    def _failed(self, error: Exception | SystemExit) -> None:
        """Raises what the workflow sees of the error, or lets the next attempt begin."""
        if isinstance(error, BoundaryError):
            raise error
        failure = as_data(error, self.run.scope)
        retry = self.definition.retry
        if retry is None or not _again(retry, self.attempts, failure):
            raise failure from error
        self.run.clock += retry.delay(self.attempts)


def _again(retry: Retry, number: int, failure: Exception) -> bool:
    return number < retry.attempts and (not retry.errors or isinstance(failure, retry.errors))


def _check_awaited(definition: Definition, run: Run) -> None:
    if definition.asynchronous and not run.asynchronous:
        raise UsageError(
            f"{definition.name} is an async def, so the workflow that calls it must be one too, "
            f"and await it"
        )


class _Direct:
    """Runs the steps' own code."""

    def attempt(self, step: StepDefinition, arguments: dict[str, Any], key: str, run: Run) -> Any:
        values = step.decode_arguments(arguments, run)
        values = {name: values.get(name, injected) for name in step.parameters}
        result = execute(step, values, key, run)
        if step.asynchronous:
            return _encoded(step, result, run)
        return step.encode_result(result, run)


async def _encoded(step: StepDefinition, result: Coroutine[Any, Any, Any], run: Run) -> Any:
    return step.encode_result(await result, run)


def execute(step: StepDefinition, values: dict[str, Any], key: str, run: Run) -> Any:
    """Run a step's own code once, with what is to be injected filled in; a coroutine for an
    ``async def``."""
    if step.asynchronous:
        return _execute_async(step, values, key, run)
    with activate(None), injections(step, values, key, run) as complete:
        return step.invoke(complete)


async def _execute_async(step: StepDefinition, values: dict[str, Any], key: str, run: Run) -> Any:
    with activate(None), injections(step, values, key, run) as complete:
        return await step.invoke(complete)


@contextlib.contextmanager
def injections(
    step: StepDefinition, values: dict[str, Any], key: str, run: Run
) -> Iterator[dict[str, Any]]:
    """The values with every ``injected`` one replaced. A database connection is committed at the
    end, or rolled back when the step raises."""
    complete = dict(values)
    with contextlib.ExitStack() as stack:
        for name in [name for name, value in values.items() if value is injected]:
            kind = step.hints.get(name)
            if kind is IdempotencyKey:
                complete[name] = key
            elif kind is RunId:
                complete[name] = run.id
            elif kind is Heartbeat:
                complete[name] = _no_heartbeat
            elif kind is Connection:
                complete[name] = stack.enter_context(application_connection())
            else:
                raise UsageError(
                    f"step {step.name}: parameter {name} is injected, so its annotation must be "
                    "IdempotencyKey, RunId, Heartbeat or Connection"
                )
        yield complete


def _no_heartbeat(*details: object) -> None:
    """Nobody watches a plain run."""


# --- Errors as data -------------------------------------------------------------------------------


def as_data(error: Exception | SystemExit, scope: Mapping[str, Any]) -> Exception:
    """The error as it looks on the other side of a boundary; see :func:`named_error`. A step that
    exits has failed: no engine ends a worker for it.

    Raises:
        BoundaryError: its message is no Unicode text.
    """
    name, message = type(error).__name__, str(error)
    check_text(message, f"the message of {name}")
    return named_error(name, message, scope)


def named_error(name: str, message: str, scope: Mapping[str, Any]) -> Exception:
    """An error of that class name with that message, which is all that crosses a boundary.

    Args:
        name: the name of the class.
        message: what ``str(error)`` gives.
        scope: the globals of the workflow's module. Classes defined there and builtin ones keep
            their place in the hierarchy; any other is an ``Exception`` of its name. So is
            ``StopIteration``, of which Python makes a ``RuntimeError`` when it leaves a coroutine.
    """
    cls = _declared(name, scope) or type(name, (Exception,), {})
    return _with_message(cls, message)


def _declared(name: str, scope: Mapping[str, Any]) -> type[Exception] | None:
    own = scope.get(name)
    if isinstance(own, type) and own.__module__ == scope.get("__name__"):
        return own if _crosses(own) else None
    builtin = getattr(builtins, name, None)
    if isinstance(builtin, type) and _crosses(builtin):
        return builtin
    return json.JSONDecodeError if name == "JSONDecodeError" else None


def _crosses(cls: type) -> TypeGuard[type[Exception]]:
    ends = (StopIteration, StopAsyncIteration)
    return issubclass(cls, Exception) and not issubclass(cls, ends)


def _with_message(cls: type[Exception], message: str) -> Exception:
    """An instance of the class whose text is the message, whatever its constructor takes."""
    error = _bare(cls, message)
    if _text_of(error) == message:
        return error
    members = {"__str__": lambda self: message, "__module__": cls.__module__}
    return _bare(type(cls.__name__, (cls,), members), message)


def _bare(cls: type[Exception], message: str) -> Exception:
    # An exception group cannot be made without its members, which do not cross.
    members = (message, [Exception()]) if issubclass(cls, ExceptionGroup) else ()
    error: Exception = cls.__new__(cls, *members)
    error.args = (message,)
    return error


def _text_of(error: Exception) -> str | None:
    try:
        return str(error)
    except Exception:
        return None

"""The plain run: a workflow as a call in this process. It defines what the workflow means.

A :class:`Run` is active while a workflow runs. Calls of steps and of other workflows go through it:
arguments and results cross as JSON data, failed attempts are repeated as the retry policy says, and
time is virtual. ``wfc.testing`` puts its own :class:`Steps` into the run, to answer steps by a
script.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Coroutine, Iterator, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

from wfc.author.definitions import Definition, StepDefinition, WorkflowDefinition
from wfc.author.errors import BoundaryError, UsageError
from wfc.author.failures import as_data
from wfc.author.injection import (
    Connection,
    Heartbeat,
    IdempotencyKey,
    RunId,
    application_connection,
    injected,
)

if TYPE_CHECKING:
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

    Integers beyond ``largest`` are refused; ``most`` is how many operations the run may make.
    """

    __slots__ = (
        "_clock",
        "_count",
        "asynchronous",
        "id",
        "largest",
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
        largest: int | None = None,
        most: int | None = None,
        parent: Run | None = None,
    ) -> None:
        self.steps: Steps = steps or _Direct()
        self.id = id or f"plain-{os.urandom(8).hex()}"
        self.largest = largest
        self.most = most
        self.parent = parent
        self.scope: Mapping[str, Any] = {}
        self.asynchronous = False
        self._clock = 0.0
        self._count = 0

    def child(self) -> Run:
        """A run for a workflow that this one starts."""
        return Run(self.steps, largest=self.largest, most=self.most, parent=self)

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
    arguments = definition.encode_arguments(values, run.largest)
    values = definition.decode_arguments(arguments, run.largest)
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
    return definition.decode_result(definition.encode_result(result, run.largest), run.largest)


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
        self.arguments = definition.encode_arguments(definition.given(values), run.largest)
        self.key = run.next_key()
        self.attempts = 0

    def complete(self) -> Any:
        while True:
            try:
                data = self._attempt()
            except (Exception, SystemExit) as error:
                self._failed(error)
            else:
                return self.definition.decode_result(data, self.run.largest)

    async def complete_async(self) -> Any:
        while True:
            try:
                data = await self._attempt()
            except (Exception, SystemExit) as error:
                self._failed(error)
            else:
                return self.definition.decode_result(data, self.run.largest)

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
        values = step.decode_arguments(arguments, run.largest)
        values = {name: values.get(name, injected) for name in step.parameters}
        result = execute(step, values, key, run)
        if step.asynchronous:
            return _encoded(step, result, run)
        return step.encode_result(result, run.largest)


async def _encoded(step: StepDefinition, result: Coroutine[Any, Any, Any], run: Run) -> Any:
    return step.encode_result(await result, run.largest)


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

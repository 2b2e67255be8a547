"""Watches the steps of a generated module: shows them, and notes their arguments and attempts.

The module's functions are wrapped from outside; its text stays what ``wfc compile`` prints.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import os
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from types import ModuleType
from typing import Any, NoReturn, TypeAlias

from wfc.author.boundary import check_text, codec, hints_of
from wfc.embedded.display import Display
from wfc.embedded.journal import Journal
from wfc.embedded.streams import leave, say


class _Call:
    """One step call of a workflow, with the attempts that this process has made of it."""

    __slots__ = ("attempts", "place", "site", "started", "step")

    def __init__(self, site: str, step: Callable[..., Any]) -> None:
        self.site = site
        self.step = step
        self.attempts = 0
        self.place = ("", 0)
        self.started = 0.0


Place: TypeAlias = Callable[[], tuple[str, int]]
Where: TypeAlias = Callable[[BaseException], str]
Exit: TypeAlias = Callable[[str, BaseException], NoReturn]

_current: ContextVar[_Call] = ContextVar("wfc_step_call")


class Tracer:
    """Wraps the steps of one generated module.

    ``under_way`` are the attempts that have begun and not returned. One whose time is over stays
    there as long as its thread goes on.

    Args:
        place: gives the id of the workflow and the number of the operation that a step runs for.
        where: gives the place in the source that an error comes from, or nothing.
        exit: ends the process for a step that raises what is no failure of it.
    """

    def __init__(
        self, display: Display, journal: Journal, place: Place, where: Where, exit: Exit
    ) -> None:
        self._display = display
        self._journal = journal
        self._place = place
        self._where = where
        self._exit = exit
        self._process = os.getpid()
        self.under_way: set[_Call] = set()

    def attach(self, generated: ModuleType, runners: Sequence[str], steps: Sequence[str]) -> None:
        """Wrap functions of the module, given by their names: those that run steps, and steps."""
        for name in runners:
            if hasattr(generated, name):
                setattr(generated, name, self._runner(getattr(generated, name)))
        for name in steps:
            setattr(generated, name, self._step(getattr(generated, name)))
        generated.DBOS = _Sleeping(generated.DBOS, self._display)  # type: ignore[attr-defined]

    # --- Around a step call ----------------------------------------------------------------------

    def _runner(self, run: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(run):

            async def runner_async(options: Any, step: Any, /, *args: Any, **kwargs: Any) -> Any:
                call = _Call(options["name"], step)
                token = _current.set(call)
                try:
                    result = await run(self._telling(options, call), step, *args, **kwargs)
                except Exception as error:
                    self._failed(call, error)
                    raise
                finally:
                    _current.reset(token)
                self._ended(call)
                return result

            return runner_async

        def runner(options: Any, step: Any, /, *args: Any, **kwargs: Any) -> Any:
            call = _Call(options["name"], step)
            token = _current.set(call)
            try:
                result = run(self._telling(options, call), step, *args, **kwargs)
            except Exception as error:
                self._failed(call, error)
                raise
            finally:
                _current.reset(token)
            self._ended(call)
            return result

        return runner

    def _ended(self, call: _Call) -> None:
        if call.attempts:
            self._display.ended(call.site, time.perf_counter() - call.started)
        else:
            self._display.replayed()

    def _failed(self, call: _Call, error: Exception) -> None:
        if not call.attempts:
            self._display.replayed()
            return
        name, message = type(error).__name__, str(error)
        where = "" if error.__cause__ is None else self._where(error.__cause__)
        self._journal.failed(*call.place, name, message, where)
        took = time.perf_counter() - call.started
        self._display.failed(call.site, told(error), took, where)

    def _telling(self, options: Mapping[str, Any], call: _Call) -> Mapping[str, Any]:
        """The step's options, with its retry policy telling what it decides."""
        decide = options.get("should_retry")
        if decide is None:
            return options

        def should_retry(error: Exception) -> bool:
            if not decide(error):
                return False
            self._journal.failed(*call.place, type(error).__name__, str(error))
            delay = options["interval_seconds"] * options["backoff_rate"] ** (call.attempts - 1)
            self._display.retried(call.site, told(error), call.attempts, delay)
            return True

        return {**options, "should_retry": should_retry}

    # --- Around an attempt -----------------------------------------------------------------------

    def _step(self, step: Callable[..., Any]) -> Callable[..., Any]:
        """The step with its result checked against its annotation, and its error's message, as in
        the plain run."""
        at = f"result of step {step.__name__}"
        encode = codec(hints_of(step).get("return", Any), at).encode
        arguments_of = _binder(step)

        if inspect.iscoroutinefunction(step):

            @functools.wraps(step)
            async def attempt_async(*args: Any, **kwargs: Any) -> Any:
                call = _current.get()
                if call.step is not attempt_async:
                    return await step(*args, **kwargs)
                self._begin(call, step.__name__, arguments_of(args, kwargs))
                try:
                    result = await step(*args, **kwargs)
                    self._returned()
                    return encode(result, at, None)
                except BaseException as error:
                    self._left(call, error)
                    raise
                finally:
                    self.under_way.discard(call)

            return attempt_async

        @functools.wraps(step)
        def attempt(*args: Any, **kwargs: Any) -> Any:
            call = _current.get()
            if call.step is not attempt:  # a step that another step calls is a plain function
                return step(*args, **kwargs)
            self._begin(call, step.__name__, arguments_of(args, kwargs))
            try:
                result = step(*args, **kwargs)
                self._returned()
                return encode(result, at, None)
            except BaseException as error:
                self._left(call, error)
                raise
            finally:
                self.under_way.discard(call)

        return attempt

    def _returned(self) -> None:
        """A process that the step has forked may come back out of it; the run is not its own."""
        if os.getpid() != self._process:
            leave(0)

    def _left(self, call: _Call, error: BaseException) -> None:
        """End the process for what neither a step nor its caller handles, such as a
        KeyboardInterrupt: in its thread it would only end DBOS's event loop, and the run would
        never return."""
        if os.getpid() != self._process:
            _leave_child(error)
        if isinstance(error, asyncio.CancelledError) and _is_cancelled():
            return
        if not isinstance(error, Exception | SystemExit):
            self._exit(call.site, error)
        check_text(str(error), f"the message of {type(error).__name__}")

    def _begin(self, call: _Call, step: str, arguments: Mapping[str, Any]) -> None:
        call.place = self._place()
        self._journal.attempt(*call.place, call.site, step, arguments)
        if not call.attempts:
            call.started = time.perf_counter()
            self._display.started(call.site)
        call.attempts += 1
        self.under_way.add(call)


class _Sleeping:
    """``DBOS`` as the module sees it: shows how long it is going to sleep."""

    def __init__(self, dbos: Any, display: Display) -> None:
        self._dbos = dbos
        self._display = display
        # Found at once, without a way through __getattr__ for each step.
        self.run_step = dbos.run_step
        self.run_step_async = dbos.run_step_async

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dbos, name)

    def sleep(self, seconds: float) -> None:
        self._display.sleeping(seconds)
        self._dbos.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        self._display.sleeping(seconds)
        await self._dbos.sleep_async(seconds)


def _binder(
    function: Callable[..., Any],
) -> Callable[[tuple[Any, ...], Mapping[str, Any]], dict[str, Any]]:
    """Gives the arguments of a call by name, in the order of the parameters."""
    parameters = inspect.signature(function).parameters
    names = tuple(parameters)
    defaults = {
        name: parameter.default
        for name, parameter in parameters.items()
        if parameter.default is not parameter.empty
    }

    def bind(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        if len(args) == len(names):
            return dict(zip(names, args, strict=True))
        given = {**defaults, **dict(zip(names, args, strict=False)), **kwargs}
        return {name: given[name] for name in names}

    return bind


def _leave_child(error: BaseException) -> NoReturn:
    """End a process that a step has forked, as Python ends one."""
    if not isinstance(error, SystemExit):
        traceback.print_exception(error)
        leave(1)
    if isinstance(error.code, str):
        say(error.code)
    leave(error.code if isinstance(error.code, int) else int(error.code is not None))


def _is_cancelled() -> bool:
    """Whether the running step is being cancelled, as when its time is over."""
    try:
        task = asyncio.current_task()
    except RuntimeError:  # in a thread
        return False
    return task is not None and task.cancelling() > 0


def told(error: BaseException) -> str:
    """An error for people: its class, and its message if it has one."""
    message = str(error)
    return f"{type(error).__name__}: {message}" if message else type(error).__name__

"""Steps that have to show that they are alive."""

import argparse
import asyncio
import contextlib
import contextvars
import inspect
import itertools
import json
import os
import sys
import uuid
from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import Any

from dbos import (
    DBOS,
    DBOSConfig,
    DBOSPortableJSONSerializer,
    PortableWorkflowError,
    SetWorkflowID,
    StepOptions,
)

CONFIG: DBOSConfig = {
    "name": "heartbeats",
    "application_version": "heartbeats-c6d5ed9f1a48",
    "system_database_url": os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///heartbeats.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}

# How long a step may be silent, in seconds, and how it says that it is alive.
HEARTBEATS = {"load": 10.0, "index": 0.5}
heartbeat_2: contextvars.ContextVar[Callable[..., None]] = contextvars.ContextVar(
    "heartbeat", default=lambda *details: None
)

LOAD_OPTIONS: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 2,
    "interval_seconds": 1.0,
    "backoff_rate": 2.0,
    "should_retry": lambda error: isinstance(error, TimeoutError),
    "timeout_seconds": 3600.0,
}


def load(url: str, limit: int = 3) -> list[str]:
    """Load the pages of a site."""
    key = f"{DBOS.workflow_id}:{DBOS.step_id}"
    beat = heartbeat_2.get()
    pages = []
    for number in range(limit):
        pages.append(f"{url}/{number}?key={key}")
        beat(number)
    return pages


async def index(pages: list[str]) -> int:
    beat = heartbeat_2.get()
    for _ in pages:
        await asyncio.sleep(0)
        beat()
    return len(pages)


def announce(url: str) -> None:
    """Tell everyone."""

    def beat(*details: object) -> None:
        """Nobody waits for a sign of life."""

    beat()
    print(url)


def ping(url: str) -> None:
    print(url)


@DBOS.workflow()
async def crawl(url: str, heartbeat: int = 0) -> int:
    """Load and index a site."""
    await run_step({"name": "ping"}, ping, url)
    try:
        pages = await run_step({"name": "load", **LOAD_OPTIONS}, load, url)
    except TimeoutError as error:
        reason = f"{error}"
        await run_step({"name": "announce"}, announce, reason)
        return heartbeat
    await run_step({"name": "announce_2"}, announce, url)
    return await run_async_step({"name": "index"}, index, pages)


async def run_step(
    options: StepOptions, step: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> Any:
    """Run a step as an operation of the workflow.

    Its result and its error are recorded as JSON and used as recorded, so that a
    replay sees what the first run saw.
    """
    attempts = itertools.count(1)
    decide = options.get("should_retry")

    def should_retry(error: BaseException) -> bool:
        # The last error is recorded as itself, not as DBOSMaxStepRetriesExceeded.
        if decide is None or next(attempts) == options["max_attempts"]:
            return False
        return bool(decide(as_recorded(error, step)))

    def attempt() -> Any:
        try:
            return as_json(step(*deepcopy(args), **deepcopy(kwargs)))
        except (StopIteration, SystemExit) as error:
            # A future cannot carry the one, and the other would end a thread of DBOS.
            raise as_recorded(error, step) from error

    async def attempt_in_thread() -> Any:
        # A timeout ends the wait for the thread; the thread itself runs on.
        return await watched(step, asyncio.to_thread(attempt))

    limited = "timeout_seconds" in options or step.__name__ in HEARTBEATS
    function = attempt_in_thread if limited else attempt
    try:
        return await DBOS.run_step_async(
            {**options, "should_retry": should_retry}, function
        )
    except Exception as error:
        raise as_recorded(error, step) from error


async def run_async_step(
    options: StepOptions, step: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> Any:
    """Run a step that is a coroutine function as an operation of the workflow.

    Its result and its error are recorded as JSON and used as recorded, so that a
    replay sees what the first run saw.
    """

    async def attempt() -> Any:
        try:
            result = await watched(step, step(*deepcopy(args), **deepcopy(kwargs)))
            return as_json(result)
        except SystemExit as error:
            # It would end a thread of DBOS, and the run would never end.
            raise as_recorded(error, step) from error

    try:
        return await DBOS.run_step_async(options, attempt)
    except Exception as error:
        raise as_recorded(error, step) from error


async def watched(step: Callable[..., Any], work: Awaitable[Any]) -> Any:
    """Wait for the work of a step, which times out when no heartbeat comes in time."""
    limit = HEARTBEATS.get(step.__name__)
    if limit is None:
        return await work
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(limit) as deadline:

            def extend(until: float) -> None:
                # The last heartbeat may come when the work is done.
                with contextlib.suppress(RuntimeError):
                    deadline.reschedule(until)

            def beat(*details: object) -> None:
                loop.call_soon_threadsafe(extend, loop.time() + limit)

            heartbeat_2.set(beat)
            return await work
    finally:
        if deadline.expired():
            raise TimeoutError(f"{step.__name__} timed out")


def as_json(value: Any) -> Any:
    """A copy of a value as plain JSON data."""
    return json.loads(json.dumps(value, allow_nan=False))


# The classes that the workflows tell apart.
ERRORS = {"TimeoutError": TimeoutError}


def as_recorded(
    error: BaseException, step: Callable[..., Any] | None = None
) -> Exception:
    """The error as a replay sees it: its class and its message."""
    name, message = type(error).__name__, str(error)
    if isinstance(error, PortableWorkflowError):
        name, message = error.name, error.message
    if step is not None and name == "DBOSStepTimeoutError":
        name, message = "TimeoutError", f"{step.__name__} timed out"
    base = ERRORS.get(name, Exception)
    members = {"__init__": lambda self: None, "__str__": lambda self: message}
    recorded: Exception = type(name, (base,), members)()
    return recorded


def main() -> None:
    """Run a workflow once and print its result as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input", help="the arguments, a JSON object")
    parser.add_argument("--id", default=str(uuid.uuid4()), help="an id runs only once")
    arguments = parser.parse_args()
    try:
        given = json.loads(arguments.input)
    except ValueError as error:
        parser.error(f"the input is not JSON: {error}")
    if not isinstance(given, dict):
        parser.error("the input must be a JSON object")
    try:
        inspect.signature(crawl).bind(**given)
    except TypeError as error:
        parser.error(str(error))

    DBOS(config=CONFIG)
    DBOS.launch()
    try:
        # What steps print goes to stderr: stdout holds the result alone.
        with contextlib.redirect_stdout(sys.stderr), SetWorkflowID(arguments.id):
            result = asyncio.run(crawl(**given))
    except Exception as error:
        failure = as_recorded(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

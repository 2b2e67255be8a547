"""Steps that are coroutine functions, beside ordinary ones."""

import argparse
import asyncio
import contextlib
import inspect
import itertools
import json
import os
import sys
import uuid
from collections.abc import Callable
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
    "name": "coroutines",
    "application_version": "coroutines-8a52801e2156",
    "system_database_url": os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///coroutines.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}

FETCH_OPTIONS: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 4,
    "interval_seconds": 1.0,
    "backoff_rate": 1.5,
    "should_retry": lambda error: isinstance(error, OSError),
    "timeout_seconds": 5.0,
}


async def fetch(url: str) -> str:
    """Wait for an answer."""
    run = DBOS.workflow_id
    await asyncio.sleep(0)
    return f"{run} {url}"


def keep(text: str) -> None:
    """Write it down."""
    print(text)


@DBOS.workflow(name="collect-all")
async def collect(urls: list[str]) -> list[str]:
    """Fetch one after the other."""
    texts: list[str] = []
    for url in urls:
        try:
            fetch_result = await run_async_step(
                {"name": "fetch", **FETCH_OPTIONS}, fetch, url
            )
            texts.append(fetch_result)
        except TimeoutError:
            await DBOS.sleep_async(60)
    await run_step({"name": "keep"}, keep, ", ".join(texts))
    return as_json(texts)


async def run_step(
    options: StepOptions, step: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> Any:
    """Run a step as an operation of the workflow.

    Its result and its error are recorded as JSON and used as recorded, so that a
    replay sees what the first run saw.
    """

    def attempt() -> Any:
        try:
            return as_json(step(*args, **kwargs))
        except (StopIteration, SystemExit) as error:
            # A future cannot carry the one, and the other would end a thread of DBOS.
            raise as_recorded(error, step) from error

    try:
        return await DBOS.run_step_async(options, attempt)
    except Exception as error:
        raise as_recorded(error, step) from error


async def run_async_step(
    options: StepOptions, step: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> Any:
    """Run a step that is a coroutine function as an operation of the workflow.

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

    async def attempt() -> Any:
        try:
            return as_json(await step(*args, **kwargs))
        except SystemExit as error:
            # It would end a thread of DBOS, and the run would never end.
            raise as_recorded(error, step) from error

    try:
        return await DBOS.run_step_async(
            {**options, "should_retry": should_retry}, attempt
        )
    except Exception as error:
        raise as_recorded(error, step) from error


def as_json(value: Any) -> Any:
    """A copy of a value as plain JSON data."""
    return json.loads(json.dumps(value, allow_nan=False))


# The classes that the workflows tell apart.
ERRORS = {
    error.__name__: error
    for error in (
        OSError,
        BlockingIOError,
        BrokenPipeError,
        ChildProcessError,
        ConnectionAbortedError,
        ConnectionError,
        ConnectionRefusedError,
        ConnectionResetError,
        FileExistsError,
        FileNotFoundError,
        InterruptedError,
        IsADirectoryError,
        NotADirectoryError,
        PermissionError,
        ProcessLookupError,
        TimeoutError,
    )
}


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
        inspect.signature(collect).bind(**given)
    except TypeError as error:
        parser.error(str(error))

    DBOS(config=CONFIG)
    DBOS.launch()
    try:
        # What steps print goes to stderr: stdout holds the result alone.
        with contextlib.redirect_stdout(sys.stderr), SetWorkflowID(arguments.id):
            result = asyncio.run(collect(**given))
    except Exception as error:
        failure = as_recorded(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

"""Moves money between banks that are slow."""

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
    "name": "shared_policy",
    "application_version": "shared_policy-ef6a71689f6d",
    "system_database_url": os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///shared_policy.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}

BANK: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 4,
    "interval_seconds": 2.0,
    "backoff_rate": 2.0,
    "should_retry": lambda error: isinstance(error, TimeoutError),
}

DEBIT_OPTIONS: StepOptions = {**BANK, "timeout_seconds": 30.0}


def debit(amount: int) -> None:
    """Takes money."""
    print("debit", amount)


def credit(amount: int) -> None:
    """Gives money."""
    print("credit", amount)


def report(amount: int) -> None:
    """Tells the bank."""
    print("report", amount)


TELL_OPTIONS: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 2,
    "interval_seconds": 1.0,
    "backoff_rate": 2.0,
    "should_retry": lambda error: isinstance(error, Exception),
}


def tell(amount: int) -> None:
    """Tells the customer."""
    print("tell", amount)


ERRORS_2: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 2,
    "interval_seconds": 1.0,
    "backoff_rate": 2.0,
    "should_retry": lambda error: isinstance(error, OSError),
}


def count(amount: int) -> None:
    """Counts it."""
    print("count", amount)


def file(amount: int) -> None:
    """Files it."""
    print("file", amount)


@DBOS.workflow()
async def move(amount: int) -> None:
    """Move an amount."""
    await run_step({"name": "debit", **DEBIT_OPTIONS}, debit, amount)
    await run_step({"name": "credit", **BANK}, credit, amount)
    await run_step({"name": "report", **BANK}, report, amount)
    await run_step({"name": "tell", **TELL_OPTIONS}, tell, amount)
    await run_step({"name": "count", **ERRORS_2}, count, amount)
    await run_step({"name": "file", **ERRORS_2}, file, amount)


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
            return as_json(step(*args, **kwargs))
        except (StopIteration, SystemExit) as error:
            # A future cannot carry the one, and the other would end a thread of DBOS.
            raise as_recorded(error, step) from error

    async def attempt_in_thread() -> Any:
        # A timeout ends the wait for the thread; the thread itself runs on.
        return await asyncio.to_thread(attempt)

    function = attempt_in_thread if "timeout_seconds" in options else attempt
    try:
        return await DBOS.run_step_async(
            {**options, "should_retry": should_retry}, function
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
        TimeoutError,
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
        inspect.signature(move).bind(**given)
    except TypeError as error:
        parser.error(str(error))

    DBOS(config=CONFIG)
    DBOS.launch()
    try:
        # What steps print goes to stderr: stdout holds the result alone.
        with contextlib.redirect_stdout(sys.stderr), SetWorkflowID(arguments.id):
            result = asyncio.run(move(**given))
    except Exception as error:
        failure = as_recorded(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

"""A workflow and steps named like modules of the standard library."""

import argparse
import asyncio
import contextlib
import inspect
import itertools as _itertools
import json as _json
import os as _os
import sys
import uuid
from collections.abc import Callable
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
    "name": "everyday_names",
    "application_version": "everyday_names-cee5628c2943",
    "system_database_url": _os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///everyday_names.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}


class Trouble(Exception):
    """It does not work."""


ITERTOOLS_OPTIONS: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 2,
    "interval_seconds": 1.0,
    "backoff_rate": 2.0,
    "should_retry": lambda error: isinstance(error, Trouble),
}


def itertools(items: list[int]) -> int:
    return sum(items)


JSON_OPTIONS: StepOptions = {"timeout_seconds": 5.0}


def json(n: int) -> str:
    return f"{n}"


def os(text: str) -> str:
    return text + "!"


def fields(text: str) -> list[str]:
    return [text]


@DBOS.workflow()
async def main(items: list[int]) -> list[str]:
    total = await run_step({"name": "itertools", **ITERTOOLS_OPTIONS}, itertools, items)
    sys = await run_step({"name": "json", **JSON_OPTIONS}, json, total)
    return as_json(
        await run_step(
            {"name": "fields"}, fields, await run_step({"name": "os"}, os, sys)
        ),
    )


async def run_step(
    options: StepOptions, step: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> Any:
    """Run a step as an operation of the workflow.

    Its result and its error are recorded as JSON and used as recorded, so that a
    replay sees what the first run saw.
    """
    attempts = _itertools.count(1)
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
    return _json.loads(_json.dumps(value, allow_nan=False))


# The classes that the workflows tell apart.
ERRORS = {"Trouble": Trouble}


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


def _main() -> None:
    """Run a workflow once and print its result as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input", help="the arguments, a JSON object")
    parser.add_argument("--id", default=str(uuid.uuid4()), help="an id runs only once")
    arguments = parser.parse_args()
    try:
        given = _json.loads(arguments.input)
    except ValueError as error:
        parser.error(f"the input is not JSON: {error}")
    if not isinstance(given, dict):
        parser.error("the input must be a JSON object")
    try:
        inspect.signature(main).bind(**given)
    except TypeError as error:
        parser.error(str(error))

    DBOS(config=CONFIG)
    DBOS.launch()
    try:
        # What steps print goes to stderr: stdout holds the result alone.
        with contextlib.redirect_stdout(sys.stderr), SetWorkflowID(arguments.id):
            result = asyncio.run(main(**given))
    except Exception as error:
        failure = as_recorded(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(_json.dumps(result))


if __name__ == "__main__":
    _main()

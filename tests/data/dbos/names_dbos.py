"""Names that the generated module would like to use itself."""

import argparse
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

CONFIG_2: DBOSConfig = {
    "name": "names",
    "application_version": "names-8dd639338363",
    "system_database_url": os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///names.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}

CONFIG = "mine"


class Trouble(Exception):
    """It does not work."""


AS_JSON_OPTIONS: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 2,
    "interval_seconds": 1.0,
    "backoff_rate": 2.0,
    "should_retry": lambda error: isinstance(error, Trouble),
}


def as_json(run_step: str) -> str:
    """A step with the name of a helper."""
    return run_step + CONFIG


@DBOS.workflow()
def as_recorded(run_step: str, ERRORS: int = 0) -> str:
    """A workflow with the name of a helper."""
    try:
        return run_step_2({"name": "first", **AS_JSON_OPTIONS}, as_json, run_step)
    except Trouble as error:
        return f"{type(error).__name__} {ERRORS}"


def run_step_2(
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
        return bool(decide(as_recorded_2(error)))

    def attempt() -> Any:
        try:
            return as_json_2(step(*args, **kwargs))
        except SystemExit as error:
            # It would end a thread of DBOS, and the run would never end.
            raise as_recorded_2(error) from error

    try:
        return DBOS.run_step({**options, "should_retry": should_retry}, attempt)
    except Exception as error:
        raise as_recorded_2(error) from error


def as_json_2(value: Any) -> Any:
    """A copy of a value as plain JSON data."""
    return json.loads(json.dumps(value, allow_nan=False))


# The classes that the workflows tell apart.
ERRORS_2 = {"Trouble": Trouble}


def as_recorded_2(error: BaseException) -> Exception:
    """The error as a replay sees it: its class and its message."""
    name, message = type(error).__name__, str(error)
    if isinstance(error, PortableWorkflowError):
        name, message = error.name, error.message
    base = ERRORS_2.get(name, Exception)
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
        inspect.signature(as_recorded).bind(**given)
    except TypeError as error:
        parser.error(str(error))

    DBOS(config=CONFIG_2)
    DBOS.launch()
    try:
        # What steps print goes to stderr: stdout holds the result alone.
        with contextlib.redirect_stdout(sys.stderr), SetWorkflowID(arguments.id):
            result = as_recorded(**given)
    except Exception as error:
        failure = as_recorded_2(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

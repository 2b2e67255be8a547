"""Conditions with steps in them."""

import argparse
import contextlib
import inspect
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
    "name": "conditions",
    "application_version": "conditions-85ab9951750c",
    "system_database_url": os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///conditions.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}


def allowed(amount: int) -> bool:
    """Whether it may go on."""
    return amount > 1


def count(amount: int) -> int:
    """How many there are."""
    return amount


@DBOS.workflow()
def decide(amount: int, urgent: bool) -> str:
    """Conditions that may skip a step."""
    # Above.
    if urgent and run_step({"name": "allowed"}, allowed, amount):  # Behind.
        return "urgent"
    if amount > 2 and (run_step({"name": "allowed_2"}, allowed, amount) or urgent):
        return "large"
    # Between.
    # At the end.
    if (
        amount > 7
        and urgent
        and not run_step(
            {"name": "allowed_3"}, allowed, run_step({"name": "count"}, count, amount)
        )
        and [run_step({"name": "count_2"}, count, amount), amount][0] > 2
    ):
        return "refused"
    if amount > 5:
        # The source has two statements here.
        if run_step({"name": "allowed_4"}, allowed, amount):
            return "allowed"
    if urgent:
        amount += 1
    elif amount > 9 and run_step({"name": "allowed_5"}, allowed, amount + 1):
        amount += 2
    return str(amount)


def run_step(
    options: StepOptions, step: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> Any:
    """Run a step as an operation of the workflow.

    Its result and its error are recorded as JSON and used as recorded, so that a
    replay sees what the first run saw.
    """

    def attempt() -> Any:
        try:
            return as_json(step(*args, **kwargs))
        except SystemExit as error:
            # It would end a thread of DBOS, and the run would never end.
            raise as_recorded(error) from error

    try:
        return DBOS.run_step(options, attempt)
    except Exception as error:
        raise as_recorded(error) from error


def as_json(value: Any) -> Any:
    """A copy of a value as plain JSON data."""
    return json.loads(json.dumps(value, allow_nan=False))


def as_recorded(error: BaseException) -> Exception:
    """The error as a replay sees it: its class name and its message."""
    name, message = type(error).__name__, str(error)
    if isinstance(error, PortableWorkflowError):
        name, message = error.name, error.message
    members = {"__init__": lambda self: None, "__str__": lambda self: message}
    recorded: Exception = type(name, (Exception,), members)()
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
        inspect.signature(decide).bind(**given)
    except TypeError as error:
        parser.error(str(error))

    DBOS(config=CONFIG)
    DBOS.launch()
    try:
        # What steps print goes to stderr: stdout holds the result alone.
        with contextlib.redirect_stdout(sys.stderr), SetWorkflowID(arguments.id):
            result = decide(**given)
    except Exception as error:
        failure = as_recorded(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

"""Transactions with retries, in a module without coroutines."""

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
    Serializer,
    SetWorkflowID,
    SQLAlchemyDatasource,
    StepOptions,
)
from sqlalchemy import text

CONFIG: DBOSConfig = {
    "name": "books",
    "application_version": "books-7d5764e572d9",
    "system_database_url": os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///books.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}


class TransactionRecord(Serializer):
    """Writes the outcome of a transaction as JSON, an error by its name and message."""

    def name(self) -> str:
        return "transaction_record"

    def serialize(self, data: Any) -> str:
        if isinstance(data, BaseException):
            return json.dumps({"error": type(data).__name__, "message": str(data)})
        return json.dumps({"result": data})

    def deserialize(self, serialized_data: str) -> Any:
        record = json.loads(serialized_data)
        if "error" in record:
            error = PortableWorkflowError(record["message"], record["error"])
            return as_recorded(error)
        return record["result"]


# The application's database: a transaction's writes and its record commit together.
datasource = SQLAlchemyDatasource.create(
    os.environ.get("DATABASE_URL", "sqlite:///app.db"),
    serializer=TransactionRecord(),
)


class Locked(Exception):
    """Somebody else is at it."""


ENTER_OPTIONS: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 3,
    "interval_seconds": 0.1,
    "backoff_rate": 2.0,
    "should_retry": lambda error: isinstance(error, Locked),
}


def enter(account: str, amount: int) -> int:
    """Write a line."""
    db = datasource.sql_session().connection()
    db.execute(text("insert into lines values (:a, :n)"), {"a": account, "n": amount})
    return amount


def tell(account: str) -> None:
    """Send a letter."""
    key = f"{DBOS.workflow_id}:{DBOS.step_id}"
    print(key, account)


@DBOS.workflow()
def book(account: str, amounts: list[int]) -> int:
    """Enter amounts until one is too large."""
    total = 0
    for amount in amounts:
        if amount > 100:
            break
        enter_result = run_transaction(
            {"name": "enter", **ENTER_OPTIONS}, enter, account, amount
        )
        total += enter_result
    else:
        run_step({"name": "tell"}, tell, account)
    return total


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


def run_transaction(
    options: StepOptions, step: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> Any:
    """Run a step in a transaction of the application's database.

    What it writes and its record are committed together: a crash repeats neither.
    """

    def commit() -> Any:
        try:
            return as_json(step(*args, **kwargs))
        except SystemExit as error:
            # It would end a thread of DBOS, and the run would never end.
            raise as_recorded(error) from error

    decide = options.get("should_retry")
    for attempt in itertools.count(1):
        try:
            return datasource.run_tx_step({"name": options["name"]}, commit)
        except Exception as error:
            failure = as_recorded(error)
            last = attempt >= options.get("max_attempts", 1)
            if last or decide is None or not decide(failure):
                raise failure from error
        # Each attempt is an operation of its own, and so is the wait between two.
        backoff = options["backoff_rate"] ** (attempt - 1)
        DBOS.sleep(options["interval_seconds"] * backoff)


def as_json(value: Any) -> Any:
    """A copy of a value as plain JSON data."""
    return json.loads(json.dumps(value, allow_nan=False))


# The classes that the workflows tell apart.
ERRORS = {"Locked": Locked}


def as_recorded(error: BaseException) -> Exception:
    """The error as a replay sees it: its class and its message."""
    name, message = type(error).__name__, str(error)
    if isinstance(error, PortableWorkflowError):
        name, message = error.name, error.message
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
        inspect.signature(book).bind(**given)
    except TypeError as error:
        parser.error(str(error))

    DBOS(config=CONFIG)
    DBOS.launch()
    try:
        # What steps print goes to stderr: stdout holds the result alone.
        with contextlib.redirect_stdout(sys.stderr), SetWorkflowID(arguments.id):
            result = book(**given)
    except Exception as error:
        failure = as_recorded(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

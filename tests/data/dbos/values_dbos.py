"""Values of every kind cross the boundaries of steps and children."""

import argparse
import contextlib
import inspect
import json
import os
import sys
import uuid
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Literal, TypedDict

from dbos import (
    DBOS,
    DBOSConfig,
    DBOSPortableJSONSerializer,
    PortableWorkflowError,
    SetWorkflowID,
    StepOptions,
)

CONFIG: DBOSConfig = {
    "name": "values",
    "application_version": "values-adea9951acb0",
    "system_database_url": os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///values.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}


class Colour(str, Enum):
    """A text, really."""

    RED = "red"


class Size(Enum):
    """No text."""

    SMALL = 1
    LARGE = 2


class Address(TypedDict):
    """Plain data."""

    city: str
    zip: str


@dataclass
class Shirt:
    """Can be changed."""

    size: Size
    colour: Colour
    price: float = 1


def quote(shirt: Shirt, rate: float) -> float:
    """A float, whatever the step returns."""
    return 3


def maybe(name: str, flag: Literal["a", "b"] = "a") -> Shirt | None:
    """A record or nothing."""
    return None


def pair(count: int) -> tuple[int, Size]:
    """A tuple with something inside."""
    return count, Size.SMALL


def by_name(address: Address) -> dict[str, Shirt]:
    """A dict of records."""
    return {}


def anything(values: list[int]) -> Any:
    """Plain JSON data."""
    return values


def moment(wait: timedelta) -> datetime:
    """A moment."""
    return datetime.fromisoformat("2026-01-31T12:00:00Z") + wait


@DBOS.workflow()
def dress(shirt: Any, rate: float = 1) -> float:
    """A child with a record."""
    shirt = decode_shirt(shirt)
    rate = float(rate)
    return as_json(
        float(run_step({"name": "quote"}, quote, decode_shirt(as_json(shirt)), rate))
        + 1,
    )


@DBOS.workflow()
def values(size: Any, address: Address, count: int = 2) -> Any:
    """Everything once."""
    size = Size(size)
    shirt = result_of_maybe(run_step({"name": "maybe"}, maybe, "x"))
    if shirt is None:
        shirt = Shirt(size, Colour.RED, 5)
    number, other = result_of_pair(run_step({"name": "pair"}, pair, count))
    shirts = {
        key: decode_shirt(item)
        for key, item in run_step({"name": "by_name"}, by_name, address).items()
    }
    shirts["mine"] = Shirt(other, Colour.RED)
    found = run_step({"name": "anything"}, anything, [number, count])
    when = datetime.fromisoformat(
        run_step({"name": "moment"}, moment, timedelta(seconds=count))
    ).astimezone(UTC)
    total = float(run_child(dress, shirt=as_json(shirt), rate=2.0))
    dress_2_result = float(run_child(dress, shirt=as_json(shirts["mine"])))
    total += dress_2_result
    if total > 1 and found is not None and when.year > 2000:
        return as_json(shirt)
    return None


def decode_shirt(data: dict[str, Any]) -> Shirt:
    return Shirt(
        size=Size(data["size"]),
        colour=Colour(data["colour"]),
        price=float(data["price"]) if "price" in data else 1,
    )


def result_of_maybe(data: Any) -> Shirt | None:
    return decode_shirt(data) if data is not None else None


def result_of_pair(data: Any) -> tuple[int, Size]:
    return (data[0], Size(data[1]))


def run_step(
    options: StepOptions, step: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> Any:
    """Run a step as an operation of the workflow.

    Its result and its error are recorded as JSON and used as recorded, so that a
    replay sees what the first run saw.
    """

    def attempt() -> Any:
        try:
            return as_json(step(*deepcopy(args), **deepcopy(kwargs)))
        except SystemExit as error:
            # It would end a thread of DBOS, and the run would never end.
            raise as_recorded(error) from error

    try:
        return DBOS.run_step(options, attempt)
    except Exception as error:
        raise as_recorded(error) from error


def run_child(workflow: Callable[..., Any], /, **arguments: Any) -> Any:
    """Run a child workflow to its end; its error arrives as a step's does."""
    try:
        return workflow(**arguments)
    except Exception as error:
        raise as_recorded(error) from error


def as_json(value: Any) -> Any:
    """A copy of a value as plain JSON data."""
    return json.loads(json.dumps(value, default=json_form, allow_nan=False))


def json_form(value: Any) -> Any:
    """The JSON form of a value that json does not know."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).isoformat(timespec="milliseconds")
        return moment.replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return value.total_seconds()
    return {field.name: getattr(value, field.name) for field in fields(value)}


def as_recorded(error: BaseException) -> Exception:
    """The error as a replay sees it: its class name and its message."""
    name, message = type(error).__name__, str(error)
    if isinstance(error, PortableWorkflowError):
        name, message = error.name, error.message
    members = {"__init__": lambda self: None, "__str__": lambda self: message}
    recorded: Exception = type(name, (Exception,), members)()
    return recorded


WORKFLOWS: dict[str, Callable[..., Any]] = {"dress": dress, "values": values}


def main() -> None:
    """Run a workflow once and print its result as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input", help="the arguments, a JSON object")
    parser.add_argument("--id", default=str(uuid.uuid4()), help="an id runs only once")
    parser.add_argument("--workflow", choices=WORKFLOWS, default="values")
    arguments = parser.parse_args()
    workflow = WORKFLOWS[arguments.workflow]
    try:
        given = json.loads(arguments.input)
    except ValueError as error:
        parser.error(f"the input is not JSON: {error}")
    if not isinstance(given, dict):
        parser.error("the input must be a JSON object")
    try:
        inspect.signature(workflow).bind(**given)
    except TypeError as error:
        parser.error(str(error))

    DBOS(config=CONFIG)
    DBOS.launch()
    try:
        # What steps print goes to stderr: stdout holds the result alone.
        with contextlib.redirect_stdout(sys.stderr), SetWorkflowID(arguments.id):
            result = workflow(**given)
    except Exception as error:
        failure = as_recorded(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

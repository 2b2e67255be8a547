"""Values that may be missing cross the boundaries, and so does a text with a stand-in: ￼."""

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
from datetime import UTC, datetime
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
    "name": "optionals",
    "application_version": "optionals-baaeb57beec6",
    "system_database_url": os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///optionals.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}


@dataclass
class Box:
    """What is inside may be missing, too."""

    price: float
    packed: datetime | None = None


def weigh(price: float | None, box: Box | None, mark: str = "￼") -> float | None:
    """Optional values in and out."""
    return price


def boxes() -> dict[str, Box | None]:
    """A dict of them."""
    return {}


@DBOS.workflow()
def pack(price: Any, box: Any) -> float | None:
    """Each value is looked at more than once, and made once."""
    price = float(price) if price is not None else None
    box = decode_box(box) if box is not None else None
    found = {
        key: decode_box(item) if item is not None else None
        for key, item in run_step({"name": "boxes"}, boxes).items()
    }
    return as_json(
        result_of_weigh(
            run_step(
                {"name": "weigh"},
                weigh,
                price_of_weigh(as_json(price)),
                box_of_weigh(as_json(found.get("first") or box)),
                "￼",
            )
        ),
    )


def decode_box(data: dict[str, Any]) -> Box:
    return Box(
        price=float(data["price"]),
        packed=(
            datetime.fromisoformat(data["packed"]).astimezone(UTC)
            if data.get("packed") is not None
            else None
        ),
    )


def price_of_weigh(data: Any) -> float | None:
    return float(data) if data is not None else None


def box_of_weigh(data: Any) -> Box | None:
    return decode_box(data) if data is not None else None


def result_of_weigh(data: Any) -> float | None:
    return float(data) if data is not None else None


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


def as_json(value: Any) -> Any:
    """A copy of a value as plain JSON data."""
    return json.loads(json.dumps(value, default=json_form, allow_nan=False))


def json_form(value: Any) -> Any:
    """The JSON form of a value that json does not know."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).isoformat(timespec="milliseconds")
        return moment.replace("+00:00", "Z")
    return {field.name: getattr(value, field.name) for field in fields(value)}


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
        inspect.signature(pack).bind(**given)
    except TypeError as error:
        parser.error(str(error))

    DBOS(config=CONFIG)
    DBOS.launch()
    try:
        # What steps print goes to stderr: stdout holds the result alone.
        with contextlib.redirect_stdout(sys.stderr), SetWorkflowID(arguments.id):
            result = pack(**given)
    except Exception as error:
        failure = as_recorded(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

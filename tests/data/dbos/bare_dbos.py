import argparse
import contextlib
import inspect
import json
import os
import sys
import uuid

from dbos import (
    DBOS,
    DBOSConfig,
    DBOSPortableJSONSerializer,
    PortableWorkflowError,
    SetWorkflowID,
)

CONFIG: DBOSConfig = {
    "name": "bare",
    "application_version": "bare-9111b7e121fa",
    "system_database_url": os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///bare.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}


@DBOS.workflow()
def add(a: int, b: int = 1) -> int:
    return a + b


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
    parser = argparse.ArgumentParser()
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
        inspect.signature(add).bind(**given)
    except TypeError as error:
        parser.error(str(error))

    DBOS(config=CONFIG)
    DBOS.launch()
    try:
        # What steps print goes to stderr: stdout holds the result alone.
        with contextlib.redirect_stdout(sys.stderr), SetWorkflowID(arguments.id):
            result = add(**given)
    except Exception as error:
        failure = as_recorded(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

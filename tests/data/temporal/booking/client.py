"""Starts a workflow and prints its result as JSON.

Usage: python client.py '{"stay": ..., "most": ...}'
"""

import argparse
import asyncio
import dataclasses
import json
import os
import sys
from datetime import timedelta
from typing import Any, get_type_hints, is_typeddict
from uuid import uuid4

from temporalio.client import Client, WorkflowFailureError
from temporalio.converter import JSONTypeConverter, value_to_type
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    ChildWorkflowError,
    TemporalError,
)

from shared import (
    TASK_QUEUE,
    BookingInput,
    HoldInput,
    JSONEncoder,
    TypeConverter,
    data_converter,
)
from workflows import BookingWorkflow, HoldWorkflow

# By the name on the command line: the run method, input, time limit.
WORKFLOWS: dict[str, Any] = {
    "hold": (HoldWorkflow.run, HoldInput, timedelta(hours=1)),
    "booking": (BookingWorkflow.run, BookingInput, None),
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Start a workflow and wait for it.")
    parser.add_argument("input", help="the parameters as a JSON object")
    parser.add_argument("--id", help="the workflow id; a new one by default")
    parser.add_argument("--workflow", choices=WORKFLOWS, default="booking")
    return parser.parse_args()


class RequiredKeys(JSONTypeConverter):
    """Refuses a TypedDict that lacks a key, as Temporal's own conversion does not."""

    def to_typed_value(self, hint: Any, value: Any) -> Any:
        if is_typeddict(hint) and isinstance(value, dict):
            for name in sorted(hint.__required_keys__ - value.keys()):
                raise TypeError(f"the key {name} of {hint.__name__} is missing")
        return JSONTypeConverter.Unhandled


def explain(error: BaseException) -> str:
    """What is wrong with a value, and where in it."""
    cause = error.__cause__
    return f"{error}: {explain(cause)}" if cause else str(error)


def parse(text: str, input_type: type) -> Any:
    """Read the input of a workflow from a JSON object with its parameters."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        sys.exit(f"Error: the input is not JSON: {error}")
    if not isinstance(data, dict):
        sys.exit("Error: the input is not a JSON object")
    hints = get_type_hints(input_type)
    for name in data:
        if name not in hints:
            sys.exit(f"Error: there is no parameter {name}")
    values = {}
    for field in dataclasses.fields(input_type):
        if field.name in data:
            try:
                values[field.name] = value_to_type(
                    hints[field.name],
                    data[field.name],
                    [RequiredKeys(), TypeConverter()],
                )
            except (TypeError, ValueError) as error:
                sys.exit(f"Error: {field.name}: {explain(error)}")
        elif (
            field.default is dataclasses.MISSING
            and field.default_factory is dataclasses.MISSING
        ):
            sys.exit(f"Error: the parameter {field.name} is missing")
    return input_type(**values)


def reason(error: BaseException | None) -> str:
    """What made a workflow fail, behind its failed activities and child workflows."""
    while isinstance(error, (WorkflowFailureError, ActivityError, ChildWorkflowError)):
        error = error.cause
    if isinstance(error, ApplicationError):
        return f"{error.message} ({error.type})"
    return str(error)


async def main() -> None:
    options = arguments()
    run, input_type, timeout = WORKFLOWS[options.workflow]
    args = [parse(options.input, input_type)] if input_type else []
    client = await Client.connect(
        os.environ.get("TEMPORAL_ADDRESS", "localhost:7233"),
        namespace=os.environ.get("TEMPORAL_NAMESPACE", "default"),
        data_converter=data_converter,
    )
    result = await client.execute_workflow(
        run,
        args=args,
        execution_timeout=timeout,
        id=options.id or f"{options.workflow}-{uuid4()}",
        task_queue=TASK_QUEUE,
    )
    print(json.dumps(result, cls=JSONEncoder))


if __name__ == "__main__":
    problem = ""
    try:
        asyncio.run(main())
    except WorkflowFailureError as error:
        problem = f"Error: {reason(error)}\n"
    except (TemporalError, RuntimeError) as error:  # no server, or the id is in use
        problem = f"Error: {error}\n"
    sys.stderr.write(problem)
    # Threads of the SDK may crash an interpreter that exits in the ordinary way:
    # https://github.com/temporalio/sdk-python/issues/300
    sys.stdout.flush()
    os._exit(1 if problem else 0)

"""Have a recording transcribed by a slow service: start a job, ask for it, give up in time."""

import argparse
import asyncio
import contextlib
import inspect
import itertools
import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import Enum
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
    "name": "polling",
    "application_version": "polling-77b931083a23",
    "system_database_url": os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///polling.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}

LONGEST_DELAY = 60


class ServiceUnavailable(Exception):
    """The service does not answer."""


class TranscriptionFailed(Exception):
    """There will be no transcript."""


class State(Enum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Job:
    """What the service says about a job; the transcript is there when it is done."""

    state: State
    transcript: str | None = None
    reason: str = ""


SERVICE_RETRY: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 3,
    "interval_seconds": 1.0,
    "backoff_rate": 2.0,
    "should_retry": lambda error: isinstance(error, ServiceUnavailable),
}


def submit(recording: str) -> str:
    """Start a job and return its id."""
    return f"job-{int(time.time())}"


LOOK_UP_OPTIONS: StepOptions = {**SERVICE_RETRY, "timeout_seconds": 10.0}


def look_up(job_id: str) -> Job:
    """Ask how far a job is."""
    started = int(job_id.removeprefix("job-"))
    if time.time() - started < 3:
        return Job(State.RUNNING)
    return Job(State.DONE, transcript="Hello, world.")


def cancel(job_id: str) -> None:
    """Stop a job that nobody waits for any more."""
    print(f"cancelled {job_id}")


def store(recording: str, transcript: str) -> str:
    """Keep a transcript and return where."""
    return f"{recording}.txt"


def index_words(location: str, words: int) -> None:
    """Tell the search engine about a transcript."""
    print(f"{location}: {words} words")


@DBOS.workflow()
async def archive(recording: str, transcript: str) -> str:
    """Store a transcript and make it searchable."""
    location = await run_step({"name": "store"}, store, recording, transcript)
    await run_step(
        {"name": "index_words"}, index_words, location, len(transcript.split())
    )
    return location


@DBOS.workflow()
async def transcribe(recording: str, patience: int = 600) -> str:
    """Wait for the transcript of a recording and archive it.

    Args:
        recording: where the recording is.
        patience: how many seconds to wait for the service.
    """
    job_id = await run_step({"name": "submit", **SERVICE_RETRY}, submit, recording)
    waited = 0
    delay = 2

    while waited < patience:
        await DBOS.sleep_async(delay)
        waited += delay
        job = decode_job(
            await run_step({"name": "look_up", **LOOK_UP_OPTIONS}, look_up, job_id)
        )
        if job.state is State.FAILED:
            raise TranscriptionFailed(f"{job_id}: {job.reason}")
        if job.transcript is not None:
            return await run_child(
                archive, recording=recording, transcript=job.transcript
            )
        # Ask less often the longer it takes.
        delay = min(delay * 2, LONGEST_DELAY)

    await run_step({"name": "cancel"}, cancel, job_id)
    raise TranscriptionFailed(f"{job_id}: not done after {waited} seconds")


def decode_job(data: dict[str, Any]) -> Job:
    return Job(
        state=State(data["state"]),
        transcript=data.get("transcript"),
        reason=data.get("reason", ""),
    )


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


async def run_child(workflow: Callable[..., Any], /, **arguments: Any) -> Any:
    """Run a child workflow to its end; its error arrives as a step's does."""
    try:
        return await workflow(**arguments)
    except Exception as error:
        raise as_recorded(error) from error


def as_json(value: Any) -> Any:
    """A copy of a value as plain JSON data."""
    return json.loads(json.dumps(value, default=json_form, allow_nan=False))


def json_form(value: Any) -> Any:
    """The JSON form of a value that json does not know."""
    if isinstance(value, Enum):
        return value.value
    return {field.name: getattr(value, field.name) for field in fields(value)}


# The classes that the workflows tell apart.
ERRORS = {"ServiceUnavailable": ServiceUnavailable}


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


WORKFLOWS: dict[str, Callable[..., Any]] = {
    "archive": archive,
    "transcribe": transcribe,
}


def main() -> None:
    """Run a workflow once and print its result as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input", help="the arguments, a JSON object")
    parser.add_argument("--id", default=str(uuid.uuid4()), help="an id runs only once")
    parser.add_argument("--workflow", choices=WORKFLOWS, default="transcribe")
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
            result = asyncio.run(workflow(**given))
    except Exception as error:
        failure = as_recorded(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

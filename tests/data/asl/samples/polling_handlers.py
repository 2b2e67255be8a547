"""The steps of polling, one AWS Lambda handler for each."""

import time
from dataclasses import dataclass
from enum import Enum
from typing import Any


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


def encode_job(value: Job) -> dict[str, Any]:
    return {
        "state": value.state.value,
        "transcript": value.transcript,
        "reason": value.reason,
    }


def submit(recording: str) -> str:
    """Start a job and return its id."""
    return f"job-{int(time.time())}"


def submit_handler(event: dict[str, Any], context: object) -> Any:
    return submit(event["recording"])


def look_up(job_id: str) -> Job:
    """Ask how far a job is."""
    started = int(job_id.removeprefix("job-"))
    if time.time() - started < 3:
        return Job(State.RUNNING)
    return Job(State.DONE, transcript="Hello, world.")


def look_up_handler(event: dict[str, Any], context: object) -> Any:
    result = look_up(event["job_id"])
    return encode_job(result)


def cancel(job_id: str) -> None:
    """Stop a job that nobody waits for any more."""
    print(f"cancelled {job_id}")


def cancel_handler(event: dict[str, Any], context: object) -> None:
    cancel(event["job_id"])


def store(recording: str, transcript: str) -> str:
    """Keep a transcript and return where."""
    return f"{recording}.txt"


def store_handler(event: dict[str, Any], context: object) -> Any:
    return store(event["recording"], event["transcript"])


def index_words(location: str, words: int) -> None:
    """Tell the search engine about a transcript."""
    print(f"{location}: {words} words")


def index_words_handler(event: dict[str, Any], context: object) -> None:
    index_words(event["location"], event["words"])

"""Have a recording transcribed by a slow service: start a job, ask for it, give up in time."""

import time
from dataclasses import dataclass
from enum import Enum

from wfc import Retry, sleep, step, workflow

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


SERVICE_RETRY = Retry(ServiceUnavailable, attempts=3, first_delay="1s")


@step(retry=SERVICE_RETRY)
def submit(recording: str) -> str:
    """Start a job and return its id."""
    return f"job-{int(time.time())}"


@step(retry=SERVICE_RETRY, timeout="10s")
def look_up(job_id: str) -> Job:
    """Ask how far a job is."""
    started = int(job_id.removeprefix("job-"))
    if time.time() - started < 3:
        return Job(State.RUNNING)
    return Job(State.DONE, transcript="Hello, world.")


@step
def cancel(job_id: str) -> None:
    """Stop a job that nobody waits for any more."""
    print(f"cancelled {job_id}")


@step
def store(recording: str, transcript: str) -> str:
    """Keep a transcript and return where."""
    return f"{recording}.txt"


@step
def index_words(location: str, words: int) -> None:
    """Tell the search engine about a transcript."""
    print(f"{location}: {words} words")


@workflow
def archive(recording: str, transcript: str) -> str:
    """Store a transcript and make it searchable."""
    location = store(recording, transcript)
    index_words(location, len(transcript.split()))
    return location


@workflow
def transcribe(recording: str, patience: int = 600) -> str:
    """Wait for the transcript of a recording and archive it.

    Args:
        recording: where the recording is.
        patience: how many seconds to wait for the service.
    """
    job_id = submit(recording)
    waited = 0
    delay = 2

    while waited < patience:
        sleep(delay)
        waited += delay
        job = look_up(job_id)
        if job.state is State.FAILED:
            raise TranscriptionFailed(f"{job_id}: {job.reason}")
        if job.transcript is not None:
            return archive(recording, job.transcript)
        # Ask less often the longer it takes.
        delay = min(delay * 2, LONGEST_DELAY)

    cancel(job_id)
    raise TranscriptionFailed(f"{job_id}: not done after {waited} seconds")

"""The activities of polling: its workflows reach the world through them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from temporalio import activity
from temporalio.exceptions import ApplicationError, CancelledError

from shared import (
    CancelInput,
    IndexWordsInput,
    Job,
    LookUpInput,
    State,
    StoreInput,
    SubmitInput,
)


class ServiceUnavailable(Exception):
    """The service does not answer."""


@contextmanager
def retry_only_on(*errors: type[Exception]) -> Iterator[None]:
    """Retry an activity on these errors only: any other one fails it at once."""
    try:
        yield
    except Exception as error:
        if isinstance(error, (CancelledError, *errors)):
            raise
        raise ApplicationError(
            str(error), type=type(error).__name__, non_retryable=True
        ) from error


@activity.defn
@retry_only_on(ServiceUnavailable)
def submit(input: SubmitInput) -> str:
    """Start a job and return its id."""
    return f"job-{int(time.time())}"


@activity.defn
@retry_only_on(ServiceUnavailable)
def look_up(input: LookUpInput) -> Job:
    """Ask how far a job is."""
    started = int(input.job_id.removeprefix("job-"))
    if time.time() - started < 3:
        return Job(State.RUNNING)
    return Job(State.DONE, transcript="Hello, world.")


@activity.defn
def cancel(input: CancelInput) -> None:
    """Stop a job that nobody waits for any more."""
    print(f"cancelled {input.job_id}")


@activity.defn
def store(input: StoreInput) -> str:
    """Keep a transcript and return where."""
    return f"{input.recording}.txt"


@activity.defn
def index_words(input: IndexWordsInput) -> None:
    """Tell the search engine about a transcript."""
    print(f"{input.location}: {input.words} words")

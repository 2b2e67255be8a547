"""The activities of collisions: its workflows reach the world through them."""

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio import activity as temporal_activity
from temporalio.exceptions import ApplicationError as TemporalApplicationError
from temporalio.exceptions import CancelledError as TemporalCancelledError

from shared import ActivityInput, MainInput_2, RetryPolicy


class ApplicationError(Exception):
    """Not Temporal's."""


class CancelledError(ApplicationError):
    """Not Temporal's either."""


def temporal_idempotency_key() -> str:
    """A text that is the same in every attempt of the current activity."""
    info = temporal_activity.info()
    return f"{info.workflow_run_id}:{info.activity_id}"


@contextmanager
def retry_only_on(*errors: type[Exception]) -> Iterator[None]:
    """Retry an activity on these errors only: any other one fails it at once."""
    try:
        yield
    except Exception as error:
        if isinstance(error, (TemporalCancelledError, *errors)):
            raise
        raise TemporalApplicationError(
            str(error), type=type(error).__name__, non_retryable=True
        ) from error


@temporal_activity.defn
@retry_only_on(CancelledError)
def main(payload: MainInput_2) -> RetryPolicy:
    key = temporal_idempotency_key()
    info = payload.input.timedelta + payload.self
    idempotency_key = key
    print(idempotency_key)
    return RetryPolicy(attempts=info)


@temporal_activity.defn
def activity(input: ActivityInput) -> str:
    return input.workflow

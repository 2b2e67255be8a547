"""Names that the generated code would like to have itself."""

from dataclasses import dataclass

from wfc import IdempotencyKey, Retry, injected, step, workflow

TASK_QUEUE = 3
NO_RETRY = "user's own"


class ApplicationError(Exception):
    """Not Temporal's."""


class CancelledError(ApplicationError):
    """Not Temporal's either."""


@dataclass
class RetryPolicy:
    attempts: int


@dataclass
class MainInput:
    timedelta: int
    type: str = "plain"


def error_message(activity: str) -> str:
    return f"<{activity}>"


@step(retry=Retry(CancelledError, attempts=2))
def main(input: MainInput, self: int, key: IdempotencyKey = injected) -> RetryPolicy:
    info = input.timedelta + self
    idempotency_key = key
    print(idempotency_key)
    return RetryPolicy(attempts=info)


@step(timeout="1s")
def activity(workflow: str) -> str:
    return workflow


@workflow
def start(input: str, self: int = NO_RETRY.count("u")) -> str:
    workflow = activity(input)
    timedelta = main(MainInput(timedelta=TASK_QUEUE), self)
    try:
        is_cancelled_exception = activity(workflow)
    except ApplicationError as error:
        raise CancelledError(error_message(f"{error}")) from error
    except Exception:
        error_type = f"{timedelta.attempts}"
        return error_type
    for input in [workflow, is_cancelled_exception]:
        workflow += input
    return workflow

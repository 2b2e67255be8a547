"""Names that the generated code would like to have itself."""

from datetime import timedelta as temporal_timedelta

from temporalio import workflow as temporal_workflow
from temporalio.common import RetryPolicy as TemporalRetryPolicy
from temporalio.exceptions import ActivityError, FailureError, TimeoutError
from temporalio.exceptions import ApplicationError as TemporalApplicationError
from temporalio.exceptions import (
    is_cancelled_exception as temporal_is_cancelled_exception,
)

with temporal_workflow.unsafe.imports_passed_through():
    from activities import activity, main
    from shared import (
        DEFAULT_STEP_TIMEOUT,
        ActivityInput,
        MainInput,
        MainInput_2,
        StartInput,
    )

TASK_QUEUE = 3

TEMPORAL_NO_RETRY = TemporalRetryPolicy(maximum_attempts=1)


def error_message(activity: str) -> str:
    return f"<{activity}>"


def temporal_error_type(error: ActivityError) -> str:
    """The class name of the error that made an activity fail."""
    if isinstance(error.cause, TemporalApplicationError):
        return error.cause.type or ""
    return "TimeoutError" if isinstance(error.cause, TimeoutError) else ""


def temporal_error_message(error: ActivityError) -> str:
    """The message of the error that made an activity fail."""
    if isinstance(error.cause, TimeoutError):
        return f"{error.activity_type} timed out"
    if isinstance(error.cause, FailureError) and error.cause.failure:
        # `error.cause.message` is "Application error" where the message is empty.
        return error.cause.failure.message
    return str(error.cause)


@temporal_workflow.defn
class StartWorkflow:
    @temporal_workflow.run
    async def run(self, payload: StartInput) -> str:
        input = payload.input
        workflow = await temporal_workflow.execute_activity(
            activity,
            ActivityInput(workflow=input),
            start_to_close_timeout=temporal_timedelta(seconds=1),
            retry_policy=TEMPORAL_NO_RETRY,
            summary="activity",
        )
        timedelta = await temporal_workflow.execute_activity(
            main,
            MainInput_2(input=MainInput(timedelta=TASK_QUEUE), self=payload.self),
            start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
            retry_policy=TemporalRetryPolicy(
                initial_interval=temporal_timedelta(seconds=1),
                backoff_coefficient=2.0,
                maximum_attempts=2,
                non_retryable_error_types=["TemporalTimeout:StartToClose"],
            ),
            summary="main",
        )
        try:
            is_cancelled_exception = await temporal_workflow.execute_activity(
                activity,
                ActivityInput(workflow=workflow),
                start_to_close_timeout=temporal_timedelta(seconds=1),
                retry_policy=TEMPORAL_NO_RETRY,
                summary="activity_2",
            )
        except ActivityError as error:
            if temporal_is_cancelled_exception(error):
                raise
            match temporal_error_type(error):
                case "ApplicationError" | "CancelledError":
                    raise TemporalApplicationError(
                        error_message(f"{temporal_error_message(error)}"),
                        type="CancelledError",
                        non_retryable=True,
                    ) from error
                case _:
                    error_type = f"{timedelta.attempts}"
                    return error_type
        for input in [workflow, is_cancelled_exception]:
            workflow += input
        return workflow

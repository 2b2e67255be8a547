"""Have a recording transcribed by a slow service: start a job, ask for it, give up in time."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities import cancel, index_words, look_up, store, submit
    from shared import (
        DEFAULT_STEP_TIMEOUT,
        ArchiveInput,
        CancelInput,
        IndexWordsInput,
        LookUpInput,
        State,
        StoreInput,
        SubmitInput,
        TranscribeInput,
    )

LONGEST_DELAY = 60

NO_RETRY = RetryPolicy(maximum_attempts=1)
SERVICE_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2.0,
    maximum_attempts=3,
    non_retryable_error_types=["TemporalTimeout:StartToClose"],
)


@workflow.defn
class ArchiveWorkflow:
    """Store a transcript and make it searchable."""

    @workflow.run
    async def run(self, input: ArchiveInput) -> str:
        location = await workflow.execute_activity(
            store,
            StoreInput(recording=input.recording, transcript=input.transcript),
            start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
            retry_policy=NO_RETRY,
            summary="store",
        )
        await workflow.execute_activity(
            index_words,
            IndexWordsInput(location=location, words=len(input.transcript.split())),
            start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
            retry_policy=NO_RETRY,
            summary="index_words",
        )
        return location


@workflow.defn
class TranscribeWorkflow:
    """Wait for the transcript of a recording and archive it.

    Args:
        recording: where the recording is.
        patience: how many seconds to wait for the service.
    """

    @workflow.run
    async def run(self, input: TranscribeInput) -> str:
        job_id = await workflow.execute_activity(
            submit,
            SubmitInput(recording=input.recording),
            start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
            retry_policy=SERVICE_RETRY,
            summary="submit",
        )
        waited = 0
        delay = 2

        while waited < input.patience:
            await workflow.sleep(delay, summary="sleep")
            waited += delay
            job = await workflow.execute_activity(
                look_up,
                LookUpInput(job_id=job_id),
                start_to_close_timeout=timedelta(seconds=10),
                retry_policy=SERVICE_RETRY,
                summary="look_up",
            )
            if job.state is State.FAILED:
                raise ApplicationError(
                    f"{job_id}: {job.reason}",
                    type="TranscriptionFailed",
                    non_retryable=True,
                )
            if job.transcript is not None:
                return await workflow.execute_child_workflow(
                    ArchiveWorkflow.run,
                    ArchiveInput(recording=input.recording, transcript=job.transcript),
                    id=f"{workflow.info().workflow_id}/archive",
                    parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
                    static_summary="archive",
                )
            # Ask less often the longer it takes.
            delay = min(delay * 2, LONGEST_DELAY)

        await workflow.execute_activity(
            cancel,
            CancelInput(job_id=job_id),
            start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
            retry_policy=NO_RETRY,
            summary="cancel",
        )
        raise ApplicationError(
            f"{job_id}: not done after {waited} seconds",
            type="TranscriptionFailed",
            non_retryable=True,
        )

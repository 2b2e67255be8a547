"""Steps and helpers named like what the generated code uses."""

import builtins
import itertools as temporal_itertools

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities import fresh, itertools, os
    from shared import (
        DEFAULT_STEP_TIMEOUT,
        ChildInput,
        FreshInput,
        ItertoolsInput,
        OsInput,
        TimedeltaInput,
    )

NO_RETRY = RetryPolicy(maximum_attempts=1)


def max(left: float, right: float) -> float:
    return left + right


@workflow.defn
class ChildWorkflow:
    @workflow.run
    async def run(self, input: ChildInput) -> int:
        return await workflow.execute_activity(
            itertools,
            ItertoolsInput(amount=input.amount),
            start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
            retry_policy=NO_RETRY,
            summary="itertools",
        )


@workflow.defn
class TimedeltaWorkflow:
    @workflow.run
    async def run(self, input: TimedeltaInput) -> int:
        child_runs = temporal_itertools.count(1)
        total = await workflow.execute_activity(
            fresh,
            FreshInput(amount=input.amount),
            start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
            retry_policy=NO_RETRY,
            summary="fresh",
        )
        await workflow.execute_activity(
            os,
            OsInput(amount=total),
            start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
            retry_policy=NO_RETRY,
            summary="os",
        )
        await workflow.sleep(builtins.max(max(input.next, 1.0), 0), summary="sleep")
        for number in range(2):
            child_result = await workflow.execute_child_workflow(
                ChildWorkflow.run,
                ChildInput(amount=number),
                id=f"{workflow.info().workflow_id}/child/{builtins.next(child_runs)}",
                parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
                static_summary="child",
            )
            total += child_result
        return total

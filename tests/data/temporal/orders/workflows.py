"""Orders whose steps fail in the ways that real ones do; the item says how."""

import itertools
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    ChildWorkflowError,
    FailureError,
    TimeoutError,
    is_cancelled_exception,
)

with workflow.unsafe.imports_passed_through():
    from activities import book, charge, pack, refund
    from shared import (
        DEFAULT_STEP_TIMEOUT,
        BookInput,
        ChargeInput,
        GuardedInput,
        OrderInput,
        PackingInput,
        PackInput,
        Receipt,
        RefundInput,
        SingleInput,
    )

CHARGE_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=10),
    backoff_coefficient=2.0,
    maximum_attempts=3,
    non_retryable_error_types=["TemporalTimeout:StartToClose"],
)
NO_RETRY = RetryPolicy(maximum_attempts=1)


def error_type(error: FailureError) -> str:
    """The class name of the error behind a failure."""
    cause: BaseException | None = error
    while isinstance(cause, (ActivityError, ChildWorkflowError)):
        error, cause = cause, cause.cause
    if isinstance(cause, ApplicationError):
        return cause.type or ""
    return "TimeoutError" if isinstance(cause, TimeoutError) else ""


def error_message(error: FailureError) -> str:
    """The message of the error behind a failure."""
    cause: BaseException | None = error
    while isinstance(cause, (ActivityError, ChildWorkflowError)):
        error, cause = cause, cause.cause
    if isinstance(cause, TimeoutError) and isinstance(error, ActivityError):
        return f"{error.activity_type} timed out"
    if isinstance(cause, FailureError) and cause.failure:
        # `cause.message` is "Application error" where the message is empty.
        return cause.failure.message
    return cause.message if isinstance(cause, FailureError) else str(cause)


@workflow.defn
class SingleWorkflow:
    """Order one item."""

    @workflow.run
    async def run(self, input: SingleInput) -> Receipt:
        try:
            receipt = await workflow.execute_activity(
                charge,
                ChargeInput(item=input.item, amount=input.amount),
                start_to_close_timeout=timedelta(seconds=2),
                retry_policy=CHARGE_RETRY,
                summary="charge",
            )
        except ActivityError as error:
            if error_type(error) != "TimeoutError":
                raise
            raise ApplicationError(
                f"late: {error_message(error)}", type="ShopError", non_retryable=True
            ) from error
        try:
            await workflow.execute_activity(
                book,
                BookInput(item=receipt.item, amount=receipt.amount),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="book",
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            await workflow.execute_activity(
                refund,
                RefundInput(item=receipt.item),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="refund",
            )
            raise
        return receipt


@workflow.defn
class GuardedWorkflow:
    """Charge for an item, and refund it whatever goes wrong."""

    @workflow.run
    async def run(self, input: GuardedInput) -> str:
        try:
            await workflow.execute_activity(
                charge,
                ChargeInput(item=input.item, amount=1),
                start_to_close_timeout=timedelta(seconds=2),
                retry_policy=CHARGE_RETRY,
                summary="charge",
            )
            await workflow.sleep(timedelta(hours=1), summary="sleep")
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            await workflow.execute_activity(
                refund,
                RefundInput(item=input.item),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="refund",
            )
            return "refunded"
        return "charged"


@workflow.defn
class PackingWorkflow:
    """Pack an item, and refund it when nothing is heard of the packers."""

    @workflow.run
    async def run(self, input: PackingInput) -> str:
        try:
            pack_result = await workflow.execute_activity(
                pack,
                PackInput(item=input.item),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                heartbeat_timeout=timedelta(seconds=2),
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(milliseconds=10),
                    backoff_coefficient=2.0,
                    maximum_attempts=2,
                ),
                summary="pack",
            )
            return f"{pack_result} boxes"
        except ActivityError as error:
            if error_type(error) != "TimeoutError":
                raise
            await workflow.execute_activity(
                refund,
                RefundInput(item=input.item),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="refund",
            )
            return error_message(error)


@workflow.defn(failure_exception_types=[LookupError])
class OrderWorkflow:
    """Order several items, one after the other."""

    @workflow.run
    async def run(self, input: OrderInput) -> dict[str, str]:
        single_runs = itertools.count(1)
        outcome: dict[str, str] = {}
        for item in input.items:
            try:
                receipt = await workflow.execute_child_workflow(
                    SingleWorkflow.run,
                    SingleInput(item=item),
                    id=f"{workflow.info().workflow_id}/single/{next(single_runs)}",
                    parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
                    static_summary="single",
                )
                outcome[item] = f"{receipt.amount:.2f}"
            except ChildWorkflowError as error:
                if error_type(error) not in ("ShopError", "Declined"):
                    raise
                outcome[item] = f"{error_type(error)}: {error_message(error)}"
            await workflow.sleep(timedelta(milliseconds=10), summary="sleep")
        outcome["first"] = outcome[input.items[0]]
        return outcome

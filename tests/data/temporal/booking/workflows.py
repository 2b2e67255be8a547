"""Everything that a step may ask for."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    ChildWorkflowError,
    FailureError,
    TimeoutError,
)

with workflow.unsafe.imports_passed_through():
    from activities import book, find_rooms, give_up, hold_room, quote
    from shared import (
        DEFAULT_STEP_TIMEOUT,
        BookingInput,
        BookInput,
        FindRoomsInput,
        HoldInput,
        HoldRoomInput,
        QuoteInput,
    )

# The currency of every price.
CURRENCY = "EUR"

NO_RETRY = RetryPolicy(maximum_attempts=1)
BOOKING_ERRORS = ("BookingError", "RoomTaken", "HotelOffline")


def price_text(cents: float) -> str:
    """A price as people read it."""
    return f"{cents / 100:.2f} {CURRENCY}"


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
        steps = {"Hold a room": "hold_room"}
        return f"{steps.get(error.activity_type, error.activity_type)} timed out"
    if isinstance(cause, FailureError) and cause.failure:
        # `cause.message` is "Application error" where the message is empty.
        return cause.failure.message
    return cause.message if isinstance(cause, FailureError) else str(cause)


@workflow.defn(name="Hold")
class HoldWorkflow:
    """Hold a room for a while."""

    @workflow.run
    async def run(self, input: HoldInput) -> datetime | None:
        try:
            until = await workflow.execute_activity(
                hold_room,
                HoldRoomInput(room=input.room),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(minutes=1),
                    backoff_coefficient=2.0,
                    maximum_interval=timedelta(minutes=2),
                    maximum_attempts=3,
                ),
                summary="hold_a_room",
            )
        except ActivityError as error:
            if error_type(error) != "RoomTaken":
                raise
            return None
        await workflow.sleep(max(input.patience.total_seconds(), 0), summary="sleep")
        return until


@workflow.defn
class BookingWorkflow:
    """Book the first room that can be had."""

    @workflow.run
    async def run(self, input: BookingInput) -> str:
        most = input.most
        hold_runs = itertools.count(1)
        tried = 0
        find_rooms_result = await workflow.execute_activity(
            find_rooms,
            FindRoomsInput(stay=input.stay),
            start_to_close_timeout=timedelta(minutes=5),
            heartbeat_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(
                initial_interval=timedelta(milliseconds=500),
                backoff_coefficient=2.0,
                maximum_attempts=4,
                non_retryable_error_types=[
                    "TemporalTimeout:StartToClose",
                    "TemporalTimeout:Heartbeat",
                ],
            ),
            summary="find_rooms",
        )
        for room in find_rooms_result:
            most = most - 1
            try:
                until = await workflow.execute_child_workflow(
                    HoldWorkflow.run,
                    HoldInput(room=room),
                    id=f"{workflow.info().workflow_id}/hold/{next(hold_runs)}",
                    parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
                    execution_timeout=timedelta(hours=1),
                    static_summary="hold",
                )
            except ChildWorkflowError as problem:
                if error_type(problem) not in BOOKING_ERRORS:
                    raise
                print_as = f"{error_type(problem)}: {error_message(problem)}"
                if most > 0:
                    continue
                raise ApplicationError(
                    print_as, type="BookingError", non_retryable=True
                ) from problem
            if until is None:
                tried += 1
                continue
            quote_result = await workflow.execute_activity(
                quote,
                QuoteInput(room=room, nights=2),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="quote",
            )
            number, board = await workflow.execute_activity(
                book,
                BookInput(room=room, amount=quote_result),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="book",
            )
            return f"{number}: {room}, {board.value}, {price_text(100)} after {tried}"
        await workflow.execute_activity(
            give_up,
            start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
            retry_policy=NO_RETRY,
            summary="give_up",
        )
        raise ApplicationError(
            f"no room in {input.stay.hotel}", type="BookingError", non_retryable=True
        )

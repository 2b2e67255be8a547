"""Fulfil an order: check it, reserve the stock, take the payment, ship, and undo what failed."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    FailureError,
    TimeoutError,
    is_cancelled_exception,
)

with workflow.unsafe.imports_passed_through():
    from activities import (
        charge_card,
        hand_over,
        looks_fraudulent,
        notify,
        refund,
        release_stock,
        reserve_stock,
    )
    from shared import (
        DEFAULT_STEP_TIMEOUT,
        ChargeCardInput,
        Courier,
        FulfilInput,
        HandOverInput,
        LooksFraudulentInput,
        NotifyInput,
        Order,
        RefundInput,
        ReleaseStockInput,
        ReserveStockInput,
        Shipment,
    )

REVIEW_ABOVE = 100_000
FREE_EXPRESS_FROM = 50_000

NO_RETRY = RetryPolicy(maximum_attempts=1)
PAYMENT_ERRORS = ("PaymentError", "CardDeclined", "ProviderUnavailable")


def total_of(order: Order) -> int:
    """The price of an order in cents."""
    return sum(line.quantity * line.unit_price for line in order.lines)


def courier_for(order: Order, total: int) -> Courier:
    """Valuable orders travel by express at no charge."""
    if order.express or total >= FREE_EXPRESS_FROM:
        return Courier.EXPRESS
    return Courier.STANDARD


def error_type(error: ActivityError) -> str:
    """The class name of the error that made an activity fail."""
    if isinstance(error.cause, ApplicationError):
        return error.cause.type or ""
    return "TimeoutError" if isinstance(error.cause, TimeoutError) else ""


def error_message(error: ActivityError) -> str:
    """The message of the error that made an activity fail."""
    if isinstance(error.cause, TimeoutError):
        return f"{error.activity_type} timed out"
    if isinstance(error.cause, FailureError) and error.cause.failure:
        # `error.cause.message` is "Application error" where the message is empty.
        return error.cause.failure.message
    return str(error.cause)


@workflow.defn
class FulfilWorkflow:
    """Take an order from the shop to the courier.

    Args:
        order: what the customer wants; at least one article.
    """

    @workflow.run
    async def run(self, input: FulfilInput) -> Shipment:
        total = total_of(input.order)
        if total <= 0:
            raise ApplicationError(
                f"order {input.order.id} is empty",
                type="OrderRejected",
                non_retryable=True,
            )

        if total > REVIEW_ABOVE:
            looks_fraudulent_result = await workflow.execute_activity(
                looks_fraudulent,
                LooksFraudulentInput(
                    order_id=input.order.id,
                    customer_id=input.order.customer_id,
                    total=total,
                ),
                start_to_close_timeout=timedelta(seconds=10),
                retry_policy=NO_RETRY,
                summary="looks_fraudulent",
            )
            if looks_fraudulent_result:
                raise ApplicationError(
                    f"order {input.order.id} looks fraudulent",
                    type="OrderRejected",
                    non_retryable=True,
                )

        reservations: list[str] = []
        try:
            for line in input.order.lines:
                reserve_stock_result = await workflow.execute_activity(
                    reserve_stock,
                    ReserveStockInput(sku=line.sku, quantity=line.quantity),
                    start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                    retry_policy=NO_RETRY,
                    summary="reserve_stock",
                )
                reservations.append(reserve_stock_result)
            payment = await workflow.execute_activity(
                charge_card,
                ChargeCardInput(customer_id=input.order.customer_id, amount=total),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(seconds=5),
                    backoff_coefficient=2.0,
                    maximum_interval=timedelta(seconds=20),
                    maximum_attempts=4,
                    non_retryable_error_types=["TemporalTimeout:StartToClose"],
                ),
                summary="charge_card",
            )
        except ActivityError as error:
            if error_type(error) not in ("OutOfStock", *PAYMENT_ERRORS):
                raise
            for reservation in reservations:
                await workflow.execute_activity(
                    release_stock,
                    ReleaseStockInput(reservation=reservation),
                    start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                    retry_policy=NO_RETRY,
                    summary="release_stock",
                )
            await workflow.execute_activity(
                notify,
                NotifyInput(
                    customer_id=input.order.customer_id,
                    text=f"Your order {input.order.id} was cancelled: {error_message(error)}",
                ),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="notify",
            )
            raise ApplicationError(
                f"order {input.order.id} was cancelled: {error_message(error)}",
                type="OrderRejected",
                non_retryable=True,
            ) from error

        courier = courier_for(input.order, total)
        if courier is Courier.STANDARD:
            # Standard parcels are collected the next morning.
            await workflow.sleep(timedelta(hours=12), summary="sleep")

        try:
            tracking = await workflow.execute_activity(
                hand_over,
                HandOverInput(order_id=input.order.id, courier=courier),
                start_to_close_timeout=timedelta(minutes=2),
                retry_policy=NO_RETRY,
                summary="hand_over",
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            await workflow.execute_activity(
                refund,
                RefundInput(payment_id=payment, amount=total),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(seconds=1),
                    backoff_coefficient=2.0,
                    maximum_attempts=5,
                ),
                summary="refund",
            )
            for reservation in reservations:
                await workflow.execute_activity(
                    release_stock,
                    ReleaseStockInput(reservation=reservation),
                    start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                    retry_policy=NO_RETRY,
                    summary="release_stock_2",
                )
            raise

        await workflow.execute_activity(
            notify,
            NotifyInput(
                customer_id=input.order.customer_id,
                text=f"Your order {input.order.id} is on its way: {tracking}",
            ),
            start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
            retry_policy=NO_RETRY,
            summary="notify_2",
        )
        return Shipment(
            order_id=input.order.id, total=total, courier=courier, tracking=tracking
        )

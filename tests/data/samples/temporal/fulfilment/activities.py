"""The activities of fulfilment: its workflows reach the world through them."""

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio import activity
from temporalio.exceptions import ApplicationError, CancelledError

from shared import (
    ChargeCardInput,
    HandOverInput,
    LooksFraudulentInput,
    NotifyInput,
    RefundInput,
    ReleaseStockInput,
    ReserveStockInput,
)


class PaymentError(Exception):
    """The payment provider did not take the money."""


class ProviderUnavailable(PaymentError):
    """The payment provider does not answer; trying again may help."""


def idempotency_key() -> str:
    """A text that is the same in every attempt of the current activity."""
    info = activity.info()
    return f"{info.workflow_run_id}:{info.activity_id}"


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
def looks_fraudulent(input: LooksFraudulentInput) -> bool:
    """Ask the risk service about an order."""
    return input.customer_id.startswith("mallory")


@activity.defn
def reserve_stock(input: ReserveStockInput) -> str:
    """Set articles aside and return the id of the reservation."""
    return f"{input.quantity}x{input.sku}"


@activity.defn
def release_stock(input: ReleaseStockInput) -> None:
    """Put articles back on the shelf."""
    print(f"released {input.reservation}")


@activity.defn
@retry_only_on(ProviderUnavailable)
def charge_card(input: ChargeCardInput) -> str:
    """Take the money and return the id of the payment."""
    key = idempotency_key()
    print(f"{key}: charged {input.amount} to {input.customer_id}")
    return f"payment-of-{input.customer_id}"


@activity.defn
def refund(input: RefundInput) -> None:
    """Give the money back."""
    key = idempotency_key()
    print(f"{key}: refunded {input.amount} of {input.payment_id}")


@activity.defn
def hand_over(input: HandOverInput) -> str:
    """Give the parcel to the courier and return the tracking number."""
    return f"{input.courier.value}-{input.order_id}"


@activity.defn
def notify(input: NotifyInput) -> None:
    """Write to the customer."""
    print(f"to {input.customer_id}: {input.text}")

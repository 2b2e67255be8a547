"""The activities of payout: its workflows reach the world through them."""

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio import activity
from temporalio.exceptions import ApplicationError, CancelledError

from shared import (
    CreditMerchantInput,
    DebitPlatformInput,
    PullSettlementInput,
    ReverseDebitInput,
    Settlement,
    VerifyIdentityInput,
    WriteAuditInput,
)


class BankApiTimeout(Exception):
    """The bank did not answer in time."""


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
@retry_only_on(BankApiTimeout)
def pull_settlement(input: PullSettlementInput) -> Settlement:
    """Ask the bank for the merchant's open settlement."""
    return Settlement(id=f"settlement-of-{input.merchant_id}", total=100_000)


@activity.defn
def verify_identity(input: VerifyIdentityInput) -> None:
    """Run the extra know-your-customer check that large payouts need."""
    print(f"identity of {input.merchant_id} verified")


@activity.defn
def debit_platform(input: DebitPlatformInput) -> None:
    """Take the amount out of the platform's account."""
    key = idempotency_key()
    print(f"{key}: debited {input.amount} for {input.settlement_id}")


@activity.defn
def credit_merchant(input: CreditMerchantInput) -> None:
    """Put the amount into the merchant's account."""
    key = idempotency_key()
    print(f"{key}: credited {input.amount} to {input.merchant_id}")


@activity.defn
def reverse_debit(input: ReverseDebitInput) -> None:
    """Give the amount back to the platform's account."""
    key = idempotency_key()
    print(f"{key}: reversed {input.amount} for {input.settlement_id}")


@activity.defn
def write_audit(input: WriteAuditInput) -> None:
    """Record the payout for the auditors."""
    print(f"audit: {input.amount} to {input.merchant_id} from {input.settlement_id}")

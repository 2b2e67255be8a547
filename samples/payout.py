"""Pay a merchant what the bank settled for them."""

from dataclasses import dataclass

from wfc import IdempotencyKey, Retry, injected, step, workflow

KYC_THRESHOLD = 50_000


class BankApiTimeout(Exception):
    """The bank did not answer in time."""


class PayoutFailed(Exception):
    """The payout could not be made; no money has moved."""


@dataclass(frozen=True)
class Settlement:
    """What the bank holds for a merchant, in cents."""

    id: str
    total: int


@step(
    retry=Retry(BankApiTimeout, attempts=3, first_delay="2s", backoff=2.0),
    timeout="30s",
)
def pull_settlement(merchant_id: str) -> Settlement:
    """Ask the bank for the merchant's open settlement."""
    return Settlement(id=f"settlement-of-{merchant_id}", total=100_000)


@step
def verify_identity(merchant_id: str) -> None:
    """Run the extra know-your-customer check that large payouts need."""
    print(f"identity of {merchant_id} verified")


@step
def debit_platform(settlement_id: str, amount: int, key: IdempotencyKey = injected) -> None:
    """Take the amount out of the platform's account."""
    print(f"{key}: debited {amount} for {settlement_id}")


@step
def credit_merchant(merchant_id: str, amount: int, key: IdempotencyKey = injected) -> None:
    """Put the amount into the merchant's account."""
    print(f"{key}: credited {amount} to {merchant_id}")


@step
def reverse_debit(settlement_id: str, amount: int, key: IdempotencyKey = injected) -> None:
    """Give the amount back to the platform's account."""
    print(f"{key}: reversed {amount} for {settlement_id}")


@step
def write_audit(merchant_id: str, settlement_id: str, amount: int) -> None:
    """Record the payout for the auditors."""
    print(f"audit: {amount} to {merchant_id} from {settlement_id}")


@workflow
def payout(merchant_id: str, amount: int) -> str:
    """Move a merchant's settlement from the platform's account to theirs."""
    settlement = pull_settlement(merchant_id)

    # Large payouts need an extra know-your-customer check.
    if amount > KYC_THRESHOLD:
        verify_identity(merchant_id)

    try:
        debit_platform(settlement.id, amount)
    except Exception as error:
        raise PayoutFailed(f"platform debit failed: {error}") from error

    try:
        credit_merchant(merchant_id, amount)
    except Exception:
        # The platform has paid already: give the money back before failing.
        reverse_debit(settlement.id, amount)
        raise

    write_audit(merchant_id, settlement.id, amount)
    return f"paid {amount} to {merchant_id}"

"""The steps of payout, one AWS Lambda handler for each."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Settlement:
    """What the bank holds for a merchant, in cents."""

    id: str
    total: int


def pull_settlement(merchant_id: str) -> Settlement:
    """Ask the bank for the merchant's open settlement."""
    return Settlement(id=f"settlement-of-{merchant_id}", total=100_000)


def pull_settlement_handler(event: dict[str, Any], context: object) -> Any:
    result = pull_settlement(event["merchant_id"])
    return asdict(result)


def verify_identity(merchant_id: str) -> None:
    """Run the extra know-your-customer check that large payouts need."""
    print(f"identity of {merchant_id} verified")


def verify_identity_handler(event: dict[str, Any], context: object) -> None:
    verify_identity(event["merchant_id"])


def debit_platform(settlement_id: str, amount: int, key: str) -> None:
    """Take the amount out of the platform's account."""
    print(f"{key}: debited {amount} for {settlement_id}")


def debit_platform_handler(event: dict[str, Any], context: object) -> None:
    debit_platform(event["settlement_id"], event["amount"], event["key"])


def credit_merchant(merchant_id: str, amount: int, key: str) -> None:
    """Put the amount into the merchant's account."""
    print(f"{key}: credited {amount} to {merchant_id}")


def credit_merchant_handler(event: dict[str, Any], context: object) -> None:
    credit_merchant(event["merchant_id"], event["amount"], event["key"])


def reverse_debit(settlement_id: str, amount: int, key: str) -> None:
    """Give the amount back to the platform's account."""
    print(f"{key}: reversed {amount} for {settlement_id}")


def reverse_debit_handler(event: dict[str, Any], context: object) -> None:
    reverse_debit(event["settlement_id"], event["amount"], event["key"])


def write_audit(merchant_id: str, settlement_id: str, amount: int) -> None:
    """Record the payout for the auditors."""
    print(f"audit: {amount} to {merchant_id} from {settlement_id}")


def write_audit_handler(event: dict[str, Any], context: object) -> None:
    write_audit(event["merchant_id"], event["settlement_id"], event["amount"])

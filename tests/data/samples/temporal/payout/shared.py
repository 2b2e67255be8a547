"""What the workflows, activities and clients of payout share."""

from dataclasses import dataclass
from datetime import timedelta

TASK_QUEUE = "payout"

# The limit of activities that have none of their own.
DEFAULT_STEP_TIMEOUT = timedelta(hours=1)


@dataclass(frozen=True)
class Settlement:
    """What the bank holds for a merchant, in cents."""

    id: str
    total: int


@dataclass
class PayoutInput:
    """Input of the payout workflow."""

    merchant_id: str
    amount: int


@dataclass
class PullSettlementInput:
    """Input of the pull_settlement activity."""

    merchant_id: str


@dataclass
class VerifyIdentityInput:
    """Input of the verify_identity activity."""

    merchant_id: str


@dataclass
class DebitPlatformInput:
    """Input of the debit_platform activity."""

    settlement_id: str
    amount: int


@dataclass
class CreditMerchantInput:
    """Input of the credit_merchant activity."""

    merchant_id: str
    amount: int


@dataclass
class ReverseDebitInput:
    """Input of the reverse_debit activity."""

    settlement_id: str
    amount: int


@dataclass
class WriteAuditInput:
    """Input of the write_audit activity."""

    merchant_id: str
    settlement_id: str
    amount: int

"""What the workflows, activities and clients of reconciliation share."""

from dataclasses import dataclass
from datetime import timedelta

TASK_QUEUE = "reconciliation"

# The limit of activities that have none of their own.
DEFAULT_STEP_TIMEOUT = timedelta(hours=1)


@dataclass(frozen=True)
class Settlement:
    """What the bank says it paid to a merchant, in cents."""

    id: str
    merchant_id: str
    amount: int


@dataclass(frozen=True)
class Discrepancy:
    """A settlement for which our ledger holds another amount."""

    settlement_id: str
    bank: int
    ledger: int


@dataclass(frozen=True)
class Report:
    """The outcome of a day; amounts are in cents."""

    day: str
    matched: int
    total: int
    discrepancies: list[Discrepancy]


@dataclass
class ReconcileInput:
    """Input of the reconcile workflow."""

    day: str
    tolerance: int = 0


@dataclass
class FetchSettlementsInput:
    """Input of the fetch_settlements activity."""

    day: str


@dataclass
class PostInput:
    """Input of the post activity."""

    settlement_id: str
    merchant_id: str
    amount: int


@dataclass
class FlagInput:
    """Input of the flag activity."""

    settlement_id: str
    bank: int
    ledger: int


@dataclass
class AlertAccountingInput:
    """Input of the alert_accounting activity."""

    day: str
    difference: int

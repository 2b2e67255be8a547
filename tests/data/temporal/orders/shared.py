"""What the workflows, activities and clients of orders share."""

from dataclasses import dataclass
from datetime import timedelta

TASK_QUEUE = "orders"

# The limit of activities that have none of their own.
DEFAULT_STEP_TIMEOUT = timedelta(hours=1)


@dataclass
class Receipt:
    item: str
    amount: float


@dataclass
class SingleInput:
    """Input of the single workflow."""

    item: str
    amount: int = 5


@dataclass
class GuardedInput:
    """Input of the guarded workflow."""

    item: str


@dataclass
class PackingInput:
    """Input of the packing workflow."""

    item: str


@dataclass
class OrderInput:
    """Input of the order workflow."""

    items: list[str]


@dataclass
class ChargeInput:
    """Input of the charge activity."""

    item: str
    amount: int


@dataclass
class BookInput:
    """Input of the book activity."""

    item: str
    amount: float


@dataclass
class PackInput:
    """Input of the pack activity."""

    item: str


@dataclass
class RefundInput:
    """Input of the refund activity."""

    item: str

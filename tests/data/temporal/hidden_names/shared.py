"""What the workflows, activities and clients of hidden_names share."""

from dataclasses import dataclass
from datetime import timedelta as temporal_timedelta

TASK_QUEUE = "hidden-names"

# The limit of activities that have none of their own.
DEFAULT_STEP_TIMEOUT = temporal_timedelta(hours=1)


@dataclass
class ChildInput:
    """Input of the child workflow."""

    amount: int


@dataclass
class TimedeltaInput:
    """Input of the timedelta workflow."""

    amount: int
    next: float


@dataclass
class FreshInput:
    """Input of the fresh activity."""

    amount: int


@dataclass
class ItertoolsInput:
    """Input of the itertools activity."""

    amount: int


@dataclass
class OsInput:
    """Input of the os activity."""

    amount: int

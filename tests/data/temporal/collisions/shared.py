"""What the workflows, activities and clients of collisions share."""

from dataclasses import dataclass, field
from datetime import timedelta as temporal_timedelta

TEMPORAL_TASK_QUEUE = "collisions"

# The limit of activities that have none of their own.
DEFAULT_STEP_TIMEOUT = temporal_timedelta(hours=1)

NO_RETRY = "user's own"


@dataclass
class RetryPolicy:
    attempts: int


@dataclass
class MainInput:
    timedelta: int
    type: str = "plain"


@dataclass
class StartInput:
    """Input of the start workflow."""

    input: str
    self: int = field(default_factory=lambda: NO_RETRY.count("u"))


@dataclass
class MainInput_2:
    """Input of the main activity."""

    input: MainInput
    self: int


@dataclass
class ActivityInput:
    """Input of the activity activity."""

    workflow: str

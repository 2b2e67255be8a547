"""Values that may be missing cross the boundaries, and so does a text with a stand-in: \ufffc."""

from dataclasses import dataclass
from datetime import datetime

from wfc import step, workflow


@dataclass
class Box:
    """What is inside may be missing, too."""

    price: float
    packed: datetime | None = None


@step
def weigh(price: float | None, box: Box | None, mark: str = "\ufffc") -> float | None:
    """Optional values in and out."""
    return price


@step
def boxes() -> dict[str, Box | None]:
    """A dict of them."""
    return {}


@workflow
def pack(price: float | None, box: Box | None) -> float | None:
    """Each value is looked at more than once, and made once."""
    found = boxes()
    return weigh(price, found.get("first") or box, "￼")

"""Values of every kind cross the boundaries of steps and children."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Literal, TypedDict

from wfc import step, workflow


class Colour(str, Enum):
    """A text, really."""

    RED = "red"


class Size(Enum):
    """No text."""

    SMALL = 1
    LARGE = 2


class Address(TypedDict):
    """Plain data."""

    city: str
    zip: str


@dataclass
class Shirt:
    """Can be changed."""

    size: Size
    colour: Colour
    price: float = 1


@step
def quote(shirt: Shirt, rate: float) -> float:
    """A float, whatever the step returns."""
    return 3


@step
def maybe(name: str, flag: Literal["a", "b"] = "a") -> Shirt | None:
    """A record or nothing."""
    return None


@step
def pair(count: int) -> tuple[int, Size]:
    """A tuple with something inside."""
    return count, Size.SMALL


@step
def by_name(address: Address) -> dict[str, Shirt]:
    """A dict of records."""
    return {}


@step
def anything(values: list[int]) -> Any:
    """Plain JSON data."""
    return values


@step
def moment(wait: timedelta) -> datetime:
    """A moment."""
    return datetime.fromisoformat("2026-01-31T12:00:00Z") + wait


@workflow
def dress(shirt: Shirt, rate: float = 1) -> float:
    """A child with a record."""
    return quote(shirt, rate) + 1


@workflow
def values(size: Size, address: Address, count: int = 2) -> Shirt | None:
    """Everything once."""
    shirt = maybe("x")
    if shirt is None:
        shirt = Shirt(size, Colour.RED, 5)
    number, other = pair(count)
    shirts = by_name(address)
    shirts["mine"] = Shirt(other, Colour.RED)
    found = anything([number, count])
    when = moment(timedelta(seconds=count))
    total = dress(shirt, 2)
    total += dress(shirts["mine"])
    if total > 1 and found is not None and when.year > 2000:
        return shirt
    return None

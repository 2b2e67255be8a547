"""What the engines that run Python can do and Step Functions cannot."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wfc import Retry, sleep, step, workflow


@dataclass
class Box:
    """A record that changes."""

    items: list[int]


@step
def take(name: str, value: int = 0) -> int:
    """Leave a trace."""
    return value


@workflow
def dict_order(prices: dict[str, int]) -> list[str]:
    """Dicts keep the order of insertion."""
    lines = []
    for name, price in prices.items():
        take(name, price)
        lines.append(name)
    for name in prices:
        lines.append(name)
    return lines + list(prices.keys())


@workflow
def aliases(items: list[int]) -> list[int]:
    """Two names for one list."""
    same = items
    same.append(take("a", 5))
    box = Box(items)
    box.items.append(6)
    return items


@workflow
def nested_change(rows: list[list[int]]) -> list[list[int]]:
    """A change through the loop variable."""
    for row in rows:
        row.append(take("row", len(row)))
    return rows


@workflow
def float_text(price: float) -> str:
    """A float as text."""
    take("price")
    return f"{price} {price * 3}"


@workflow
def float_sum(prices: list[float]) -> float:
    """A sum of floats, from left to right."""
    take("sum")
    return sum(prices)


@workflow
def large_integers(a: int) -> int:
    """Integers without a limit."""
    take("large")
    return a * 10**20 + 1


@workflow
def bits(a: int, b: int) -> list[int]:
    """Operators on bits."""
    return [a & b, a | b, a ^ b, a << 2, a >> 1, ~a]


@workflow
def sleep_of_duration(wait: timedelta, minutes: int) -> str:
    """Durations of every kind."""
    sleep(wait)
    sleep(timedelta(minutes=minutes))
    sleep(90)
    sleep("1 day 12 hours")
    return "awake"


@workflow
def float_formats(share: float, name: str = "x") -> str:
    """Formats of floats with a width, and centred text."""
    take("format")
    return f"{name:^5}|{share:8.1f}|{share:<8.2f}|{share:g}|{share:.0%}|{share:e}"


@step(retry=Retry(KeyError, attempts=2, first_delay=0.5, max_delay=0.5))
def hurry(name: str) -> int:
    """Tried again soon."""
    return 0


@workflow
def short_delays(name: str) -> int:
    """Delays of parts of a second."""
    sleep(0.25)
    return hurry(name)


@step
def price_of(name: str, discount: float = 0.0) -> float:
    return len(name) - discount


@workflow
def scaled(price: float, factor: float) -> float:
    """What no JSON number can hold ends the workflow."""
    return price * factor


@workflow
def cheapest(names: list[str], factor: float) -> float:
    """An infinity that stays inside is a number like any other; a step is not given it."""
    best = float("inf")
    for name in names:
        price = price_of(name) * factor
        if price < best:
            best = price
    return price_of("best", best)


@workflow
def settled(price: float, factor: float) -> str:
    """The error of a child whose result no JSON number can hold."""
    try:
        return "low" if scaled(price, factor) < 100 else "high"
    except ValueError:
        return "no price"


@dataclass
class Offer:
    """What may be missing in a record."""

    price: float
    until: datetime | None = None


@step
def bid(price: float | None, offer: Offer | None) -> float | None:
    """Optional values in and out."""
    return price


@step
def offers() -> dict[str, Offer | None]:
    """Optional values in a dict."""
    return {}


@workflow
def optional_values(price: float | None, offer: Offer | None) -> float | None:
    """Values that may be missing cross every boundary, beside a text with a stand-in."""
    found = offers()
    chosen = found.get("\ufffc") or offer
    answer = bid(price, chosen)
    if chosen is None or answer is None:
        return None
    return answer + chosen.price

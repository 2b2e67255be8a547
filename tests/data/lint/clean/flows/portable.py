"""What a workflow of wfc may do, and what only looks like a mistake."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shop.effects import post

from wfc import Retry, sleep, step, transaction, workflow

RATES = {"eu": 20, "ch": 8}
NAMES = ["a", "b"]
LIMIT = timedelta(days=3)


@dataclass
class Amount:
    value: int
    tags: list[str] = field(default_factory=list)


@step(retry=Retry(ConnectionError, attempts=3))
def send(order: str) -> float:
    started = time.time()
    print("sending", order)
    return post(order) - started


@step
def common(names: list[str]) -> list[str]:
    counts = Counter(names)
    return [name for name in set(names) if counts[name] > random.randint(0, 1)]


@transaction
def store(order: str) -> None:
    time.sleep(0)


def fee(amount: Amount) -> Amount:
    return replace(amount, value=amount.value // 50)


def label(order: str, at: datetime) -> str:
    return f"{order}-{at.isoformat()}"


@workflow
def pay(order: str, amount: Amount, at: datetime, names: list[str]) -> list[str]:
    """Uses sets, dates and look-ups, all of them in a replayable way."""
    seen: list[str] = []
    for name in sorted(set(names)):
        if name not in NAMES:
            seen.append(name)
    largest = max(len(name) for name in names) + len(NAMES)
    by_name = {name: len(name) for name in names}
    for name, length in by_name.items():
        if length < largest:
            seen.append(f"{name}{length}")
    started = send(order)
    store(order)
    sleep("3 days")
    ended = send(order)
    due = at + LIMIT
    if due > datetime.fromisoformat("2026-01-01T00:00:00+00:00") and ended > started:
        seen += common(names)
    seen.append(label(order, at))
    return seen + [str(fee(amount).value * RATES["eu"])]


@workflow
def shadow(time: float, open: str, random: list[str]) -> str:
    id = open.strip()
    hash = len(random)
    return f"{id}{hash}{time}"


@workflow
def local_state(orders: list[str]) -> dict[str, int]:
    cache: dict[str, int] = {}
    for order in orders:
        cache[order] = cache.get(order, 0) + 1
    history: list[int] = []
    history.append(len(cache))
    return cache

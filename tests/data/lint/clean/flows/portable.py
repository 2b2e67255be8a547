import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import shop
from shop import label, sum_up
from shop.effects import post
from shop.money import KINDS, RATES, Amount, sample, schedule, traced

from wfc import Retry, sleep, step, transaction, workflow


@step(retry=Retry(ConnectionError, attempts=3))
def send(order: str) -> float:
    started = time.time()
    print("sending", order)
    return post(order) - started


@transaction
def store(order: str) -> None:
    time.sleep(0)


@traced
def fee(amount: Amount) -> Amount:
    return replace(amount, value=amount.value / 50)


@workflow
def pay(order: str, amount: Amount, at: datetime, names: list[str]) -> list:
    """Uses sets, dates, lookups and generators, all of them in a replayable way."""
    unique = set(names)
    unique |= {"x"}
    seen = []
    for name in sorted(unique):
        if name in unique and name not in KINDS:
            seen.append(name)
    counts = Counter(names)
    for name, count in counts.items():
        seen.append(f"{name}{count}")
    largest = max(len(name) for name in unique) + len(unique)
    amount.add("paid")
    by_name = {name: len(name) for name in names}
    for name in by_name.keys():
        seen.append(name)
    both = sorted(set(names) & unique)
    send(order)
    store(order)
    sleep("3 days")
    tax = RATES["eu"] + RATES.get("ch", RATES["no"])
    due = at + timedelta(hours=2)
    if due > datetime(2026, 1, 1):
        seen += sample(both, 7)
    return [seen, largest, sum_up([fee(amount)]), label(order), shop.total([]), tax, schedule(at, 3.0)]


@workflow
def shadow(time: float, open: str, random: list) -> str:
    id = open.strip()
    hash = len(random)
    return f"{id}{hash}{time}"


@workflow
def local_state(orders: list[str]) -> dict[str, int]:
    cache: dict[str, int] = {}
    for order in orders:
        cache[order] = cache.get(order, 0) + 1
    history = []
    history.append(cache)
    return cache

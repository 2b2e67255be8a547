"""Python that is no part of wfc's language, used in a replayable way."""

import asyncio
import functools
import operator
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import requests
import shop
from dbos import DBOS
from shop import label, sum_up
from shop.money import KINDS, RATES, Amount, sample, schedule, traced


@traced
def fee(amount: Amount) -> Amount:
    return replace(amount, value=amount.value / 50)


@contextmanager
def section(names: list):
    names.append("begin")
    yield names
    names.append("end")


@functools.singledispatch
def shown(value: object) -> str:
    return str(value)


@shown.register
def _(value: int) -> str:
    return f"{value:04}"


def formatted(value: object, show=shown, ids=frozenset({"a"})) -> str:
    return show(value) if value not in ids else ""


@DBOS.workflow()
def pay(amount: Amount, at: datetime, names: list[str]) -> list:
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
    tax = RATES["eu"] + RATES.get("ch", RATES["no"])
    due = at + timedelta(hours=2)
    if due > datetime(2026, 1, 1):
        seen += sample(both, 7)
    total = sum_up([fee(amount)])
    return [seen, largest, total, label("x"), shop.total([]), tax, schedule(at, 3.0)]


@DBOS.workflow()
async def shapes(answer: requests.Response, values: list) -> list:
    if isinstance(answer, requests.Response) and not isinstance(values, asyncio.Queue):
        values = [formatted(value) for value in values]
    names: list[str] = []
    with ExitStack() as stack:
        stack.enter_context(section(names))
    lengths = map(operator.methodcaller("strip"), names)
    return [*lengths, operator.attrgetter("status_code")(answer), min({1, 2}), {3, 1} == {1, 3}]

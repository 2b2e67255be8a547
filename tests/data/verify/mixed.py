"""Spellings of steps and workflows: async def, transactions, names, injected parameters, dates."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Any

from wfc import (
    Connection,
    IdempotencyKey,
    Retry,
    RunId,
    injected,
    sleep,
    step,
    transaction,
    workflow,
)


class Level(StrEnum):
    """An enum that is text."""

    LOW = "low"
    HIGH = "high"


class Answer(str, Enum):
    """An enum that is text, the older way."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class Visit:
    """A record with a moment, a duration and a tuple."""

    at: datetime
    lasts: timedelta
    place: tuple[int, int]
    level: Level = Level.LOW


class Busy(Exception):
    """Try again."""


@step
async def fetch(name: str, *, times: int = 1) -> str:
    """A step as a coroutine."""
    return name * times


@step(name="keep it", retry=Retry(Busy, attempts=2), timeout=timedelta(minutes=1))
def keep(
    text: str,
    key: IdempotencyKey = injected,
    run: RunId = injected,
) -> str:
    """A step with a name of its own, and what an engine fills."""
    return f"{text}{key}{run}"


@transaction(retry=Retry(Busy))
def write(row: str, amount: int = 1, db: Connection = injected) -> int:
    """A step on the application's database."""
    db.exec_driver_sql("select 1")
    return amount


@step
def plan(visit: Visit) -> Visit:
    """Dates out and in."""
    return visit


@step
def anything(value: Any) -> Any:
    """Any JSON value."""
    return value


@step
def grade(level: Level, answer: Answer | None = None) -> Level:
    """Text enums out and in."""
    return level


@workflow
async def asynchronous(name: str) -> str:
    """A workflow as a coroutine."""
    first = await fetch(name)
    await sleep("1h")
    try:
        second = await asynchronous_child(first)
    except Busy as error:
        return f"busy: {error}"
    return first + second + await fetch("x", times=3)


@workflow
async def asynchronous_child(name: str) -> str:
    """A child as a coroutine."""
    if name == "bad":
        raise Busy("child")
    return (await fetch(name)).upper()


@workflow(name="sites with names", version="7")
def named_sites(a: str) -> str:
    """Places with names of their own."""
    first = keep(a)  # wfc: name keep_first
    second = keep(first + "!")
    sleep("2s")  # wfc: name short_nap
    return second + keep(second)


@workflow
def transactions(rows: list[str]) -> int:
    """Transactions in a loop and in a handler."""
    total = 0
    for row in rows:
        try:
            total += write(row, amount=len(row))
        except Busy:
            total += write("busy")
    return total


@workflow
def dates(visit: Visit, moment: datetime) -> list[bool]:
    """Dates are compared and handed on."""
    planned = plan(visit)
    return [
        planned.at == visit.at,
        planned.at < moment,
        planned.lasts > timedelta(minutes=30),
        planned.place == visit.place,
        planned.place[0] > planned.place[1],
        planned.level is Level.HIGH,
    ]


@workflow
def date_arithmetic(moment: datetime, other: datetime, wait: timedelta) -> Visit:
    """Moments and durations are added and subtracted."""
    later = moment + timedelta(hours=1, seconds=30) - wait
    return Visit(later, other - moment, (1, 2), level=Level.HIGH)


@workflow
def passing_on(value: Any) -> Any:
    """A value that nobody looks at."""
    return anything(value)


@workflow
def text_enums(level: Level) -> str:
    """Text enums are compared with members and go to steps."""
    found = grade(level)
    if found == Level.HIGH:
        found = grade(Level.LOW, Answer.NO)
    if found is not Level.LOW:
        return "odd"
    return f"{found.value} {found.name} {Answer.YES.value}"


@workflow
def pairs(names: list[str], prices: list[int]) -> list[str]:
    """Loops over several lists at once, and backwards."""
    lines: list[str] = []
    for name, price in zip(names, prices):  # noqa: B905
        lines.append(f"{name}={price}")
        write(name, price)
    for name in reversed(names):
        lines.append(name)
        write(name)
    for name in sorted(names, reverse=True):
        lines.append(name)
    return lines


@workflow
def text_loop(text: str) -> list[str]:
    """A loop over the characters of a text."""
    seen: list[str] = []
    for char in text:
        if char in seen:
            continue
        seen.append(char)
        write(char)
    return seen

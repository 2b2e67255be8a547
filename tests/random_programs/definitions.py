"""What the modules of ``wide`` define."""

from __future__ import annotations

from typing import Final

IMPORTS: Final = """from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from typing import NotRequired, TypedDict

from wfc import Heartbeat, Retry, injected, sleep, step, workflow
"""

DEFINITIONS: Final = r"""

class Lowest(Low):
    pass


class Missing(LookupError):
    pass


class Level(Enum):
    LOW = 1
    HIGH = 2


class Plan(StrEnum):
    FREE = "free"
    PAID = "it's paid"


class Answer(str, Enum):
    YES = "yes"
    NO = "no"


class Address(TypedDict):
    street: str
    number: int
    note: NotRequired[str]


@dataclass
class Order:
    item: Item
    tags: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    level: Level = Level.LOW
    note: str | None = None


def graded(level: Level, value: int) -> int:
    return value + 1 if level is Level.HIGH else value


def described(order: Order) -> str:
    total = sum(len(tag) for tag in order.tags if tag)
    return f"{order.item.name}{total}{order.note or '-'}"


@step(heartbeat="10s", retry=Retry(TimeoutError, attempts=2))
def watch(value: int, beat: Heartbeat = injected) -> int:
    beat(value)
    return value


@step(timeout="5s")
def slow(text: str) -> str:
    return text


@step
def maybe(text: str) -> str | None:
    return text or None


@step(retry=Retry(Low, ValueError, attempts=3, first_delay="1s"))
def grade(level: Level, plan: Plan = Plan.FREE) -> Level:
    return level


@step
def locate(address: Address) -> Address:
    return address


@step
def stock(text: str) -> dict[str, int]:
    return {text: 1}


@step
def fill(order: Order) -> Order:
    return order


@step
def pair(value: int) -> tuple[int, str]:
    return (value, "x")


@step
def scale(value: float) -> float:
    return value


@workflow
def refuse(kind: int, text: str) -> str:
    if kind == 0:
        raise High('{"Error": "x", "Cause": "y"}')
    if kind == 1:
        raise Low("{not json")
    if kind == 2:
        raise Lowest('line\nline "q" \'s\' \\ %}')
    if kind == 3:
        raise Missing(text)
    if kind == 4:
        raise AppError
    if kind == 5:
        raise ValueError('["ValueError", "x"]')
    if kind == 6:
        raise Low('{"errorMessage": "x", "errorType": "High"}')
    found = slow(text)
    if kind == 7:
        return found + label(kind)
    raise TimeoutError(text)


@workflow
def passed(kind: int, text: str, order: Order) -> Order:
    try:
        text = refuse(kind, text)
    except Low as error:
        raise Lowest(f"{error}!") from error
    except OSError:
        store(order.item)
        raise
    return replace(order, note=text)


@workflow
def wanted(text: str, level: Level) -> str | None:
    if level is Level.LOW:
        return None
    return maybe(text)
"""

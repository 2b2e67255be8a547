from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import TypedDict

import requests
from wfc import CallbackToken, Connection, IdempotencyKey, Retry, injected, step, workflow
from wfc import *

OPTIONS = {}


class Kind(Enum):
    A = "a"
    B = object()


@dataclass(eq=False)
class Order:
    id: str
    total: int = max
    secret: InitVar[int] = 0
    lines: list[str] = field(default_factory=dict.fromkeys)

    def __post_init__(self, secret: int) -> None: ...


@cache
@dataclass
class Wrapped(requests.Session):
    id: str


@dataclass
class Outer:
    inner: Inner | None


@dataclass
class Inner:
    price: Decimal


class Bad(Exception):
    def __init__(self, code: int) -> None:
        self.code = code


class Twice(ValueError, KeyError):
    pass


@step(
    retry=Retry(Bad, requests.Timeout, attempts=0, first_delay="3 dayz", backoff=0.5, wat=1),
    timeut="30s",
    timeout=-1,
    heartbeat=0,
    queue="fast",
    name=5,
)
def many_options(amount: Decimal, *args: int, **kwargs: int) -> dict[int, str]: ...


@step(retry=Retry(Twice))
def uses_what_cannot_be_read(wrapped: list[Wrapped], kind: Kind, outer: Outer) -> None: ...


@step("positional")
@cache
def decorated(x: int, /, xs: list[int] = [], at: int = len("abc" * OPTIONS)) -> int: ...


@step(retry=OPTIONS)
def injected_wrongly(
    key: IdempotencyKey, other: int = injected, token: CallbackToken = injected
) -> None: ...


@step
def again() -> None: ...


@step
def again() -> None: ...


@step
def Again_() -> None: ...


@step(timeout="1 min", heartbeat="10s")
def silent(url: str) -> str: ...


@workflow(timeout="soon", version=2)
@cache
def flow(order: Order, connection: Connection = injected, wait: requests.Session = None) -> None:
    pass


class Level(Enum):
    LOW = 1
    HIGH = 2
    LOW = 3


@step
def levelled(level: Level) -> None: ...

"""What only steps use is kept as text, whatever it is."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import overload

from wfc import step, workflow

try:
    import orjson as fast_json
except ImportError:
    fast_json = None

log = logging.getLogger(__name__)
ALLOWED = {"a", "b"}
counter = 0
counter += 1


class Mode(Enum):
    """Its values are no JSON data."""

    FAST = Decimal(1)


@dataclass
class Account:
    """It computes while it is made."""

    balance: Decimal

    def __post_init__(self) -> None:
        self.balance = self.balance.normalize()


@dataclass
class Ledger:
    accounts: list[Account]


class Client:
    def send(self, text: str) -> None:
        log.info(text)


class Ambiguous(ValueError, KeyError):
    pass


@overload
def double(value: int) -> int: ...
@overload
def double(value: str) -> str: ...
def double(value):
    return value * 2


@cache
def client() -> Client:
    return Client()


@step
def send(text: str) -> str:
    """Uses all of it."""
    client().send(double(text) if text in ALLOWED else Mode.FAST.name)
    return str(Ledger([Account(Decimal(counter))]))


@workflow
def flow(text: str) -> str:
    return send(text)


if __name__ == "__main__":
    print(flow("a"))

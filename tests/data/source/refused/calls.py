from wfc import sleep, step, workflow


@step
def charge(amount: int, currency: str = "eur", *, note: str = "") -> int:
    return amount


from dataclasses import dataclass
from functools import cache
from typing import TypedDict

from wfc import IdempotencyKey, injected


@dataclass(frozen=True)
class Order:
    id: str
    total: int = 0


class Options(TypedDict):
    fast: bool


@step
def keyed(id: str, key: IdempotencyKey = injected) -> Order: ...


@step
def untyped(value): ...


@step
async def later(value: int) -> int: ...


def recursive(n: int) -> int:
    return recursive(n - 1) if n else 0


def ping(n: int) -> int:
    return pong(n)


def pong(n: int) -> int:
    return ping(n)


def with_step(n: int) -> int:
    return charge(n)


def with_sleep(n: int) -> int:
    sleep(n)
    return n


async def async_helper(n: int) -> int:
    return n


@cache
def decorated(n: int) -> int:
    return n


def wrong_result(n: int) -> str:
    if n:
        return n


class Client: ...


@workflow
def flow(order: Order, options: Options) -> int:
    charge()
    charge(1, "usd", "late")
    charge(1, amount=2)
    charge(1, curency="usd")
    charge("text")
    charge(*[1])
    charge(**{})
    keyed("x", key="k")
    keyed("x").totl
    untyped(1).field
    untyped(1)["field"] + 1
    order.total = 5
    Order()
    Order("x", "y")
    Order("x", 1, 2)
    slow: Options = {"slow": True}
    note: Options = {"fast": True, "slow": False}
    options["slow"]
    options.fast
    recursive(1)
    ping(1)
    with_step(1)
    with_sleep(1)
    async_helper(1)
    decorated(1)
    wrong_result(1)
    Client()
    later(1)
    child(1, 2)
    ValueError("x")
    chrge(1)
    return "text"


@step
def key_in_the_middle(a: int, key: IdempotencyKey = injected, b: int = 0) -> None: ...


def broken(n: int) -> int:
    return undefined + n


EARLY = wrong_result(3)


@workflow
def in_a_loop(n: int) -> None:
    found = None
    while found is None:
        broken(n)
        decorated(n)
        key_in_the_middle(1, 2)
        key_in_the_middle(1, b=2)
        found = EARLY


@workflow
def child(n: int) -> int:
    return other(n)


@workflow
def other(n: int) -> int:
    if n:
        return child(n - 1)
    return other(n)


@workflow
async def asynchronous(n: int) -> int:
    later(n)
    await charge(n)
    await flow
    await len("x")
    return await later(n)


@workflow
def may_end(n: int) -> int:
    if n > 3:
        return n

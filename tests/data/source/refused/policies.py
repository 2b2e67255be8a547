"""Retry policies that cannot be read, and names of wfc where they cannot be carried over."""

import wfc
from elsewhere import SHARED_RETRY
from wfc import Heartbeat, IdempotencyKey, Retry, injected, sleep, step, workflow


class Down(Exception):
    pass


WRONG = Retry(Down, attempts=0, wait=3)
TWICE = Retry(Down)
TWICE = Retry(OSError)
BY_NAME = {"bank": Retry(Down)}
BANK = Retry(Down)
ALIAS = BANK


def slowly(client, key: IdempotencyKey):
    return client(key, BANK.attempts)


def unused(key: IdempotencyKey): ...


class Client:
    def send(self, beat: Heartbeat, wait=wfc.sleep) -> None: ...


@step(retry=LATER)
def late() -> None: ...


LATER = Retry(Down)


@step(retry=WRONG)
def a() -> None:
    from wfc import Connection

    sleep(3)


@step(retry=TWICE)
def b(key: IdempotencyKey = injected) -> str:
    sleep = key
    return slowly(Client, sleep)


@step(retry=SHARED_RETRY)
def c() -> int:
    return BY_NAME["bank"].attempts


@step(retry=ALIAS)
def d() -> None: ...


@step(retry=BY_NAME["bank"])
def e() -> None: ...


@workflow
def flow() -> None:
    late()
    a()
    b()
    c()
    d()
    e(BANK)
    BANK()

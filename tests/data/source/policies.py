"""Retry policies with a name, which several steps share."""

from typing import Final

import wfc
from wfc import Heartbeat, Retry, injected, step, transaction, workflow

ATTEMPTS = 4


class Down(Exception):
    pass


# The bank is down for minutes at a time.
BANK_RETRY = Retry(Down, attempts=ATTEMPTS, first_delay="2s")
ANY_RETRY: Final = wfc.Retry(attempts=2, first_delay=1, max_delay=None)
UNUSED: Retry = Retry(OSError)


@step(retry=BANK_RETRY, timeout="30s", heartbeat="5s")
def load(url: str, beat: Heartbeat = injected) -> str:
    for chunk in range(3):
        beat(chunk)
    return url


@transaction(retry=BANK_RETRY)
def save(text: str) -> None:
    BANK_RETRY = "a local variable"
    print(BANK_RETRY, text)


@step(retry=ANY_RETRY)
def tell(text: str) -> None:
    print(text)


@workflow
def flow(url: str) -> None:
    text = load(url)
    save(text)
    tell(text)

"""Steps that have to show that they are alive."""

import asyncio

from wfc import Heartbeat, IdempotencyKey, Retry, injected, step, workflow


@step(heartbeat="10s", timeout="1h", retry=Retry(TimeoutError, attempts=2))
def load(
    url: str, limit: int = 3, key: IdempotencyKey = injected, beat: Heartbeat = injected
) -> list[str]:
    """Load the pages of a site."""
    pages = []
    for number in range(limit):
        pages.append(f"{url}/{number}?key={key}")
        beat(number)
    return pages


@step(heartbeat="500ms")
async def index(pages: list[str], beat: Heartbeat = injected) -> int:
    for _ in pages:
        await asyncio.sleep(0)
        beat()
    return len(pages)


@step
def announce(url: str, beat: Heartbeat = injected) -> None:
    """Tell everyone."""
    beat()
    print(url)


@step
def ping(url: str) -> None:
    print(url)


@workflow
async def crawl(url: str, heartbeat: int = 0) -> int:
    """Load and index a site."""
    ping(url)
    try:
        pages = load(url)
    except TimeoutError as error:
        reason = f"{error}"
        announce(reason)
        return heartbeat
    announce(url)
    return await index(pages)

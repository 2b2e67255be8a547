"""Steps that are coroutine functions, beside ordinary ones."""

import asyncio

from wfc import Retry, RunId, injected, sleep, step, workflow


@step(retry=Retry(OSError, attempts=4, first_delay="1s", backoff=1.5), timeout="5s")
async def fetch(url: str, run: RunId = injected) -> str:
    """Wait for an answer."""
    await asyncio.sleep(0)
    return f"{run} {url}"


@step
def keep(text: str) -> None:
    """Write it down."""
    print(text)


@workflow(name="collect-all")
async def collect(urls: list[str]) -> list[str]:
    """Fetch one after the other."""
    texts: list[str] = []
    for url in urls:
        try:
            texts.append(await fetch(url))
        except TimeoutError:
            await sleep("1 min")
    keep(", ".join(texts))
    return texts

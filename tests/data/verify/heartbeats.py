"""Steps that show that they are alive, and fail when they do not."""

from wfc import Heartbeat, Retry, injected, step, workflow


@step(heartbeat="10s", timeout="1 min")
def long(text: str, beat: Heartbeat = injected) -> int:
    """A step that must show that it is alive."""
    for position in range(len(text)):
        beat(position)
    return len(text)


@step(heartbeat="10s", retry=Retry(TimeoutError, attempts=3))
async def patient(text: str, times: int = 1, beat: Heartbeat = injected) -> dict[str, int]:
    """A step that is tried again when it falls silent."""
    beat()
    return {text: times}


@step
def free(text: str, beat: Heartbeat = injected) -> str:
    """A step that nobody watches."""
    beat(text)
    return text


@workflow
def heartbeats(text: str) -> str:
    """A heartbeat that fails to come is a TimeoutError."""
    try:
        return f"{long(text)}"
    except TimeoutError as error:
        return f"{type(error).__name__}: {error}"
    except ValueError as error:
        return f"not long: {error}"


@workflow
async def retried(text: str) -> int:
    """The result of the attempt that comes back."""
    found = await patient(text)
    return found[text] + len(free(text))

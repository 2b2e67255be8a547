"""A heartbeat that fails to come; a step of Temporal sends it."""

from wfc import Heartbeat, injected, step, workflow


@step(heartbeat="10s", timeout="1 min")
def long(text: str, beat: Heartbeat = injected) -> int:
    """A step that must show that it is alive."""
    beat()
    return len(text)


@workflow
def reports(text: str) -> str:
    """A heartbeat that fails to come is a TimeoutError."""
    try:
        return f"{long(text)}"
    except TimeoutError as error:
        return f"{error}"

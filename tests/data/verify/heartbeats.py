"""A heartbeat that fails to come; a machine of Step Functions expects it of a function."""

from wfc import step, workflow


@step(heartbeat="10s", timeout="1 min")
def long(text: str) -> int:
    """A step that must show that it is alive."""
    return len(text)


@workflow
def heartbeats(text: str) -> str:
    """A heartbeat that fails to come is a TimeoutError."""
    try:
        return f"{long(text)}"
    except TimeoutError as error:
        return f"{error}"

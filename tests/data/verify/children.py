"""Workflows that start workflows: results, errors and time limits over several levels."""

from wfc import step, workflow


class OrderError(Exception):
    """The base."""


class PaymentError(OrderError):
    """Below it."""


@step
def pay(name: str) -> str:
    """May fail."""
    return name


@step(timeout="10s")
def ship(name: str) -> str:
    """May take too long."""
    return name


@step
def record(what: str) -> None:
    """Leave a trace."""


@workflow
def leaf(name: str, own: str = "") -> str:
    """Fails by itself or by a step."""
    if own == "text":
        raise PaymentError("plain text")
    if own == "object":
        raise PaymentError('{"Error": "x", "Cause": "y"}')
    if own == "brace":
        raise PaymentError("{not json")
    if own == "function":
        raise PaymentError('{"errorMessage": "x", "errorType": "PaymentError"}')
    if own == "none":
        raise PaymentError
    if own:
        raise PaymentError(own)
    return pay(name) + ship(name)


@workflow
def middle(name: str, own: str = "") -> str:
    """Hands on what happens below it."""
    record("middle")
    return leaf(name, own) + "."


@workflow
def top(name: str, own: str = "") -> str:
    """Handles what comes up through two levels."""
    try:
        return middle(name, own)
    except PaymentError as error:
        return f"payment: {error}"
    except TimeoutError as error:
        return f"timeout: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@workflow
def parent(name: str, own: str = "") -> str:
    """Handles what comes up through one level."""
    try:
        return leaf(name, own)
    except OrderError as error:
        record(f"{error}")
        raise
    except TimeoutError as error:
        return f"timeout: {error}"


@workflow
def translated(name: str, own: str = "") -> str:
    """Turns a child's error into another."""
    try:
        return leaf(name, own=own)
    except PaymentError as error:
        raise OrderError(f"{type(error).__name__}: {error}") from error


@workflow
def uncaught(name: str, own: str = "") -> str:
    """Handles nothing."""
    record("start")
    return middle(name, own)


@workflow
def compensated(names: list[str]) -> list[str]:
    """A child for each name; those done are undone when one fails."""
    done = [""]
    for name in names:
        try:
            done.append(leaf(name))
        except Exception:
            for other in done:
                record(other)
            raise
    return done


@workflow
def twice(name: str) -> str:
    """Two children in one expression."""
    return leaf(name) + leaf(name + "2")

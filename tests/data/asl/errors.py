"""Handlers become Catchers, in the order of Python."""

from wfc import Heartbeat, Retry, injected, step, workflow


class PaymentError(Exception):
    """The payment did not work."""


class CardDeclined(PaymentError):
    """The bank said no."""


class Expired(CardDeclined):
    """The card is too old."""


@step(retry=Retry(CardDeclined, attempts=2, first_delay="3s", backoff=1.5, max_delay="1 minute"))
def charge(amount: int) -> str: ...


@step(retry=Retry(attempts=3, jitter=True), timeout="1 minute", heartbeat="10s")
def slow(name: str, beat: Heartbeat = injected) -> int: ...


@step
def undo(name: str) -> None: ...


@workflow
def by_class(amount: int) -> str:
    """A handler takes subclasses too; the first that fits counts."""
    try:
        return charge(amount)
    except Expired:
        undo("expired")
        return "expired"
    except (PaymentError, LookupError) as error:
        undo(f"{type(error).__name__}: {error}")
        return str(error)
    except TimeoutError:
        return "late"


@workflow
def nested(amount: int) -> str:
    """What the inner handlers do not take goes to the outer ones."""
    result = "none"
    try:
        try:
            result = charge(amount)
        except Expired as inner:
            undo(f"inner {inner}")
            slow("inside")
        else:
            slow("after")
        slow("last")
    except PaymentError:
        undo("payment")
    except Exception as outer:
        result = f"failed: {outer}"
    return result


@workflow
def raised_inside(amount: int) -> str:
    """An error raised in the workflow is caught in it."""
    text = "fine"
    try:
        if amount < 0:
            raise Expired(f"{amount} is negative")
        if amount == 0:
            raise ValueError("nothing")
        charge(amount)
    except CardDeclined as error:
        text = f"declined: {error}"
    return text


@workflow
def again(amount: int) -> str:
    """An error goes on, past a handler that may take it."""
    try:
        try:
            return charge(amount)
        except Exception as error:
            undo("first")
            if amount > 5:
                raise
            raise CardDeclined(f"because {error}") from error
    except CardDeclined as declined:
        undo(f"second {declined}")
        raise PaymentError(str(declined)) from None


@workflow
def timeout(name: str) -> str:
    """A timeout of Step Functions is a TimeoutError."""
    try:
        slow(name)
    except TimeoutError as error:
        return f"{type(error).__name__}: {error}"
    except OSError:
        return "other"
    return "in time"


@workflow
def in_a_loop(amounts: list[int]) -> list[str]:
    """A handler leaves the loop, or goes on."""
    results: list[str] = []
    for amount in amounts:
        try:
            results.append(charge(amount))
        except Expired:
            break
        except PaymentError as error:
            results.append(f"{error}")
            continue
        undo("done")
    return results

"""Errors: classes and their hierarchy, handlers, retries, children."""

from wfc import Retry, step, workflow


class ShopError(Exception):
    """The base of this module's errors."""


class PaymentError(ShopError):
    """The money did not move."""


class CardDeclined(PaymentError):
    """The bank refuses."""


class StockError(ShopError):
    """Nothing left."""


@step
def work(name: str) -> str:
    """May fail."""
    return name


@step(timeout="5s")
def slow(name: str) -> str:
    """May take too long."""
    return name


@step(retry=Retry(PaymentError, TimeoutError, attempts=3, first_delay="1s"))
def pay(amount: int) -> str:
    """Tried again on some errors."""
    return "paid"


@step(retry=Retry(attempts=2))
def stubborn(amount: int) -> str:
    """Tried again on every error."""
    return "done"


@step(retry=Retry(OSError, attempts=4, first_delay="1s", backoff=3))
def connect(host: str) -> str:
    """Tried again on everything that is an OSError."""
    return "connected"


@step
def record(what: str) -> None:
    """Leave a trace."""


@workflow
def hierarchy(name: str) -> str:
    """The first handler whose class is the error's class or above it."""
    try:
        return work(name)
    except CardDeclined as error:
        return f"card: {error}"
    except PaymentError as error:
        return f"payment: {error}"
    except (StockError, KeyError) as error:
        return f"stock or key: {error}"
    except OSError as error:
        return f"os: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@workflow
def not_caught(name: str) -> str:
    """An error that no handler takes goes on."""
    try:
        return work(name)
    except StockError:
        return "stock"


@workflow
def try_else(name: str) -> str:
    """The else block runs when nothing was raised; its errors are not handled here."""
    try:
        found = work(name)
    except ShopError:
        found = "nothing"
    else:
        record(f"found {found}")
        found = work("else") + found
    return found


@workflow
def nested_try(name: str) -> str:
    """The inner handler first, then the outer one."""
    trace = ""
    try:
        try:
            trace = work(name)
        except CardDeclined:
            record("inner")
            trace = work("second")
    except ShopError as error:
        record("outer")
        trace = f"outer {error}"
    return trace


@workflow
def error_in_handler(name: str) -> str:
    """A handler's own error is not handled beside it."""
    try:
        try:
            return work(name)
        except CardDeclined:
            return work("second")
        except StockError:
            return "never from the handler"
    except Exception as error:
        return f"outer {type(error).__name__} {error}"


@workflow
def reraise(name: str) -> str:
    """A bare raise raises the same error again."""
    try:
        return work(name)
    except PaymentError:
        record("undo")
        raise


@workflow
def reraise_by_name(name: str) -> str:
    """Raising the caught error by its name."""
    try:
        return work(name)
    except Exception as error:
        record(f"undo {error}")
        raise error


@workflow
def raise_another(name: str) -> str:
    """One error turned into another."""
    try:
        return work(name)
    except Exception as error:
        raise StockError(f"instead of {type(error).__name__}: {error}") from error


@workflow
def raise_own(amount: int) -> int:
    """Errors of the workflow itself, caught and not."""
    try:
        if amount < 0:
            raise PaymentError(f"negative: {amount}")
        if amount == 0:
            raise CardDeclined("zero")
        record("fine")
    except CardDeclined as error:
        record(f"caught {error}")
        return 0
    if amount > 100:
        raise StockError
    if amount > 50:
        raise ValueError("more than 50")
    return amount


@workflow
def raise_from_none(name: str) -> str:
    """The cause is hidden; the error is the same."""
    try:
        return work(name)
    except ShopError:
        raise StockError("hidden") from None


@workflow
def timeout(name: str) -> str:
    """A step that takes too long."""
    try:
        return slow(name)
    except TimeoutError as error:
        return f"late: {error}"


@workflow
def timeout_as_os_error(name: str) -> str:
    """A TimeoutError is an OSError."""
    try:
        return slow(name)
    except OSError as error:
        return f"{type(error).__name__}: {error}"


@workflow
def uncaught_timeout(name: str) -> str:
    """A timeout that nobody handles."""
    record("before")
    return slow(name)


@workflow
def retried(amount: int) -> str:
    """Retries that end well or badly."""
    try:
        return pay(amount)
    except PaymentError as error:
        return f"gave up: {error}"


@workflow
def retried_on_all(amount: int) -> str:
    """A policy without classes."""
    return stubborn(amount)


@workflow
def retried_on_os_error(host: str) -> str:
    """A policy with a builtin class."""
    return connect(host)


@workflow
def retry_in_loop(amounts: list[int]) -> list[str]:
    """Each call has its own attempts."""
    results = [""]
    for amount in amounts:
        try:
            results.append(pay(amount))
        except Exception as error:
            results.append(f"{error}")
    return results


@workflow
def handler_in_loop(names: list[str]) -> list[str]:
    """Continue and break inside of handlers."""
    results = ["start"]
    for name in names:
        try:
            results.append(work(name))
        except StockError:
            continue
        except PaymentError:
            break
        record(name)
    return results


@workflow
def failing_child(name: str) -> str:
    """A child that fails."""
    if name == "own":
        raise CardDeclined("by the child")
    return work(name)


@workflow
def child_errors(name: str) -> str:
    """A child's error is its class and message."""
    try:
        return failing_child(name)
    except PaymentError as error:
        return f"child: {type(error).__name__}: {error}"


@workflow
def child_error_uncaught(name: str) -> str:
    """A child's error ends the parent."""
    record("parent")
    return failing_child(name)


@workflow
def compensation(names: list[str]) -> list[str]:
    """Undo in reverse order, then fail."""
    done = ["start"]
    try:
        for name in names:
            record(f"do {name}")
            done.append(work(name))
    except Exception:
        for name in reversed(done):
            record(f"undo {name}")
        raise
    return done


@workflow
def variables_after_handler(name: str) -> str:
    """What was assigned before the error is still there."""
    state = "start"
    try:
        state = "before"
        found = work(name)
        state = f"after {found}"
    except Exception as error:
        message = f"{error}"
        return f"{state}, {message}"
    return state


@workflow
def division(a: int, b: int) -> float:
    """An error of an expression that nobody handles."""
    record("before")
    return a / b


@workflow
def missing_key(prices: dict[str, int], name: str) -> int:
    """A key that is not there."""
    record("before")
    return prices[name] + 1


@workflow
def missing_index(items: list[int], index: int) -> int:
    """An index that is not there."""
    record("before")
    return items[index] + 1


@workflow
def not_a_number(text: str) -> int:
    """A text that is no number."""
    record("before")
    return int(text) + 1

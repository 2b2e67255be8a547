"""Moves money between banks that are slow."""

from wfc import Retry, step, workflow

BANK = Retry(TimeoutError, attempts=4, first_delay="2s")
ERRORS = Retry(OSError, attempts=2)
ONCE_MORE = Retry(attempts=2)


@step(retry=BANK, timeout="30s")
def debit(amount: int) -> None:
    """Takes money."""
    print("debit", amount)


@step(retry=BANK)
def credit(amount: int) -> None:
    """Gives money."""
    print("credit", amount)


@step(retry=BANK)
def report(amount: int) -> None:
    """Tells the bank."""
    print("report", amount)


@step(retry=ONCE_MORE)
def tell(amount: int) -> None:
    """Tells the customer."""
    print("tell", amount)


@step(retry=ERRORS)
def count(amount: int) -> None:
    """Counts it."""
    print("count", amount)


@step(retry=ERRORS)
def file(amount: int) -> None:
    """Files it."""
    print("file", amount)


@workflow
def move(amount: int) -> None:
    """Move an amount."""
    debit(amount)
    credit(amount)
    report(amount)
    tell(amount)
    count(amount)
    file(amount)

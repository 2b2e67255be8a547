"""Transactions with retries, in a module without coroutines."""

from sqlalchemy import text

from wfc import Connection, IdempotencyKey, Retry, injected, step, transaction, workflow


class Locked(Exception):
    """Somebody else is at it."""


@transaction(retry=Retry(Locked, attempts=3, first_delay="100 ms"))
def enter(account: str, amount: int, db: Connection = injected) -> int:
    """Write a line."""
    db.execute(text("insert into lines values (:a, :n)"), {"a": account, "n": amount})
    return amount


@step
def tell(account: str, key: IdempotencyKey = injected) -> None:
    """Send a letter."""
    print(key, account)


@workflow
def book(account: str, amounts: list[int]) -> int:
    """Enter amounts until one is too large."""
    total = 0
    for amount in amounts:
        if amount > 100:
            break
        total += enter(account, amount)
    else:
        tell(account)
    return total

"""The activities of reconciliation: its workflows reach the world through them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Engine, create_engine, text
from temporalio import activity
from temporalio.exceptions import ApplicationError, CancelledError

from shared import (
    AlertAccountingInput,
    FetchSettlementsInput,
    FlagInput,
    PostInput,
    Settlement,
)


class BankFileNotReady(Exception):
    """The bank has not published the file of that day yet."""


@contextmanager
def retry_only_on(*errors: type[Exception]) -> Iterator[None]:
    """Retry an activity on these errors only: any other one fails it at once."""
    try:
        yield
    except Exception as error:
        if isinstance(error, (CancelledError, *errors)):
            raise
        raise ApplicationError(
            str(error), type=type(error).__name__, non_retryable=True
        ) from error


@cache
def engine() -> Engine:
    """The application's database."""
    return create_engine(os.environ.get("DATABASE_URL", "sqlite:///app.db"))


@activity.defn
def open_books() -> None:
    """Create the tables of the ledger where they are missing."""
    with engine().begin() as db:
        db.execute(
            text(
                "create table if not exists ledger "
                "(settlement_id text primary key, merchant_id text not null, amount bigint not null)"
            )
        )
        db.execute(
            text(
                "create table if not exists discrepancies "
                "(settlement_id text primary key, bank bigint not null, ledger bigint not null)"
            )
        )


@activity.defn
@retry_only_on(BankFileNotReady)
def fetch_settlements(input: FetchSettlementsInput) -> list[Settlement]:
    """Read the bank's file of a day."""
    return [
        Settlement(id=f"{input.day}-1", merchant_id="m-1", amount=120_000),
        Settlement(id=f"{input.day}-2", merchant_id="m-2", amount=80_050),
    ]


@activity.defn
def post(input: PostInput) -> int:
    """Enter a settlement into the ledger, unless it is there; return the amount that it holds."""
    settlement_id = input.settlement_id
    merchant_id = input.merchant_id
    amount = input.amount
    with engine().begin() as db:
        row = {"id": settlement_id, "merchant": merchant_id, "amount": amount}
        db.execute(
            text(
                "insert into ledger (settlement_id, merchant_id, amount) "
                "values (:id, :merchant, :amount) on conflict (settlement_id) do nothing"
            ),
            row,
        )
        found = text("select amount from ledger where settlement_id = :id")
        return int(db.execute(found, row).scalar_one())


@activity.defn
def flag(input: FlagInput) -> None:
    """Keep a discrepancy for the accountants."""
    with engine().begin() as db:
        db.execute(
            text(
                "insert into discrepancies (settlement_id, bank, ledger) values (:id, :bank, :ledger) "
                "on conflict (settlement_id) do update set bank = excluded.bank"
            ),
            {"id": input.settlement_id, "bank": input.bank, "ledger": input.ledger},
        )


@activity.defn
def alert_accounting(input: AlertAccountingInput) -> None:
    """Call the accountants."""
    print(f"{input.day}: bank and ledger differ by {input.difference}")

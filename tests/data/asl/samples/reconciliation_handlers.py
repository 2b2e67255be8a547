"""The steps of reconciliation, one AWS Lambda handler for each."""

import os
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text


@dataclass(frozen=True)
class Settlement:
    """What the bank says it paid to a merchant, in cents."""

    id: str
    merchant_id: str
    amount: int


@cache
def engine() -> Engine:
    """The application's database; warm starts of the function keep the pool."""
    return create_engine(os.environ.get("DATABASE_URL", "sqlite:///app.db"))


def open_books(db: Connection) -> None:
    """Create the tables of the ledger where they are missing."""
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


def open_books_handler(event: dict[str, Any], context: object) -> None:
    with engine().begin() as db:
        open_books(db)


def fetch_settlements(day: str) -> list[Settlement]:
    """Read the bank's file of a day."""
    return [
        Settlement(id=f"{day}-1", merchant_id="m-1", amount=120_000),
        Settlement(id=f"{day}-2", merchant_id="m-2", amount=80_050),
    ]


def fetch_settlements_handler(event: dict[str, Any], context: object) -> Any:
    result = fetch_settlements(event["day"])
    return [asdict(item) for item in result]


def post(settlement_id: str, merchant_id: str, amount: int, db: Connection) -> int:
    """Enter a settlement into the ledger, unless it is there; return the amount that it holds."""
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


def post_handler(event: dict[str, Any], context: object) -> Any:
    with engine().begin() as db:
        return post(event["settlement_id"], event["merchant_id"], event["amount"], db)


def flag(settlement_id: str, bank: int, ledger: int, db: Connection) -> None:
    """Keep a discrepancy for the accountants."""
    db.execute(
        text(
            "insert into discrepancies (settlement_id, bank, ledger) values (:id, :bank, :ledger) "
            "on conflict (settlement_id) do update set bank = excluded.bank"
        ),
        {"id": settlement_id, "bank": bank, "ledger": ledger},
    )


def flag_handler(event: dict[str, Any], context: object) -> None:
    with engine().begin() as db:
        flag(event["settlement_id"], event["bank"], event["ledger"], db)


def alert_accounting(day: str, difference: int) -> None:
    """Call the accountants."""
    print(f"{day}: bank and ledger differ by {difference}")


def alert_accounting_handler(event: dict[str, Any], context: object) -> None:
    alert_accounting(event["day"], event["difference"])

"""Reconcile a day's settlements of the bank with our own ledger."""

from dataclasses import dataclass

from sqlalchemy import text

from wfc import Connection, Retry, injected, step, transaction, workflow


class BankFileNotReady(Exception):
    """The bank has not published the file of that day yet."""


@dataclass(frozen=True)
class Settlement:
    """What the bank says it paid to a merchant, in cents."""

    id: str
    merchant_id: str
    amount: int


@dataclass(frozen=True)
class Discrepancy:
    """A settlement for which our ledger holds another amount."""

    settlement_id: str
    bank: int
    ledger: int


@dataclass(frozen=True)
class Report:
    """The outcome of a day; amounts are in cents."""

    day: str
    matched: int
    total: int
    discrepancies: list[Discrepancy]


@transaction
def open_books(db: Connection = injected) -> None:
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


@step(retry=Retry(BankFileNotReady, attempts=5, first_delay="10 min", backoff=1.0), timeout="1 min")
def fetch_settlements(day: str) -> list[Settlement]:
    """Read the bank's file of a day."""
    return [
        Settlement(id=f"{day}-1", merchant_id="m-1", amount=120_000),
        Settlement(id=f"{day}-2", merchant_id="m-2", amount=80_050),
    ]


@transaction
def post(settlement_id: str, merchant_id: str, amount: int, db: Connection = injected) -> int:
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


@transaction
def flag(settlement_id: str, bank: int, ledger: int, db: Connection = injected) -> None:
    """Keep a discrepancy for the accountants."""
    db.execute(
        text(
            "insert into discrepancies (settlement_id, bank, ledger) values (:id, :bank, :ledger) "
            "on conflict (settlement_id) do update set bank = excluded.bank"
        ),
        {"id": settlement_id, "bank": bank, "ledger": ledger},
    )


@step
def alert_accounting(day: str, difference: int) -> None:
    """Call the accountants."""
    print(f"{day}: bank and ledger differ by {difference}")


@workflow
def reconcile(day: str, tolerance: int = 0) -> Report:
    """Compare each settlement of a day with the ledger.

    Args:
        day: such as 2026-01-31.
        tolerance: accounting is called when the differences add up to more cents than this.
    """
    open_books()
    matched = 0
    total = 0
    difference = 0
    discrepancies: list[Discrepancy] = []

    for settlement in fetch_settlements(day):
        total += settlement.amount
        booked = post(settlement.id, settlement.merchant_id, settlement.amount)
        if booked == settlement.amount:
            matched += 1
            continue
        flag(settlement.id, settlement.amount, booked)
        discrepancies.append(Discrepancy(settlement.id, settlement.amount, booked))
        difference += abs(settlement.amount - booked)

    if difference > tolerance:
        alert_accounting(day, difference)
    return Report(day, matched, total, discrepancies)

"""After a crash between an effect and its record a plain step repeats it, a transaction does not.

This is the claim that articles on durable execution usually make, here with its row counts.
"""

from __future__ import annotations

from typing import Any

LEDGER = '''
"""Book an amount twice: by a plain step and in a transaction."""

import os
import signal

import sqlalchemy
from sqlalchemy import text

from wfc import Connection, Retry, injected, step, transaction, workflow

INSERT = "insert into ledger (account, amount) values (:account, :amount)"


class Overdrawn(Exception):
    """There is not enough money."""


class Busy(Exception):
    """Try again."""


def die_at(place: str) -> None:
    with open(os.environ["MARKS"], "a") as file:
        file.write(f"{place}\\n")
    if os.environ.get("KILL") == place:
        os.kill(os.getpid(), signal.SIGKILL)


def engine() -> sqlalchemy.Engine:
    url = sqlalchemy.make_url(os.environ["DATABASE_URL"])
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return sqlalchemy.create_engine(url)


@transaction
def open_books(db: Connection = injected) -> None:
    db.execute(text("create table if not exists ledger (account text, amount bigint)"))


@step
def book_plainly(account: str, amount: int) -> None:
    """Write through an engine of its own."""
    with engine().begin() as db:
        db.execute(text(INSERT), {"account": account, "amount": amount})
    die_at("behind the plain write")


@transaction
def book(account: str, amount: int, db: Connection = injected) -> int:
    """Write in the transaction that also holds the record."""
    db.execute(text(INSERT), {"account": account, "amount": amount})
    die_at("before the commit")
    if amount < 0:
        raise Overdrawn(f"{account} has no {-amount}")
    return int(db.execute(text("select count(*) from ledger")).scalar_one())


@transaction(retry=Retry(Busy, attempts=3, first_delay=0.01))
def book_later(account: str, amount: int, db: Connection = injected) -> str:
    """Fails until the third attempt."""
    db.execute(text(INSERT), {"account": account, "amount": amount})
    die_at("later")
    with open(os.environ["MARKS"]) as file:
        tries = file.read().splitlines().count("later")
    if tries < 3:
        raise Busy(f"try {tries}")
    return f"done at try {tries}"


@step
def rest() -> None:
    die_at("rest")


@workflow
def plainly(account: str, amount: int) -> str:
    open_books()
    book_plainly(account, amount)
    return "booked"


@workflow
def together(account: str, amount: int) -> str:
    open_books()
    try:
        count = book(account, amount)
    except Overdrawn as error:
        rest()
        return f"refused: {error}"
    return f"{count} row"


@workflow
def patiently(account: str, amount: int) -> str:
    open_books()
    return book_later(account, amount)
'''

COUNT = "select count(*) from ledger"
RECORDS = "select count(*) from {schema}datasource_outputs"


def run(generated: Any, workflow: str, amount: int = 5, **env: str) -> Any:
    text = f'{{"account": "a", "amount": {amount}}}'
    return generated.run("--workflow", workflow, "--id", "r-1", text, **env)


def rows(generated: Any) -> int:
    return int(generated.rows(COUNT)[0][0])


def test_a_plain_step_repeats_its_effect(generated: Any) -> None:
    generated.write(LEDGER)
    assert run(generated, "plainly", DIE_BEFORE_RECORD="book_plainly").killed
    assert rows(generated) == 1
    ended = run(generated, "plainly")
    assert (ended.out, rows(generated)) == ('"booked"\n', 2)


def test_a_transaction_commits_its_effect_once(generated: Any) -> None:
    generated.write(LEDGER)
    assert run(generated, "together", DIE_BEFORE_RECORD="book").killed
    assert rows(generated) == 1
    ended = run(generated, "together")
    assert (ended.out, rows(generated)) == ('"1 row"\n', 1)
    # The function ran in the first process only: the second one found its record.
    assert generated.marks() == ["before the commit"]


def test_a_transaction_that_dies_before_its_commit_leaves_nothing(generated: Any) -> None:
    generated.write(LEDGER)
    assert run(generated, "together", KILL="before the commit").killed
    assert rows(generated) == 0
    ended = run(generated, "together")
    assert (ended.out, rows(generated)) == ('"1 row"\n', 1)


def test_a_transaction_that_fails_is_undone_and_keeps_its_error(generated: Any) -> None:
    """Even when the process dies both before and after DBOS has copied the error's record."""
    generated.write(LEDGER)
    assert run(generated, "together", -7, DIE_BEFORE_RECORD="book").killed
    assert rows(generated) == 0
    assert run(generated, "together", -7, KILL="rest").killed
    ended = run(generated, "together", -7)
    assert (ended.out, rows(generated)) == ('"refused: a has no 7"\n', 0)
    assert generated.marks() == ["before the commit", "rest", "rest"]


def test_attempts_of_a_transaction_survive_a_crash(generated: Any) -> None:
    """Each attempt is an operation of its own, so that the count goes on where it was."""
    generated.write(LEDGER)
    assert run(generated, "patiently", DIE_BEFORE_RECORD="DBOS.sleep").killed
    assert generated.marks() == ["later"]
    ended = run(generated, "patiently")
    assert (ended.out, rows(generated)) == ('"done at try 3"\n', 1)
    assert generated.marks() == ["later"] * 3

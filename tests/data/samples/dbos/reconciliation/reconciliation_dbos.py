"""Reconcile a day's settlements of the bank with our own ledger."""

import argparse
import asyncio
import contextlib
import inspect
import itertools
import json
import os
import sys
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from dbos import (
    DBOS,
    DBOSConfig,
    DBOSPortableJSONSerializer,
    PortableWorkflowError,
    Serializer,
    SetWorkflowID,
    SQLAlchemyDatasource,
    StepOptions,
)
from sqlalchemy import text

CONFIG: DBOSConfig = {
    "name": "reconciliation",
    "application_version": "reconciliation-b6a3b05e0311",
    "system_database_url": os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///reconciliation.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}


class TransactionRecord(Serializer):
    """Writes the outcome of a transaction as JSON, an error by its name and message."""

    def name(self) -> str:
        return "transaction_record"

    def serialize(self, data: Any) -> str:
        if isinstance(data, BaseException):
            return json.dumps({"error": type(data).__name__, "message": str(data)})
        return json.dumps({"result": data})

    def deserialize(self, serialized_data: str) -> Any:
        record = json.loads(serialized_data)
        if "error" in record:
            error = PortableWorkflowError(record["message"], record["error"])
            return as_recorded(error)
        return record["result"]


# The application's database: a transaction's writes and its record commit together.
datasource = SQLAlchemyDatasource.create(
    os.environ.get("DATABASE_URL", "sqlite:///app.db"),
    serializer=TransactionRecord(),
)


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


def open_books() -> None:
    """Create the tables of the ledger where they are missing."""
    db = datasource.sql_session().connection()
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


FETCH_SETTLEMENTS_OPTIONS: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 5,
    "interval_seconds": 600.0,
    "backoff_rate": 1.0,
    "should_retry": lambda error: isinstance(error, BankFileNotReady),
    "timeout_seconds": 60.0,
}


def fetch_settlements(day: str) -> list[Settlement]:
    """Read the bank's file of a day."""
    return [
        Settlement(id=f"{day}-1", merchant_id="m-1", amount=120_000),
        Settlement(id=f"{day}-2", merchant_id="m-2", amount=80_050),
    ]


def post(settlement_id: str, merchant_id: str, amount: int) -> int:
    """Enter a settlement into the ledger, unless it is there; return the amount that it holds."""
    db = datasource.sql_session().connection()
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


def flag(settlement_id: str, bank: int, ledger: int) -> None:
    """Keep a discrepancy for the accountants."""
    db = datasource.sql_session().connection()
    db.execute(
        text(
            "insert into discrepancies (settlement_id, bank, ledger) values (:id, :bank, :ledger) "
            "on conflict (settlement_id) do update set bank = excluded.bank"
        ),
        {"id": settlement_id, "bank": bank, "ledger": ledger},
    )


def alert_accounting(day: str, difference: int) -> None:
    """Call the accountants."""
    print(f"{day}: bank and ledger differ by {difference}")


@DBOS.workflow()
async def reconcile(day: str, tolerance: int = 0) -> dict[str, Any]:
    """Compare each settlement of a day with the ledger.

    Args:
        day: such as 2026-01-31.
        tolerance: accounting is called when the differences add up to more cents than this.
    """
    run_transaction({"name": "open_books"}, open_books)
    matched = 0
    total = 0
    difference = 0
    discrepancies: list[Discrepancy] = []

    for settlement in [
        Settlement(**item)
        for item in await run_step(
            {"name": "fetch_settlements", **FETCH_SETTLEMENTS_OPTIONS},
            fetch_settlements,
            day,
        )
    ]:
        total += settlement.amount
        booked = run_transaction(
            {"name": "post"},
            post,
            settlement.id,
            settlement.merchant_id,
            settlement.amount,
        )
        if booked == settlement.amount:
            matched += 1
            continue
        run_transaction(
            {"name": "flag"}, flag, settlement.id, settlement.amount, booked
        )
        discrepancies.append(Discrepancy(settlement.id, settlement.amount, booked))
        difference += abs(settlement.amount - booked)

    if difference > tolerance:
        await run_step({"name": "alert_accounting"}, alert_accounting, day, difference)
    return as_json(Report(day, matched, total, discrepancies))


async def run_step(
    options: StepOptions, step: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> Any:
    """Run a step as an operation of the workflow.

    Its result and its error are recorded as JSON and used as recorded, so that a
    replay sees what the first run saw.
    """
    attempts = itertools.count(1)
    decide = options.get("should_retry")

    def should_retry(error: BaseException) -> bool:
        # The last error is recorded as itself, not as DBOSMaxStepRetriesExceeded.
        if decide is None or next(attempts) == options["max_attempts"]:
            return False
        return bool(decide(as_recorded(error, step)))

    def attempt() -> Any:
        try:
            return as_json(step(*args, **kwargs))
        except (StopIteration, SystemExit) as error:
            # A future cannot carry the one, and the other would end a thread of DBOS.
            raise as_recorded(error, step) from error

    async def attempt_in_thread() -> Any:
        # A timeout ends the wait for the thread; the thread itself runs on.
        return await asyncio.to_thread(attempt)

    function = attempt_in_thread if "timeout_seconds" in options else attempt
    try:
        return await DBOS.run_step_async(
            {**options, "should_retry": should_retry}, function
        )
    except Exception as error:
        raise as_recorded(error, step) from error


def run_transaction(
    options: StepOptions, step: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> Any:
    """Run a step in a transaction of the application's database.

    What it writes and its record are committed together: a crash repeats neither.
    """

    def commit() -> Any:
        try:
            return as_json(step(*args, **kwargs))
        except SystemExit as error:
            # It would end a thread of DBOS, and the run would never end.
            raise as_recorded(error, step) from error

    try:
        return datasource.run_tx_step({"name": options["name"]}, commit)
    except Exception as error:
        raise as_recorded(error, step) from error


def as_json(value: Any) -> Any:
    """A copy of a value as plain JSON data."""
    return json.loads(json.dumps(value, default=asdict, allow_nan=False))


# The classes that the workflows tell apart.
ERRORS = {"BankFileNotReady": BankFileNotReady}


def as_recorded(
    error: BaseException, step: Callable[..., Any] | None = None
) -> Exception:
    """The error as a replay sees it: its class and its message."""
    name, message = type(error).__name__, str(error)
    if isinstance(error, PortableWorkflowError):
        name, message = error.name, error.message
    if step is not None and name == "DBOSStepTimeoutError":
        name, message = "TimeoutError", f"{step.__name__} timed out"
    base = ERRORS.get(name, Exception)
    members = {"__init__": lambda self: None, "__str__": lambda self: message}
    recorded: Exception = type(name, (base,), members)()
    return recorded


def main() -> None:
    """Run a workflow once and print its result as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input", help="the arguments, a JSON object")
    parser.add_argument("--id", default=str(uuid.uuid4()), help="an id runs only once")
    arguments = parser.parse_args()
    try:
        given = json.loads(arguments.input)
    except ValueError as error:
        parser.error(f"the input is not JSON: {error}")
    if not isinstance(given, dict):
        parser.error("the input must be a JSON object")
    try:
        inspect.signature(reconcile).bind(**given)
    except TypeError as error:
        parser.error(str(error))

    DBOS(config=CONFIG)
    DBOS.launch()
    try:
        # What steps print goes to stderr: stdout holds the result alone.
        with contextlib.redirect_stdout(sys.stderr), SetWorkflowID(arguments.id):
            result = asyncio.run(reconcile(**given))
    except Exception as error:
        failure = as_recorded(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

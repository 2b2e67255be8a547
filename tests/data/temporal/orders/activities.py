"""The activities of orders: its workflows reach the world through them."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from temporalio import activity
from temporalio.exceptions import ApplicationError, CancelledError

from shared import BookInput, ChargeInput, PackInput, Receipt, RefundInput


class ShopError(Exception):
    """Something that a shop knows how to handle."""


class Declined(ShopError):
    pass


class Flaky(Exception):
    """Gone when tried again."""


def note(line: str) -> int:
    """Append to the trace of what really happened; return how often that line is there."""
    path = Path(os.environ["TRACE"])
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    return path.read_text(encoding="utf-8").splitlines().count(line)


def fill_boxes(item: str, report: Callable[[int], None]) -> int:
    for box in range(10):
        if item != "stuck":
            report(box)
        time.sleep(0.5)
    return 10


def idempotency_key() -> str:
    """A text that is the same in every attempt of the current activity."""
    info = activity.info()
    return f"{info.workflow_run_id}:{info.activity_id}"


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
@retry_only_on(Flaky)
def charge(input: ChargeInput) -> Receipt:
    """Charge for an item."""
    key = idempotency_key()
    times = note(f"charge {input.item} {key}")
    if input.item == "flaky" and times < 3:
        raise Flaky(f"attempt {times}")
    if input.item == "declined":
        raise Declined(input.item)
    if input.item == "odd":
        raise RuntimeError("not expected")
    if input.item.startswith("slow"):
        time.sleep(4)
    return Receipt(input.item, input.amount)


@activity.defn
def book(input: BookInput) -> int:
    """Enter a receipt, and fail afterwards for a strange one."""
    run = activity.info().workflow_id
    with engine().begin() as db:
        table = "create table if not exists receipts (run text, item text, amount int)"
        db.execute(text(table))
        db.execute(
            text("insert into receipts values (:run, :item, :amount)"),
            {"run": run, "item": input.item, "amount": input.amount},
        )
        if input.item == "strange":
            raise ValueError("strange item")
        return int(db.execute(text("select count(*) from receipts")).scalar_one())


@activity.defn
@retry_only_on(TimeoutError)
def pack(input: PackInput) -> int:
    """Pack an item, which takes longer than the time between two heartbeats."""
    note(f"pack {input.item}")
    activity.heartbeat()
    return fill_boxes(input.item, activity.heartbeat)


@activity.defn
def refund(input: RefundInput) -> None:
    note(f"refund {input.item}")

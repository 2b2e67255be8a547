"""Orders whose steps fail in the ways that real ones do; the item says how."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from wfc import (
    Connection,
    Heartbeat,
    IdempotencyKey,
    Retry,
    RunId,
    injected,
    sleep,
    step,
    transaction,
    workflow,
)


class ShopError(Exception):
    """Something that a shop knows how to handle."""


class Declined(ShopError):
    pass


class Flaky(Exception):
    """Gone when tried again."""


@dataclass
class Receipt:
    item: str
    amount: float


def note(line: str) -> int:
    """Append to the trace of what really happened; return how often that line is there."""
    path = Path(os.environ["TRACE"])
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    return path.read_text(encoding="utf-8").splitlines().count(line)


@step(retry=Retry(Flaky, attempts=3, first_delay=0.01), timeout="2s")
def charge(item: str, amount: int, key: IdempotencyKey = injected) -> Receipt:
    """Charge for an item."""
    times = note(f"charge {item} {key}")
    if item == "flaky" and times < 3:
        raise Flaky(f"attempt {times}")
    if item == "declined":
        raise Declined(item)
    if item == "odd":
        raise RuntimeError("not expected")
    if item.startswith("slow"):
        time.sleep(4)
    return Receipt(item, amount)


@transaction
def book(item: str, amount: float, run: RunId = injected, db: Connection = injected) -> int:
    """Enter a receipt, and fail afterwards for a strange one."""
    table = "create table if not exists receipts (run text, item text, amount int)"
    db.execute(text(table))
    db.execute(
        text("insert into receipts values (:run, :item, :amount)"),
        {"run": run, "item": item, "amount": amount},
    )
    if item == "strange":
        raise ValueError("strange item")
    return int(db.execute(text("select count(*) from receipts")).scalar_one())


def fill_boxes(item: str, report: Callable[[int], None]) -> int:
    for box in range(10):
        if item != "stuck":
            report(box)
        time.sleep(0.5)
    return 10


@step(heartbeat="2s", retry=Retry(TimeoutError, attempts=2, first_delay=0.01))
def pack(item: str, beat: Heartbeat = injected) -> int:
    """Pack an item, which takes longer than the time between two heartbeats."""
    note(f"pack {item}")
    beat()
    return fill_boxes(item, beat)


@step
def refund(item: str) -> None:
    note(f"refund {item}")


@workflow
def single(item: str, amount: int = 5) -> Receipt:
    """Order one item."""
    try:
        receipt = charge(item, amount)
    except TimeoutError as error:
        raise ShopError(f"late: {error}") from error
    try:
        book(receipt.item, receipt.amount)
    except Exception:
        refund(receipt.item)
        raise
    return receipt


@workflow
def guarded(item: str) -> str:
    """Charge for an item, and refund it whatever goes wrong."""
    try:
        charge(item, 1)
        sleep("1 hour")
    except Exception:
        refund(item)
        return "refunded"
    return "charged"


@workflow
def packing(item: str) -> str:
    """Pack an item, and refund it when nothing is heard of the packers."""
    try:
        return f"{pack(item)} boxes"
    except TimeoutError as error:
        refund(item)
        return str(error)


@workflow
def order(items: list[str]) -> dict[str, str]:
    """Order several items, one after the other."""
    outcome: dict[str, str] = {}
    for item in items:
        try:
            receipt = single(item)
            outcome[item] = f"{receipt.amount:.2f}"
        except ShopError as error:
            outcome[item] = f"{type(error).__name__}: {error}"
        sleep(0.01)
    outcome["first"] = outcome[items[0]]
    return outcome

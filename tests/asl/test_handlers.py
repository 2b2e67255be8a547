"""The Lambda handlers beside a machine: plain modules that need no wfc."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wfc.backends.asl import backend
from wfc.backends.base import Options
from wfc.compiler.pipeline import read

SOURCE = '''
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import text

from wfc import Connection, IdempotencyKey, RunId, injected, step, transaction, workflow

FACTOR = 3


class Kind(Enum):
    SMALL = "small"
    LARGE = "large"


class NoStock(Exception):
    """Nothing left."""


@dataclass
class Line:
    sku: str
    count: int
    kind: Kind = Kind.SMALL


@dataclass
class Order:
    lines: list[Line]
    placed: datetime


def scaled(count: int) -> int:
    return count * FACTOR


@step
def pack(order: Order, note: str = "-", key: IdempotencyKey = injected) -> tuple[int, Line]:
    """Pack an order."""
    first = order.lines[0]
    if first.count == 0:
        raise NoStock(first.sku)
    return scaled(first.count), Line(f"{first.sku}{note}{key}", order.placed.year, Kind.LARGE)


@step
async def ship(at: datetime, run: RunId = injected) -> datetime:
    return at + timedelta(hours=1)


@transaction
def book(amount: int, db: Connection = injected) -> int:
    db.execute(text("create table if not exists t (x int)"))
    db.execute(text("insert into t values (:x)"), {"x": amount})
    return int(db.execute(text("select count(*) from t")).scalar_one())


@step
def unused() -> None: ...


@workflow
async def deliver(order: Order) -> datetime:
    count, line = pack(order)
    book(count)
    return await ship(order.placed)
'''


@pytest.fixture(scope="module")
def handlers(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    reading = read("delivery.py", SOURCE)
    assert reading.module is not None, reading.diagnostics
    module = reading.module
    emission = backend.emit(module, module.workflows, Options())
    (file,) = [file for file in emission.files if not file.main]
    assert file.path == "delivery_handlers.py"
    assert "wfc" not in file.text
    assert "unused" not in file.text
    path = tmp_path_factory.mktemp("handlers") / file.path
    path.write_text(file.text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("delivery_handlers", path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


ORDER = {"lines": [{"sku": "a", "count": 2}], "placed": "2026-01-02T03:04:05.000Z"}


def call(handler: Any, event: dict[str, Any]) -> Any:
    """What Lambda makes of it: JSON in, JSON out."""
    return json.loads(json.dumps(handler(json.loads(json.dumps(event)), None)))


def test_records_are_decoded_and_encoded(handlers: ModuleType) -> None:
    event = {"order": ORDER, "note": "!", "key": "k"}
    assert call(handlers.pack_handler, event) == [
        6,
        {"sku": "a!k", "count": 2026, "kind": "large"},
    ]


def test_errors_keep_their_class(handlers: ModuleType) -> None:
    order = {**ORDER, "lines": [{"sku": "none", "count": 0}]}
    with pytest.raises(handlers.NoStock, match="none"):
        handlers.pack_handler({"order": order, "note": "", "key": ""}, None)


def test_an_asynchronous_step_runs_to_its_end(handlers: ModuleType) -> None:
    event = {"at": "2026-01-02T03:04:05.000Z", "run": "r"}
    assert call(handlers.ship_handler, event) == "2026-01-02T04:04:05.000Z"


def test_a_transaction_is_committed_by_the_handler(
    handlers: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/app.db")
    assert call(handlers.book_handler, {"amount": 5}) == 1
    assert call(handlers.book_handler, {"amount": 6}) == 2

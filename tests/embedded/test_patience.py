"""Which errors of the database end the process, and when."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NoReturn

import pytest
import sqlalchemy

from wfc.embedded import faults
from wfc.embedded.engine import engine_for
from wfc.embedded.faults import Faults


class Ended(Exception):
    """The process would have ended."""


def end(reason: str, begun: bool) -> NoReturn:
    raise Ended(reason)


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sqlalchemy.Engine:
    """The engine of a database with a table, which waits for nobody."""
    monkeypatch.setattr("wfc.embedded.engine._BUSY_SECONDS", 0)
    engine = engine_for(tmp_path / "runs.sqlite")
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE t (x INTEGER UNIQUE)"))
        connection.execute(sqlalchemy.text("INSERT INTO t VALUES (1)"))
    Faults(end).watch(engine)
    return engine


def insert(engine: sqlalchemy.Engine, value: int = 2) -> None:
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text(f"INSERT INTO t VALUES ({value})"))


def test_what_dbos_expects_goes_to_dbos(watched: sqlalchemy.Engine) -> None:
    with pytest.raises(sqlalchemy.exc.IntegrityError):
        insert(watched, 1)


def test_a_database_that_is_gone_ends_the_process(
    watched: sqlalchemy.Engine, tmp_path: Path
) -> None:
    watched.dispose()
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(Ended, match="no such table"):
        insert(watched)


def test_a_database_that_is_broken_ends_the_process(
    watched: sqlalchemy.Engine, tmp_path: Path
) -> None:
    watched.dispose()
    (tmp_path / "runs.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(Ended, match="not a database"):
        insert(watched)


def test_a_database_that_others_keep_is_waited_for_and_then_given_up(
    watched: sqlalchemy.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(faults.time, "monotonic", lambda: now)
    other = sqlite3.connect(tmp_path / "runs.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    # Long pauses between refusals: the database was free, and each is the first.
    for pause in (0, 100, 100, 10, 15):
        now += pause
        with pytest.raises(sqlalchemy.exc.OperationalError, match="locked"):
            insert(watched)
    now += 10
    with pytest.raises(Ended, match="locked"):
        insert(watched)
    other.execute("ROLLBACK")
    insert(watched)

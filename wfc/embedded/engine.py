"""DBOS's way to the database of a store."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

_BUSY_SECONDS = 30


def engine_for(database: Path) -> Engine:
    """Connections to an SQLite file of any name, as dbos 3.4 makes its own; in an address some
    names would mean something else."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import QueuePool

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            database, timeout=_BUSY_SECONDS, isolation_level="IMMEDIATE", check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    # A connection to a file does not go stale: asking it before each use takes 2 to 3 % of a short
    # step.
    return create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=20,
        max_overflow=0,
        pool_pre_ping=False,
    )

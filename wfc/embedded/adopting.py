"""Hands DBOS a run whose process has died, so that it goes on where it stopped.

The tables are those of dbos 3.4; DBOS itself takes up at launch what its executor left behind, and
gives a run up after a hundred times.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Final

from wfc.embedded.records import WRITERS
from wfc.embedded.store import Store

# A run and the workflows that it started.
_TREE: Final = """
    WITH RECURSIVE tree(id) AS (
        SELECT ? UNION
        SELECT s.workflow_uuid FROM workflow_status s JOIN tree ON s.parent_workflow_id = tree.id
    )
"""

# Where a value stands with the name of what wrote it, and the column with the id of the run.
_VALUES: Final = {
    "workflow_status": "workflow_uuid",
    "operation_outputs": "workflow_uuid",
    "notifications": "destination_uuid",
    "workflow_events": "workflow_uuid",
    "workflow_events_history": "workflow_uuid",
    "streams": "workflow_uuid",
}

_UNFINISHED: Final = "'PENDING', 'ENQUEUED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'"


def adopt(store: Store, run: str, executor: str, version: str, *, cancelled: bool) -> None:
    """Make a run, and what it started, that executor's. The caller holds the run's lock.

    Args:
        store: where the run stands.
        run: its id.
        executor: what DBOS is going to be launched as.
        version: the application's version at that launch.
        cancelled: take up what was cancelled, too.

    Raises:
        Refused: something else has written a value.
        sqlite3.Error: the database cannot be used.
    """
    unfinished = f"{_UNFINISHED}, 'CANCELLED'" if cancelled else _UNFINISHED
    with contextlib.closing(sqlite3.connect(store.database, timeout=30)) as database, database:
        for table, column in _VALUES.items():
            _check_writer(store, database, run, table, column)
        database.execute(
            f"{_TREE} UPDATE workflow_status SET status = 'PENDING', executor_id = ?,"
            " application_version = ?, recovery_attempts = 0, owner_xid = NULL,"
            " completed_at = NULL"
            f" WHERE workflow_uuid IN tree AND status IN ({unfinished})",
            (run, executor, version),
        )


def _check_writer(
    store: Store, database: sqlite3.Connection, run: str, table: str, column: str
) -> None:
    places = ", ".join("?" * len(WRITERS))
    row = database.execute(
        f"{_TREE} SELECT serialization FROM {table} WHERE {column} IN tree"
        f" AND serialization IS NOT NULL AND serialization NOT IN ({places}) LIMIT 1",
        (run, *WRITERS),
    ).fetchone()
    if row is not None:
        raise store.unusable(f"a value of run {run} was written as {row[0]}, not by wfc")

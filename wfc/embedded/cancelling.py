"""Cancels a run, also one that another process is running."""

from __future__ import annotations

from wfc.backends.base import EngineMissing
from wfc.embedded import NEEDS_DBOS
from wfc.embedded.engine import engine_for
from wfc.embedded.records import Run
from wfc.embedded.store import Store


def cancel(store: Store, run: Run) -> None:
    """Mark a run and the workflows that it started as cancelled. A process that runs it notices at
    its next operation.

    Raises:
        EngineMissing: DBOS is not installed.
        Refused: the database cannot be written.
    """
    try:
        from dbos import DBOSClient, DBOSPortableJSONSerializer
    except ImportError as error:
        raise EngineMissing(NEEDS_DBOS) from error
    from dbos import error as dbos_error
    from sqlalchemy.exc import SQLAlchemyError

    try:
        client = DBOSClient(
            system_database_engine=engine_for(store.database),
            serializer=DBOSPortableJSONSerializer(),
        )
        try:
            client.cancel_workflow(run.id, cancel_children=True)
        finally:
            client.destroy()
    except (dbos_error.DBOSException, SQLAlchemyError) as error:
        raise store.unusable(f"{store.database.name}: {error}".splitlines()[0]) from error

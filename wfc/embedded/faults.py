"""What fails below a workflow: the disk, the store, the journal. It is no error of a step, and no
handler of the workflow may see it; the process ends, as in a crash, and the run can go on."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn, TypeAlias

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine import ExceptionContext

End: TypeAlias = Callable[[str, bool], NoReturn]

# How long other processes may keep the database from us, beyond SQLite's own patience.
_PATIENCE_SECONDS = 30
# A pause of this length between two refusals means that the database was free.
_PAUSE_SECONDS = 90


class Faults:
    """Ends the process once, with the reason, from whichever thread meets the fault.

    ``begun`` says that the store has the run, so that it can go on.

    Args:
        end: says why and leaves; with the reason, and ``begun``.
    """

    def __init__(self, end: End) -> None:
        self.begun = False
        self._end = end
        self._ending = threading.Lock()
        self._busy = _Patience()

    def __call__(self, reason: str) -> NoReturn:
        self._ending.acquire()  # another thread that comes here waits for the end
        self._end(reason, self.begun)

    def watch(self, engine: Engine) -> None:
        """End the process when something fails on DBOS's way to the database. DBOS itself waits
        for ever for a database that is locked, and hands anything else to the workflow."""
        from sqlalchemy import event

        @event.listens_for(engine, "handle_error")
        def failed(context: ExceptionContext) -> None:
            error = context.original_exception
            if self._is_fault(error):
                self(f"{error}")

    def _is_fault(self, error: BaseException) -> bool:
        if not isinstance(error, sqlite3.Error):
            return isinstance(error, OSError)
        code = getattr(error, "sqlite_errorcode", 0)
        if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return self._busy.is_over()
        # IntegrityError and the like are part of how DBOS works; a broken file is a DatabaseError.
        return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError


class _Patience:
    """Whether the database has been refused for too long."""

    def __init__(self) -> None:
        self._since = self._last = -float("inf")

    def is_over(self) -> bool:
        now = time.monotonic()
        if now - self._last > _PAUSE_SECONDS:
            self._since = now
        self._last = now
        return now - self._since >= _PATIENCE_SECONDS

"""Where runs are kept: a folder with DBOS's database, a lock and the journals."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.model import Refused
from wfc.compiler.diagnostics.span import NOWHERE
from wfc.embedded.lock import Holder, Lock, Locked, holder
from wfc.tool import codes

DEFAULT_FOLDER = Path(".wfc")


class Store(Struct):
    """``folder`` is the user's choice; nothing exists before :meth:`open`."""

    folder: Path

    @property
    def database(self) -> Path:
        """DBOS's database, with the outcome of every operation."""
        return self.folder / "runs.sqlite"

    @property
    def journals(self) -> Path:
        """The folder of the journals, one for each run."""
        return self.folder / "journal"

    @property
    def _lock_file(self) -> Path:
        return self.folder / "lock"

    def exists(self) -> bool:
        """Whether anything was ever run here."""
        return self.database.is_file()

    def holder(self) -> Holder | None:
        """The process that is running a workflow here."""
        return holder(self._lock_file)

    def open(self, run: str) -> Lock:
        """Make the store ready and take its lock for a run.

        Raises:
            Refused: another process works here, or the folder cannot be used.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            ignore = self.folder / ".gitignore"
            if self.folder.name == DEFAULT_FOLDER.name and not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            lock = Lock(self._lock_file)
            lock.acquire(run)
        except Locked as problem:
            raise self._locked(problem.holder) from None
        except OSError as error:
            raise self.unusable(error.strerror or str(error)) from error
        try:
            self._use_wal()
        except sqlite3.Error as error:
            lock.release()
            raise self.unusable(f"{self.database.name}: {error}") from error
        return lock

    def unusable(self, reason: str) -> Refused:
        """The store cannot be used, for this reason."""
        return Refused(
            [
                codes.STORE_UNUSABLE.at(
                    str(self.folder),
                    NOWHERE,
                    f"the store cannot be used: {reason}",
                    instead="choose another folder with --store",
                )
            ]
        )

    def _locked(self, holder: Holder | None) -> Refused:
        text = "another process is starting a run in this store"
        if holder is not None:
            text = f"process {holder.pid} is working on run {holder.run} in this store"
        hint = "wait for it to end, or keep this run elsewhere with --store"
        return Refused([codes.STORE_LOCKED.at(str(self.folder), NOWHERE, text, instead=hint)])

    def _use_wal(self) -> None:
        """Write-ahead logging: fewer waits for the disk; readers do not wait for the writer. The
        mode stays with the file."""
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            database.execute("PRAGMA journal_mode=WAL")

"""Where runs are kept: a folder with DBOS's database, the journals and a lock for each run.

What it holds is for its owner only: inputs and results of steps stand there as they are.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.model import Refused
from wfc.compiler.diagnostics.span import NOWHERE
from wfc.embedded import lock
from wfc.embedded.journal import name_of
from wfc.embedded.lock import Lock
from wfc.tool import codes
from wfc.tool.files import private

DEFAULT_FOLDER = Path(".wfc")
_IGNORE = ".gitignore"
_JOURNALS = "journal"
_LOCKS = "locks"
_DATABASE = "runs.sqlite"
# What earlier versions and SQLite put there too.
_OWN = {_IGNORE, _JOURNALS, _LOCKS, "lock", *(_DATABASE + end for end in ("", "-wal", "-shm"))}


class Store(Struct):
    """``folder`` is the user's choice; nothing exists before :meth:`prepare`."""

    folder: Path

    @property
    def database(self) -> Path:
        """DBOS's database, with the outcome of every operation."""
        return self.folder / _DATABASE

    @property
    def journals(self) -> Path:
        """The folder of the journals, one for each run."""
        return self.folder / _JOURNALS

    def exists(self) -> bool:
        """Whether anything was ever run here."""
        return self.database.is_file()

    def is_running(self, run: str) -> bool:
        """Whether a process is at work on a run, given by the id of the run that started it all."""
        return lock.is_held(self._lock_file(run))

    def lock(self, run: str, wait: Callable[[int | None], None]) -> Lock:
        """Take the lock of a run; as long as another process works on the run, wait for its end.

        Args:
            run: its id.
            wait: called once when there is something to wait for, with the number of that process
                if it is known.

        Raises:
            Refused: the folder cannot be used.
        """
        with self._usable():
            taken = lock.acquire(self._lock_file(run), wait)
        assert taken is not None
        return taken

    def prepare(self) -> str:
        """Make the folder and what is in it.

        Returns:
            What its owner should know about the folder; empty when there is nothing.

        Raises:
            Refused: the folder cannot be used.
        """
        with self._usable():
            self._make_folders()
            ignore = self.folder / _IGNORE
            if self.folder.name == DEFAULT_FOLDER.name and not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
                private(ignore, 0o600)
            self._make_database()
            return self._open_to_others()

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

    @contextlib.contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle
            raise self.unusable(getattr(error, "strerror", None) or str(error)) from error
        except sqlite3.Error as error:
            raise self.unusable(f"{_DATABASE}: {error}") from error

    def _lock_file(self, run: str) -> Path:
        return self.folder / _LOCKS / name_of(run)

    def _make_folders(self) -> None:
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            private(self.folder, 0o700)
        elif {entry.name for entry in os.scandir(self.folder)} <= _OWN:
            private(self.folder, 0o700)
        for name in (_JOURNALS, _LOCKS):
            (self.folder / name).mkdir(exist_ok=True)
            private(self.folder / name, 0o700)

    def _make_database(self) -> None:
        """Write-ahead logging: fewer waits for the disk; readers do not wait for the writer. The
        mode stays with the file. SQLite gives its other files the rights of the database."""
        handle = os.open(self.database, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            private(handle, 0o600)
        finally:
            os.close(handle)
        for end in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                private(self.database.with_name(_DATABASE + end), 0o600)
        with contextlib.closing(sqlite3.connect(self.database, timeout=30)) as database:
            (mode,) = database.execute("PRAGMA journal_mode").fetchone()
            if mode == "wal":
                return
            # Two processes that change the mode at once would refuse each other.
            taken = lock.acquire(self.folder / _LOCKS / ".database", lambda pid: None)
            try:
                database.execute("PRAGMA journal_mode=WAL")
            finally:
                if taken is not None:
                    taken.release()

    def _open_to_others(self) -> str:
        """A run is resumed from the file that the store names, so the store must be the user's."""
        if sys.platform == "win32":
            return ""
        status = self.folder.stat()
        if status.st_uid not in (os.geteuid(), 0):
            return f"{self.folder} belongs to another user, who can change the runs in it"
        if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not status.st_mode & stat.S_ISVTX:
            return f"others can write to {self.folder} and so change the runs in it"
        return ""

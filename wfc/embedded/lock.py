"""One process per store: a file lock that the operating system releases when its holder dies."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from wfc.compiler.data.struct import Struct


class Holder(Struct):
    """The process that works on a store, and the run it works for."""

    pid: int
    run: str


class Locked(Exception):
    """Another process holds the lock; ``holder`` is None when it has not said who it is yet."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__("the store is locked")
        self.holder = holder


class Lock:
    """Held from :meth:`acquire` to :meth:`release`, or to the end of the process.

    The file stays: only the lock on it counts, so a killed process leaves nothing to clean up.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def acquire(self, run: str) -> None:
        """Take the lock for a run.

        Raises:
            Locked: another process has it.
            OSError: the file cannot be opened.
        """
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            raise Locked(_read(self._path)) from None
        self._handle = handle
        text = json.dumps({"pid": os.getpid(), "run": run})
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, text.encode())

    def release(self) -> None:
        """Let the next process in."""
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None


def holder(path: Path) -> Holder | None:
    """The process that holds the lock now; looks without taking it."""
    found = _read(path)
    return found if found is not None and _alive(found.pid) else None


def _read(path: Path) -> Holder | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Holder(int(data["pid"]), str(data["run"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


if sys.platform == "win32":
    import ctypes
    import msvcrt

    # Behind the text, which others want to read: Windows forbids reading what is locked.
    _LOCKED_BYTE = 1 << 30
    _STILL_ACTIVE = 259

    def _lock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

    def _alive(pid: int) -> bool:
        query = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
        process = ctypes.windll.kernel32.OpenProcess(query, False, pid)
        if not process:
            return False
        code = ctypes.c_ulong()
        ctypes.windll.kernel32.GetExitCodeProcess(process, ctypes.byref(code))
        ctypes.windll.kernel32.CloseHandle(process)
        return code.value == _STILL_ACTIVE

else:
    import fcntl

    def _lock(handle: int) -> None:
        # A POSIX record lock belongs to the process: children that a step forks do not keep it.
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _alive(pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

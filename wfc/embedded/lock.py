"""One process per run: a file lock that the operating system releases when its holder dies.

It is a lock of the open file, not of the process: closing another descriptor of the same file does
not give it up, as it would a POSIX record lock.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

from wfc.tool.files import private

# How often to look whether a lock is free.
_POLL_SECONDS = 0.1
# How long a look at a lock by another process may be in the way.
_LOOK_SECONDS = 0.2

# The descriptors of the locks of this process; a child that a step forks must not keep them.
_held: set[int] = set()


class Lock:
    """Held until :meth:`release`, or to the end of the process."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle = handle

    def release(self) -> None:
        """Let the next process in, and leave no file behind."""
        with contextlib.suppress(OSError):  # Windows keeps a file that is open
            self._path.unlink()
        _held.discard(self._handle)
        os.close(self._handle)


def acquire(path: Path, wait: Callable[[int | None], None] | None = None) -> Lock | None:
    """Take a lock, or nothing when another process holds it.

    Args:
        path: the file; it is made when it is missing.
        wait: wait as long as somebody holds the lock. It is called once before that, with the
            number of the process if that is known.

    Raises:
        OSError: the file cannot be used.
    """
    asked = False
    until = time.monotonic() + _LOOK_SECONDS
    while True:
        handle = _open(path, os.O_CREAT)
        if _lock(handle):
            if _is_current(path, handle):
                break
            os.close(handle)  # its holder has removed it on leaving
            continue
        pid = _pid(handle)
        os.close(handle)
        # A process that looks who holds the lock has it for a moment.
        if time.monotonic() > until:
            if wait is None:
                return None
            if not asked:
                wait(pid)
                asked = True
        time.sleep(_POLL_SECONDS)
    _held.add(handle)
    os.ftruncate(handle, 0)
    os.write(handle, str(os.getpid()).encode())
    return Lock(path, handle)


def is_held(path: Path) -> bool:
    """Whether a process holds the lock now."""
    try:
        handle = _open(path, 0)
    except OSError:
        return False
    try:
        return not _lock(handle, shared=True)
    finally:
        os.close(handle)


def _open(path: Path, flags: int) -> int:
    handle = os.open(path, os.O_RDWR | getattr(os, "O_NONBLOCK", 0) | flags, 0o600)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, f"{path.name} is no ordinary file")
        if flags:
            private(handle, 0o600)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _is_current(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _pid(handle: int) -> int | None:
    try:
        text = os.pread(handle, 20, 0) if hasattr(os, "pread") else os.read(handle, 20)
        return int(text)
    except (OSError, ValueError):
        return None


if sys.platform == "win32":
    import msvcrt

    # Behind the text, which others want to read: Windows forbids reading what is locked.
    _LOCKED_BYTE = 1 << 30

    def _lock(handle: int, *, shared: bool = False) -> bool:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(handle: int, *, shared: bool = False) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _forget() -> None:
        for handle in _held:
            os.close(handle)
        _held.clear()

    os.register_at_fork(after_in_child=_forget)

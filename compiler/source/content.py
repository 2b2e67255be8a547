"""The bytes of a source file. Light to import."""

from __future__ import annotations

import errno
import os
import stat


def content_of(path: str) -> bytes:
    """What is in a file.

    Raises:
        OSError: it cannot be read, or it is a pipe, for whose writer one might wait for ever.
    """
    with open(path, "rb", opener=_open) as file:
        if stat.S_ISFIFO(os.fstat(file.fileno()).st_mode):
            if not path.startswith("/dev/"):  # where a shell puts what another command writes
                raise OSError(errno.EINVAL, "it is a pipe")
            os.set_blocking(file.fileno(), True)
        return file.read()


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))

"""Writing files safely: a text is staged beside the file that it replaces, and renamed."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from pathlib import Path


def write_atomically(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a text file so that a reader sees the old content or the new, never a part, and that it
    survives a crash of the machine.

    The folder is created when it is missing. A link stays a link to the file; a device or a pipe
    takes the text as it is.

    Raises:
        OSError: the file cannot be written; what was there before is untouched.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        path.write_text(text, encoding=encoding, newline="\n")
        return
    temporary = stage(path, text, encoding, synced=True)
    try:
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def stage(path: Path, text: str, encoding: str = "utf-8", *, synced: bool = False) -> Path:
    """Write a text into a new file in the folder of ``path``, which is created when it is missing.

    Args:
        path: the file that the caller is going to replace.
        text: its new content.
        encoding: how to write it.
        synced: wait until the disk has it.

    Returns:
        The new file, with the mode of the old one.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding=encoding, newline="\n") as file:
            file.write(text)
            if synced:
                file.flush()
                os.fsync(file.fileno())
        # mkstemp makes a private file; a file that was there keeps its mode, a new one is ordinary.
        temporary.chmod(path.stat().st_mode if path.exists() else 0o666 & ~_umask())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def private(place: int | Path, mode: int) -> None:
    """Take from others what they may do with a file or folder, whatever the umask is: its mode
    becomes ``mode``. What belongs to somebody else stays as it is."""
    if sys.platform == "win32":  # rights are inherited from the folder there
        return
    if stat.S_IMODE(os.stat(place).st_mode) != mode:
        with contextlib.suppress(PermissionError):
            os.chmod(place, mode)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

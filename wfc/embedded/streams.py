"""The standard streams during a run: they may be closed, broken or hung up, and the run goes on."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import threading
from collections.abc import Iterator
from typing import IO, Any, NoReturn, TextIO, cast

_OUT, _ERR = 1, 2

# Descriptors that a child of a step must not keep.
_saved: set[int] = set()


@contextlib.contextmanager
def steps_on_stderr() -> Iterator[None]:
    """What steps and their child processes print goes to standard error: standard output holds the
    result alone. Where nobody reads it any more, it goes nowhere."""
    _open_missing()
    number = _number(sys.stdout, _OUT)
    saved = os.dup(number)
    _saved.add(saved)
    _flush(sys.stdout)
    os.dup2(_number(sys.stderr, _ERR), number)
    # Python has no stream for a descriptor that was closed when it began.
    stderr = sys.stderr or open(_ERR, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    shown = cast(TextIO, _Forgiving(stderr))
    if sys.platform != "win32":
        threading.Thread(target=_watch, daemon=True).start()
    try:
        with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
            yield
    finally:
        _saved.discard(saved)
        os.dup2(saved, number)
        os.close(saved)


def say(text: str) -> None:
    """Write a line to standard error, if anybody reads it."""
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)


def leave(code: int) -> NoReturn:
    """End the process without waiting for threads."""
    _flush(sys.stdout)
    _flush(sys.stderr)
    os._exit(code)


class _Forgiving:
    """A stream whose errors are nobody's."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except UnicodeError:
            raise
        except (OSError, ValueError):  # closed, by its reader or in this process
            _drop()
            return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        _flush(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _watch() -> None:
    """Let nothing be written to a pipe without a reader or a terminal that is gone: a child process
    of a step would fail for it."""
    poll = select.poll()
    poll.register(_ERR, 0)  # waits for no news but the bad
    poll.poll()
    _drop()


def _flush(stream: IO[str] | None) -> None:
    if stream is not None:
        try:
            stream.flush()
        except (OSError, ValueError):
            _drop()


def _drop() -> None:
    """Lead what is still written to nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        if _saved:  # else standard output is not ours to change
            os.dup2(nowhere, _OUT)
        os.dup2(nowhere, _ERR)
    finally:
        os.close(nowhere)


def _open_missing() -> None:
    """A file that is opened later must not get the number of a standard stream."""
    for number in (0, _OUT, _ERR):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _number(stream: TextIO | None, usual: int) -> int:
    try:
        return usual if stream is None else stream.fileno()
    except (OSError, ValueError):  # replaced by something that is no file
        return usual


def _forget() -> None:
    for number in _saved:
        os.close(number)
    _saved.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)

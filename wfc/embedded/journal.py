"""What DBOS does not record: the arguments of each attempt of a step, and why attempts failed.

One line of JSON per event, in one file per run. A line is handed to the operating system before the
step begins, so it survives the death of the process; it is for people to look at, and recovery does
not need it, so nothing waits for the disk.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

from wfc.author.boundary import encode
from wfc.compiler.data.struct import MutableStruct, field
from wfc.tool.files import private

_LONGEST_NAME = 120
_ROOM = 1 << 18
_END_OF_TIME = 253_402_214_400_000  # the last day of year 9999


class Attempt(MutableStruct):
    """One try of a step; ``error`` is empty while it runs and when it succeeded."""

    started: int
    ended: int | None = None
    error: str = ""
    message: str = ""
    where: str = ""


class Entry(MutableStruct):
    """What is known of a step of a run: its arguments and attempts."""

    site: str
    step: str
    arguments: Any = None
    attempts: list[Attempt] = field(factory=list)


class Journal:
    """Appends the events of one run. Steps may write from several threads at once.

    Args:
        folder: of the journals; it is there.
        run: the run's id.
        fail: ends the process when the disk refuses a line.

    Raises:
        OSError: the file cannot be opened.
    """

    def __init__(self, folder: Path, run: str, fail: Callable[[str], NoReturn]) -> None:
        self._fail = fail
        path = file_of(folder, run)
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, f"{path.name} is no ordinary file")
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        private(self._handle, 0o600)
        self._lock = threading.Lock()
        self._room = os.fstat(self._handle).st_size
        earlier = os.read(self._handle, self._room) if self._room else b""
        earlier = earlier.rstrip(b"\0")
        self._end = len(earlier)
        os.lseek(self._handle, self._end, os.SEEK_SET)
        if earlier and not earlier.endswith(b"\n"):  # cut off: the next line starts on its own
            self._append(b"\n")

    def attempt(
        self, workflow: str, number: int, site: str, step: str, arguments: Mapping[str, Any]
    ) -> None:
        """An attempt of a step begins."""
        event = {"w": workflow, "i": number, "t": now(), "s": site, "f": step, "a": arguments}
        self._write(event)

    def failed(self, workflow: str, number: int, error: str, message: str, where: str = "") -> None:
        """The attempt that began last has failed; ``where`` is the place in the source."""
        event = {"w": workflow, "i": number, "t": now(), "e": error, "m": message}
        self._write({**event, "p": where} if where else event)

    def ended(self, run: str, where: str) -> None:
        """The run has failed at a place in the source."""
        self._write({"w": run, "t": now(), "p": where})

    def close(self) -> None:
        """Nothing more is going to happen."""
        with contextlib.suppress(OSError):
            os.ftruncate(self._handle, self._end)
        os.close(self._handle)

    def _write(self, event: dict[str, Any]) -> None:
        try:
            text = json.dumps(event)
        except TypeError:  # a record, an enum or a moment among the arguments
            text = json.dumps(event, default=_data)
        self._append(f"{text}\n".encode())

    def _append(self, line: bytes) -> None:
        with self._lock:
            self._end += len(line)
            try:
                if self._end > self._room:
                    self._make_room(self._end)
                self._write_all(line)
            except OSError as error:
                self._fail(f"the journal cannot be written: {error.strerror}")

    def _make_room(self, end: int) -> None:
        """Let the file grow rarely: what has grown is written out each time that DBOS waits for the
        disk (ext4, data=ordered). What is left of the room after a crash are zeros."""
        here = os.lseek(self._handle, 0, os.SEEK_CUR)
        os.lseek(self._handle, self._room, os.SEEK_SET)
        self._write_all(bytes(end - self._room + _ROOM))
        self._room = end + _ROOM
        os.lseek(self._handle, here, os.SEEK_SET)

    def _write_all(self, content: bytes) -> None:
        """A disk that fills up takes a part; what is said about the rest is the reason."""
        written = os.write(self._handle, content)
        while written < len(content):
            written += os.write(self._handle, content[written:])


def read(folder: Path, run: str) -> dict[tuple[str, int], Entry]:
    """The steps of a run and of the workflows that it started, by workflow id and number.

    A run without a journal, or lines that were cut off, are not an error: what is there is shown.
    """
    entries: dict[tuple[str, int], Entry] = {}
    for event in _events(file_of(folder, run)):
        try:
            _apply(entries, event)
        except (KeyError, TypeError, ValueError, OverflowError, IndexError):
            continue
    return entries


def place_of(folder: Path, run: str) -> str:
    """The place in the source at which a run failed; empty when it is not known."""
    ends = [event for event in _events(file_of(folder, run)) if "p" in event and "i" not in event]
    return str(ends[-1]["p"]) if ends else ""


def _apply(entries: dict[tuple[str, int], Entry], event: dict[str, Any]) -> None:
    key = str(event["w"]), int(event["i"])
    if "e" in event:
        attempt = entries[key].attempts[-1]
        attempt.ended, attempt.error = _moment(event), str(event["e"])
        attempt.message, attempt.where = str(event["m"]), str(event.get("p", ""))
        return
    started = _moment(event)
    entry = entries.setdefault(key, Entry(str(event["s"]), str(event["f"])))
    entry.arguments = event["a"]
    entry.attempts.append(Attempt(started))


def _moment(event: dict[str, Any]) -> int:
    return in_range(int(event["t"]))


def in_range(milliseconds: int) -> int:
    """A moment that can be shown; a store that was damaged may hold any number.

    Raises:
        ValueError: it is none.
    """
    if not 0 <= milliseconds < _END_OF_TIME:
        raise ValueError(f"{milliseconds} is no moment")
    return milliseconds


def _events(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():  # nor a pipe, which nobody would write to
        return
    try:
        lines = path.read_bytes().rstrip(b"\0").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(event, dict):
            yield event


def file_of(folder: Path, run: str) -> Path:
    """The journal's file."""
    return folder / f"{name_of(run)}.jsonl"


def name_of(run: str) -> str:
    """A name for files of a run; its id may hold any character and be of any length."""
    name = quote(run, safe="")
    if len(name) > _LONGEST_NAME or name.startswith("."):
        return hashlib.sha256(run.encode()).hexdigest()
    return name


def now() -> int:
    """Milliseconds since the epoch, as DBOS counts."""
    return time.time_ns() // 1_000_000


def _data(value: Any) -> Any:
    return encode(value, Any, "an argument")

"""What DBOS does not record: the arguments of each attempt of a step, and why attempts failed.

One line of JSON per event, in one file per run. A line is handed to the operating system before the
step begins, so it survives the death of the process; it is for people to look at, and recovery does
not need it, so nothing waits for the disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from wfc.author.boundary import encode
from wfc.compiler.data.struct import MutableStruct, field

_LONGEST_NAME = 120
_ROOM = 1 << 18


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
    """Appends the events of one run. Steps may write from several threads at once."""

    def __init__(self, folder: Path, run: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(file_of(folder, run), os.O_RDWR | os.O_CREAT, 0o644)
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

    def close(self) -> None:
        """Nothing more is going to happen."""
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
            if self._end > self._room:
                self._make_room(self._end)
            os.write(self._handle, line)

    def _make_room(self, end: int) -> None:
        """Let the file grow rarely: what has grown is written out each time that DBOS waits for the
        disk (ext4, data=ordered). What is left of the room after a crash are zeros."""
        here = os.lseek(self._handle, 0, os.SEEK_CUR)
        os.lseek(self._handle, self._room, os.SEEK_SET)
        os.write(self._handle, bytes(end - self._room + _ROOM))
        self._room = end + _ROOM
        os.lseek(self._handle, here, os.SEEK_SET)


def read(folder: Path, run: str) -> dict[tuple[str, int], Entry]:
    """The steps of a run and of the workflows that it started, by workflow id and number.

    A run without a journal, or lines that were cut off, are not an error: what is there is shown.
    """
    entries: dict[tuple[str, int], Entry] = {}
    for event in _events(file_of(folder, run)):
        try:
            _apply(entries, event)
        except (KeyError, TypeError, IndexError):
            continue
    return entries


def _apply(entries: dict[tuple[str, int], Entry], event: dict[str, Any]) -> None:
    key = str(event["w"]), int(event["i"])
    if "e" in event:
        attempt = entries[key].attempts[-1]
        attempt.ended, attempt.error, attempt.message = event["t"], event["e"], event["m"]
        attempt.where = event.get("p", "")
        return
    entry = entries.setdefault(key, Entry(event["s"], event["f"]))
    entry.arguments = event["a"]
    entry.attempts.append(Attempt(event["t"]))


def _events(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_bytes().rstrip(b"\0").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event


def file_of(folder: Path, run: str) -> Path:
    """The journal's file; an id may hold any character and be of any length."""
    name = quote(run, safe="")
    if len(name) > _LONGEST_NAME or name.startswith("."):
        name = hashlib.sha256(run.encode()).hexdigest()
    return folder / f"{name}.jsonl"


def now() -> int:
    """Milliseconds since the epoch, as DBOS counts."""
    return time.time_ns() // 1_000_000


def _data(value: Any) -> Any:
    return encode(value, Any, "an argument")

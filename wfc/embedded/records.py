"""Reads runs from a store, without DBOS: its SQLite tables and the journals.

The tables are those of dbos 3.4; a store keeps them in one file. Nothing is written.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote

from wfc.compiler.data.struct import Struct, field
from wfc.embedded import journal
from wfc.embedded.journal import Attempt, Entry
from wfc.embedded.store import Store

RunStatus: TypeAlias = Literal["running", "interrupted", "succeeded", "failed", "cancelled"]
StepStatus: TypeAlias = Literal["running", "interrupted", "succeeded", "failed"]

# dbos 3.4, WorkflowStatusString. Any other run can go on, also one that DBOS has given up.
_FINISHED: Final[dict[str, RunStatus]] = {
    "SUCCESS": "succeeded",
    "ERROR": "failed",
    "CANCELLED": "cancelled",
}
_OWN_VERSION = "/"
WRITERS: Final = ("portable_json",)
"""What writes the values of a store: the name that DBOS gives it."""
_RESULT_OF_CHILD = "DBOS.getResult"
_SLEEP = "DBOS.sleep"


class Run(Struct):
    """A run as it stands in the store; times are milliseconds since the epoch, by the second.
    ``root`` is the run that started it all, often itself."""

    id: str
    workflow: str
    status: RunStatus
    version: str
    created: int
    updated: int
    root: str
    source: str = ""
    parent: str = ""
    input: dict[str, Any] = field(factory=dict)
    result: Any = None
    error: str = ""
    message: str = ""
    steps: int = 0

    @property
    def finished(self) -> bool:
        """Whether the run has a result or an error, which is final."""
        return self.status in ("succeeded", "failed")


class Operation(Struct):
    """A step, sleep or child workflow of a run, in order; ``step`` is the step's function, and
    ``wakes`` is when a sleep is over."""

    number: int
    name: str
    kind: Literal["step", "sleep", "workflow"]
    status: StepStatus
    started: int | None
    ended: int | None
    wakes: int | None = None
    step: str = ""
    input: Any = None
    output: Any = None
    error: str = ""
    message: str = ""
    attempts: tuple[Attempt, ...] = ()
    child: str = ""


def runs(store: Store) -> list[Run]:
    """The runs of a store, newest first, without the workflows that they started.

    Raises:
        Refused: the database cannot be read.
    """
    with _open(store) as database:
        if database is None:
            return []
        rows = database.execute(
            f"{_SELECT} WHERE s.parent_workflow_id IS NULL ORDER BY s.rowid DESC"
        )
        return [_run(row, row[0], store) for row in rows]


def find(store: Store, id: str) -> Run | None:
    """The run of that id, also one that another run started.

    Raises:
        Refused: the database cannot be read, or something else has written the run.
    """
    with _open(store) as database:
        if database is None:
            return None
        row = database.execute(f"{_SELECT} WHERE s.workflow_uuid = ?", (id,)).fetchone()
        if row is None:
            return None
        _check_writer(store, id, row[-1])
        return _run(row, _root(database, id), store)


def operations(store: Store, run: Run) -> list[Operation]:
    """What a run has done so far, in order.

    Raises:
        Refused: the database cannot be read, or something else has written an outcome.
    """
    with _open(store) as database:
        if database is None:
            return []
        rows = database.execute(
            "SELECT function_id, function_name, output, error, child_workflow_id,"
            " started_at_epoch_ms, completed_at_epoch_ms, serialization FROM operation_outputs"
            " WHERE workflow_uuid = ? ORDER BY function_id",
            (run.id,),
        ).fetchall()
        for row in rows:
            _check_writer(store, run.id, row[-1])
        found = journal.read(store.journals, run.root)
        children = {row[4]: find(store, row[4]) for row in rows if row[4]}
    entries = {number: entry for (id, number), entry in found.items() if id == run.id}
    status: StepStatus = "running" if run.status == "running" else "interrupted"
    recorded = [
        _child(row, children[row[4]]) if row[4] else _operation(row, entries.get(row[0]), status)
        for row in rows
        if row[1] != _RESULT_OF_CHILD
    ]
    known = {operation.number for operation in recorded}
    open_steps = [
        _unrecorded(number, entry, status)
        for number, entry in sorted(entries.items())
        if number not in known
    ]
    return [*recorded, *open_steps]


def place(store: Store, run: Run) -> str:
    """The place in the source at which a run failed, if it is known."""
    return journal.place_of(store.journals, run.id) if run.error else ""


def version_for(version: str, run: str) -> str:
    """The application version that a run is launched as: no other run has it."""
    return f"{version}{_OWN_VERSION}{run}"


_SELECT: Final = """
    SELECT s.workflow_uuid, s.name, s.status, s.application_version, s.created_at,
           coalesce(s.completed_at, s.updated_at), s.attributes, s.parent_workflow_id,
           i.inputs, o.output, o.error,
           (SELECT count(*) FROM operation_outputs p WHERE p.workflow_uuid = s.workflow_uuid
                   AND p.function_name <> 'DBOS.getResult'), s.serialization
    FROM workflow_status s
    LEFT JOIN workflow_input i ON i.workflow_uuid = s.workflow_uuid
    LEFT JOIN workflow_output o ON o.workflow_uuid = s.workflow_uuid
"""


@contextlib.contextmanager
def _open(store: Store) -> Iterator[sqlite3.Connection | None]:
    """The database for reading, or None when nothing was ever run here."""
    if not store.exists():
        yield None
        return
    address = f"file:{quote(os.fsencode(os.path.abspath(store.database)))}?mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=5)) as database:
            if not _has_tables(database):
                yield None
                return
            yield database
    except sqlite3.Error as error:
        raise store.unusable(f"{store.database.name}: {error}") from error


def _has_tables(database: sqlite3.Connection) -> bool:
    """A process that died before DBOS made its tables leaves an empty file."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'workflow_output'"
    return database.execute(query).fetchone() is not None


def _root(database: sqlite3.Connection, id: str) -> str:
    """The run that started it all; its journal holds the steps of its children too."""
    seen: set[str] = set()
    while id not in seen:
        seen.add(id)
        row = database.execute(
            "SELECT parent_workflow_id FROM workflow_status WHERE workflow_uuid = ?", (id,)
        ).fetchone()
        if row is None or row[0] is None:
            break
        id = row[0]
    return id


def _check_writer(store: Store, id: str, writer: str | None) -> None:
    """Raise for a value that wfc has not written, such as a pickled one, which is not read."""
    if writer not in (None, *WRITERS):
        raise store.unusable(f"a value of run {id} was written as {writer}, not by wfc")


def _run(row: tuple[Any, ...], root: str, store: Store) -> Run:
    id, workflow, status, version, created, updated, attributes, parent, inputs = row[:9]
    output, error, steps, writer = row[9:]
    if writer not in (None, *WRITERS):
        inputs = output = error = None
    name, message = _error(error)
    given = _object(inputs).get("namedArgs")
    return Run(
        id=id,
        workflow=str(workflow),
        status=_FINISHED.get(status) or ("running" if store.is_running(root) else "interrupted"),
        version=str(version or "").partition(_OWN_VERSION)[0],
        created=_moment(created) or 0,
        updated=_moment(updated) or 0,
        root=root,
        source=str(_object(attributes).get("source", "")),
        parent=parent or "",
        input=given if isinstance(given, dict) else {},
        result=_json(output),
        error=name,
        message=message,
        steps=steps,
    )


def _operation(row: tuple[Any, ...], entry: Entry | None, open_: StepStatus) -> Operation:
    number, name, output, error, _, started, ended = row[:7]
    started, ended = _moment(started), _moment(ended)
    if name == _SLEEP:
        return _sleep(number, started, ended, open_)
    error_name, message = _error(error)
    if error_name == "DBOSStepTimeoutError":
        step = entry.step if entry is not None else name
        error_name, message = "TimeoutError", f"{step} timed out"
    attempts = tuple(entry.attempts) if entry is not None else ()
    if attempts and attempts[-1].ended is None:
        attempts[-1].ended = ended
        attempts[-1].error, attempts[-1].message = error_name, message
    return Operation(
        number=number,
        name=name,
        kind="step",
        status="failed" if error_name else "succeeded",
        started=started,
        ended=ended,
        step=entry.step if entry is not None else "",
        input=entry.arguments if entry is not None else None,
        output=_json(output),
        error=error_name,
        message=message,
        attempts=attempts,
    )


def _sleep(number: int, started: int | None, wakes: int | None, open_: StepStatus) -> Operation:
    """DBOS records a sleep when it begins, with the moment when it is over."""
    over = wakes is not None and wakes <= journal.now()
    return Operation(
        number=number,
        name="sleep",
        kind="sleep",
        status="succeeded" if over else open_,
        started=started,
        ended=wakes if over else None,
        wakes=wakes,
    )


def _child(row: tuple[Any, ...], child: Run | None) -> Operation:
    number, name, _, _, id, started = row[:6]
    status: StepStatus = "interrupted"
    if child is not None and child.status in ("succeeded", "failed", "running"):
        status = child.status
    return Operation(
        number=number,
        name=name,
        kind="workflow",
        status=status,
        started=_moment(started),
        ended=child.updated if child is not None and child.finished else None,
        input=child.input if child is not None else None,
        output=child.result if child is not None else None,
        error=child.error if child is not None else "",
        message=child.message if child is not None else "",
        child=id,
    )


def _unrecorded(number: int, entry: Entry, status: StepStatus) -> Operation:
    """A step that began and has no outcome yet."""
    return Operation(
        number=number,
        name=entry.site,
        kind="step",
        status=status,
        started=entry.attempts[0].started,
        ended=None,
        step=entry.step,
        input=entry.arguments,
        attempts=tuple(entry.attempts),
    )


def _error(text: object) -> tuple[str, str]:
    data = _object(text)
    return str(data.get("name", "")), str(data.get("message", ""))


def _object(text: object) -> dict[str, Any]:
    data = _json(text)
    return data if isinstance(data, dict) else {}


def _json(text: object) -> Any:
    if not isinstance(text, str):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _moment(value: object) -> int | None:
    try:
        return journal.in_range(value) if isinstance(value, int) else None
    except ValueError:
        return None

"""The journal of a run: whole after any end of the process, and readable while it is written."""

from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path
from typing import NoReturn

import pytest

from wfc.embedded.journal import Journal, file_of, read


def fail(reason: str) -> NoReturn:
    raise AssertionError(reason)


def begin(journal: Journal, number: int, **arguments: object) -> None:
    journal.attempt("r-1", number, f"step_{number}", "step", arguments)


def text(folder: Path) -> bytes:
    return file_of(folder, "r-1").read_bytes()


def killed(folder: Path, numbers: range) -> None:
    """Write the attempts of some steps in a process that dies behind them."""
    child = os.fork()
    if not child:
        journal = Journal(folder, "r-1", fail)
        for number in numbers:
            begin(journal, number)
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_attempts_and_failures_are_read_as_they_were_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "r-1", fail)
    begin(journal, 1, amount=5, name="é")
    journal.failed("r-1", 1, "BankDown", "no answer", "flow.py:7")
    begin(journal, 1, amount=5, name="é")
    journal.close()

    ((key, entry),) = read(tmp_path, "r-1").items()
    assert (key, entry.site, entry.step) == (("r-1", 1), "step_1", "step")
    assert entry.arguments == {"amount": 5, "name": "é"}
    first, second = entry.attempts
    assert (first.error, first.message, first.where) == ("BankDown", "no answer", "flow.py:7")
    assert first.ended is not None
    assert (second.error, second.ended) == ("", None)


def test_a_journal_that_is_closed_ends_with_its_last_line(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "r-1", fail)
    begin(journal, 1)
    assert text(tmp_path).endswith(b"\0"), "there is room for the next lines"
    assert list(read(tmp_path, "r-1")) == [("r-1", 1)], "which readers do not see"
    journal.close()

    (line,) = text(tmp_path).splitlines(keepends=True)
    assert json.loads(line)["s"] == "step_1"
    assert line.endswith(b"}\n")


def test_a_run_that_was_killed_goes_on_behind_its_last_line(tmp_path: Path) -> None:
    killed(tmp_path, range(1, 3))
    killed(tmp_path, range(3, 4))
    assert text(tmp_path).endswith(b"\0")
    journal = Journal(tmp_path, "r-1", fail)
    begin(journal, 4)
    journal.close()

    assert [json.loads(line)["i"] for line in text(tmp_path).splitlines()] == [1, 2, 3, 4]
    assert list(read(tmp_path, "r-1")) == [("r-1", number) for number in range(1, 5)]


@pytest.mark.parametrize("rest", ["", "\0" * 100])
def test_a_line_that_was_cut_off_costs_no_other_line(tmp_path: Path, rest: str) -> None:
    killed(tmp_path, range(1, 3))
    lines = text(tmp_path).rstrip(b"\0")
    file_of(tmp_path, "r-1").write_bytes(lines[:-9] + rest.encode())
    journal = Journal(tmp_path, "r-1", fail)
    begin(journal, 3)
    journal.close()

    assert list(read(tmp_path, "r-1")) == [("r-1", 1), ("r-1", 3)]


def test_the_room_grows_with_what_is_written(tmp_path: Path) -> None:
    """A line that is longer than all the room, and many that are not."""
    journal = Journal(tmp_path, "r-1", fail)
    sizes = [10, 700_000, *[30_000] * 20]
    for number, size in enumerate(sizes):
        begin(journal, number, text="x" * size)
        assert len(text(tmp_path)) >= size
    journal.close()

    found = [len(entry.arguments["text"]) for entry in read(tmp_path, "r-1").values()]
    assert found == sizes
    assert b"\0" not in text(tmp_path)


def test_several_threads_write_whole_lines(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "r-1", fail)
    ready = threading.Barrier(8)

    def write(thread: int) -> None:
        ready.wait()
        for number in range(100):
            begin(journal, thread * 100 + number, text="x" * 500)

    threads = [threading.Thread(target=write, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()

    numbers = [json.loads(line)["i"] for line in text(tmp_path).splitlines()]
    assert sorted(numbers) == list(range(800))
    for thread in range(8):
        own = [number for number in numbers if number // 100 == thread]
        assert own == sorted(own), "each thread's lines stand in its order"


def test_ids_have_files_of_their_own_inside_the_folder(tmp_path: Path) -> None:
    ids = ["r-1", "r/1", "../r-1", ".", "..", "é" * 200, "é" * 201, "R%2F1"]
    paths = {file_of(tmp_path, id) for id in ids}
    assert len(paths) == len(ids)
    assert {path.parent.resolve() for path in paths} == {tmp_path.resolve()}


def test_a_run_without_a_journal_has_no_entries(tmp_path: Path) -> None:
    assert read(tmp_path, "r-1") == {}

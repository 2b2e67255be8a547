"""Several processes on one store: each run has one of them, and nothing runs twice."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest

CHAIN = '''
"""Three steps."""
import os
import signal

from wfc import step, workflow


@step
def first(n: int) -> int:
    mark("first")
    return n + 1


@step
def second(n: int) -> int:
    mark("second")
    return n * 10


@step
def third(n: int) -> int:
    mark("third")
    return n - 1


@workflow
def chain(n: int) -> int:
    return third(second(first(n)))
'''


def command(id: str, n: int = 2) -> list[str]:
    return ["run", "flow.py", "--input", json.dumps({"n": n}), "--id", id]


def statuses(bench: Any) -> dict[str, str]:
    listed = json.loads(bench.wfc("runs", "list", "--format", "json").out)
    return {run["id"]: run["status"] for run in listed}


def test_runs_do_not_wait_for_each_other(bench: Any) -> None:
    bench.write(CHAIN)
    with bench.start(*command("r-1"), HOLD="second") as held:
        bench.wait_for_mark("second")
        ended = bench.wfc(*command("r-2", 5))
        assert (ended.code, ended.out) == (0, "59\n")
        assert statuses(bench) == {"r-1": "running", "r-2": "succeeded"}
        assert bench.wfc("runs", "show", "r-1").code == 0
        bench.let_go()
        assert held.communicate()[0] == "29\n"
    assert sorted(bench.marks()) == ["first", "first", "second", "second", "third", "third"]


def test_new_stores_take_many_processes_at_once(bench: Any) -> None:
    bench.write(CHAIN)
    processes = [bench.start(*command(f"r-{number}", number)) for number in range(4)]
    results = [process.communicate() for process in processes]
    assert [out for out, _ in results] == [f"{number * 10 + 9}\n" for number in range(4)], results
    assert len(bench.marks()) == 12


def test_resuming_does_not_wake_up_runs_of_other_processes(bench: Any) -> None:
    bench.write(CHAIN)
    assert bench.killed(bench.wfc(*command("r-1"), KILL="second"))
    assert bench.killed(bench.wfc(*command("r-2", 5), KILL="third"))
    with bench.start(*command("r-1"), HOLD="second") as held:
        bench.wait_until(lambda: bench.marks().count("second") == 3)
        assert bench.wfc("runs", "resume", "r-2").out == "59\n"
        bench.let_go()
        assert held.communicate()[0] == "29\n"
    assert [bench.marks().count(name) for name in ("first", "second", "third")] == [2, 3, 3]


@pytest.mark.parametrize("again", [command("r-1"), ["runs", "resume", "r-1"]])
def test_an_id_that_is_running_is_waited_for(bench: Any, again: list[str]) -> None:
    bench.write(CHAIN)
    with bench.start(*command("r-1"), HOLD="second") as held:
        bench.wait_for_mark("second")
        with bench.start(*again) as other:
            bench.wait_for_line(other, f"Run r-1 is under way in process {held.pid}; waiting")
            bench.let_go()
            out, err = other.communicate()
        assert (other.returncode, out) == (0, "29\n")
        assert "nothing was run again" in err
        assert held.communicate()[0] == "29\n"
    assert bench.marks() == ["first", "second", "third"]


@pytest.mark.parametrize("again", [command("r-1"), ["runs", "resume", "r-1"]])
def test_whoever_waits_goes_on_with_a_run_whose_process_dies(bench: Any, again: list[str]) -> None:
    bench.write(CHAIN)
    with bench.start(*command("r-1"), HOLD="second") as held:
        bench.wait_for_mark("second")
        with bench.start(*again) as other:
            bench.wait_for_line(other, "waiting for its end")
            held.send_signal(signal.SIGKILL)
            assert other.communicate()[0] == "29\n"
    assert bench.marks() == ["first", "second", "second", "third"]


def test_a_resumed_run_is_not_resumed_a_second_time(bench: Any) -> None:
    bench.write(CHAIN)
    assert bench.killed(bench.wfc(*command("r-1"), KILL="second"))
    with bench.start(*command("r-1"), HOLD="second") as resumed:
        bench.wait_until(lambda: bench.marks().count("second") == 2)
        for _ in range(2):  # the first look must not open the door for the second
            with bench.start(*command("r-1")) as other:
                bench.wait_for_line(other, "waiting for its end")
                other.kill()
        assert statuses(bench) == {"r-1": "running"}
        bench.let_go()
        assert resumed.communicate()[0] == "29\n"
    assert bench.marks() == ["first", "second", "second", "third"]


def test_an_id_that_is_running_keeps_its_input(bench: Any) -> None:
    bench.write(CHAIN)
    with bench.start(*command("r-1"), HOLD="second"):
        bench.wait_for_mark("second")
        ended = bench.wfc(*command("r-1", 3))
        assert ended.code == 1
        assert "WFC613" in ended.err
        bench.let_go()

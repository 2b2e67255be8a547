"""Kills again and again: the run ends as if nothing had happened. ``make prove`` kills more."""

from __future__ import annotations

import os
import random
import signal
from typing import Any

import pytest

KILLS = int(os.environ.get("WFC_KILLS", "3"))

LONG = f'''
"""Many short steps, each of which leaves a mark when it is done."""
import os
import signal
import time

from wfc import step, workflow


@step
def add(total: int, number: int) -> int:
    mark("began", f" {{number}}")
    time.sleep(0.02)
    mark("ended", f" {{number}}")
    return total + number


@workflow
def total(n: int) -> int:
    result = 0
    for number in range({20 * KILLS}):
        result = add(result, number)
    return result + n
'''


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_survives_any_number_of_kills(bench: Any, ending: signal.Signals) -> None:
    bench.write(LONG)
    command = ["run", "flow.py", "--input", '{"n": 1}', "--id", "r-1"]
    pauses = random.Random(1)
    for _ in range(KILLS):
        begun = len(bench.marks())
        with bench.start(*command) as process:
            more = pauses.randrange(1, 20)
            bench.wait_until(lambda: len(bench.marks()) > begun + more)  # noqa: B023
            process.send_signal(ending)
        assert process.returncode == -ending
    ended = bench.wfc(*command)
    steps = 20 * KILLS
    assert (ended.code, ended.out) == (0, f"{sum(range(steps)) + 1}\n")
    marks = bench.marks()
    assert {int(mark.split()[1]) for mark in marks} == set(range(steps))
    # A step that was cut off runs again, and no other one.
    for kind in ("began", "ended"):
        assert steps <= sum(mark.startswith(kind) for mark in marks) <= steps + KILLS

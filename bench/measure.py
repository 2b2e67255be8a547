"""Times whole processes, several commands in turn."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True, slots=True)
class Run:
    """Wall time in seconds, peak resident memory in MB, and processor time in seconds of one
    process and of the children that it waited for."""

    wall: float
    memory: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Medians over several runs, and the shortest wall time among them."""

    wall: float
    memory: float
    cpu: float
    best: float


def once(command: Sequence[str]) -> Run:
    """Run a command to its end with its output thrown away.

    Raises:
        RuntimeError: it failed; the message holds the end of its stderr.
    """
    # Bytecode is kept, as after an ordinary install; the warm-up round writes it.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    )
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed: {errors.decode()[-2000:]}")
    # ru_maxrss counts kilobytes on Linux and bytes on macOS (getrusage(2)).
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Run(wall, usage.ru_maxrss / unit, usage.ru_utime + usage.ru_stime)


def in_turn(commands: Sequence[Sequence[str]], runs: int) -> list[Summary]:
    """Every command `runs` times, one after the other in each round, after one warm-up round."""
    return jobs_in_turn([partial(once, command) for command in commands], runs)


def jobs_in_turn(jobs: Sequence[Callable[[], Run]], runs: int) -> list[Summary]:
    """As :func:`in_turn`, of calls that each run a process."""
    for job in jobs:
        job()
    rounds = [[job() for job in jobs] for _ in range(runs)]
    return [
        Summary(
            statistics.median(run.wall for run in column),
            statistics.median(run.memory for run in column),
            statistics.median(run.cpu for run in column),
            min(run.wall for run in column),
        )
        for column in zip(*rounds, strict=True)
    ]


def show(lines: Iterable[tuple[str, bool]]) -> int:
    """Print lines, each with whether its target holds, and what came of them all.

    Returns:
        The exit code: 1 when a target is missed.
    """
    missed = 0
    for line, holds in lines:
        print(line if holds else f"{line}   MISSED", flush=True)
        missed += not holds
    print(f"\n{missed} targets missed" if missed else "\nevery target holds")
    return 1 if missed else 0

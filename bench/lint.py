"""Prints what `wfc lint` costs beside temporalint on the same tree, measured in one run.

    python bench/lint.py [--quick]

Exit code 1 when a target is missed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from measure import Run, jobs_in_turn, once, show
from tree import LINES, write_tree

BIN = Path(sys.executable).parent
WFC = str(BIN / "wfc")
PEER = str(BIN / "temporalint")
MODULES = 1000


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        small, large = Path(name, "small"), Path(name, "large")
        write_tree(small, MODULES // 10)
        write_tree(large, MODULES)
        return show(report(small, large, runs=3 if "--quick" in sys.argv else 9))


def report(small: Path, large: Path, runs: int) -> Iterator[tuple[str, bool]]:
    """Lines to print, each with whether its target holds."""
    lines = MODULES * LINES
    yield f"lint of {MODULES:,} modules, {lines:,} lines, whole processes, medians", True
    peer, cold, warm, little = jobs_in_turn(
        [
            lambda: once([PEER, str(large)]),
            lambda: _cold(large),
            lambda: once(_lint(large)),
            lambda: _cold(small),
        ],
        runs,
    )
    rows = (("temporalint", peer), ("wfc lint, no cache", cold), ("wfc lint, with cache", warm))
    for name, run in rows:
        times = f"{run.wall * 1000:7.0f} ms {run.cpu * 1000:7.0f} ms"
        yield f"  {name:<22} {times} of processors {run.memory:6.1f} MB", True
    ratio = cold.wall / peer.wall
    yield f"  no cache / temporalint {ratio:7.2f}     (target <= 0.5)", ratio <= 0.5
    ratio = warm.wall / cold.wall
    yield f"  with cache / no cache  {ratio:7.2f}     (target <= 0.2)", ratio <= 0.2
    growth = cold.wall / little.wall
    yield f"  10 times the lines take {growth:6.1f} times as long (target <= 11)", growth <= 11
    memory = _memory_of_all(large)
    yield f"  memory of all processes {memory:6.1f} MB   (target <= 300 MB)", memory <= 300
    ours, theirs = (_findings(command) for command in (_lint(large), [PEER, str(large)]))
    yield f"  a clock behind two calls: wfc finds {ours}, temporalint {theirs}", ours == 1


def _lint(tree: Path) -> list[str]:
    return [WFC, "lint", str(tree), "--format", "concise", "--exit-zero"]


def _cold(tree: Path) -> Run:
    """The first run ever on a tree; it leaves a cache behind."""
    shutil.rmtree(tree / ".wfc", ignore_errors=True)
    return once(_lint(tree))


def _memory_of_all(tree: Path) -> float:
    """The most that the command and its children hold at once, in MB; pages that they share count
    once (Pss in smaps_rollup, proc(5)). The peak of one process where there is no /proc."""
    shutil.rmtree(tree / ".wfc", ignore_errors=True)
    if not Path("/proc/self/smaps_rollup").exists():
        return once(_lint(tree)).memory
    process = subprocess.Popen(_lint(tree), stdout=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(_pss(pid) for pid in _family(process.pid)))
        time.sleep(0.005)
    return peak


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return
    for child in children.split():
        yield from _family(int(child))


def _pss(pid: int) -> float:
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(row.split()[1]) / 1024 for row in rows if row.startswith("Pss:")), 0.0)


def _findings(command: Sequence[str]) -> int:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return sum(": " in line and ".py:" in line for line in done.stdout.splitlines())


if __name__ == "__main__":
    if not shutil.which(PEER):
        sys.exit("the peer is missing: run `make bench-lint`, which installs it")
    sys.exit(main())

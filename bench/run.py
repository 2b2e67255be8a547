"""Prints what wfc costs beside its peer and beside hand-written code, measured in one run.

    python bench/run.py [--quick]

Exit code 1 when a target is missed.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import throughput
from machines import CASES, count_states, executed_states
from measure import in_turn, show
from sources import sfnx_chain, wfc_chain

HERE = Path(__file__).parent
ROOT = HERE.parent
BIN = Path(sys.executable).parent
WFC = str(BIN / "wfc")
SFNX = str(BIN / "sfnx")


def main() -> int:
    quick = "--quick" in sys.argv
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sections = (
            payout(runs=5 if quick else 11),
            machines(),
            chains(folder, runs=3 if quick else 5),
            linearity(folder, quick),
            durable(folder, runs=4 if quick else 9),
        )
        return show(chain.from_iterable(sections))


# Each section gives lines to print, with whether the target that a line is about holds.


def payout(runs: int) -> Iterator[tuple[str, bool]]:
    yield "compile of the payout to ASL, whole processes, medians", True
    ours, theirs = in_turn(
        [
            [WFC, "compile", str(ROOT / "samples/payout.py"), "--target", "asl"],
            [SFNX, "compile", str(HERE / "peers/payout_sfnx.py")],
        ],
        runs,
    )
    ratio = ours.cpu / theirs.cpu
    for name, one in (("wfc", ours), ("sfnx", theirs)):
        figures = f"{one.cpu * 1000:5.0f} ms processor, {one.wall * 1000:5.0f} ms wall"
        yield f"  {name:<5} {figures}, {one.memory:5.1f} MB", name != "wfc" or one.memory <= 80
    yield f"  ratio of processor time {ratio:5.2f}  (target <= 0.70; memory <= 80 MB)", ratio <= 0.7


def machines() -> Iterator[tuple[str, bool]]:
    yield "\nstates of the payout's machine, and states that each case executes", True
    ours = _compiled([WFC, "compile", str(ROOT / "samples/payout.py"), "--target", "asl"])
    theirs = _compiled([SFNX, "compile", str(HERE / "peers/payout_sfnx.py")])
    hand = json.loads((HERE / "peers/payout.asl.json").read_text(encoding="utf-8"))
    yield f"  {'':<16}{'wfc':>6}{'sfnx':>6}{'hand':>6}", True
    three = (ours, theirs, hand)
    rows = [("states", *map(count_states, three))]
    rows += [(case.name, *(len(executed_states(m, case)) for m in three)) for case in CASES]
    for name, mine, peer, written in rows:
        yield f"  {name:<16}{mine:>6}{peer:>6}{written:>6}", mine <= peer and mine <= written


def chains(folder: Path, runs: int) -> Iterator[tuple[str, bool]]:
    yield "\ncompile of a chain of steps to ASL, whole processes, medians", True
    for steps in (10, 100, 1000):
        mine, peers = folder / f"wfc_{steps}.py", folder / f"sfnx_{steps}.py"
        mine.write_text(wfc_chain(steps), encoding="utf-8")
        peers.write_text(sfnx_chain(steps), encoding="utf-8")
        ours, theirs = in_turn(
            [[WFC, "compile", str(mine), "-t", "asl"], [SFNX, "compile", str(peers)]], runs
        )
        ratio = ours.wall / theirs.wall
        line = f"  {steps:>6} steps  wfc {ours.wall:7.2f} s  sfnx {theirs.wall:7.2f} s"
        yield f"{line}  ratio {ratio:5.2f}", ratio <= 1.0


def linearity(folder: Path, quick: bool) -> Iterator[tuple[str, bool]]:
    yield "\ncompile of a chain of steps to DBOS, whole processes, medians", True
    walls: dict[int, float] = {}
    for steps in (10, 100, 1000, 10_000):
        source = folder / f"dbos_{steps}.py"
        source.write_text(wfc_chain(steps), encoding="utf-8")
        command = [WFC, "compile", str(source), "-t", "dbos"]
        (summary,) = in_turn([command], 1 if quick or steps > 1000 else 3)
        walls[steps] = summary.wall
        yield f"  {steps:>6} steps  {summary.wall:7.2f} s  {summary.memory:7.1f} MB", True
    growth = walls[10_000] / walls[1000]
    yield f"  10,000 steps take {growth:.1f} times as long as 1,000  (target <= 11)", growth <= 11


def durable(folder: Path, runs: int) -> Iterator[tuple[str, bool]]:
    yield "\ndurable steps per second on SQLite, by the slope between two lengths", True
    ours, theirs = throughput.steps_per_second(folder, WFC, runs)
    ratio = ours / theirs
    yield f"  wfc run          {ours:7.0f} steps/s", True
    yield f"  written in DBOS  {theirs:7.0f} steps/s", True
    yield f"  ratio            {ratio:7.2f}  (target >= 0.95)", ratio >= 0.95


def _compiled(command: list[str]) -> dict[str, object]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    machine: dict[str, object] = json.loads(done.stdout)
    return machine


if __name__ == "__main__":
    if not shutil.which(SFNX):
        sys.exit("the peer is missing: run `make bench`, which installs it")
    sys.exit(main())

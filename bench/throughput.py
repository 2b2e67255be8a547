"""Steps per second of `wfc run` against the same workflow written by hand in DBOS."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

from measure import in_turn

HERE = Path(__file__).parent
SHORT, LONG = 100, 1600

SOURCE = '''"""A chain of steps."""

from wfc import step, workflow


@step
def add(total: int, amount: int) -> int:
    """Add an amount."""
    return total + amount


@workflow
def chain(steps: int) -> int:
    """Call the step again and again."""
    total = 0
    for amount in range(steps):
        total = add(total, amount)
    return total
'''


def steps_per_second(folder: Path, wfc: str, runs: int) -> tuple[float, float]:
    """Durable steps per second of wfc and of the hand-written workflow, both on SQLite in WAL mode.

    Start-up is not counted: the figure is the slope between a short and a long chain, which are
    run in turn. Of each the fastest run counts, since every step waits for the disk twice, and what
    else the disk does changes by more than the difference that is looked for.
    """
    source = folder / "chain.py"
    source.write_text(SOURCE, encoding="utf-8")
    store = folder / "by_hand.sqlite"
    with sqlite3.connect(store) as database:
        database.execute("PRAGMA journal_mode=WAL")
    ours = [
        [wfc, "run", str(source), "--input", json.dumps({"steps": n}), "--store", str(folder)]
        for n in (SHORT, LONG)
    ]
    by_hand = [
        [sys.executable, str(HERE / "peers/chain_dbos.py"), str(store), str(n)]
        for n in (SHORT, LONG)
    ]
    walls = [summary.best for summary in in_turn([*ours, *by_hand], runs)]
    steps = LONG - SHORT
    return steps / (walls[1] - walls[0]), steps / (walls[3] - walls[2])

"""Steps that beat live on; those that fall silent time out, in the first run and in a replay."""

from __future__ import annotations

import json
from typing import Any

SOURCE = '''
import asyncio
import os
import signal
import time

from wfc import Heartbeat, Retry, injected, step, workflow


def mark(name: str) -> None:
    """Leave a mark, and die behind it if this is the place."""
    with open(os.environ["MARKS"], "a") as file:
        file.write(f"{name}\\n")
    if os.environ.get("KILL") == name:
        os.kill(os.getpid(), signal.SIGKILL)


@step(heartbeat=0.5)
def busy(times: int, beat: Heartbeat = injected) -> int:
    """Takes longer than the time between two heartbeats."""
    for number in range(times):
        time.sleep(0.2)
        beat(number)
    return times


@step(heartbeat=0.5)
async def busy_coroutine(times: int, beat: Heartbeat = injected) -> int:
    for _ in range(times):
        await asyncio.sleep(0.2)
        beat()
    return times


@step(heartbeat=0.3)
def silent(seconds: float, beat: Heartbeat = injected) -> str:
    mark("silent")
    beat()
    time.sleep(seconds)
    beat()
    return "late"


@step(heartbeat=0.3, timeout=60, retry=Retry(TimeoutError, attempts=3, first_delay=0.01))
async def silent_at_first(beat: Heartbeat = injected) -> str:
    mark("silent_at_first")
    with open(os.environ["MARKS"]) as file:
        attempts = file.read().count("silent_at_first")
    try:
        await asyncio.sleep(30 if attempts == 1 else 0)
    finally:
        mark("left")
    return f"attempt {attempts}"


@step(heartbeat=0.3)
async def stubborn(beat: Heartbeat = injected) -> str:
    """Does not want to be cancelled."""
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        pass
    return "done all the same"


@step(heartbeat=60)
def failing(beat: Heartbeat = injected) -> str:
    beat()
    raise TimeoutError("of its own")


@step
def free(beat: Heartbeat = injected) -> str:
    """Nobody waits for its heartbeats."""
    time.sleep(0.1)
    beat("still here")
    mark("free")
    return "free"


@workflow
async def work(n: int) -> list[str]:
    seen = [f"{busy(n)}", f"{await busy_coroutine(n)}"]
    try:
        seen.append(silent(0.7))
    except OSError as error:
        seen.append(f"{type(error).__name__}: {error}")
    seen.append(await silent_at_first())
    try:
        seen.append(await stubborn())
    except TimeoutError as error:
        seen.append(f"{error}")
    try:
        seen.append(failing())
    except TimeoutError as error:
        seen.append(f"{error}")
    seen.append(free())
    return seen
'''

SEEN = [
    "3",
    "3",
    "TimeoutError: silent timed out",
    "attempt 2",
    "stubborn timed out",
    "of its own",
    "free",
]
COMMAND = ("--id", "w-1", '{"n": 3}')


def test_a_run_sees_it_and_a_replay_too(generated: Any) -> None:
    generated.write(SOURCE)
    killed = generated.run(*COMMAND, KILL="free")
    assert killed.killed, killed.err
    twice = ["silent_at_first", "left"] * 2
    assert generated.marks() == ["silent", *twice, "free"]
    assert killed.err.count("being automatically retried") == 1
    # The last heartbeats come when the attempt is over, or nobody waits for it any more.
    assert "Exception in callback" not in killed.err
    assert "never retrieved" not in killed.err

    ended = generated.run(*COMMAND)
    assert (ended.code, json.loads(ended.out)) == (0, SEEN), ended.err
    # What had timed out before the crash does not run again.
    assert generated.marks() == ["silent", *twice, "free", "free"]

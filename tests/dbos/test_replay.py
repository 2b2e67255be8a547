"""What a workflow sees of its steps is the same in the first run and after every crash."""

from __future__ import annotations

import importlib.util
import json
import sys
from typing import Any

PROBE = '''
"""Looks closely at results and errors."""

import os
import signal
from dataclasses import dataclass
from enum import Enum

from wfc import Retry, step, workflow


class PaymentError(Exception):
    """Any problem with a payment."""


class CardDeclined(PaymentError):
    """The bank says no."""


class Detailed(PaymentError):
    """Made from more than a message."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{reason} ({code})")
        self.code = code


class Kind(Enum):
    FLIGHT = "flight"
    HOTEL = "hotel"


@dataclass(frozen=True)
class Part:
    kind: Kind
    price: float


@dataclass(frozen=True)
class Trip:
    id: str
    parts: list[Part]
    note: str | None = None


def outsider(name: str, base: type[Exception] = Exception) -> type[Exception]:
    return type(name, (base,), {})


def crash(site: str) -> None:
    """Leave a mark; die when told to, before the outcome is recorded."""
    with open(os.environ["MARKS"], "a") as file:
        file.write(f"{site}\\n")
    if os.environ.get("KILL") == site:
        os.kill(os.getpid(), signal.SIGKILL)


@step
def pair(n: int) -> tuple[int, str]:
    crash("pair")
    return (n, "a")


@step
def numbers(n: int) -> list[int]:
    crash("numbers")
    return [n, n + 1]


@step
def plan_trip(n: int) -> Trip:
    crash("plan_trip")
    return Trip(id=f"t-{n}", parts=[Part(Kind.HOTEL, 90), Part(Kind.FLIGHT, 12.5)])


@step
def rate(n: int) -> float:
    crash("rate")
    return n


@step
def change(values: list[int]) -> None:
    crash("change")
    values.append(99)


@step
def fail(how: str) -> str:
    crash(how)
    if how == "declined":
        raise CardDeclined("no money")
    if how == "detailed":
        raise Detailed(7, "odd")
    if how == "key":
        raise KeyError("missing")
    if how == "outside":
        raise outsider("RemoteError", OSError)("gone")
    if how == "unicode":
        b"\\xff".decode("utf-8")
    return "fine"


@step(retry=Retry(PaymentError, attempts=2, first_delay=0.01))
def fail_again(how: str) -> str:
    crash(f"again {how}")
    raise Detailed(8, how)


@step(timeout=0.2)
def hang(seconds: float) -> str:
    crash("hang")
    import time

    time.sleep(seconds)
    return "late"


@workflow
def child(n: int) -> Part:
    if n > 1:
        raise CardDeclined(f"child {n}")
    return Part(Kind.FLIGHT, n)


@workflow
def probe(n: int) -> list[str]:
    seen: list[str] = []

    two = pair(n)
    seen.append("tuple" if two == (n, "a") else "not a tuple")
    some = numbers(n)
    seen.append("list" if some == [n, n + 1] else "not a list")
    change(some)
    seen.append(f"{len(some)} numbers")
    seen.append(f"{rate(n)}")

    trip = plan_trip(n)
    seen.append(f"{trip.id} {len(trip.parts)} {trip.parts[0].price} {trip.note is None}")
    seen.append("hotel" if trip.parts[0].kind is Kind.HOTEL else "no hotel")
    part = child(1)
    seen.append(f"{part.price} {part.kind.value}")

    for how in ["declined", "detailed", "key", "outside", "unicode", "none"]:
        try:
            seen.append(fail(how))
        except CardDeclined as error:
            seen.append(f"declined: {error}")
        except PaymentError as error:
            seen.append(f"payment: {type(error).__name__}: {error}")
        except (LookupError, OSError, UnicodeError) as error:
            seen.append(f"python: {type(error).__name__}: {error}")
        except Exception as error:
            seen.append(f"other: {type(error).__name__}: {error}")

    try:
        fail_again("retried")
    except PaymentError as error:
        seen.append(f"after retries: {type(error).__name__}: {error}")
    try:
        child(2)
    except PaymentError as error:
        seen.append(f"child: {type(error).__name__}: {error}")
    try:
        hang(0.6)
    except OSError as error:
        seen.append(f"late: {type(error).__name__}: {error}")
    return seen
'''

SEEN = [
    "tuple",
    "list",
    "2 numbers",
    "3.0",
    "t-3 2 90.0 True",
    "hotel",
    "1.0 flight",
    "declined: no money",
    "payment: Detailed: odd (7)",
    "python: KeyError: 'missing'",
    "other: RemoteError: gone",
    "python: UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: "
    "invalid start byte",
    "fine",
    "after retries: Detailed: retried (8)",
    "child: CardDeclined: child 2",
    "late: TimeoutError: hang timed out",
]

COMMAND = ("--workflow", "probe", "--id", "p-1", '{"n": 3}')


def test_the_plain_run_sees_it(tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("MARKS", str(tmp_path / "marks.txt"))
    path = tmp_path / "probe_plain.py"
    # In a plain run time is virtual, so nothing is ever too late.
    path.write_text(PROBE.replace("    hang(0.6)", '    raise TimeoutError("hang timed out")'))
    spec = importlib.util.spec_from_file_location("probe_plain", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["probe_plain"] = module
    spec.loader.exec_module(module)
    assert module.probe(3) == SEEN


def test_a_run_without_a_crash_sees_it(generated: Any) -> None:
    generated.write(PROBE)
    ended = generated.run(*COMMAND)
    assert ended.code == 0, ended.err
    assert json.loads(ended.out) == SEEN


def test_a_run_with_a_crash_in_many_steps_sees_it(generated: Any) -> None:
    generated.write(PROBE)
    for place in ("numbers", "plan_trip", "detailed", "unicode", "again retried", "hang"):
        assert generated.run(*COMMAND, KILL=place).killed, place
    ended = generated.run(*COMMAND)
    assert ended.code == 0, ended.err
    assert json.loads(ended.out) == SEEN
    # A step runs again only when the crash came before its record.
    marks = generated.marks()
    assert {name: marks.count(name) for name in ("pair", "numbers", "declined", "detailed")} == {
        "pair": 1,
        "numbers": 2,
        "declined": 1,
        "detailed": 2,
    }
    # Attempts are not recorded: the crash in the first one makes three of two.
    assert marks.count("again retried") == 3

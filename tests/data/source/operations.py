"""Operations anywhere in an expression, and the flow around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, StrEnum
from typing import TypedDict, NotRequired
import math
from wfc import step, workflow, sleep, Retry, injected, IdempotencyKey

class Color(StrEnum):
    RED = "red"
    BLUE = "blue"

@dataclass
class Line:
    sku: str
    qty: int = 1
    note: str | None = None
    tags: list[str] = field(default_factory=list)

class Opts(TypedDict):
    a: int
    b: NotRequired[str]

class PayError(Exception): pass
class Declined(PayError): 
    "no"

LIMIT = 10
PRICES = {"a": 1, "b": 2}
WAIT = timedelta(minutes=5)

@step
def f(x: int) -> int:
    return x
@step
def g(x: int, y: int = 3, *, z: str = "q") -> int:
    return x
@step
def flag(x: int) -> bool:
    return True
@step
def find(x: int) -> Line | None:
    return None
@step
def proc(line: Line) -> None: ...
@step
def many(opts: Opts) -> list[Line]:
    return []

def double(x: int) -> int:
    if x > 3:
        return x * 2
    return x

def total(lines: list[Line]) -> int:
    return sum(line.qty for line in lines)

@workflow
def w1(a: int, b: int, d: dict[str, int]) -> int:
    x = f(a) + f(b) * 2
    y = d["k"] + f(a)
    z = a if flag(a) else f(b)
    ok = a > 3 and flag(a)
    ok2 = flag(a) or flag(b)
    if flag(a) and flag(b):
        x = 1
    else:
        x = 2
    if a > 3 and flag(b):
        x += f(b)
    while flag(x) and x < 10:
        x += 1
    else:
        x = 3
    return g(f(a), z=str(b))

@workflow
def w2(n: int) -> str:
    line = find(n)
    # no line
    if line is None:
        return "none"  # gone
    name = line.sku
    if line.note:
        name = line.note.upper()
    for i in range(3):
        last = None
        if i > 1:
            last = i
        name += f"{last!r:>5}"
    xs = []
    for l in many({"a": 1}):
        if l.qty > LIMIT:
            continue
        xs.append(l.sku)
    cur = None
    while cur is None:
        cur = find(n)
        sleep(WAIT)
    proc(cur)
    a, b = n, n + 1
    a, b = b, a
    q = w = f(a)
    sleep("2h")  # wfc: name long_wait
    sleep(timedelta(seconds=n))
    return name

@workflow
def w3(n: int) -> int:
    try:
        r = f(n)
        r = g(n)
    except Declined as e:
        raise PayError(f"x {e}") from e
    except (PayError, ValueError):
        return w1(n, n, {})
    else:
        n = 4
    lines = many(opts={"a": 1, "b": "x"})
    s = sorted(lines, key=lambda l: (l.qty, l.sku), reverse=True)
    best = max(lines, key=lambda l: l.qty)
    m = {l.sku: l.qty for l in lines if l.note is not None and l.note.startswith("x")}
    if s and s[0].qty > 3 or not m:
        return double(total(lines))
    elif n > 4:
        n = 5
    elif f(n) > 3:
        n = 6
    else:
        n = 7
    best.qty += 2
    best.tags.append("k")
    p = best.tags.pop()
    m["z"] = 4
    del m["z"]
    return math.floor(n / 2) + r


@workflow
def for_their_effect(n: int) -> None:
    f(n) if n else g(n)
    n > 3 and f(n)
    n > 3 or f(n + 1)
    flag(n) and (f(n) or g(n))

"""Every kind of definition, in the forms that authors use."""

from dataclasses import dataclass, field, KW_ONLY
from datetime import datetime, timedelta, timezone
import datetime as dtm
from enum import Enum, IntEnum, auto
from typing import Literal, Any, Optional, Union, TypedDict, Final, ClassVar, Annotated
import wfc
from wfc import step as activity, workflow as flow, transaction, Connection, Heartbeat, injected, RunId, IdempotencyKey, Retry, sleep as nap
import json

if True:
    X = 3

Money = int
Lines = list["Line"]
BASE: Final = 100
RATE: float = 1
WINDOW = timedelta(days=2)
START = datetime(2026, 1, 1, tzinfo=timezone.utc)
TABLE = {"a": [1, 2], "b": [3]}
PAIR = (1, "x")
NEG = -5
SUM = BASE * 2 + 1
KINDS = ["x", "y"]
logger = __import__("logging").getLogger()

class Prio(IntEnum):
    LOW = auto()
    HIGH = auto()

@dataclass(kw_only=True)
class Line:
    """A line."""
    sku: str
    price: Money = BASE
    kind: Literal["a", "b"] = "a"
    prio: Prio = Prio.LOW
    registry: ClassVar[int] = 3

    @property
    def cost(self) -> int:
        return self.price

@dataclass(frozen=True)
class Base:
    id: str
@dataclass(frozen=True)
class Derived(Base):
    when: datetime = START
    _: KW_ONLY
    extra: dict[str, Any] = field(default_factory=dict)

class P(TypedDict, total=False):
    a: int
    b: str

class MyErr(RuntimeError): ...
class Sub(MyErr):
    def __init__(self, code: int) -> None:
        super().__init__(str(code))

# A comment above.
@activity(
    name="load-it",
    timeout=timedelta(minutes=1),
    heartbeat="10s",
    retry=Retry(MyErr, OSError, attempts=5, first_delay=0.5, max_delay="1 min", jitter=True),
)
def load(id: str, *, limit: int = BASE, rid: RunId = injected, beat: Heartbeat = injected) -> list[Line]:
    # first comment

    """Not docstring? yes it is."""
    if id:
        return []  # inline
    return [
        Line(sku="x"),
    ]
    # trailing comment


@transaction
def save(lines: list[Line], db: Connection = injected) -> int: return len(lines)

@wfc.step(timeout=30)
async def notify(text: str) -> None:
    print(text)

@wfc.workflow(name="main-flow", timeout="1 day", version="2")
async def main(id: str, kind: Literal["a", "b"] = "a", p: P | None = None) -> dict[str, Any]:
    """Doc.

    More.
    """
    # load all
    lines = load(id)  # the lines
    total = 0
    for line in lines:
        # cheap
        if line.price > BASE: # inline if
            total += line.price
            continue
        elif line.kind == kind:
            # nothing
            pass
        # the rest
        else:
            total -= 1
        # end of loop body
    # save
    saved = save(lines)  # wfc: name store_lines
    await notify(
        f"{saved} lines",  # how many
    )
    await nap(WINDOW)
    d = Derived("x", extra={"k": 1})
    if p and "a" in p:
        total += p["a"]
    when = d.when + timedelta(hours=1)
    s = json.dumps({"a": total}, separators=(",", ":"))
    x: Optional[int] = None
    y: int
    y = 3
    return {"total": total, "when": when.isoformat(), "table": TABLE["a"][0], "pair": PAIR[1], "prio": Prio.HIGH.value, "sum": SUM, "d": START, "s": s}

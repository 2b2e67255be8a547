"""What Python evaluates on import stands above its definition; defaults that would be shared."""

from dataclasses import dataclass, field

from wfc import Retry, step, workflow

TWICE = ONCE + 1
ONCE = 1
PERHAPS = len("x") or LATER  # never reached
FACTORY = lambda: LATER  # evaluated when it is called


@step(retry=QUICK)
def charge(amount: int = LIMIT, *, tip: int = max(LIMIT, 1)) -> int: ...


@step(retry=Retry(Busy, attempts=2))
def pack(order: "Order") -> int: ...


class Closed(Busy): ...


class Busy(Exception): ...


QUICK = Retry(attempts=2)
LIMIT = 3
LATER = 4


@dataclass
class Line:
    price: int = 1


@dataclass(frozen=True)
class Place:
    name: str = ""


NAMES = ["a"]


@dataclass
class Order:
    lines: list[str] = []
    names: list[str] = NAMES
    totals: dict[str, int] = field(default={})
    line: Line = Line()
    place: Place = Place()  # frozen, so it has a hash
    own: list[str] = field(default_factory=list)


@workflow
def main(order: Order) -> int:
    return pack(order)

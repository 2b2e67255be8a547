from dataclasses import dataclass, replace
from typing import TypedDict

from wfc import step, workflow


@dataclass
class Line:
    sku: str
    amount: int = 0


@step
def charge(amount: int) -> float:
    return amount


@step
def find(sku: str) -> Line | None:
    return None


@step
def ship(lines: list[Line]) -> dict[str, int]:
    return {}


def doubled(amount: int) -> int:
    return amount * 2


@workflow
def may_be_none(sku: str | None, stock: dict[str, int]) -> Line:
    charge(stock.get("a"))
    charge(Line(sku or None).amount)
    return find("a")


@workflow
def may_be_another(names: list[str], flag: bool) -> str:
    total = 0
    for name in names:
        total += charge(len(name))
    charge(total)
    best: int = "none" if flag else best_of(names)
    return max(names, default=0)


@workflow
def bools(flag: bool, names: list[str]) -> float:
    charge(doubled(flag))
    ship([Line("a", amount=not names)])
    share: float = flag
    return flag


def best_of(names: list[str]) -> int:
    return max((len(name) for name in names), default=0)


@workflow
def inside(names: list[str], lines: list[Line | None]) -> dict[str, str]:
    ship(lines)
    ship(names)
    ship([find("a")])
    return ship([])


@workflow
def put_in(line: Line, lines: list[Line], names: list[str], flag: bool) -> Line:
    amounts: list[int] = []
    amounts.append(charge(1))
    amounts.insert(0, flag)
    amounts[0] = charge(2)
    stock: dict[str, int] = {}
    stock["a"] = "b"
    stock.setdefault("b", charge(3))
    stock.update({"c": 1.5})
    lines[0].amount /= 2
    lines.append(names)
    ship((line, line))
    return replace(line, amount=charge(1), sku=None)


class Address(TypedDict):
    street: str
    zip: int


@workflow
def keys(stock: dict[str, int], address: Address, key: str | None, flag: bool) -> Address:
    stock[key] = 1
    stock[flag] = 2
    stock.setdefault(flag, 3)
    address[key or "zip"] = 4
    return address


@workflow
def merged(names: list[str], stock: dict[str, str]) -> dict[str, int]:
    amounts: list[int] = [1, *names, *[len(name) for name in names]]
    return {"a": amounts[0], **stock}


@workflow
def tuples(names: list[str]) -> list[str]:
    charge(tuple([1]))
    return tuple(names)

"""A change of a list, dict or record is a new value for its variable."""

from dataclasses import dataclass, field

from wfc import step, workflow


@dataclass
class Order:
    id: str
    lines: list[int] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    paid: bool = False


@step
def load(id: str) -> Order: ...


@step
def store(order: Order) -> None: ...


@step
def number(name: str) -> int: ...


@workflow
def record(id: str) -> Order:
    order = load(id)
    order.paid = True
    order.lines.append(3)
    order.labels["state"] = "open"
    store(order)
    order.lines[0] += 10
    order.lines.extend([1, 2])
    store(order)
    return order


@workflow
def lists(xs: list[int], x: int) -> list[list[int]]:
    xs.append(x)
    xs += [1, 2]
    xs.insert(0, 9)
    last = xs.pop()
    first = xs.pop(0)
    xs[1] = last + first
    del xs[0]
    ys = list(xs)
    ys.reverse()
    ys.sort()
    xs.clear()
    return [xs, ys]


@workflow
def counted(names: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + number(name)
    counts.update({"total": len(names)})
    counts.setdefault("none", 0)
    gone = counts.pop("total")
    counts["gone"] = gone
    counts.pop("missing", None)
    del counts["none"]
    return counts


@workflow
def batches(xs: list[int]) -> list[list[int]]:
    found: list[list[int]] = []
    batch: list[int] = []
    for x in xs:
        batch.append(x)
        if len(batch) == 2:
            found.append(batch)
            batch = []
    found.append(batch)
    return found


@workflow
def unpacked(pairs: list[tuple[str, int]], xs: list[int]) -> str:
    text = ""
    for name, value in pairs:
        text += f"{name}{value}"
    a, b = xs
    number(text)
    return f"{text} {a} {b}"

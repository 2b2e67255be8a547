"""One of many, many in order: keys of sorted, max and min, enumerate, views of a dict."""

from dataclasses import dataclass

from wfc import step, workflow


@dataclass
class Item:
    """What is bought."""

    name: str
    amount: int
    paid: bool = False


@step
def ship(name: str) -> str:
    """Called in order."""
    return name


@workflow
def ranked(stock: dict[str, int]) -> list[list[str]]:
    """Keys that tell every item apart, so that the order of the dict has no say."""
    return [
        [name for name, _ in sorted(stock.items(), key=lambda pair: (-pair[1], pair[0]))],
        [name for name, _ in sorted(stock.items(), key=lambda pair: pair[0], reverse=True)],
        sorted(stock, key=lambda name: (len(name), name)),
        sorted(stock.keys(), key=lambda name: (stock[name], name), reverse=True),
        sorted(sorted(stock), key=lambda name: stock[name]),
        sorted(set(stock), key=lambda name: (name.lower(), name)),
    ]


@workflow
def extremes(items: list[Item]) -> list[str]:
    """Of equal ones the first is taken, whatever the key is made of."""
    if not items:
        return []
    found = [
        max(items, key=lambda item: item.amount),
        min(items, key=lambda item: item.amount),
        max(items, key=lambda item: (item.paid, item.amount)),
        min(items, key=lambda item: (item.name, -item.amount)),
        max(items, key=lambda item: item.name),
        min(items, key=lambda item: item.paid),
    ]
    return [f"{item.name}{item.amount}" for item in found]


@workflow
def best(stock: dict[str, int]) -> str:
    """The largest entry of a dict."""
    return max(stock, key=lambda name: (stock[name], name), default="nothing")


@workflow
def numbered(names: list[str], first: int) -> list[str]:
    """Every form of a first number."""
    found = [f"{number}{name}" for number, name in enumerate(names, start=2)]
    found += [f"{number}{name}" for number, name in enumerate(names, start=first) if name]
    found += [f"{number}{name}" for number, name in list(enumerate(names, start=-1))]
    for number, name in enumerate(names, start=first):
        found.append(ship(f"{number}{name}"))
    return found


@workflow
def viewed(stock: dict[str, int]) -> list[bool]:
    """What a dict holds, in any order."""
    return [
        3 in stock.values(),
        3 not in stock.values(),
        "a" in stock.keys(),
        ("a", 1) in stock.items(),
        any(amount > 2 for amount in stock.values()),
        all(amount > 2 for _, amount in stock.items()),
    ]


@workflow
def distinct(names: list[str]) -> list[str]:
    """Each name once, where it came first."""
    return list(dict.fromkeys(names))


@workflow
def shipped(orders: dict[str, Item]) -> list[str]:
    """A loop over records by their keys."""
    done = [""]
    for key, item in sorted(orders.items()):
        done.append(ship(f"{key}: {item.name}"))
    return done

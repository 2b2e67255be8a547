"""Values: numbers, text, lists, dicts, records, enums, helpers."""

import itertools
import math
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, NotRequired, TypedDict

from wfc import step, workflow

RATE = 0.19
LIMITS = {"small": 10, "large": 100}
NAMES = ["ann", "bob"]
FRUIT = {"pear", "fig", "pear"}
ODD = frozenset((1, 3))
NOTHING: frozenset[str] = frozenset()


class Color(Enum):
    """Plain enum with text values."""

    RED = "red"
    GREEN = "green"


class Priority(Enum):
    """Plain enum with numbers."""

    LOW = 1
    HIGH = 2


WARM = {Color.RED}


@dataclass
class Item:
    """A record with defaults."""

    name: str
    price: int
    quantity: int = 1
    color: Color = Color.RED


@dataclass(frozen=True)
class Basket:
    """A record of records."""

    owner: str
    items: list[Item]
    note: str | None = None


class Address(TypedDict):
    """A record as a dict."""

    street: str
    zip: NotRequired[str]


@dataclass
class Totals:
    """A record that changes."""

    count: int = 0
    names: list[str] = field(default_factory=list)


def value_of(item: Item) -> int:
    """The price of all pieces."""
    return item.price * item.quantity


def total_of(basket: Basket) -> int:
    """A helper that calls a helper."""
    return sum(value_of(item) for item in basket.items)


def clamp(value: int, low: int = 0, high: int = 10) -> int:
    """A helper with branches and defaults."""
    if value < low:
        return low
    if value > high:
        return high
    return value


@step
def read(name: str) -> int:
    """A number from outside."""
    return 0


@step
def find(color: Color, priority: Priority) -> Item:
    """A record from outside."""
    return Item("x", 1)


@step
def show(item: Item) -> None:
    """A record goes out."""


@step
def locate(address: Address) -> Address:
    """A TypedDict out and in."""
    return address


@step
def pair(name: str) -> tuple[int, str]:
    """A tuple from outside."""
    return (1, name)


@step
def table(name: str) -> dict[str, int]:
    """A dict from outside."""
    return {}


@workflow
def arithmetic(a: int, b: int) -> list[int]:
    """Integer operators; floor division and remainder follow Python's signs."""
    return [a + b, a - b, a * b, a // b, a % b, -a, abs(b), a**2, min(a, b), max(a, b, 0)]


@workflow
def float_arithmetic(a: float, b: float) -> list[float]:
    """Float operators."""
    return [a + b, a - b, a * b, a / b, -a, abs(a)]


@workflow
def rounding(a: float) -> list[int]:
    """To whole numbers."""
    return [math.floor(a), math.ceil(a), int(a)]


@workflow
def augmented(a: int) -> int:
    """Augmented assignment to a variable, with a step on the right."""
    total = 10
    total += a
    total -= 1
    total *= 2
    total //= 3
    total %= 7
    total += read("more") * total
    return total


@workflow
def swap(a: int, b: int) -> list[int]:
    """The right side is computed before anything is bound."""
    a, b = b, a
    c, d, e = a + 1, b + 1, a
    a, b = b, a + b
    return [a, b, c, d, e]


@workflow
def unpack_step(name: str) -> str:
    """A tuple from a step, unpacked."""
    number, text = pair(name)
    return f"{text}:{number + 1}"


@workflow
def booleans(a: int, b: str, c: list[int]) -> list[bool]:
    """Truth of numbers, text and lists."""
    return [not a, not b, not c, bool(a), bool(b), bool(c), a > 1 and not b, a == 1 or b == "x"]


@workflow
def boolean_values(name: str, fallback: str) -> str:
    """``or`` and ``and`` give one of their operands."""
    chosen = name or fallback or "nobody"
    return chosen + (name and "!")


@workflow
def comparisons(a: int, b: int, text: str) -> list[bool]:
    """All of them."""
    return [a == b, a != b, a < b, a <= b, a > b, a >= b, 0 < a < 10, text == "x", text != "y"]


@workflow
def membership(item: int, items: list[int], key: str, table: dict[str, int]) -> list[bool]:
    """In lists, dicts, text and tuples."""
    return [
        item in items,
        item not in items,
        key in table,
        key not in table,
        key in "some text",
        item in (1, 2, 3),
        key in ("a", "b"),
    ]


@workflow
def f_strings(name: str, count: int, share: float, found: bool, note: str | None) -> str:
    """Formats."""
    return (
        f"{name}: {count} {count:5d}|{count:<5}|{count:05d}|{count:,} {share:.2f} {share:.1f}"
        f" {found} {note} {{x}} {name:>6}|"
    )


@workflow
def text_methods(text: str) -> list[str]:
    """Methods of text."""
    return [
        text.upper(),
        text.lower(),
        text.strip(),
        text.replace("a", "o"),
        text + "!",
        text * 2,
        text.removeprefix("b"),
        text.removesuffix("s"),
        text.rjust(8, "."),
        text.ljust(8),
        "-".join([text, "x"]),
    ]


@workflow
def text_tests(text: str) -> list[bool]:
    """Questions about text."""
    return [text.startswith("ba"), text.endswith("s"), "nan" in text, text == text.lower()]


@workflow
def text_parts(text: str) -> list[str]:
    """Splitting, indexes and slices."""
    return [*text.split(","), text[0], text[-1], text[1:3], text[:2], text[2:], text[-2:]]


@workflow
def text_numbers(text: str, number: int) -> list[int]:
    """Lengths, positions, and numbers as text."""
    return [
        len(text),
        text.find("a"),
        text.count("a"),
        int("42"),
        len(str(number)),
        int(str(number)),
    ]


@workflow
def list_operations(items: list[int]) -> list[int]:
    """New lists from old ones."""
    joined = [*items, 5] + items
    return joined + [len(joined), sum(joined), min(joined), max(joined), joined[0], joined[-1]]


@workflow
def list_slices(items: list[int]) -> list[list[int]]:
    """Parts of a list."""
    return [items[1:], items[:2], items[-2:], items[:-1], items[::2], items[::-1], items[1:3]]


@workflow
def list_changes(items: list[int]) -> list[int]:
    """Methods that change the list."""
    work = [3, 1, 2]
    work.append(read("a"))
    work.extend(items)
    work.insert(0, 9)
    last = work.pop()
    first = work.pop(0)
    work[1] = 7
    work[-1] += 1
    work += [last, first]
    work.sort()
    work.reverse()
    return work


@workflow
def sorted_lists(items: list[int], names: list[str]) -> list[str]:
    """Sorting, by key and in reverse; the order of equals is kept."""
    numbers = [str(n) for n in sorted(items)] + [str(n) for n in sorted(items, reverse=True)]
    return numbers + sorted(names) + sorted(names, key=lambda name: len(name))


@workflow
def comprehensions(items: list[int]) -> list[int]:
    """Lists, filtered and nested."""
    squares = [n * n for n in items if n % 2 == 1]
    pairs = [a * b for a in items for b in items if a < b]
    return squares + pairs + [i + n for i, n in enumerate(items)]


@workflow
def aggregates(items: list[int]) -> list[bool]:
    """Generators in any and all."""
    return [any(n > 2 for n in items), all(n > 0 for n in items), any(items), all(items)]


@workflow
def aggregates_of_numbers(items: list[Item]) -> int:
    """Generators in sum and max."""
    return sum(item.price for item in items) + max([item.price for item in items], default=0)


@workflow
def dict_operations(name: str, value: int) -> dict[str, int]:
    """Reading and writing."""
    prices = {"a": 1, name: value}
    prices["b"] = prices["a"] + 1
    prices["a"] += 10
    total = prices.get("b", 0) + prices.get("missing", 5)
    prices["total"] = total
    if "gone" in prices:
        del prices["gone"]
    return {**prices, "len": len(prices)}


@workflow
def dict_from_step(name: str) -> int:
    """A dict from a step."""
    found = table(name)
    if name in found:
        return found[name]
    return sum(found.values())


@workflow
def dict_get_none(table: dict[str, int], name: str) -> str:
    """get without a default gives None."""
    found = table.get(name)
    return "missing" if found is None else f"{found}"


@workflow
def records(basket: Basket, factor: int = 2) -> Basket:
    """Records in, built, changed and out."""
    items = [Item(item.name, item.price * factor, color=item.color) for item in basket.items]
    extra = Item("gift", 0)
    show(extra)
    extra.price = total_of(basket)
    extra.quantity += 1
    items.append(extra)
    return Basket(owner=basket.owner.upper(), items=items)


@workflow
def record_from_step(wanted: Color) -> str:
    """Enums to a step, a record from it."""
    item = find(wanted, Priority.HIGH)
    if item.color is Color.GREEN:
        return f"green {item.name}"
    if item.color == Color.RED and item.quantity > 1:
        return f"{item.quantity} red {item.name}"
    return f"{item.color.value} {item.name}"


@workflow
def enums(color: Color, priority: Priority) -> list[str]:
    """Values, names and comparison of enums."""
    lines = [color.value, color.name, priority.name]
    if priority is not Priority.LOW:
        lines.append("urgent")
    if color in (Color.RED, Color.GREEN):
        lines.append("known")
    return lines


@workflow
def typed_dict(address: Address) -> str:
    """A TypedDict with a key that may be missing."""
    found = locate({"street": address["street"] + " 1"})
    if "zip" in address:
        return f"{found['street']}, {address['zip']}"
    return found["street"] + ", " + found.get("zip", "no zip")


@workflow
def changing_record(names: list[str]) -> Totals:
    """A record as an accumulator."""
    totals = Totals()
    for name in names:
        totals.count += 1
        totals.names.append(name)
    return totals


@workflow
def helpers(value: int) -> list[int]:
    """Helper functions, their defaults and keyword arguments."""
    return [clamp(value), clamp(value, 5), clamp(value, high=3), clamp(high=8, value=value, low=7)]


@workflow
def constants(size: str) -> list[float]:
    """Constants of the module."""
    return [LIMITS["small"], LIMITS.get(size, 0), len(NAMES), RATE * 100]


def is_fruit(name: str) -> bool:
    """A helper that looks into a set of the module."""
    return name in FRUIT


@workflow
def sets_of_the_module(name: str, number: int, color: Color) -> list[bool | int]:
    """Constants that are sets are looked into."""
    return [
        name in FRUIT,
        name not in FRUIT,
        is_fruit(name),
        len(FRUIT),
        number in ODD,
        name in NOTHING,
        color in WARM,
        all(part in FRUIT for part in name.split(" ")),
    ]


@workflow
def literal(mode: Literal["fast", "slow"]) -> int:
    """A literal type."""
    return 1 if mode == "fast" else 10


@workflow
def any_json(data: dict[str, list[int | None]]) -> int:
    """Nested data with None inside."""
    total = 0
    for value in data["values"]:
        if value is not None:
            total += value
    return total


@workflow
def none_values(a: int | None, b: str | None) -> list[str | None]:
    """None travels through lists and comparisons."""
    return [b, None, "none" if a is None else f"{a}", b or "empty"]


def loop_in_helper(items: list[int]) -> int:
    """A helper with a loop."""
    total = 0
    for item in items:
        total += item
    return total


@workflow
def helper_with_loop(items: list[int]) -> int:
    """Such a helper is called."""
    return loop_in_helper(items) + read("helper")


@workflow
def products(amounts: list[int]) -> list[int]:
    return [math.prod(amounts), math.prod(amounts, start=2), math.prod([len(amounts)])]


@workflow
def chained(amounts: list[int], others: list[int]) -> list[int]:
    found: list[int] = []
    for amount in itertools.chain(amounts, others, range(2)):
        found.append(amount)
    total = sum(x for x in itertools.chain(amounts, others))
    return [*found, total, len(list(itertools.chain()))]

"""WFC113: the order of a set."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.symbols import Target, Unordered
from wfc.compiler.checks.engines.requests import FixRequest
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.reading.facts import ORDERED

_SORT = FixRequest("Sort it first", "unsafe", "expression", "sorted({})", absorbs="list")


class SetOrder(Rule):
    code = "WFC113"
    name = "set-order"
    summary = "A workflow observes the order of a set."
    why = (
        "The order of a set of texts follows their hashes, which differ in every process. A "
        "replay that walks through the set in another order starts its steps in another "
        "order{notes}."
    )
    bad = (
        "@workflow\n"
        "def notify(emails: list[str]) -> None:\n"
        "    for email in set(emails):\n"
        "        send(email)"
    )
    good = (
        "@workflow\n"
        "def notify(emails: list[str]) -> None:\n"
        "    for email in sorted(set(emails)):\n"
        "        send(email)"
    )
    fixing = (
        "--unsafe-fixes: sorted(...) is put around the set, unless it holds tasks, which have no "
        "order. Unsafe because its elements may have none, and because a workflow that is under "
        "way may have gone through it in another."
    )
    kinds = ("iterate", "call")
    logged_is_fine = True

    VALID = (
        "from wfc import workflow\n\n@workflow\ndef f(xs: list[str]) -> int:\n"
        "    seen = set(xs)\n"
        "    for x in sorted(seen):\n"
        "        if x in seen:\n"
        "            seen.add(x + 'a')\n"
        "    total = sum(len(x) for x in seen) + len(seen) + max(len(x) for x in seen)\n"
        "    shorter = {x[:1] for x in seen}\n"
        "    return total + len(sorted(list(shorter)))\n",
        "from wfc import workflow\n\n@workflow\ndef f(xs: list[str]) -> list[str]:\n"
        "    names = set(xs)\n"
        "    names = sorted(names)\n"
        "    return [name for name in names] + list(dict.fromkeys(xs))\n",
        "from wfc import workflow\n\n@workflow\ndef f(xs: list[str], owners: set[str]) -> str:\n"
        "    kinds = {x[:1] for x in xs}\n"
        "    if len(kinds) != 1:\n"
        "        return 'mixed'\n"
        "    (owner,) = owners\n"
        "    return owner + next(iter(kinds)) + list(kinds)[0] + kinds.pop()\n",
        "from wfc import workflow\n\n@workflow\n"
        "def f(gone: set[str], stock: dict[str, int], kept: set[str]) -> int:\n"
        "    count = 0\n"
        "    for name in gone:\n"
        "        stock.pop(name, None)\n"
        "        kept.discard(name)\n"
        "        if name in kept:\n"
        "            count += 1\n"
        "    for name in kept:\n"
        "        if name not in stock:\n"
        "            return 0\n"
        "    return count\n",
    )
    INVALID = (
        "from wfc import workflow\n\n@workflow\ndef f(xs: list[str], tags: set[str]) -> str:\n"
        "    for x in set(xs):  # WFC113\n"
        "        print(x)\n"
        "    a = [x for x in frozenset(xs)]  # WFC113\n"
        "    b = list({'a', 'b'})  # WFC113\n"
        "    c = dict.fromkeys(tags)  # WFC113\n"
        "    d = {tag: 1 for tag in tags}  # WFC113\n"
        "    first, *rest = tags  # WFC113\n"
        "    e = [*tags]  # WFC113\n"
        "    f = tags.pop()  # WFC113\n"
        "    g = next(iter(tags))  # WFC113\n"
        "    for tag in tags:  # WFC113\n"
        "        if tag != g:\n"
        "            g = tag\n"
        "    return ','.join(tags | {'x'})  # WFC113\n",
        "from wfc import workflow\n\ndef unique(xs: list[str]):\n"
        "    return {x.lower() for x in xs}\n\n"
        "class Box:\n"
        "    def __init__(self) -> None:\n"
        "        self.items = set()\n\n"
        "@workflow\n"
        "def f(xs: list[str], a: dict[str, int], b: dict[str, int]) -> None:\n"
        "    for x in unique(xs):  # WFC113\n"
        "        print(x)\n"
        "    for key in a.keys() - b.keys():  # WFC113\n"
        "        print(key)\n"
        "    for item in Box().items:  # WFC113\n"
        "        print(item)\n",
    )
    FIXED = (
        "from wfc import workflow\n"
        "\n"
        "@workflow\n"
        "def f(xs: list[str], tags: set[str]) -> str:\n"
        "    for x in sorted(set(xs)):  # WFC113\n"
        "        print(x)\n"
        "    a = [x for x in sorted(frozenset(xs))]  # WFC113\n"
        "    b = sorted({'a', 'b'})  # WFC113\n"
        "    c = dict.fromkeys(sorted(tags))  # WFC113\n"
        "    d = {tag: 1 for tag in sorted(tags)}  # WFC113\n"
        "    first, *rest = sorted(tags)  # WFC113\n"
        "    e = [*sorted(tags)]  # WFC113\n"
        "    f = tags.pop()  # WFC113\n"
        "    g = next(iter(sorted(tags)))  # WFC113\n"
        "    for tag in sorted(tags):  # WFC113\n"
        "        if tag != g:\n"
        "            g = tag\n"
        "    return ','.join(sorted(tags | {'x'}))  # WFC113\n",
        "from wfc import workflow\n\ndef unique(xs: list[str]):\n"
        "    return {x.lower() for x in xs}\n\n"
        "class Box:\n"
        "    def __init__(self) -> None:\n"
        "        self.items = set()\n\n"
        "@workflow\n"
        "def f(xs: list[str], a: dict[str, int], b: dict[str, int]) -> None:\n"
        "    for x in sorted(unique(xs)):  # WFC113\n"
        "        print(x)\n"
        "    for key in sorted(a.keys() - b.keys()):  # WFC113\n"
        "        print(key)\n"
        "    for item in sorted(Box().items):  # WFC113\n"
        "        print(item)\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        if at.use.kind == "iterate":
            if any(map(is_set, at.targets)) and not at.use.flags & ORDERED:
                message = f"`{at.use.written}` gives a set's elements in an order that changes"
                yield Finding(message, at.engine.advice("order"), fix=_SORT)
            return
        match at.use.term:
            case _ if at.use.flags & ORDERED:
                return
            case ("attr", base, "pop") if not at.use.args and any(map(is_set, at.resolve(base))):
                message = f"`{at.use.written}()` takes an element that nobody chose"
                yield Finding(message, "take a certain one: min(...) or sorted(...)[0]")


def is_set(target: Target) -> bool:
    # partial: nothing else is a set
    match target:
        case Unordered():
            return True
        case External("builtins.set" | "builtins.frozenset", True):
            return True
    return False

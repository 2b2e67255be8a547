"""Random workflow modules, and random answers of their steps; the same seed gives the same ones.

Programs are built from what the language has on every target: branches, loops with exits, handlers
by class, retries, records, lists, helpers, child workflows. Every variable has a value from the
start, numbers stay small, and nothing that may raise stands inside a ``try``.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, Final

from wfc.backends.base import StepFailure

PRELUDE: Final = '''"""A random module."""

from dataclasses import dataclass

from wfc import Retry, sleep, step, workflow


class AppError(Exception):
    pass


class Low(AppError):
    pass


class High(AppError):
    pass


@dataclass
class Item:
    name: str
    amount: int


def bounded(value: int, limit: int = 50) -> int:
    if value > limit:
        return limit
    if value < -limit:
        return -limit
    return value


def longest(names: list[str]) -> int:
    best = 0
    for name in names:
        if len(name) > best:
            best = len(name)
    return best


@step
def count(value: int) -> int:
    return value


@step(retry=Retry(Low, attempts=3))
def label(value: int, prefix: str = "n") -> str:
    return f"{prefix}{value}"


@step(retry=Retry(attempts=2))
def load(size: int) -> list[int]:
    return list(range(size))


@step
def check(text: str, flag: bool) -> bool:
    return flag


@step
def find(text: str) -> Item:
    return Item(text, 1)


@step
def store(item: Item) -> None:
    pass


@workflow
def settle(value: int, text: str) -> int:
    if value > 20:
        raise High(f"too much: {value}")
    total = count(value)
    return bounded(total + len(text))
'''

ERRORS: Final = ("Low", "High", "AppError", "ValueError", "TimeoutError", "BankDown")
CLAUSES: Final = (
    ("AppError",),
    ("Low", "AppError"),
    ("Exception",),
    ("High", "Exception"),
    ("OSError",),
)
COMPARISONS: Final = ("<", ">", "==", "!=", "<=", ">=")
INTS: Final = ("i", "j", "k")
TEXTS: Final = ("s", "t")
FLAGS: Final = ("p", "q")
LISTS: Final = ("xs", "ys")


class Program:
    """Writes one workflow ``flow``."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.budget = self.random.randint(4, 14)
        self.loops = 0
        self.names = 0
        # Inside try bodies nothing may raise; inside handlers this error is bound.
        self.safe = 0
        self.error = ""

    def text(self) -> str:
        """The module."""
        self.line(0, "")
        self.line(0, "")
        self.line(0, "@workflow")
        parameters = "i: int, s: str, xs: list[int], item: Item, d: dict[str, int]"
        self.line(0, f"def flow({parameters}) -> str:")
        for declaration in ("j = 3", "k = i", 't = "t"', "p = i > 2", "q = False"):
            self.line(1, declaration)
        self.line(1, "ys: list[int] = []")
        self.block(1, self.random.randint(3, 6))
        shown = "{i} {j} {k} {s} {t} {p} {q} {len(xs)} {sum(ys)} {item.amount} {sum(d.values())}"
        self.line(1, f'return f"{shown}"')
        return PRELUDE + "\n".join(self.lines) + "\n"

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text if text else "")

    def block(self, depth: int, size: int) -> None:
        for _ in range(size):
            self.statement(depth)

    def statement(self, depth: int) -> None:
        self.budget -= 1
        kinds = [self.assignment, self.assignment, self.call, self.call]
        if self.budget > 0 and depth < 5:
            kinds += [self.branch, self.branch, self.loop, self.attempt, self.leave]
            kinds += [self.change, self.nap, self.child]
        self.random.choice(kinds)(depth)

    # Statements ---

    def assignment(self, depth: int) -> None:
        target, value = self.random.choice(
            (
                (self.pick(INTS), f"({self.integer()}) % 97"),
                (self.pick(INTS), f"bounded({self.integer()})"),
                (self.pick(TEXTS), f"({self.string()})[:12]"),
                (self.pick(FLAGS), self.test()),
                (self.pick(LISTS), self.numbers()),
            )
        )
        self.line(depth, f"{target} = {value}")

    def change(self, depth: int) -> None:
        self.line(
            depth,
            self.random.choice(
                (
                    f"{self.pick(INTS)} += {self.pick(('1', '2', 'j', 'len(xs)'))}",
                    f"ys.append({self.pick(INTS)})",
                    f"d[{self.string()}] = {self.pick(INTS)}",
                    f"d.pop({self.pick(TEXTS)}, None)",
                    f"xs = [{self.pick(INTS)}, *xs[:2]]",
                    f"item.amount = ({self.integer()}) % 97",
                    f"item = Item({self.string()}, {self.pick(INTS)})",
                    f"{self.pick(TEXTS)} += {self.pick(('s', 't', repr('!')))}",
                )
            ),
        )

    def call(self, depth: int) -> None:
        self.line(
            depth,
            self.random.choice(
                (
                    f"{self.pick(INTS)} = count({self.integer()})",
                    f"{self.pick(INTS)} = (count({self.pick(INTS)}) + {self.integer()}) % 97",
                    f"{self.pick(TEXTS)} = label({self.integer()})",
                    f"{self.pick(TEXTS)} = label({self.pick(INTS)}, prefix={self.string()})",
                    f"{self.pick(LISTS)} = load({self.pick(INTS)} % 4)",
                    f"{self.pick(FLAGS)} = check({self.string()}, {self.test()})",
                    f"item = find({self.string()})",
                    "store(item)",
                    f"count({self.integer()})",
                )
            ),
        )

    def child(self, depth: int) -> None:
        self.line(depth, f"{self.pick(INTS)} = settle({self.pick(INTS)} % 30, {self.string()})")

    def nap(self, depth: int) -> None:
        self.line(
            depth, self.random.choice(('sleep("2 days")', f"sleep(abs({self.pick(INTS)}) % 60)"))
        )

    def branch(self, depth: int) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.block(depth + 1, self.random.randint(1, 2))
        if self.random.random() < 0.3:
            self.line(depth, f"elif {self.condition()}:")
            self.block(depth + 1, 1)
        if self.random.random() < 0.5:
            self.line(depth, "else:")
            self.block(depth + 1, self.random.randint(1, 2))

    def condition(self) -> str:
        if self.random.random() < 0.15:
            return f"check({self.string()}, {self.test()})"
        return self.test()

    def loop(self, depth: int) -> None:
        self.names += 1
        variable = f"v{self.names}"
        head = self.random.choice(
            (
                f"for {variable} in xs[:3]:",
                f"for {variable} in range({self.random.randint(0, 3)}):",
                f"for {variable} in range(len(s) % 3):",
                f"for {variable}, k in enumerate(xs[:3]):",
                f"for {variable} in sorted(ys)[:2]:",
                "while",
            )
        )
        if head == "while":
            self.line(depth, f"{variable} = 0")
            self.line(depth, f"while {variable} < {self.random.randint(1, 3)} and ({self.test()}):")
            self.line(depth + 1, f"{variable} += 1")
        else:
            self.line(depth, head)
            self.line(depth + 1, f"k = (k + {variable}) % 97")
        self.loops += 1
        self.block(depth + 1, self.random.randint(1, 2))
        self.loops -= 1
        if self.random.random() < 0.2:
            self.line(depth, "else:")
            self.line(depth + 1, 't = "whole"')

    def attempt(self, depth: int) -> None:
        self.line(depth, "try:")
        self.safe += 1
        self.block(depth + 1, self.random.randint(1, 2))
        self.call(depth + 1)
        self.safe -= 1
        for clause in self.random.choice(
            (
                ("AppError",),
                ("Low", "AppError"),
                ("Exception",),
                ("High", "Exception"),
                ("OSError",),
            )
        ):
            self.handler(depth, clause)
        if self.random.random() < 0.3:
            self.line(depth, "else:")
            self.block(depth + 1, 1)

    def handler(self, depth: int, clause: str) -> None:
        outer, self.error = self.error, self.random.choice(("error", ""))
        loops, self.loops = self.loops, self.loops
        self.line(depth, f"except {clause} as error:" if self.error else f"except {clause}:")
        if self.error and self.random.random() < 0.6:
            self.line(depth + 1, 't = f"{error}"[:12]')
        self.block(depth + 1, 1)
        if self.random.random() < 0.2:
            ending = ("raise", "raise Low(f'again {i}')", "raise High('once') from None")
            self.line(depth + 1, self.random.choice(ending))
        self.error, self.loops = outer, loops

    def leave(self, depth: int) -> None:
        """Leave a loop, the workflow, or fail, on a condition."""
        self.line(depth, f"if {self.test()}:")
        exits = ["return s", "raise Low(f'low {i}')", "raise AppError(t)"]
        if self.loops:
            exits += ["break", "continue", "break", "continue"]
        self.line(depth + 1, self.random.choice(exits))

    # Expressions ---

    def pick(self, names: tuple[str, ...]) -> str:
        return self.random.choice(names)

    def integer(self) -> str:
        simple = self.random.choice(
            (self.pick(INTS), str(self.random.randint(-5, 9)), "item.amount")
        )
        choices = [
            simple,
            simple,
            f"{self.pick(INTS)} + {simple}",
            f"{self.pick(INTS)} * 3 - {simple}",
            f"len({self.pick(TEXTS)})",
            f"len({self.pick(LISTS)}) + {simple}",
            f"({simple} if {self.test()} else {self.pick(INTS)})",
            f"max({self.pick(INTS)}, {simple})",
            "sum(xs) % 50",
            f"d.get({self.pick(TEXTS)}, {simple})",
            "len(d)",
            f"sum(x for x in xs if x != {simple}) % 50",
        ]
        if not self.safe:
            choices += [
                f"{self.pick(INTS)} // {self.pick(('2', '-3', 'j'))}",
                "(xs[0] if xs else 0)",
                f"{self.pick(INTS)} % {self.pick(('7', '-4'))}",
                "longest([s, t])",
            ]
        return self.random.choice(choices)

    def string(self) -> str:
        return self.random.choice(
            (
                self.pick(TEXTS),
                repr(self.random.choice(("", "a", "it's", "{% x %}", "é😀", '"'))),
                f'f"{{{self.pick(INTS)}}}-{{{self.pick(TEXTS)}}}"',
                f"{self.pick(TEXTS)} + {self.pick(TEXTS)}",
                f"{self.pick(TEXTS)}.upper()",
                f"{self.pick(TEXTS)}[:2]",
                "item.name",
                "str(i)",
            )
        )

    def test(self) -> str:
        return self.random.choice(
            (
                f"{self.pick(INTS)} {self.pick(COMPARISONS)} {self.pick(INTS)}",
                f"{self.pick(INTS)} > {self.random.randint(-3, 9)}",
                f"{self.pick(TEXTS)} == {self.string()}",
                self.pick(FLAGS),
                f"not {self.pick(FLAGS)}",
                f"{self.pick(FLAGS)} and {self.pick(INTS)} > 1",
                f"{self.pick(FLAGS)} or {self.pick(TEXTS)} != ''",
                f"{self.pick(INTS)} in {self.pick(LISTS)}",
                "0 < i <= 9",
                "len(ys) > 1",
                f"{self.pick(TEXTS)} in d",
                f"any(x > {self.pick(INTS)} for x in xs)",
                f"{self.pick(TEXTS)}.startswith({self.pick(TEXTS)})",
            )
        )

    def numbers(self) -> str:
        return self.random.choice(
            (
                "[i, j]",
                "[x for x in xs if x > 0]",
                "[x + 1 for x in ys]",
                "xs + [k]",
                "sorted(xs)",
                "ys[1:]",
                "list(range(3))",
            )
        )


def arguments(seed: int) -> dict[str, Any]:
    """Arguments of ``flow``."""
    choose = random.Random(seed)
    return {
        "i": choose.randint(-5, 12),
        "s": choose.choice(("", "a", "order", "it's")),
        "xs": [choose.randint(-4, 9) for _ in range(choose.randint(0, 4))],
        "item": {"name": "first", "amount": choose.randint(0, 9)},
        "d": {key: choose.randint(0, 9) for key in choose.choice(((), ("a",), ("a", "it's")))},
    }


class RandomScript:
    """The n-th call of a run gets the n-th answer, whatever it is."""

    def __init__(self, seed: int, failures: float = 0.2) -> None:
        self.random = random.Random(seed)
        self.failures = failures

    def answer(self, step: str, arguments: Mapping[str, Any]) -> Any:
        choose = self.random
        if choose.random() < self.failures:
            error = choose.choice(ERRORS)
            raise StepFailure(error, choose.choice(("", "boom", 'it\'s "so"', "é")))
        match step:
            case "count":
                return choose.randint(-9, 30)
            case "label":
                return choose.choice(("", "ann", "b-2", "it's"))
            case "load":
                return [choose.randint(-3, 9) for _ in range(choose.randint(0, 3))]
            case "check":
                return choose.random() < 0.5
            case "find":
                return {"name": choose.choice(("x", "y")), "amount": choose.randint(0, 20)}
        return None

"""Writes a project of many modules with Temporal workflows, the same at every run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

LINES = 100
"""Lines of every module."""
_WORDS = ("order", "invoice", "parcel", "refund", "ticket", "credit", "ledger", "quota", "route")


def write_tree(folder: Path, modules: int) -> None:
    """Write a project of that many modules of 100 lines. One in twenty defines a workflow, one in a
    hundred activities; the others are ordinary code, some of which the workflows call.

    One helper reads the clock, behind two other calls.
    """
    package = folder / "app"
    package.mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[tool.wfc]\n", encoding="utf-8")
    flows = modules // 20
    shared = max(1, modules // 100)
    helpers = modules - flows - shared - 1
    (package / "__init__.py").write_text("\n" * LINES, encoding="utf-8")
    for number in range(flows):
        _write(package / f"flow_{number:03}.py", _flow(number, number % shared, helpers))
    for number in range(shared):
        _write(package / f"activities_{number:03}.py", _activities(number))
    for number in range(helpers):
        _write(package / f"helpers_{number:03}.py", _helpers(number, helpers))


def _write(path: Path, lines: list[str]) -> None:
    lines += [f"# {len(lines) + index}" for index in range(LINES - len(lines))]
    if len(lines) != LINES:
        raise ValueError(f"{path.name} has {len(lines)} lines")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _flow(number: int, activities: int, helpers: int) -> list[str]:
    chosen = random.Random(number)
    first, second = (1 if number == 0 else chosen.randrange(2, helpers) for _ in range(2))
    name = f"{chosen.choice(_WORDS).capitalize()}Workflow{number}"
    lines = [
        '"""A workflow with activities and helpers."""',
        "",
        "from __future__ import annotations",
        "",
        "import asyncio",
        "from dataclasses import dataclass",
        "from datetime import timedelta",
        "",
        "from temporalio import workflow",
        "from temporalio.common import RetryPolicy",
        "",
        "with workflow.unsafe.imports_passed_through():",
        f"    from app.activities_{activities:03} import charge_{activities}, notify_{activities}",
        "",
        f"from app.helpers_{first:03} import total_{first}",
        f"from app.helpers_{second:03} import label_{second}",
        "",
        "RETRY = RetryPolicy(maximum_attempts=3)",
        "",
        "",
        "@dataclass",
        f"class {name}Input:",
        "    customer: str",
        "    amounts: list[int]",
        "",
        "",
        "@workflow.defn",
        f"class {name}:",
        "    def __init__(self) -> None:",
        "        self.approved = False",
        "        self.notes: list[str] = []",
        "",
        "    @workflow.run",
        f"    async def run(self, order: {name}Input) -> int:",
        f"        amount = total_{first}(order.amounts)",
        "        await workflow.wait_condition(lambda: self.approved)",
    ]
    while len(lines) < LINES - 24:
        index = len(lines)
        lines += [
            f"        if amount > {index * 10}:",
            f"            self.notes.append(label_{second}(order.customer, amount))",
            "            amount += await workflow.execute_activity(",
            f"                charge_{activities},",
            "                args=[order.customer, amount],",
            "                start_to_close_timeout=timedelta(seconds=30),",
            "                retry_policy=RETRY,",
            "            )",
        ]
    return [
        *lines,
        f"        await asyncio.sleep({number + 1})",
        "        await workflow.execute_activity(",
        f"            notify_{activities},",
        "            order.customer,",
        "            start_to_close_timeout=timedelta(seconds=10),",
        "            retry_policy=RETRY,",
        "        )",
        "        return amount",
        "",
        "    @workflow.signal",
        "    async def approve(self) -> None:",
        "        self.approved = True",
        "",
        "    @workflow.query",
        "    def status(self) -> list[str]:",
        "        return self.notes",
    ]


def _activities(number: int) -> list[str]:
    lines = [
        '"""Activities: ordinary code that talks to the world."""',
        "",
        "import time",
        "import uuid",
        "",
        "from temporalio import activity",
        "",
    ]
    for name in ("charge", "notify", "refund", "archive"):
        arguments = "customer: str" if name == "notify" else "customer: str, amount: int"
        lines += [
            "",
            "@activity.defn",
            f"async def {name}_{number}({arguments}) -> int:",
            f'    """{name.capitalize()} a customer."""',
            "    started = time.time()",
            "    key = uuid.uuid4().hex",
            f'    activity.logger.info("{name} %s %s", customer, key)',
            "    return int(time.time() - started)",
            "",
        ]
    return [*lines, *_filled(random.Random(f"activities {number}"), LINES - len(lines))]


def _helpers(number: int, helpers: int) -> list[str]:
    chosen = random.Random(f"helpers {number}")
    called = _called(number, helpers, chosen)
    lines = [
        f'"""Helpers about the {chosen.choice(_WORDS)}."""',
        "",
        "from __future__ import annotations",
        "",
        "import time",
        "from collections.abc import Iterable",
        "",
        f"from app import helpers_{called:03}" if called is not None else "import math",
        "",
        "",
        f"def total_{number}(amounts: Iterable[int]) -> int:",
        '    """The sum of what counts."""',
        "    result = 0",
        "    for amount in amounts:",
        f"        if amount % {chosen.randint(2, 9)}:",
        f"            result += amount * {chosen.randint(1, 99)}",
        f"    return result + base_{number}(result)",
        "",
        "",
        f"def base_{number}(amount: int) -> int:",
        "    if amount < 0:",
    ]
    if called is not None:
        lines.append(f"        return helpers_{called:03}.base_{called}(-amount)")
    else:
        lines.append("        return math.isqrt(-amount)")
    lines += [
        "    return int(time.time())" if number == 0 else f"    return amount // {number + 1}",
        "",
        "",
        f"def label_{number}(customer: str, amount: int) -> str:",
        f'    return f"{{customer}} {chosen.choice(_WORDS)} {{amount:>{number % 20 + 1}}}"',
        "",
        "",
        f"def measure_{number}() -> float:",
        "    return time.monotonic()",
        "",
    ]
    return [*lines, *_filled(chosen, LINES - len(lines))]


def _called(number: int, helpers: int, chosen: random.Random) -> int | None:
    """The helper that a helper calls: one behind it, or none. Number 0 is for number 1 only."""
    if number == 1:
        return 0
    if number in (0, helpers - 1) or chosen.random() < 0.5:
        return None
    return chosen.randrange(number + 1, helpers)


def _filled(chosen: random.Random, count: int) -> Iterator[str]:
    """That many lines of classes and functions."""
    lines: list[str] = []
    while len(lines) + 16 <= count:
        name = f"{chosen.choice(_WORDS)}_{len(lines)}"
        lines += [
            "",
            f"class {name.title().replace('_', '')}:",
            f'    """Keeps the {chosen.choice(_WORDS)} of a customer."""',
            "",
            "    def __init__(self, rows: list[dict[str, int]]) -> None:",
            f"        self.rows = [row for row in rows if row.get('{chosen.choice(_WORDS)}')]",
            f"        self.limit = {chosen.randint(1, 10**6)}",
            "",
            f"    def {name}(self, factor: float = {chosen.random():.4f}) -> dict[str, float]:",
            "        found: dict[str, float] = {}",
            "        for row in sorted(self.rows, key=lambda row: sum(row.values())):",
            "            for key, value in row.items():",
            "                found[key] = found.get(key, 0.0) + value * factor",
            "        return {key: found[key] for key in sorted(found) if found[key] < self.limit}",
            "",
        ]
    return iter([*lines, *(f"# {number}" for number in range(count - len(lines)))])

"""Which numbers are never negative, as far as the text of a function shows."""

from __future__ import annotations

import textwrap

import pytest

from wfc.compiler.language.inference.sign import NeverNegative
from wfc.compiler.language.nodes import Sleep
from wfc.compiler.language.walk import operations
from wfc.compiler.pipeline import read

HEAD = """
from wfc import sleep, step, workflow

LIMIT = 60
BELOW = -1


@step
def ask() -> int:
    return 1


@workflow
def flow(n: int, items: list[int]) -> None:
"""


@pytest.mark.parametrize(
    ("body", "never"),
    [
        ("sleep(LIMIT + 0)", True),
        ("sleep(BELOW + 0)", False),
        ("sleep(n)", False),
        ("sleep(abs(n) + len(items))", True),
        ("sleep(max(n, 0))", True),
        ("sleep(min(n, 0))", False),
        ("sleep(n % 7)", True),
        ("sleep(7 % n)", False),
        ("sleep(7 - 2)", False),
        ("sleep(1 if n else LIMIT)", True),
        ("sleep(1 if n else n)", False),
        ("x = ask()\nsleep(x)", False),
        ("n = 1\nsleep(n)", False),
        ("x = 2\nwhile n:\n    sleep(x)\n    x = min(x * 2, LIMIT)", True),
        ("x = 2\nwhile n:\n    sleep(x)\n    x -= 1", False),
        ("x = 2\ny = x\nwhile n:\n    sleep(y)\n    y = x\n    x = n", False),
        ("x = 0\nwhile n:\n    x += 5\n    sleep(x)", True),
        ("x = 1\nif n:\n    x = -1\nsleep(x)", False),
        ("for i in range(n):\n    sleep(i)", True),
        ("for i in range(1, n):\n    sleep(i)", True),
        ("for i in range(n, 5):\n    sleep(i)", False),
        ("for i in range(5, 0, -1):\n    sleep(i)", True),
        ("for i in range(5, n, -1):\n    sleep(i)", False),
        ("for i in items:\n    sleep(i)", False),
        ("x, y = 1, 2\nsleep(x)", False),
    ],
)
def test_a_number_is_never_negative_where_all_that_it_is_made_of_is_not(
    body: str, never: bool
) -> None:
    module = read("flow.py", HEAD + textwrap.indent(body, "    ") + "\n").module
    assert module is not None
    (workflow,) = module.workflows
    (sleep,) = (node for node in operations(workflow.body) if isinstance(node, Sleep))
    assert (sleep.seconds in NeverNegative(module, workflow)) is never

"""Which numbers are finite, as far as the text of a function shows."""

from __future__ import annotations

import textwrap

import pytest

from wfc.compiler.language.inference.finite import Finite, may_leave_json
from wfc.compiler.language.nodes import Return
from wfc.compiler.language.walk import statements
from wfc.compiler.pipeline import read

HEAD = """
from wfc import step, workflow

RATE = 0.25


@step
def ask() -> float:
    return 1.0


@step
def offers() -> list[float]:
    return []


def share(part: float, whole: int) -> float:
    if whole == 0:
        return part
    return len(str(whole)) / whole


def doubled(x: float) -> float:
    return x * 2


@workflow
def flow(n: int, price: float, prices: list[float], by_name: dict[str, float]) -> float:
"""


@pytest.mark.parametrize(
    ("body", "finite"),
    [
        ("return price", True),
        ("return -RATE", True),
        ("return ask()", True),
        ("return n / 100", True),
        ("return price / 100", False),
        ("return price * RATE", False),
        ("return price % 5", True),
        ("return round(price, 2)", True),
        ("return round(price * RATE, 2)", False),
        ("return max(price, RATE, 0.5)", True),
        ("return min(price, price + 1)", False),
        ("return sum(prices)", False),
        ("return float(n)", True),
        ('return float("inf")', False),
        ("return prices[0]", True),
        ("return offers()[0]", True),
        ("return by_name.get('a', RATE)", True),
        ("return price if n else RATE", True),
        ("return price if n else price * 2", False),
        ("return share(price, n)", True),
        ("return share(price * 2, n)", False),
        ("return doubled(price)", False),
        ("x = price\ny = x\nreturn y", True),
        ("x = price\nif n:\n    x = price * 2\nreturn x", False),
        ("x = price\nwhile n:\n    x += 1\nreturn x", False),
        ("price = price * 2\nreturn price", False),
        ("x = 0.0\nfor one in prices:\n    x = max(x, one)\nreturn x", True),
        ("x, y = prices\nreturn y", True),
        ("same = prices\nsame.append(price * 2)\nreturn prices[-1]", False),
        ("same = prices\nsame += [price * 2]\nreturn prices[-1]", False),
    ],
)
def test_a_number_is_finite_where_all_that_it_is_made_of_is(body: str, finite: bool) -> None:
    module = read("flow.py", HEAD + textwrap.indent(body, "    ") + "\n").module
    assert module is not None
    (workflow,) = module.workflows
    (end,) = (node for node in statements(workflow.body) if isinstance(node, Return))
    assert (end.value in Finite(module, workflow)) is finite
    assert may_leave_json(module, workflow) is not finite

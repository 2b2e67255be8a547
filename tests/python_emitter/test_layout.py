"""Code that is broken over lines means what it means on one."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import pytest

from tests.python_emitter import at_random
from wfc.backends import registry
from wfc.backends.base import Options
from wfc.backends.python.printing import layout
from wfc.backends.python.printing.expressions import PlainExpressions
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import flat, lay_out
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import own_expressions
from wfc.compiler.language.walk import expressions, statements
from wfc.compiler.pipeline import read

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "samples").glob("*.py"), *(ROOT / "tests" / "data").glob("*/*.py")]


def modules() -> list[ir.Module]:
    found = [one.module or one.partial for one in map(read, map(str, SOURCES))]
    return [one for one in found if one is not None]


@pytest.mark.parametrize("width", [12, 24, 40, 60])
@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_broken_lines_mean_the_same(
    module: ir.Module, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "WIDTH", width)
    for function in (*module.workflows, *module.helpers):
        for statement in statements(function.body):
            for expr in expressions(*own_expressions(statement)):
                doc = PlainExpressions(module, Imports()).expression(expr)
                text = "\n".join(lay_out("value = ", doc))
                wanted = ast.parse(f"value = {flat(doc)}")
                assert ast.dump(ast.parse(text)) == ast.dump(wanted), text


@pytest.mark.parametrize("width", [20, 88])
@pytest.mark.parametrize("seed", range(0, 400, 40))
def test_any_expression_has_the_tree_that_it_stands_for(
    seed: int, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "WIDTH", width)
    for number in range(seed, seed + 40):
        expr = at_random.Expressions(number).any(depth=4)
        doc = PlainExpressions(ir.Module(name="m"), Imports()).expression(expr)
        wanted = ast.dump(at_random.tree(expr))
        for lines in ([f"value = {flat(doc)}"], lay_out("value = ", doc)):
            text = "\n".join(lines)
            assert at_random.comparable(text) == wanted, f"{number}: {text}"


def test_expressions_at_random_are_of_every_class() -> None:
    made = [at_random.Expressions(seed).any(depth=4) for seed in range(400)]
    classes = {type(one) for one in expressions(*made)}
    assert classes == set(get_args(ir.Expr))


GENERATOR = """
from wfc import step, workflow


@step
def charge(amount: int) -> str:
    return f"r-{amount}"


@workflow
def checkout(quantities: list[int], unit_prices_before_discount: list[int]) -> str:
    total = sum(
        one * price + 1 for one in quantities for price in unit_prices_before_discount if price
    )
    return charge(total)
"""


@pytest.mark.parametrize("target", ["temporal", "dbos"])
def test_a_long_generator_as_the_only_argument_has_no_comma_behind_it(target: str) -> None:
    module = read("flow.py", GENERATOR).module
    assert module is not None
    emission = registry.load(target).emit(module, module.workflows, Options())
    texts = [file.text for file in emission.files if file.path.endswith(".py")]
    nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    assert sum(isinstance(node, ast.GeneratorExp) for node in nodes) == 1

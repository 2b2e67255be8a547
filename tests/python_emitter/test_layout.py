"""Code that is broken over lines means what it means on one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from wfc.backends import registry
from wfc.backends.base import Options
from wfc.backends.python.printing import layout
from wfc.backends.python.printing.expressions import Expressions
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
                doc = Expressions(module, Imports()).expression(expr)
                text = "\n".join(lay_out("value = ", doc))
                wanted = ast.parse(f"value = {flat(doc)}")
                assert ast.dump(ast.parse(text)) == ast.dump(wanted), text


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

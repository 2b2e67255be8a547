"""The walks that roles give are those that were written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from wfc.compiler.data.struct import replace
from wfc.compiler.language import derive, walk
from wfc.compiler.language.inference import raising
from wfc.compiler.language.nodes import Expr, Module
from wfc.compiler.language.text.parse import from_text
from wfc.compiler.pipeline import read

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "samples").glob("*.py"), *(ROOT / "tests" / "data").glob("*/*.py")]


def modules() -> list[Module]:
    read_ = [read(str(path)) for path in SOURCES]
    found = [one.module or one.partial for one in read_]
    everything = (ROOT / "tests/data/ir/everything.ir").read_text(encoding="utf-8")
    return [*(one for one in found if one is not None), from_text(everything)]


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_derived_walks_are_the_written_ones(module: Module) -> None:
    def copied(expr: Expr) -> Expr:
        return replace(expr, span=expr.span)

    for function in (*module.workflows, *module.helpers):
        for statement in walk.statements(function.body):
            assert derive.own_expressions(statement) == walk.own_expressions(statement)
            assert derive.blocks(statement) == walk.blocks(statement)
            assert derive.bound(statement) == walk.bound(statement)
            assert list(derive.bindings(statement)) == list(raising.bindings(statement))
            read_ = walk.free_names(*walk.own_expressions(statement))
            assert read_ | set(derive.referred(statement)) == walk.read(statement)
            for expr in walk.expressions(*walk.own_expressions(statement)):
                assert derive.operands(expr) == walk.operands(expr)
                assert derive.with_operands(expr, copied) == walk.with_operands(expr, copied)
                if derive.binds_names(expr):
                    hidden = {name for _, names in derive.scoped(expr) for name in names}
                    assert hidden == set(walk._own_names(expr))

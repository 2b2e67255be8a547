"""What the linter and the language know of the same builtins agrees."""

from __future__ import annotations

from wfc.compiler.checks.reading.expressions import INSPECTING, MUTATORS, ORDERLESS, REVEALING
from wfc.compiler.language.library.functions import FUNCTION_ROWS
from wfc.compiler.language.library.methods import METHOD_ROWS

METHODS = [row for rows in METHOD_ROWS.values() for row in rows]


def test_methods_that_change_their_object_are_mutators() -> None:
    assert {row.name for row in METHODS if row.mutates} <= MUTATORS
    assert not {row.name for row in METHODS if not row.mutates} & MUTATORS


def test_what_gives_the_elements_of_an_iterable_reveals_their_order_or_hides_it() -> None:
    rows = [row for row in FUNCTION_ROWS if "iterable" in row.result.shares]
    given = {row.name.rpartition(".")[2] for row in rows}

    assert given - REVEALING - ORDERLESS == {"reversed"}  # takes no set
    assert not REVEALING & ORDERLESS


def test_what_no_order_influences_hides_it() -> None:
    assert {row.name for row in FUNCTION_ROWS if row.orderless} <= ORDERLESS | INSPECTING

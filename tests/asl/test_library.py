"""Each function of the language has a template for Step Functions, or says why it has none; the
arguments reach it by parameter."""

from __future__ import annotations

import importlib

import pytest

from wfc.backends.asl.engines.engine import open_engine
from wfc.backends.asl.jsonata.calls import FUNCTIONS, Refusal
from wfc.backends.base import Options
from wfc.compiler.diagnostics.model import Refused
from wfc.compiler.language.library.functions import FUNCTION_ROWS
from wfc.compiler.language.library.methods import METHOD_ROWS
from wfc.compiler.language.library.row import SELF, formals, shares
from wfc.compiler.pipeline import read

ROWS = {row.id: row for row in FUNCTION_ROWS}
ALL = [*FUNCTION_ROWS, *(row for rows in METHOD_ROWS.values() for row in rows)]

HEADER = """
import math
from datetime import timedelta
from typing import Any

from wfc import workflow

"""


def test_each_row_has_a_template_or_a_refusal_and_no_other_has() -> None:
    assert len(ROWS) == len(FUNCTION_ROWS)
    assert set(FUNCTIONS) == set(ROWS)
    for name, entry in FUNCTIONS.items():
        if isinstance(entry, Refusal):
            assert entry.message, name
            assert entry.instead, name


@pytest.mark.parametrize("row", FUNCTION_ROWS, ids=lambda row: row.id)
def test_a_code_engine_finds_the_function_under_its_name(row: object) -> None:
    name = getattr(row, "name", "")
    module, _, path = name.rpartition(".")
    parts = [path]
    while module:
        try:
            found = importlib.import_module(module)
            break
        except ModuleNotFoundError:
            module, _, outer = module.rpartition(".")
            parts.insert(0, outer)
    else:
        found = importlib.import_module("builtins")
    for part in parts:
        found = getattr(found, part)
    assert callable(found)


@pytest.mark.parametrize("row", ALL, ids=lambda row: row.id)
def test_what_a_row_says_of_sharing_names_its_parameters(row: object) -> None:
    result, signature = getattr(row, "result", None), getattr(row, "signature", "")
    assert result is not None
    names = {one.name for one in formals(signature)} | {SELF}
    assert set(shares(result.shares)) | set(shares(result.keeps or "")) <= names


ALIKE = [
    ("x: float", "round(x, 2)", "round(number=x, ndigits=2)"),
    ("x: float", "round(x, 2)", "round(ndigits=2, number=x)"),
    ("xs: list[int]", "sum(xs, 1)", "sum(xs, start=1)"),
    ("xs: list[int]", "list(enumerate(xs, 1))", "list(enumerate(xs, start=1))"),
    ("n: int", "timedelta(n, 5)", "timedelta(days=n, seconds=5)"),
]


@pytest.mark.parametrize(("parameters", "one", "other"), ALIKE)
def test_arguments_mean_the_same_however_they_are_written(
    parameters: str, one: str, other: str
) -> None:
    assert machine(parameters, one) == machine(parameters, other)


def test_no_part_of_a_timedelta_is_lost() -> None:
    with pytest.raises(Refused) as raised:
        machine("n: int", "timedelta(n, 2, 3)")
    assert [one.code.code for one in raised.value.diagnostics] == ["WFC311"]


def machine(parameters: str, expression: str) -> object:
    """The machine of a workflow that returns an expression."""
    source = f"{HEADER}@workflow\ndef f({parameters}) -> Any:\n    return {expression}\n"
    module = read("flow.py", source).module
    assert module is not None
    return open_engine(module, Options(), "sfnx").machine("f")

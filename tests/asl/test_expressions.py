"""Every expression gives on the reference implementation of JSONata what it gives in Python."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.asl.cases import ANNOTATIONS, IN_RANGE, ROWS, samples_of
from tests.jsonata.oracle import Oracle
from wfc.author.boundary import decode, encode, hints_of
from wfc.backends.asl.fit.check import fitted
from wfc.backends.base import Options
from wfc.compiler.diagnostics.model import Refused
from wfc.compiler.pipeline import read

HEADER = """
import dataclasses
import json
import math
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from wfc import workflow


class Color(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Line:
    sku: str
    cents: int
    tags: list[str] = field(default_factory=list)


def clamp(value: int, low: int = 0, high: int = 10) -> int:
    if value < low:
        return low
    top = high
    if value > top:
        value = top
    return value


def grade(points: int) -> str:
    bonus = 1
    if points < 0:
        return "none"
    elif points > 3:
        bonus += 1
        label = "good"
    else:
        label = "fair"
    return label + "!" * bonus


def twice(x: int) -> int:
    return x * 2


""".lstrip()
TRIES = 60
ALL = [*ROWS, *IN_RANGE]


def parameters_of(row: str) -> list[tuple[str, str]]:
    parts = [part for part in row.split(", ") if part]
    merged: list[str] = []
    for part in parts:
        if ": " in part:
            merged.append(part)
        else:
            merged[-1] += f", {part}"
    return [tuple(part.split(": ", 1)) for part in merged]  # type: ignore[misc]


def source() -> str:
    text = HEADER
    for number, (parameters, result, expression) in enumerate(ALL):
        typed = ", ".join(
            f"{name}: {ANNOTATIONS.get(kind, kind)}" for name, kind in parameters_of(parameters)
        )
        text += f"@workflow\ndef f{number}({typed}) -> {result}:\n    return {expression}\n\n\n"
    return text


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    with Oracle() as running:
        yield running


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    path = tmp_path_factory.mktemp("asl") / "expressions.py"
    path.write_text(source(), encoding="utf-8")
    reading = read(str(path))
    assert reading.module is not None, [
        (d.code.code, d.span.line, d.message, source().splitlines()[d.span.line - 1])
        for d in reading.diagnostics
    ]
    spec = importlib.util.spec_from_file_location("expressions", Path(path))
    assert spec is not None
    assert spec.loader is not None
    plain = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plain)
    return reading.module, plain


def evaluated(oracle: Oracle, output: Any, inputs: list[dict[str, Any]]) -> list[Any]:
    """The values of an Output field, or the exception's class where it fails."""
    if isinstance(output, str) and output.startswith("{%"):
        bindings = [{"states": {"input": one}} for one in inputs]
        results = oracle.evaluate(output[2:-2], bindings)
        return [Exception if one.failed else one.value for one in results]
    if isinstance(output, dict):
        columns = {key: evaluated(oracle, value, inputs) for key, value in output.items()}
        rows = [{key: columns[key][i] for key in output} for i in range(len(inputs))]
        return [Exception if Exception in row.values() else row for row in rows]
    if isinstance(output, list):
        columns_ = [evaluated(oracle, value, inputs) for value in output]
        rows_ = [[column[i] for column in columns_] for i in range(len(inputs))]
        return [Exception if Exception in row else row for row in rows_]
    return [output for _ in inputs]


def expected(function: Any, given: dict[str, Any]) -> Any:
    hints = hints_of(function)
    arguments = {name: decode(value, hints[name], name) for name, value in given.items()}
    try:
        return encode(function(**arguments), hints["return"], "result")
    except Exception:
        return Exception


def same(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left == right and not math.isnan(left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    return (type(left) is type(right) and left == right) or left is right


@pytest.mark.parametrize("number", range(len(ALL)), ids=[row[2] for row in ALL])
def test_row(number: int, program: tuple[Any, Any], oracle: Oracle) -> None:
    module, plain = program
    workflow = next(one for one in module.workflows if one.name == f"f{number}")
    try:
        machine = fitted(module, workflow, Options()).definition
    except Refused as refused:
        pytest.fail(str(refused))
    (state,) = machine["States"].values()
    output = state["Output"]
    names = [name for name, _ in parameters_of(ALL[number][0])]
    kinds = [kind for _, kind in parameters_of(ALL[number][0])]
    inputs = [dict(zip(names, values, strict=True)) for values in samples_of(kinds, TRIES)]
    found = evaluated(oracle, output, inputs)
    for given, value in zip(inputs, found, strict=True):
        wanted = expected(getattr(plain, f"f{number}"), given)
        if number >= len(ROWS) and value is Exception:
            continue
        assert same(value, wanted), (given, value, wanted, output)

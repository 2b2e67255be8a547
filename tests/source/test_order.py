"""What a workflow does after reading is what Python does: the same steps in the same order with the
same arguments, and the same result or error."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import pytest

from tests.source.interpreter import Interpreter, Raised
from wfc.compiler.language import nodes as n
from wfc.compiler.language.verify.module import verify
from wfc.compiler.pipeline import read_file

PATH = Path(__file__).parent.parent / "data" / "source" / "order.py"
INPUTS = range(-1, 5)


@pytest.fixture(scope="module")
def program() -> types.ModuleType:
    module = types.ModuleType("order")
    sys.modules["order"] = module
    exec(compile(PATH.read_text(), str(PATH), "exec"), vars(module))
    return module


@pytest.fixture(scope="module")
def ir() -> n.Module:
    reading = read_file(str(PATH))
    assert reading.diagnostics == ()
    assert reading.module is not None
    return reading.module


def plain_run(program: types.ModuleType, name: str, value: int) -> tuple[Any, list[str]]:
    program.TRACE.clear()
    try:
        result: Any = getattr(program, name)(value)
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    return result, list(program.TRACE)


def run_of_ir(
    ir: n.Module, program: types.ModuleType, name: str, value: int
) -> tuple[Any, list[str]]:
    program.TRACE.clear()

    def step(step: str, arguments: dict[str, Any]) -> Any:
        try:
            return getattr(program, step)(**arguments)
        except Exception as error:
            raise Raised(type(error).__name__, str(error)) from error

    try:
        result = Interpreter(ir, vars(program), step).run(name, {"n": value})
    except Raised as error:
        result = f"{error.name}: {error.message}"
    return result, list(program.TRACE)


NAMES = [w.name for w in m.workflows] if (m := read_file(str(PATH)).module) else []


@pytest.mark.parametrize("name", NAMES)
def test_order_of_evaluation(name: str, ir: n.Module, program: types.ModuleType) -> None:
    for value in INPUTS:
        assert run_of_ir(ir, program, name, value) == plain_run(program, name, value), value


def test_every_workflow_is_tested() -> None:
    assert len(NAMES) == PATH.read_text().count("@workflow\n")


def test_the_ir_obeys_its_rules(ir: n.Module) -> None:
    assert verify(ir) == []

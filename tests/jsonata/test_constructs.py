"""Every expression of the language gives on Step Functions what Python gives.

The workflows of ``constructs.py`` are compiled, their machines run on an interpreter whose
expressions are evaluated by the reference implementation of JSONata, 2.0.6, on random values with a
fixed seed, and compared with the plain run.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sfnx import testing

from tests.jsonata.oracle import Oracle
from tests.jsonata.values import LARGEST, Values
from wfc.author.decorators import ATTRIBUTE
from wfc.backends.asl.engines.engine import open_engine
from wfc.backends.base import Options, Outcome
from wfc.compiler.diagnostics.model import Refused
from wfc.compiler.language.nodes import Module
from wfc.compiler.pipeline import read_file
from wfc.testing.compare import compare
from wfc.testing.plain import PlainEngine

CONSTRUCTS = Path(__file__).with_name("constructs.py")
CASES = 50
# Step Functions evaluates to a depth of about 100.
DEPTH = 90

# What Step Functions cannot say exactly, or not yet: refused with this code.
REFUSED = {
    "int_power": "WFC316",
    "json_dump": "WFC310",
    "text_zero_filled": "WFC310",
}
# Functions of Step Functions whose failures have no Python name.
NAMELESS = {"json_load"}
# Exact, or an error that Python does not raise: texts that sort differently in UTF-16, texts of
# numbers that JSON does not have, the empty text as the one to replace.
LOUD = {
    "float_of_text": "ValueError",
    "less_text": "UnsupportedError",
    "maximum_of_texts": "UnsupportedError",
    "text_replace": "UnsupportedError",
    "text_replace_some": "UnsupportedError",
}
# The port writes control characters in JSON text as they are.
PORT_DIFFERS = {"json_dump_texts"}


def read() -> Module:
    reading = read_file(str(CONSTRUCTS))
    assert reading.module is not None, reading.diagnostics
    return reading.module


MODULE = read()


class Engines:
    """The plain run and the machines; expressions are evaluated by the reference implementation
    while ``reference`` is on, and else by the port that ``wfc verify`` uses."""

    def __init__(self, oracle: Oracle) -> None:
        self.plain = PlainEngine(CONSTRUCTS, largest=LARGEST)
        self.asl = open_engine(MODULE, Options(), "sfnx")
        self.oracle = oracle
        self.port = testing.evaluate
        self.reference = True
        self.deepest = 0

    def evaluate(self, code: str, variables: Mapping[str, Any], states: Any) -> Any:
        """Stands in for the evaluation of sfnx."""
        if not self.reference:
            return self.port(code, variables, states)
        (result,) = self.oracle.evaluate(code, [{**variables, "states": states}])
        self.deepest = max(self.deepest, result.depth)
        if result.failed:
            cause = result.message or "undefined"
            raise testing.Failure("States.QueryEvaluationError", cause)
        return result.value


class NoSteps:
    """The workflows have none."""

    def answer(self, step: str, arguments: Mapping[str, Any]) -> Any:
        raise AssertionError(step)


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    with Oracle() as oracle, pytest.MonkeyPatch.context() as patch:
        engines = Engines(oracle)
        patch.setattr(testing, "evaluate", engines.evaluate)
        yield engines


def beyond_the_language(arguments: Any, outcome: Outcome) -> bool:
    """Integers beyond 2**53-1 are outside the portable language, in results and in sums."""
    if outcome.error == "BoundaryError" and f"beyond {2**53 - 1}" in outcome.message:
        return True
    return magnitude(arguments) > LARGEST and not {"x", "y"} & set(arguments)


def magnitude(value: Any) -> int:
    """The sum of all whole numbers in a value, signs left out."""
    if isinstance(value, int):
        return abs(value)
    if isinstance(value, dict):
        return sum(map(magnitude, value.values()))
    return sum(map(magnitude, value)) if isinstance(value, list) else 0


def allowed(name: str, expected: Outcome, got: Outcome) -> bool:
    """Whether a difference is one of those that are known and loud."""
    if name in NAMELESS or "JSON has no" in expected.message:
        return bool(expected.error and got.error)
    return got.error == LOUD.get(name, "no error") and not expected.error


@pytest.mark.parametrize("name", REFUSED)
def test_a_construct_without_an_exact_form_is_refused(name: str, engines: Engines) -> None:
    with pytest.raises(Refused) as raised:
        engines.asl.machine(name)
    assert [diagnostic.code.code for diagnostic in raised.value.diagnostics] == [REFUSED[name]]


ACCEPTED = [workflow.name for workflow in MODULE.workflows if workflow.name not in REFUSED]


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_construct_gives_what_python_gives(name: str, engines: Engines) -> None:
    engines.reference = True
    engines.deepest = 0
    check(name, engines, CASES)
    assert engines.deepest <= DEPTH


@pytest.mark.parametrize("name", [name for name in ACCEPTED if name not in PORT_DIFFERS])
def test_the_port_is_corrected(name: str, engines: Engines) -> None:
    """``wfc verify`` evaluates with a port of JSONata: it must not report what is not so."""
    engines.reference = False
    check(name, engines, CASES // 4)


def check(name: str, engines: Engines, cases: int) -> None:
    """Run random cases plainly and as a machine, and compare."""
    definition = getattr(getattr(engines.plain.module, name), ATTRIBUTE)
    hints = typing.get_type_hints(definition.function)
    values = Values(seed=1)
    compared = 0
    for _ in range(cases):
        arguments = {name: values.of(hints[name], name) for name in definition.parameters}
        expected = engines.plain.run(name, arguments, NoSteps())
        if beyond_the_language(arguments, expected):
            continue
        compared += 1
        got = engines.asl.run(name, arguments, NoSteps())
        assert allowed(name, expected, got) or compare(expected, got) == [], arguments
    assert compared >= cases / 2

"""Large modules: every service of the IR takes time in proportion and a flat stack."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.work import calls_of
from wfc.compiler.language.form.json import content_hash, from_json, to_json
from wfc.compiler.language.nodes import (
    Argument,
    Block,
    Compare,
    Constant,
    Formatted,
    FString,
    If,
    Module,
    Name,
    Parameter,
    Return,
    Statement,
    Step,
    StepCall,
    Workflow,
)
from wfc.compiler.language.nodes.types import BOOL, INT, STR
from wfc.compiler.language.text.parse import from_text
from wfc.compiler.language.text.printer import to_text
from wfc.compiler.language.verify.module import verify


def call(number: int) -> Statement:
    before = Name(f"r{number - 1}" if number else "x", type=STR)
    text = FString((f"{number}: ", Formatted(before)), type=STR)
    args = (Argument("text", text, positional=True),)
    return StepCall(f"s{number}", f"s{number}", args, f"r{number}", STR)


def module_of(size: int) -> Module:
    """A step for each call, each call using the result of the one before, some in branches."""
    parameter = Parameter(name="text", type=STR, annotation="str")
    steps = tuple(
        Step(name=f"s{n}", parameters=(parameter,), returns=STR, label=f"s{n}") for n in range(size)
    )
    body: list[Statement] = []
    for number in range(size):
        body.append(call(number))
        if number % 10 == 0:
            test = Compare(
                Name(f"r{number}", type=STR), (("==", Constant("", type=STR)),), type=BOOL
            )
            body.append(If(test, (Return(Name("x", type=STR)),)))
    start = Parameter(name="x", type=STR, annotation="str")
    body.append(Return(Name(f"r{size - 1}", type=STR)))
    main = Workflow(name="main", parameters=(start,), returns=STR, body=tuple(body), label="main")
    return Module(name="big", steps=steps, workflows=(main,))


SERVICES: dict[str, Callable[[Module], object]] = {
    "verify": verify,
    "text": to_text,
    "json": to_json,
    "from json": lambda module: from_json(to_json(module)),
    "hash": lambda module: content_hash(module, "main"),
}


@pytest.mark.parametrize("name", SERVICES)
def test_work_grows_in_proportion(name: str) -> None:
    service = SERVICES[name]
    service(module_of(1))
    small, large = module_of(200), module_of(2_000)
    assert calls_of(lambda: service(large)) < 11 * calls_of(lambda: service(small))


def test_a_large_module_is_right_and_survives() -> None:
    module = module_of(3_000)
    assert verify(module) == []
    assert from_text(to_text(module)) == module
    assert from_json(json.loads(json.dumps(to_json(module)))) == module


def test_a_chain_of_300_is_verified_and_survives() -> None:
    chain: Block = (Return(Constant(0, type=INT)),)
    for number in reversed(range(300)):
        test = Compare(Name("x", type=INT), (("==", Constant(number, type=INT)),), type=BOOL)
        chain = (If(test, (Return(Constant(number, type=INT)),), chain),)
    start = Parameter(name="x", type=INT, annotation="int")
    main = Workflow(name="main", parameters=(start,), returns=INT, body=chain, label="main")
    module = Module(name="m", workflows=(main,))
    assert verify(module) == []
    text = to_text(module)
    assert text.count("} elif") == 299
    assert to_text(from_text(text)) == text
    assert len(content_hash(module)) == 64

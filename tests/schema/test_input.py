"""Inputs are checked before anything starts: every problem, with its code and its field."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from wfc.backends import registry
from wfc.compiler.diagnostics.model import Refused
from wfc.compiler.language.limits import WIDEST
from wfc.compiler.language.nodes import Module
from wfc.compiler.pipeline import read
from wfc.tool.inputs import read_input

SOURCE = """
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from wfc import workflow


class Color(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Line:
    sku: str
    quantity: int = 1
    color: Color = Color.RED


@workflow
def order(
    customer: str,
    lines: list[Line],
    note: str | None = None,
    best: Line | None = None,
    when: datetime | None = None,
    pair: tuple[int, str] | None = None,
    ratio: float = 0.5,
    extra: Any = None,
) -> int:
    return len(lines)
"""


@pytest.fixture
def module() -> Module:
    found = read("order.py", SOURCE).module
    assert found is not None
    return found


def problems(spec: str, module: Module, *targets: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        read_input(spec, module, module.workflows[0], registry.limits(targets))
    return [
        f"{d.code.code} {d.message}" + (f"; {d.instead}" if d.instead else "")
        for d in refused.value.diagnostics
    ]


def test_what_fits_is_given_as_it_is(module: Module) -> None:
    text = '{"customer": "c", "lines": [{"sku": "a"}], "when": "2026-01-31T12:00:00Z", "ratio": 1}'
    assert read_input(text, module, module.workflows[0]) == {
        "customer": "c",
        "lines": [{"sku": "a"}],
        "when": "2026-01-31T12:00:00Z",
        "ratio": 1,
    }


def test_a_whole_number_may_be_written_with_a_fraction_of_zero(module: Module) -> None:
    """JSON knows one kind of number, and the workflow gets what its annotations say."""
    text = """{"customer": "c", "lines": [{"sku": "a", "quantity": 2.0}], "pair": [1.0, "x"],
               "best": {"sku": "b", "quantity": 3.0}, "ratio": 1.0, "extra": 1.0}"""
    assert repr(read_input(text, module, module.workflows[0])) == repr(
        {
            "customer": "c",
            "lines": [{"sku": "a", "quantity": 2}],
            "pair": [1, "x"],
            "best": {"sku": "b", "quantity": 3},
            "ratio": 1.0,
            "extra": 1.0,
        }
    )


def test_the_input_may_stand_in_a_file(module: Module, tmp_path: Path) -> None:
    file = tmp_path / "in.json"
    file.write_bytes(b'\xef\xbb\xbf{"customer": "\xc3\xa9", "lines": []}')
    assert read_input(f"@{file}", module, module.workflows[0])["customer"] == "é"


def test_the_input_may_come_from_standard_input(
    module: Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = SimpleNamespace(buffer=io.BytesIO(b'{"customer": "c", "lines": []}'))
    monkeypatch.setattr("sys.stdin", stdin)
    assert read_input("-", module, module.workflows[0]) == {"customer": "c", "lines": []}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("", ["WFC601 this is no JSON: expecting value"]),
        ("[1]", ["WFC604 the input must be an object, not [1]"]),
        ("null", ["WFC604 the input must be an object, not null"]),
        (
            "{}",
            [
                "WFC602 customer is missing: expected text",
                "WFC602 lines is missing: expected a list",
            ],
        ),
        (
            '{"custmer": "c", "lines": []}',
            [
                "WFC602 customer is missing: expected text",
                "WFC603 custmer is no field here; did you mean 'customer'?",
            ],
        ),
        (
            '{"customer": 5, "lines": [{"sku": null, "quantity": 1.5, "color": "green"}, "x"]}',
            [
                "WFC604 customer must be text, not 5",
                'WFC604 lines[0].color must be one of "red", "blue", not "green"',
                "WFC604 lines[0].quantity must be a whole number, not 1.5",
                "WFC604 lines[0].sku must be text, not null",
                'WFC604 lines[1] must be an object, not "x"',
            ],
        ),
        (
            '{"customer": true, "lines": {}, "ratio": "1"}',
            [
                "WFC604 customer must be text, not true",
                "WFC604 lines must be a list, not {}",
                'WFC604 ratio must be a number, not "1"',
            ],
        ),
        (
            '{"customer": "c", "lines": [], "note": 1, "best": {"sku": 1, "qty": 2}}',
            [
                "WFC603 best.qty is no field here; the fields are sku, quantity, color",
                "WFC604 best.sku must be text, not 1",
                "WFC604 note must be text or null, not 1",
            ],
        ),
        (
            '{"customer": "c", "lines": [], "when": "tomorrow", "pair": [1, "a", 2]}',
            [
                'WFC604 pair must be a list of 2, not [1, "a", 2]',
                'WFC604 when must be a moment such as 2026-01-31T12:00:00.000Z, not "tomorrow"',
            ],
        ),
        (
            '{"customer": "c", "lines": [], "ratio": NaN, "extra": [{"a": -Infinity}, 1e999]}',
            [
                "WFC605 extra[0].a is -inf, which is no JSON number",
                "WFC605 extra[1] is inf, which is no JSON number",
                "WFC605 ratio is nan, which is no JSON number",
            ],
        ),
        (
            '{"customer": NaN, "lines": [{"sku": "a", "quantity": Infinity}], "note": -Infinity}',
            [
                "WFC605 customer is nan, which is no JSON number",
                "WFC605 lines[0].quantity is inf, which is no JSON number",
                "WFC605 note is -inf, which is no JSON number",
            ],
        ),
        (
            '{"customer": "c", "lines": [], "lines": [], "extra": {"a": 1, "a": 2}}',
            ["WFC607 extra.a is given twice", "WFC607 lines is given twice"],
        ),
        (
            '{"customer": "\\ud800", "lines": [], "extra": {"\\udfff": "\\ud83d\\ude00"}}',
            [
                "WFC604 a key in extra has a lone surrogate, which is no Unicode character",
                "WFC604 customer has a lone surrogate, which is no Unicode character",
            ],
        ),
        ("[" * 100_000, ["WFC601 the input is nested too deeply"]),
        ("9" * 10_000, ["WFC606 an integer has thousands of digits"]),
    ],
)
def test_every_problem_is_reported(spec: str, expected: list[str], module: Module) -> None:
    assert problems(spec, module) == expected


def test_malformed_json_is_shown_at_its_place(module: Module) -> None:
    with pytest.raises(Refused) as refused:
        read_input("{\n  'customer': 1}", module, module.workflows[0])
    (problem,) = refused.value.diagnostics
    assert (problem.code.code, problem.path) == ("WFC601", "<input>")
    assert (problem.span.line, problem.span.column) == (2, 3)


def test_large_integers_are_refused_for_step_functions_only(module: Module) -> None:
    text = '{"customer": "c", "lines": [{"sku": "a", "quantity": 9007199254740992}], "extra": 1}'
    assert read_input(text, module, module.workflows[0], WIDEST)
    assert problems(text, module, "temporal", "asl") == [
        "WFC606 lines[0].quantity is 9007199254740992, and the project's targets hold "
        "9007199254740991 at most; declare it as str and send it as text"
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.json", None, "WFC600 cannot read the input: No such file or directory"),
        (".", None, "WFC600 cannot read the input: Is a directory"),
        ("latin.json", b'{"a": "\xe9"}', "WFC601 the input is not UTF-8: byte 7 is 0xe9"),
        ("empty.json", b"", "WFC601 this is no JSON: expecting value"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    name: str, content: bytes | None, message: str, module: Module, tmp_path: Path
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    assert problems(f"@{file}", module) == [message]

"""Types of variables: annotations, inference, narrowing, joins."""

from __future__ import annotations

import pytest

from wfc.compiler.language import nodes as n
from wfc.compiler.pipeline import read

HEAD = """
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Literal, NotRequired, TypedDict
from wfc import step, workflow

class Color(Enum):
    RED = "red"

@dataclass
class Line:
    sku: str
    note: str | None = None
    amount: int = 0

class Options(TypedDict):
    name: str
    limit: NotRequired[int | None]

@step
def find(key: str) -> Line | None: ...
@step
def lines() -> list[Line]: ...
@step
def untyped(value): ...

def double(value: int):
    return value * 2 if value else None

TABLE = {"a": [1]}

@workflow
def flow(n: int, text: str, maybe: str | None, any: Any, options: Options,
         union: int | str | None, kind: Literal["a", "b"], pairs: list[tuple[str, int]],
         counts: dict[str, int], line: Line) -> Any:
"""


def type_of(body: str) -> str:
    """The type of what the body returns last."""
    text = HEAD + "".join(f"    {line}\n" for line in body.splitlines())
    reading = read("types.py", text)
    assert [d.message for d in reading.diagnostics] == []
    assert reading.module is not None
    last = reading.module.workflows[0].body[-1]
    assert isinstance(last, n.Return)
    return str(last.value.type)


@pytest.mark.parametrize(
    ("expression", "type_"),
    [
        ("n + 1", "int"),
        ("n / 2", "float"),
        ("n > 1", "bool"),
        ("text * n", "str"),
        ("f'{n}'", "str"),
        ("[n, text]", "list[int | str]"),
        ("(n, text)", "tuple[int, str]"),
        ("{'a': n}", "dict[str, int]"),
        ("sorted({n} | {1})", "list[int]"),
        ("[]", "list[Never]"),
        ("line", "Line"),
        ("line.note", "str | None"),
        ("options['name']", "str"),
        ("TABLE['a'][0]", "int"),
        ("Color.RED", "Color"),
        ("Color.RED.value", "str"),
        ("maybe or text", "str"),
        ("n and text", "int | str"),
        ("n if text else None", "int | None"),
        ("len(text)", "int"),
        ("text.split()", "list[str]"),
        ("counts.get('a')", "int | None"),
        ("[k for k, v in pairs]", "list[str]"),
        ("{k: v for k, v in pairs}", "dict[str, int]"),
        ("max(lines(), key=lambda one: one.amount)", "Line"),
        ("find(text)", "Line | None"),
        ("untyped(n)", "Any"),
        ("double(n)", "int | None"),
        ("kind", "Literal['a', 'b']"),
        ("datetime(2026, 1, 1) - datetime(2025, 1, 1)", "timedelta"),
        ("isinstance(n, int)", "bool"),
    ],
)
def test_an_expression_has_a_type(expression: str, type_: str) -> None:
    assert type_of(f"return {expression}") == type_


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        ("if maybe is None:\n    return 1\nreturn maybe", "str"),
        ("if maybe is not None:\n    return 1\nreturn maybe", "None"),
        ("if not maybe:\n    raise ValueError('x')\nreturn maybe", "str"),
        ("if maybe:\n    pass\nreturn maybe", "str | None"),
        ("if maybe is None:\n    maybe = 'x'\nreturn maybe", "str"),
        ("if maybe is None or n > 3:\n    return 1\nreturn maybe", "str"),
        ("if maybe is not None and n > 3:\n    return maybe.upper()\nreturn maybe", "str | None"),
        ("assumed = maybe if maybe is not None else 'x'\nreturn assumed", "str"),
        ("if isinstance(union, int):\n    return 1\nreturn union", "str | None"),
        ("if not isinstance(union, (int, str)):\n    return 1\nreturn union", "int | str"),
        ("if isinstance(any, str):\n    return any.upper()\nreturn any", "Any"),
        ("if not isinstance(any, list):\n    return 1\nreturn any", "list[Any]"),
        ("if line.note is None:\n    return 1\nreturn line.note", "str"),
        ("if line.note is None:\n    return 1\nline = lines()[0]\nreturn line.note", "str | None"),
        ("if line.note is None:\n    return 1\nline.note = maybe\nreturn line.note", "str | None"),
        ("if options.get('limit') is None:\n    return 1\nreturn options", "Options"),
        ("while maybe is None:\n    maybe = find(text).note\nreturn maybe", "str"),
        ("x = None\nfor i in range(n):\n    x = i\nreturn x", "int | None"),
        ("x = None\nwhile True:\n    x = find(text)\n    if x:\n        break\nreturn x", "Line"),
        ("x = 1\nfor i in range(n):\n    y = x\n    x = text\nreturn x", "int | str"),
        ("x = []\nfor k, v in pairs:\n    x.append(v)\nreturn x", "list[int]"),
        ("x = {}\nx['a'] = n\nx['b'] = text\nreturn x", "dict[str, int | str]"),
        ("x: list[str] = []\nreturn x", "list[str]"),
        ("x: int | None = None\nreturn x", "None"),
        ("x: int | None = None\nfor i in range(n):\n    x = i\nreturn x", "int | None"),
        ("x: float = 1\nreturn x", "float"),
        ("n = text\nreturn n", "str"),
        ("try:\n    x = find(text)\nexcept ValueError:\n    x = n\nreturn x", "Line | int | None"),
        (
            "x = n\ntry:\n    x = text\n    untyped(1)\nexcept ValueError:\n    return x\nreturn x",
            "str",
        ),
        (
            "if n:\n    x = 1\nelif text:\n    x = 'a'\nelse:\n    x = None\nreturn x",
            "int | str | None",
        ),
        ("x = []\nfor i in range(n):\n    x = [x]\nreturn x", "Any"),
        ("a, b = b_, a_ = n, text\nreturn [a, b]", "list[int | str]"),
        ("x = [i for i, one in enumerate(lines()) if one.note]\nreturn x", "list[int]"),
    ],
)
def test_tests_and_jumps_narrow_types(body: str, type_: str) -> None:
    assert type_of(body) == type_

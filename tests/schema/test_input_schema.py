"""The JSON Schema of a workflow's input."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator

from wfc.compiler.schema import input_schema

SOURCE = '''
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Literal, NotRequired, TypedDict

from wfc import workflow


class Color(Enum):
    """What it looks like."""

    RED = "red"
    BLUE = "blue"


@dataclass
class Line:
    """One article.

    More about it.
    """

    sku: str
    quantity: int = 1
    color: Color = Color.RED
    tags: list[str] = field(default_factory=list)


class Address(TypedDict):
    street: str
    zip: NotRequired[str]


@workflow
def order(
    lines: list[Line],
    address: Address,
    mode: Literal["fast", "slow"],
    price: float,
    when: datetime,
    wait: timedelta | None = None,
    note: str | int | None = "none",
    extra: dict[str, Any] | None = None,
    pair: tuple[int, str] | None = None,
    offset: int = -1,
    flag: bool = False,
) -> None:
    """Take an order
    over the counter.

    Args:
        lines: what is bought;
            at least one.
        wait: how long to wait.
    """
    return None
'''


TREE = """
from __future__ import annotations
from dataclasses import dataclass
from wfc import workflow

@dataclass
class Tree:
    value: int
    children: list[Tree]

@workflow
def climb(tree: Tree) -> int:
    return tree.value
"""


def test_parameters_become_properties(read_module: Any, expected: Any) -> None:
    module = read_module(SOURCE)
    schema = input_schema(module, module.workflows[0])
    Draft202012Validator.check_schema(schema)
    expected("schema/order.schema.json", json.dumps(schema, indent=2) + "\n")


def test_a_workflow_without_parameters_takes_an_empty_object(read_module: Any) -> None:
    source = "from wfc import workflow\n\n@workflow\ndef tick() -> int:\n    return 1\n"
    module = read_module(source)
    schema = input_schema(module, module.workflows[0])
    assert schema == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tick",
        "type": "object",
        "properties": {},
        "additionalProperties": False,
    }


def test_a_record_may_contain_itself(read_module: Any) -> None:
    module = read_module(TREE)
    schema = input_schema(module, module.workflows[0])
    validator = Draft202012Validator(schema)
    assert validator.is_valid({"tree": {"value": 1, "children": [{"value": 2, "children": []}]}})
    assert not validator.is_valid({"tree": {"value": 1, "children": [{"value": 2}]}})

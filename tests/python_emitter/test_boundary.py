"""Conversion between JSON data and values: rendered text, executed, gives the value and back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import flat
from wfc.backends.python.program.boundary import Ambiguous, Codec
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

SOURCE = """
from __future__ import annotations
from dataclasses import dataclass
from enum import Enum
from typing import TypedDict

class Color(Enum):
    RED = "red"

@dataclass
class Line:
    sku: str
    count: int

@dataclass
class Order:
    id: str
    lines: list[Line]
    weight: float
    color: Color = Color.RED
    parent: Order | None = None

class Box(TypedDict):
    line: Line
"""


def field(name: str, type_: t.Type, **options: Any) -> ir.Field:
    return ir.Field(name=name, type=type_, **options)


LINE, ORDER, BOX, COLOR = (
    t.RecordType("Line"),
    t.RecordType("Order"),
    t.RecordType("Box"),
    t.EnumType("Color"),
)
MODULE = ir.Module(
    name="m",
    enums=(ir.Enum(name="Color", members=(("RED", "red"),)),),
    records=(
        ir.Record(
            name="Line", kind="dataclass", fields=(field("sku", t.STR), field("count", t.INT))
        ),
        ir.Record(
            name="Order",
            kind="dataclass",
            fields=(
                field("id", t.STR),
                field("lines", t.ListType(LINE)),
                field("weight", t.FLOAT),
                field("color", COLOR, default=ir.EnumMember("Color", "RED")),
                field("parent", t.union(ORDER, t.NONE), default=ir.Constant(None)),
            ),
        ),
        ir.Record(name="Box", kind="typeddict", fields=(field("line", LINE),)),
    ),
)


@pytest.mark.parametrize(
    ("type_", "decoded", "encoded"),
    [
        (t.INT, "x", "x"),
        (t.ANY, "x", "x"),
        (t.FLOAT, "float(x)", "x"),
        (t.ListType(t.STR), "x", "x"),
        (t.union(t.STR, t.NONE), "x", "x"),
        (t.union(t.INT, t.FLOAT), "x", "x"),
        (LINE, "Line(**x)", "asdict(x)"),
        (t.ListType(LINE), "[Line(**item) for item in x]", "[asdict(item) for item in x]"),
        (
            t.union(LINE, t.NONE),
            "Line(**x) if x is not None else None",
            "asdict(x) if x is not None else None",
        ),
        (t.DictType(t.FLOAT), "{key: float(item) for key, item in x.items()}", "x"),
        (t.TupleType((t.INT, t.STR)), "tuple(x)", "list(x)"),
        (t.TupleType((t.INT, t.FLOAT)), "(x[0], float(x[1]))", "list(x)"),
        (COLOR, "Color(x)", "x.value"),
        (ORDER, "decode_order(x)", "encode_order(x)"),
        (BOX, "decode_box(x)", "encode_box(x)"),
        (t.TIMEDELTA, "timedelta(seconds=x)", "x.total_seconds()"),
    ],
)
def test_only_what_differs_is_converted(type_: t.Type, decoded: str, encoded: str) -> None:
    codec = Codec(MODULE, Imports(), frozenset())
    assert flat(codec.decode(type_, "x")) == decoded
    assert flat(codec.encode(type_, "x")) == encoded


@pytest.mark.parametrize(
    ("type_", "value", "data"),
    [
        (
            ORDER,
            'Order("o", [Line("a", 1)], 2.0, Color.RED, Order("p", [], 0.5))',
            {
                "id": "o",
                "lines": [{"sku": "a", "count": 1}],
                "weight": 2,
                "color": "red",
                "parent": {"id": "p", "lines": [], "weight": 0.5, "color": "red", "parent": None},
            },
        ),
        (BOX, '{"line": Line("a", 1)}', {"line": {"sku": "a", "count": 1}}),
        (
            t.DATETIME,
            "datetime(2026, 1, 2, 3, 4, 5, 678000, timezone.utc)",
            "2026-01-02T03:04:05.678Z",
        ),
        (t.union(t.STR, LINE), 'Line("a", 1)', {"sku": "a", "count": 1}),
        (t.union(t.STR, LINE), '"a"', "a"),
        (
            t.DictType(t.ListType(t.TupleType((COLOR, t.INT)))),
            '{"k": [(Color.RED, 1)]}',
            {"k": [["red", 1]]},
        ),
    ],
)
def test_values_survive_the_way_there_and_back(type_: t.Type, value: str, data: Any) -> None:
    imports = Imports()
    codec = Codec(MODULE, imports, frozenset())
    decode, encode = flat(codec.decode(type_, "data")), flat(codec.encode(type_, "value"))
    functions = "\n".join(line for function in codec.functions() for line in function)
    namespace: dict[str, Any] = {"data": data}
    exec(
        "from __future__ import annotations\n"
        + SOURCE.replace("from __future__ import annotations\n", "")
        + "from datetime import datetime, timezone\n"
        + "\n".join(imports.lines())
        + "\n"
        + functions,
        namespace,
    )
    namespace["value"] = eval(value, namespace)
    assert eval(decode, namespace) == namespace["value"]
    assert json.loads(json.dumps(eval(encode, namespace))) == data


def test_fields_that_are_left_out_get_their_defaults() -> None:
    imports = Imports()
    codec = Codec(MODULE, imports, frozenset())
    codec.decode(ORDER, "x")
    (order,) = codec.functions()
    assert order == [
        "def decode_order(data: dict[str, Any]) -> Order:",
        "    return Order(",
        '        id=data["id"],',
        '        lines=[Line(**item) for item in data["lines"]],',
        '        weight=float(data["weight"]),',
        '        color=Color(data["color"]) if "color" in data else Color.RED,',
        '        parent=decode_order(data["parent"]) if data.get("parent") is not None else None,',
        "    )",
    ]
    assert codec.used == {"Order", "Line", "Color"}


def test_two_records_in_a_union_cannot_be_told_apart() -> None:
    with pytest.raises(Ambiguous, match="does not say which"):
        Codec(MODULE, Imports(), frozenset()).decode(t.union(LINE, ORDER), "x")

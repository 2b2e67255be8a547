"""Values that cross a boundary: JSON data by annotation, and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Annotated, Any, Literal, NewType, NotRequired, TypedDict

import pytest

from wfc.author.boundary import decode, encode
from wfc.author.errors import BoundaryError


class Color(Enum):
    RED = "red"
    ONE = 1


class Size(StrEnum):
    SMALL = "s"


@dataclass(frozen=True)
class Point:
    x: int
    y: float = 0.5
    tags: list[str] = field(default_factory=list)


@dataclass
class Tree:
    value: int
    children: list[Tree] = field(default_factory=list)


class Address(TypedDict):
    street: str
    zip: NotRequired[str]


OrderId = NewType("OrderId", str)
NOON = datetime(2026, 1, 31, 12, 0, 0, 123456, UTC)


@pytest.mark.parametrize(
    ("value", "hint", "data"),
    [
        (None, None, None),
        (True, bool, True),
        (7, int, 7),
        (2**60, int, 2**60),
        (7, float, 7.0),
        (0.1, float, 0.1),
        ("é", str, "é"),
        (Size.SMALL, str, "s"),
        ([1, 2], list[int], [1, 2]),
        ((1, "a"), tuple[int, str], [1, "a"]),
        ((), tuple[()], []),
        ((1, 2), tuple[int, ...], [1, 2]),
        ({"a": (1,)}, dict[str, tuple[int]], {"a": [1]}),
        (Color.RED, Color, "red"),
        (Color.ONE, Color, 1),
        (Size.SMALL, Size, "s"),
        (Point(1), Point, {"x": 1, "y": 0.5, "tags": []}),
        (Tree(1, [Tree(2)]), Tree, {"value": 1, "children": [{"value": 2, "children": []}]}),
        ({"street": "Main"}, Address, {"street": "Main"}),
        ({"street": "Main", "zip": "1"}, Address, {"street": "Main", "zip": "1"}),
        (timedelta(minutes=1), timedelta, 60),
        (timedelta(milliseconds=1500), timedelta, 1.5),
        (None, int | None, None),
        (3, int | None, 3),
        (3, int | float, 3),
        (0.5, int | float, 0.5),
        ("a", int | str, "a"),
        (Point(1), Point | None, {"x": 1, "y": 0.5, "tags": []}),
        ([Point(1), "x"], list[Point | str], [{"x": 1, "y": 0.5, "tags": []}, "x"]),
        ("a", Literal["a", "b"], "a"),
        (OrderId("o"), OrderId, "o"),
        (5, Annotated[int, "cents"], 5),
    ],
)
def test_a_value_comes_back_as_itself(value: Any, hint: Any, data: Any) -> None:
    encoded = encode(value, hint, "value")
    assert encoded == data
    assert type(encoded) is type(data)
    decoded = decode(encoded, hint, "value")
    assert decoded == value
    assert type(decoded) is (type(value) if hint is not float and hint is not str else hint)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ((1, (2,)), [1, [2]]),
        (Color.RED, "red"),
        (Size.SMALL, "s"),
        (Point(1), {"x": 1, "y": 0.5, "tags": []}),
        ({"at": NOON}, {"at": "2026-01-31T12:00:00.123Z"}),
        ([timedelta(hours=1)], [3600]),
    ],
)
def test_any_takes_each_value_by_its_kind_and_gives_plain_data(value: Any, data: Any) -> None:
    assert encode(value, Any, "value") == data
    assert decode(data, Any, "value") == data


def test_a_moment_is_utc_with_milliseconds() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5)))
    assert encode(elsewhere, datetime, "value") == "2026-01-31T12:00:00.123Z"
    assert decode("2026-01-31T13:00:00+01:00", datetime, "value") == NOON.replace(microsecond=0)


def test_an_engine_may_write_a_whole_number_with_a_point() -> None:
    decoded = decode(2.0, int, "value")
    assert (decoded, type(decoded)) == (2, int)


@pytest.mark.parametrize(
    ("value", "hint", "note"),
    [
        (float("nan"), float, "v: JSON has no nan"),
        ([1, float("inf")], Any, "v[1]: JSON has no inf"),
    ],
)
def test_numbers_that_json_lacks_have_the_error_of_json(value: Any, hint: Any, note: str) -> None:
    with pytest.raises(ValueError, match=r"^Out of range float values") as caught:
        encode(value, hint, "v")
    assert caught.value.__notes__ == [note]


def test_fields_that_are_missing_get_their_defaults() -> None:
    assert decode({"x": 1}, Point, "value") == Point(1)


@pytest.mark.parametrize(
    ("value", "hint", "message"),
    [
        ("7", int, "v: expected int, got str '7'"),
        (None, int, "v: expected int, got None"),
        (7, str, "v: expected str, got int 7"),
        (True, float, "v: expected float, got bool True"),
        ((1,), list[int], "v: expected list, got tuple (1,)"),
        ([1], tuple[int], "v: expected tuple of 1, got list [1]"),
        ((1, 2), tuple[int], "v: expected tuple of 1, got tuple (1, 2)"),
        ([1, ["a"]], list[int], "v[1]: expected int, got list ['a']"),
        ({"a": {"b": "x"}}, dict[str, dict[str, int]], "v.a.b: expected int, got str 'x'"),
        ({1: 2}, dict[str, int], "v: the keys of a JSON object are text, got int 1"),
        ({1: 2}, dict[int, int], "the keys of a JSON object are text"),
        ({"x": 1}, Point, "v: expected Point, got dict {'x': 1}"),
        (Point("a"), Point, "v.x: expected int, got str 'a'"),  # type: ignore[arg-type]
        ({"zip": "1"}, Address, "v: field 'street' of Address is missing"),
        ({"street": "a", "town": "b"}, Address, "v: Address has no field 'town'"),
        ("red", Color, "v: expected Color, got str 'red'"),
        ("c", Literal["a", "b"], "v: expected Literal['a', 'b'], got str 'c'"),
        (True, Literal[1], "v: expected Literal[1], got bool True"),
        (0.5, int | None, "v: expected int | None, got float 0.5"),
        (Point("a"), Point | None, "v.x: expected int, got str 'a'"),  # type: ignore[arg-type]
        (datetime(2026, 1, 31), datetime, "a datetime without a time zone"),
        (Decimal(1), Any, "v: a value of type Decimal cannot cross here: it is not JSON data"),
        ({1}, set[int], "v: a value of type set[int] cannot cross here"),
        ("\ud800", str, "v: the text has a lone surrogate"),
        (open, Any, "v: a value of type builtin_function_or_method cannot cross here"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(value: Any, hint: Any, message: str) -> None:
    with pytest.raises(BoundaryError) as caught:
        encode(value, hint, "v")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("data", "hint", "message"),
    [
        (1.5, int, "v: expected int, got float 1.5"),
        ({"y": 1}, Point, "v: field 'x' of Point is missing"),
        ({"x": 1, "z": 1}, Point, "v: Point has no field 'z'"),
        ("green", Color, "v: expected one of 'red', 1, got str 'green'"),
        (True, Color, "v: expected one of 'red', 1, got bool True"),
        ("yesterday", datetime, "v: expected a moment as ISO 8601 text, got str 'yesterday'"),
        ("2026-01-31T12:00:00", datetime, "has no time zone; write '2026-01-31T12:00:00Z' for UTC"),
        ("2026-01-31T12:00:00.0001Z", datetime, "is finer than a millisecond"),
        ("1h", timedelta, "v: expected a number of seconds, got str '1h'"),
        ([1], tuple[int, int], "v: expected list of 2, got list [1]"),
    ],
)
def test_data_that_does_not_fit_is_refused(data: Any, hint: Any, message: str) -> None:
    with pytest.raises(BoundaryError) as caught:
        decode(data, hint, "v")
    assert message in str(caught.value)


def test_integers_are_limited_when_asked() -> None:
    assert encode(2**53 - 1, int, "v", largest=2**53 - 1) == 2**53 - 1
    for value in (2**53, -(2**53)):
        with pytest.raises(
            BoundaryError, match=r"v: -?9007199254740992 is beyond 9007199254740991, "
        ):
            encode(value, Any, "v", largest=2**53 - 1)


def test_a_value_that_contains_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(BoundaryError, match="contains itself or is nested too deeply"):
        encode(endless, Any, "v")

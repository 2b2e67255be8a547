"""Data classes: what they promise to those who define and use them."""

from __future__ import annotations

import copy
import pickle
from functools import cached_property

import pytest

from wfc.compiler.data.struct import MutableStruct, Struct, field, fields, replace


class Place(Struct, kw_only=True):
    line: int = field(default=0, compare=False, repr=False)


class Point(Place):
    x: int
    y: int = 0


class Named(Point):
    name: str = ""


class Draft(MutableStruct):
    parts: list[str] = field(factory=list)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.parts)


class Identity(Struct, eq=False):
    x: int


class Cached(Struct):
    x: int

    @cached_property
    def double(self) -> int:
        return 2 * self.x


def test_annotations_are_fields_given_by_position_or_name() -> None:
    point = Point(1, y=2, line=7)
    assert (point.x, point.y, point.line) == (1, 2, 7)
    assert [one.name for one in fields(Named)] == ["line", "x", "y", "name"]


def test_equality_and_hash_leave_out_what_does_not_compare() -> None:
    assert Point(1, line=1) == Point(1, line=2)
    assert hash(Point(1, line=1)) == hash(Point(1, line=2))
    assert Point(1) != Point(2)
    assert Point(1) != Named(1)


def test_the_representation_shows_the_class_and_its_fields() -> None:
    assert repr(Named(1, name="a", line=3)) == "Named(x=1, y=0, name='a')"


def test_what_is_frozen_cannot_be_set_or_deleted() -> None:
    point = Point(1)
    with pytest.raises(AttributeError, match="Point is frozen"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="Point is frozen"):
        del point.x
    with pytest.raises(AttributeError):
        point.z = 2


@pytest.mark.parametrize("given", [(), (1, 2, 3)])
def test_arguments_that_do_not_fit_are_refused(given: tuple[int, ...]) -> None:
    with pytest.raises(TypeError):
        Point(*given)
    with pytest.raises(TypeError):
        Point(1, z=2)  # type: ignore[call-arg]


def test_a_subclass_has_an_init_of_its_own() -> None:
    assert Point(1).x == 1
    assert Named(1, 2, "n").name == "n"


def test_positional_patterns_leave_out_what_is_given_by_name_only() -> None:
    match Named(1, 2, "n"):
        case Named(x, y, name):
            assert (x, y, name) == (1, 2, "n")


def test_replace_copies_and_knows_its_fields() -> None:
    point = Named(1, 2, "n", line=9)
    moved = replace(point, x=5)
    assert (moved, moved.line, point.x) == (Named(5, 2, "n"), 9, 1)
    with pytest.raises(TypeError, match="has no field 'z'"):
        replace(point, z=1)


def test_each_instance_has_a_default_of_its_own() -> None:
    first, second = Draft(), Draft()
    first.parts.append("a")
    assert (second.parts, first.size) == ([], 0)
    assert Draft(["a"]).size == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(first)


def test_identity_where_a_class_asks_for_it() -> None:
    one = Identity(1)
    assert one != Identity(1)
    assert {one: 1}[one] == 1


def test_pickles_and_copies_are_equal() -> None:
    point = Named(1, 2, "n", line=9)
    for twin in (pickle.loads(pickle.dumps(point)), copy.copy(point), copy.deepcopy(point)):
        assert (twin, twin.line) == (point, 9)


def test_a_property_may_be_remembered() -> None:
    cached = Cached(2)
    assert (cached.double, cached.double) == (4, 4)
    assert "double" in vars(cached)

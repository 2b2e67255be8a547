"""Inputs that leave out what has a default, and moments in every form."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import NotRequired, TypedDict

from wfc import step, workflow


class Color(Enum):
    """An enum for a default."""

    RED = "red"
    BLUE = "blue"


@dataclass
class Item:
    """A record with defaults of every kind."""

    name: str
    count: int = 1
    color: Color = Color.RED
    tags: list[str] = field(default_factory=list)
    note: str | None = None


@dataclass
class Box:
    """A record that holds such records."""

    item: Item
    more: list[Item]
    best: Item | None = None
    size: int = 0


class Shelf(TypedDict):
    """A TypedDict that holds such records."""

    box: Box
    extra: NotRequired[Item]


@dataclass
class Event:
    """A record with moments."""

    at: datetime
    until: datetime | None = None
    lasts: timedelta = timedelta(0)


@step
def show(item: Item) -> Item:
    """A record goes out and comes back."""
    return item


@step
def announce(at: datetime, text: str = "") -> datetime:
    """A moment goes out and comes back."""
    return at


@workflow
def record(item: Item) -> Item:
    """A record."""
    return show(item)


@workflow
def optional_record(item: Item | None = None) -> Item | None:
    """A record that may be missing."""
    if item is None:
        return None
    return show(item)


@workflow
def nested_record(box: Box) -> int:
    """Records in a record."""
    show(box.item)
    for item in box.more:
        show(item)
    if box.best is not None:
        show(box.best)
    return box.size


@workflow
def returned_record(box: Box) -> Box:
    """A record as it came."""
    return box


@workflow
def dict_of_records(items: dict[str, Item], name: str) -> Item:
    """Records in a dict."""
    return show(items[name])


@workflow
def rows_of_records(rows: list[list[Item]]) -> list[list[Item]]:
    """Records in lists of lists."""
    for row in rows:
        for item in row:
            show(item)
    return rows


@workflow
def tuple_of_records(pair: tuple[Item, int]) -> tuple[Item, int]:
    """A record in a tuple."""
    show(pair[0])
    return pair


@workflow
def typed_dict_of_records(shelf: Shelf) -> Shelf:
    """Records in a TypedDict."""
    show(shelf["box"].item)
    if "extra" in shelf:
        show(shelf["extra"])
    return shelf


@workflow
def default_record(name: str, item: Item | None = None, count: int = 2) -> list[Item]:
    """A record made from what there is."""
    items = [Item(name, count)]
    if item is not None:
        items.append(item)
    return items


@workflow
def moments(at: datetime, until: datetime | None = None) -> datetime:
    """A moment is the same in every time zone."""
    found = announce(at, "start")
    if until is not None and until > at:
        announce(until, "end")
    if found == at:
        announce(found, "same")
    return at


@workflow
def moments_in_records(events: list[Event]) -> list[Event]:
    """Moments in records in a list."""
    for event in events:
        announce(event.at)
        if event.until is not None and event.until - event.at > event.lasts:
            announce(event.until, "long")
    return events


@workflow
def moments_in_a_dict(moments: dict[str, datetime]) -> dict[str, datetime]:
    """Moments in a dict."""
    announce(moments["first"])
    return moments


@workflow
def whole_numbers(total: int, item: Item, limit: int | None = None) -> str:
    """JSON may write a whole number as 2.0."""
    return f"{total} {item.count} {limit}"


@workflow
def without_annotation(at: datetime, length: timedelta):
    """The boundary knows moments by themselves, too."""
    return [at, at + length, (at + length - at).total_seconds(), length * 2]

"""Everything that a step may ask for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TypedDict

from sqlalchemy import text
from wfc import (
    Connection,
    Heartbeat,
    IdempotencyKey,
    Retry,
    RunId,
    injected,
    sleep,
    step,
    transaction,
    workflow,
)

# The currency of every price.
CURRENCY = "EUR"
ROOMS_PER_PAGE = 20


class BookingError(Exception):
    """A room could not be booked."""


class RoomTaken(BookingError):
    """Somebody else was faster."""


class HotelOffline(BookingError):
    pass


class Board(Enum):
    NONE = "none"
    HALF = "half"


class Guest(TypedDict):
    name: str
    adult: bool


@dataclass
class Stay:
    """A stay in a hotel."""

    hotel: str
    arrival: datetime
    length: timedelta
    guests: list[Guest]
    board: Board = Board.NONE
    extras: list[str] = field(default_factory=list)


class HotelClient:
    """A client that only steps use."""

    def __init__(self, url: str) -> None:
        self.url = url

    def pages(self, count: int) -> Iterator[int]:
        yield from range(0, count, ROOMS_PER_PAGE)


def hotel_client() -> HotelClient:
    return HotelClient(os.environ.get("HOTEL_URL", "https://hotel.example"))


def price_text(cents: float) -> str:
    """A price as people read it."""
    return f"{cents / 100:.2f} {CURRENCY}"


@step(timeout="5 min", heartbeat="10s", retry=Retry(HotelOffline, attempts=4, first_delay=0.5))
def find_rooms(stay: Stay, limit: int = 100, beat: Heartbeat = injected) -> list[str]:
    """List the free rooms.

    The hotel answers page by page.
    """
    rooms: list[str] = []
    for page in hotel_client().pages(limit):
        rooms.append(f"{stay.hotel}-{page}")
        beat(page)
    return rooms


@step(name="Hold a room", retry=Retry(BookingError, OSError, attempts=3, first_delay="1 min", max_delay="2 min"))
async def hold_room(room: str, key: IdempotencyKey = injected) -> datetime:
    # The hotel recognises a repeated call by the key.
    await asyncio.sleep(0)
    template = """
  {room}: {key}
"""
    print(template.format(room=room, key=key))
    raise RoomTaken(room)


@step
def quote(room: str, nights: int, discount: int | float = 0, run: RunId = injected) -> float:
    nights = max(nights, 1)
    print(f"{run}: quoting {room}")
    return nights * 120.5 - discount


@transaction
def book(room: str, amount: float, db: Connection = injected) -> tuple[int, Board]:
    """Enter the booking."""
    statement = text("insert into bookings (room, amount) values (:room, :amount)")
    db.execute(statement, {"room": room, "amount": amount})
    return 1, Board.HALF


@step
def give_up() -> None:
    print("no room")


@workflow(name="Hold", timeout="1 hour")
async def hold(room: str, patience: timedelta = timedelta(minutes=30)) -> datetime | None:
    """Hold a room for a while."""
    try:
        until = await hold_room(room)
    except RoomTaken:
        return None
    sleep(patience)
    return until


@workflow
async def booking(stay: Stay, most: int = 3) -> str:
    """Book the first room that can be had."""
    tried = 0
    for room in find_rooms(stay):
        most = most - 1
        try:
            until = await hold(room)
        except BookingError as problem:  # a child workflow's error
            print_as = f"{type(problem).__name__}: {problem}"
            if most > 0:
                continue
            raise BookingError(print_as) from problem
        if until is None:
            tried += 1
            continue
        number, board = book(room, quote(room, nights=2))
        return f"{number}: {room}, {board.value}, {price_text(100)} after {tried}"
    give_up()
    raise BookingError(f"no room in {stay.hotel}")

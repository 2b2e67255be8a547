"""The activities of booking: its workflows reach the world through them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache

from sqlalchemy import Engine, create_engine, text
from temporalio import activity
from temporalio.exceptions import ApplicationError, CancelledError

from shared import Board, BookInput, FindRoomsInput, HoldRoomInput, QuoteInput

ROOMS_PER_PAGE = 20


class BookingError(Exception):
    """A room could not be booked."""


class RoomTaken(BookingError):
    """Somebody else was faster."""


class HotelOffline(BookingError):
    pass


class HotelClient:
    """A client that only steps use."""

    def __init__(self, url: str) -> None:
        self.url = url

    def pages(self, count: int) -> Iterator[int]:
        yield from range(0, count, ROOMS_PER_PAGE)


def hotel_client() -> HotelClient:
    return HotelClient(os.environ.get("HOTEL_URL", "https://hotel.example"))


def idempotency_key() -> str:
    """A text that is the same in every attempt of the current activity."""
    info = activity.info()
    return f"{info.workflow_run_id}:{info.activity_id}"


@contextmanager
def retry_only_on(*errors: type[Exception]) -> Iterator[None]:
    """Retry an activity on these errors only: any other one fails it at once."""
    try:
        yield
    except Exception as error:
        if isinstance(error, (CancelledError, *errors)):
            raise
        raise ApplicationError(
            str(error), type=type(error).__name__, non_retryable=True
        ) from error


@cache
def engine() -> Engine:
    """The application's database."""
    return create_engine(os.environ.get("DATABASE_URL", "sqlite:///app.db"))


@activity.defn
@retry_only_on(HotelOffline)
def find_rooms(input: FindRoomsInput) -> list[str]:
    """List the free rooms.

    The hotel answers page by page.
    """
    rooms: list[str] = []
    for page in hotel_client().pages(input.limit):
        rooms.append(f"{input.stay.hotel}-{page}")
        activity.heartbeat(page)
    return rooms


@activity.defn(name="Hold a room")
async def hold_room(input: HoldRoomInput) -> datetime:
    key = idempotency_key()
    with retry_only_on(BookingError, OSError):
        # The hotel recognises a repeated call by the key.
        await asyncio.sleep(0)
        template = """
  {room}: {key}
"""
        print(template.format(room=input.room, key=key))
        raise RoomTaken(input.room)


@activity.defn
def quote(input: QuoteInput) -> float:
    run = activity.info().workflow_id
    nights = input.nights
    nights = max(nights, 1)
    print(f"{run}: quoting {input.room}")
    return nights * 120.5 - input.discount


@activity.defn
def book(input: BookInput) -> tuple[int, Board]:
    """Enter the booking."""
    with engine().begin() as db:
        statement = text("insert into bookings (room, amount) values (:room, :amount)")
        db.execute(statement, {"room": input.room, "amount": input.amount})
        return 1, Board.HALF


@activity.defn
def give_up() -> None:
    print("no room")

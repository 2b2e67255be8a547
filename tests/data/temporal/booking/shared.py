"""What the workflows, activities and clients of booking share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, TypedDict, get_args

from temporalio.converter import (
    AdvancedJSONEncoder,
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
    JSONTypeConverter,
)

TASK_QUEUE = "booking"

# The limit of activities that have none of their own.
DEFAULT_STEP_TIMEOUT = timedelta(hours=1)


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


@dataclass
class HoldInput:
    """Input of the hold workflow."""

    room: str
    patience: timedelta = timedelta(minutes=30)


@dataclass
class BookingInput:
    """Input of the booking workflow."""

    stay: Stay
    most: int = 3


@dataclass
class FindRoomsInput:
    """Input of the find_rooms activity."""

    stay: Stay
    limit: int = 100


@dataclass
class HoldRoomInput:
    """Input of the hold_room activity."""

    room: str


@dataclass
class QuoteInput:
    """Input of the quote activity."""

    room: str
    nights: int
    discount: int | float = 0


@dataclass
class BookInput:
    """Input of the book activity."""

    room: str
    amount: float


class JSONEncoder(AdvancedJSONEncoder):
    def __init__(self, **options: Any) -> None:
        # JSON has no NaN and no infinities.
        super().__init__(**{**options, "allow_nan": False})

    def default(self, o: Any) -> Any:
        if isinstance(o, Enum):
            return o.value
        if isinstance(o, datetime):
            moment = o.astimezone(UTC).isoformat(timespec="milliseconds")
            return moment.replace("+00:00", "Z")
        if isinstance(o, timedelta):
            return o.total_seconds()
        return super().default(o)


class TypeConverter(JSONTypeConverter):
    def to_typed_value(self, hint: Any, value: Any) -> Any:
        if isinstance(hint, type) and issubclass(hint, Enum):
            return hint(value)
        if hint is datetime:
            return datetime.fromisoformat(value).astimezone(UTC)
        if hint is timedelta:
            return timedelta(seconds=value)
        # A number stays what it is where the union has its type.
        if type(value) in (int, float, bool) and type(value) in get_args(hint):
            return value
        return JSONTypeConverter.Unhandled


class PayloadConverter(CompositePayloadConverter):
    """Temporal's own conversion, with what stands above."""

    def __init__(self) -> None:
        json = JSONPlainPayloadConverter(
            encoder=JSONEncoder, custom_type_converters=[TypeConverter()]
        )
        super().__init__(
            *(
                json if isinstance(converter, JSONPlainPayloadConverter) else converter
                for converter in DefaultPayloadConverter.default_encoding_payload_converters
            )
        )


data_converter = DataConverter(payload_converter_class=PayloadConverter)

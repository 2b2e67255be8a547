"""What the workflows, activities and clients of orders share."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.converter import (
    AdvancedJSONEncoder,
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)

TASK_QUEUE = "orders"

# The limit of activities that have none of their own.
DEFAULT_STEP_TIMEOUT = timedelta(hours=1)


@dataclass
class Receipt:
    item: str
    amount: float


@dataclass
class SingleInput:
    """Input of the single workflow."""

    item: str
    amount: int = 5


@dataclass
class GuardedInput:
    """Input of the guarded workflow."""

    item: str


@dataclass
class PackingInput:
    """Input of the packing workflow."""

    item: str


@dataclass
class OrderInput:
    """Input of the order workflow."""

    items: list[str]


@dataclass
class ChargeInput:
    """Input of the charge activity."""

    item: str
    amount: int


@dataclass
class BookInput:
    """Input of the book activity."""

    item: str
    amount: float


@dataclass
class PackInput:
    """Input of the pack activity."""

    item: str


@dataclass
class RefundInput:
    """Input of the refund activity."""

    item: str


class JSONEncoder(AdvancedJSONEncoder):
    def __init__(self, **options: Any) -> None:
        # JSON has no NaN and no infinities.
        super().__init__(**{**options, "allow_nan": False})


class PayloadConverter(CompositePayloadConverter):
    """Temporal's own conversion, with what stands above."""

    def __init__(self) -> None:
        json = JSONPlainPayloadConverter(encoder=JSONEncoder)
        super().__init__(
            *(
                json if isinstance(converter, JSONPlainPayloadConverter) else converter
                for converter in DefaultPayloadConverter.default_encoding_payload_converters
            )
        )


data_converter = DataConverter(payload_converter_class=PayloadConverter)

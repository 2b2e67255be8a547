"""What the workflows, activities and clients of fulfilment share."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from temporalio.converter import (
    AdvancedJSONEncoder,
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
    JSONTypeConverter,
)

TASK_QUEUE = "fulfilment"

# The limit of activities that have none of their own.
DEFAULT_STEP_TIMEOUT = timedelta(hours=1)


class Courier(Enum):
    """How a parcel travels."""

    STANDARD = "standard"
    EXPRESS = "express"


@dataclass(frozen=True)
class Line:
    """An article of an order; the price is in cents."""

    sku: str
    quantity: int
    unit_price: int


@dataclass(frozen=True)
class Order:
    """What a customer wants."""

    id: str
    customer_id: str
    lines: list[Line]
    express: bool = False


@dataclass(frozen=True)
class Shipment:
    """A parcel on its way."""

    order_id: str
    total: int
    courier: Courier
    tracking: str


@dataclass
class FulfilInput:
    """Input of the fulfil workflow."""

    order: Order


@dataclass
class LooksFraudulentInput:
    """Input of the looks_fraudulent activity."""

    order_id: str
    customer_id: str
    total: int


@dataclass
class ReserveStockInput:
    """Input of the reserve_stock activity."""

    sku: str
    quantity: int


@dataclass
class ReleaseStockInput:
    """Input of the release_stock activity."""

    reservation: str


@dataclass
class ChargeCardInput:
    """Input of the charge_card activity."""

    customer_id: str
    amount: int


@dataclass
class RefundInput:
    """Input of the refund activity."""

    payment_id: str
    amount: int


@dataclass
class HandOverInput:
    """Input of the hand_over activity."""

    order_id: str
    courier: Courier


@dataclass
class NotifyInput:
    """Input of the notify activity."""

    customer_id: str
    text: str


class JSONEncoder(AdvancedJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, Enum):
            return o.value
        return super().default(o)


class TypeConverter(JSONTypeConverter):
    def to_typed_value(self, hint: Any, value: Any) -> Any:
        if isinstance(hint, type) and issubclass(hint, Enum):
            return hint(value)
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

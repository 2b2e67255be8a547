"""Fulfil an order: check it, reserve the stock, take the payment, ship, and undo what failed."""

from dataclasses import dataclass
from enum import Enum

from wfc import IdempotencyKey, Retry, injected, sleep, step, workflow

REVIEW_ABOVE = 100_000
FREE_EXPRESS_FROM = 50_000


class OrderRejected(Exception):
    """The order will not be shipped; the customer has paid nothing."""


class OutOfStock(Exception):
    """The warehouse does not have enough of an article."""


class PaymentError(Exception):
    """The payment provider did not take the money."""


class CardDeclined(PaymentError):
    """The bank refuses the card; trying again does not help."""


class ProviderUnavailable(PaymentError):
    """The payment provider does not answer; trying again may help."""


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


def total_of(order: Order) -> int:
    """The price of an order in cents."""
    return sum(line.quantity * line.unit_price for line in order.lines)


def courier_for(order: Order, total: int) -> Courier:
    """Valuable orders travel by express at no charge."""
    if order.express or total >= FREE_EXPRESS_FROM:
        return Courier.EXPRESS
    return Courier.STANDARD


@step(timeout="10s")
def looks_fraudulent(order_id: str, customer_id: str, total: int) -> bool:
    """Ask the risk service about an order."""
    return customer_id.startswith("mallory")


@step
def reserve_stock(sku: str, quantity: int, key: IdempotencyKey = injected) -> str:
    """Set articles aside and return the id of the reservation."""
    return f"{quantity}x{sku}"


@step
def release_stock(reservation: str) -> None:
    """Put articles back on the shelf."""
    print(f"released {reservation}")


@step(retry=Retry(ProviderUnavailable, attempts=4, first_delay="5s", max_delay="20s"))
def charge_card(customer_id: str, amount: int, key: IdempotencyKey = injected) -> str:
    """Take the money and return the id of the payment."""
    print(f"{key}: charged {amount} to {customer_id}")
    return f"payment-of-{customer_id}"


@step(retry=Retry(attempts=5))
def refund(payment_id: str, amount: int, key: IdempotencyKey = injected) -> None:
    """Give the money back."""
    print(f"{key}: refunded {amount} of {payment_id}")


@step(timeout="2 min")
def hand_over(order_id: str, courier: Courier) -> str:
    """Give the parcel to the courier and return the tracking number."""
    return f"{courier.value}-{order_id}"


@step
def notify(customer_id: str, text: str) -> None:
    """Write to the customer."""
    print(f"to {customer_id}: {text}")


@workflow
def fulfil(order: Order) -> Shipment:
    """Take an order from the shop to the courier.

    Args:
        order: what the customer wants; at least one article.
    """
    total = total_of(order)
    if total <= 0:
        raise OrderRejected(f"order {order.id} is empty")

    if total > REVIEW_ABOVE and looks_fraudulent(order.id, order.customer_id, total):
        raise OrderRejected(f"order {order.id} looks fraudulent")

    reservations: list[str] = []
    try:
        for line in order.lines:
            reservations.append(reserve_stock(line.sku, line.quantity))
        payment = charge_card(order.customer_id, total)
    except (OutOfStock, PaymentError) as error:
        for reservation in reservations:
            release_stock(reservation)
        notify(order.customer_id, f"Your order {order.id} was cancelled: {error}")
        raise OrderRejected(f"order {order.id} was cancelled: {error}") from error

    courier = courier_for(order, total)
    if courier is Courier.STANDARD:
        # Standard parcels are collected the next morning.
        sleep("12 hours")

    try:
        tracking = hand_over(order.id, courier)
    except Exception:
        refund(payment, total)
        for reservation in reservations:
            release_stock(reservation)
        raise

    notify(order.customer_id, f"Your order {order.id} is on its way: {tracking}")
    return Shipment(order_id=order.id, total=total, courier=courier, tracking=tracking)

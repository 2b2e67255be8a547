"""The steps of fulfilment, one AWS Lambda handler for each."""

from enum import Enum
from typing import Any


class Courier(Enum):
    """How a parcel travels."""

    STANDARD = "standard"
    EXPRESS = "express"


def looks_fraudulent(order_id: str, customer_id: str, total: int) -> bool:
    """Ask the risk service about an order."""
    return customer_id.startswith("mallory")


def looks_fraudulent_handler(event: dict[str, Any], context: object) -> Any:
    return looks_fraudulent(event["order_id"], event["customer_id"], event["total"])


def reserve_stock(sku: str, quantity: int, key: str) -> str:
    """Set articles aside and return the id of the reservation."""
    return f"{quantity}x{sku}"


def reserve_stock_handler(event: dict[str, Any], context: object) -> Any:
    return reserve_stock(event["sku"], event["quantity"], event["key"])


def release_stock(reservation: str) -> None:
    """Put articles back on the shelf."""
    print(f"released {reservation}")


def release_stock_handler(event: dict[str, Any], context: object) -> None:
    release_stock(event["reservation"])


def charge_card(customer_id: str, amount: int, key: str) -> str:
    """Take the money and return the id of the payment."""
    print(f"{key}: charged {amount} to {customer_id}")
    return f"payment-of-{customer_id}"


def charge_card_handler(event: dict[str, Any], context: object) -> Any:
    return charge_card(event["customer_id"], event["amount"], event["key"])


def refund(payment_id: str, amount: int, key: str) -> None:
    """Give the money back."""
    print(f"{key}: refunded {amount} of {payment_id}")


def refund_handler(event: dict[str, Any], context: object) -> None:
    refund(event["payment_id"], event["amount"], event["key"])


def hand_over(order_id: str, courier: Courier) -> str:
    """Give the parcel to the courier and return the tracking number."""
    return f"{courier.value}-{order_id}"


def hand_over_handler(event: dict[str, Any], context: object) -> Any:
    return hand_over(event["order_id"], Courier(event["courier"]))


def notify(customer_id: str, text: str) -> None:
    """Write to the customer."""
    print(f"to {customer_id}: {text}")


def notify_handler(event: dict[str, Any], context: object) -> None:
    notify(event["customer_id"], event["text"])

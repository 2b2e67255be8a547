"""Fulfil an order: check it, reserve the stock, take the payment, ship, and undo what failed."""

import argparse
import asyncio
import contextlib
import inspect
import itertools
import json
import os
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from dbos import (
    DBOS,
    DBOSConfig,
    DBOSPortableJSONSerializer,
    PortableWorkflowError,
    SetWorkflowID,
    StepOptions,
)

CONFIG: DBOSConfig = {
    "name": "fulfilment",
    "application_version": "fulfilment-39ddea222bdd",
    "system_database_url": os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///fulfilment.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}

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


LOOKS_FRAUDULENT_OPTIONS: StepOptions = {"timeout_seconds": 10.0}


def looks_fraudulent(order_id: str, customer_id: str, total: int) -> bool:
    """Ask the risk service about an order."""
    return customer_id.startswith("mallory")


def reserve_stock(sku: str, quantity: int) -> str:
    """Set articles aside and return the id of the reservation."""
    return f"{quantity}x{sku}"


def release_stock(reservation: str) -> None:
    """Put articles back on the shelf."""
    print(f"released {reservation}")


CHARGE_CARD_OPTIONS: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 4,
    "interval_seconds": 5.0,
    "backoff_rate": 2.0,
    "should_retry": lambda error: isinstance(error, ProviderUnavailable),
}


def charge_card(customer_id: str, amount: int) -> str:
    """Take the money and return the id of the payment."""
    key = f"{DBOS.workflow_id}:{DBOS.step_id}"
    print(f"{key}: charged {amount} to {customer_id}")
    return f"payment-of-{customer_id}"


REFUND_OPTIONS: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 5,
    "interval_seconds": 1.0,
    "backoff_rate": 2.0,
    "should_retry": lambda error: isinstance(error, Exception),
}


def refund(payment_id: str, amount: int) -> None:
    """Give the money back."""
    key = f"{DBOS.workflow_id}:{DBOS.step_id}"
    print(f"{key}: refunded {amount} of {payment_id}")


HAND_OVER_OPTIONS: StepOptions = {"timeout_seconds": 120.0}


def hand_over(order_id: str, courier: Courier) -> str:
    """Give the parcel to the courier and return the tracking number."""
    return f"{courier.value}-{order_id}"


def notify(customer_id: str, text: str) -> None:
    """Write to the customer."""
    print(f"to {customer_id}: {text}")


@DBOS.workflow()
async def fulfil(order: Any) -> dict[str, Any]:
    """Take an order from the shop to the courier.

    Args:
        order: what the customer wants; at least one article.
    """
    order = decode_order(order)
    total = total_of(order)
    if total <= 0:
        raise OrderRejected(f"order {order.id} is empty")

    if total > REVIEW_ABOVE and await run_step(
        {"name": "looks_fraudulent", **LOOKS_FRAUDULENT_OPTIONS},
        looks_fraudulent,
        order.id,
        order.customer_id,
        total,
    ):
        raise OrderRejected(f"order {order.id} looks fraudulent")

    reservations: list[str] = []
    try:
        for line in order.lines:
            reserve_stock_result = await run_step(
                {"name": "reserve_stock"}, reserve_stock, line.sku, line.quantity
            )
            reservations.append(reserve_stock_result)
        payment = await run_step(
            {"name": "charge_card", **CHARGE_CARD_OPTIONS},
            charge_card,
            order.customer_id,
            total,
        )
    except (OutOfStock, PaymentError) as error:
        for reservation in reservations:
            await run_step({"name": "release_stock"}, release_stock, reservation)
        await run_step(
            {"name": "notify"},
            notify,
            order.customer_id,
            f"Your order {order.id} was cancelled: {error}",
        )
        raise OrderRejected(f"order {order.id} was cancelled: {error}") from error

    courier = courier_for(order, total)
    if courier is Courier.STANDARD:
        # Standard parcels are collected the next morning.
        await DBOS.sleep_async(43200)

    try:
        tracking = await run_step(
            {"name": "hand_over", **HAND_OVER_OPTIONS}, hand_over, order.id, courier
        )
    except Exception:
        await run_step({"name": "refund", **REFUND_OPTIONS}, refund, payment, total)
        for reservation in reservations:
            await run_step({"name": "release_stock_2"}, release_stock, reservation)
        raise

    await run_step(
        {"name": "notify_2"},
        notify,
        order.customer_id,
        f"Your order {order.id} is on its way: {tracking}",
    )
    return as_json(
        Shipment(order_id=order.id, total=total, courier=courier, tracking=tracking)
    )


def decode_order(data: dict[str, Any]) -> Order:
    return Order(
        id=data["id"],
        customer_id=data["customer_id"],
        lines=[Line(**item) for item in data["lines"]],
        express=data.get("express", False),
    )


async def run_step(
    options: StepOptions, step: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> Any:
    """Run a step as an operation of the workflow.

    Its result and its error are recorded as JSON and used as recorded, so that a
    replay sees what the first run saw.
    """
    attempts = itertools.count(1)
    decide = options.get("should_retry")

    def should_retry(error: BaseException) -> bool:
        # The last error is recorded as itself, not as DBOSMaxStepRetriesExceeded.
        if decide is None or next(attempts) == options["max_attempts"]:
            return False
        return bool(decide(as_recorded(error, step)))

    def attempt() -> Any:
        try:
            return as_json(step(*args, **kwargs))
        except (StopIteration, SystemExit) as error:
            # A future cannot carry the one, and the other would end a thread of DBOS.
            raise as_recorded(error, step) from error

    async def attempt_in_thread() -> Any:
        # A timeout ends the wait for the thread; the thread itself runs on.
        return await asyncio.to_thread(attempt)

    function = attempt_in_thread if "timeout_seconds" in options else attempt
    try:
        return await DBOS.run_step_async(
            {**options, "should_retry": should_retry}, function
        )
    except Exception as error:
        raise as_recorded(error, step) from error


def as_json(value: Any) -> Any:
    """A copy of a value as plain JSON data."""
    return json.loads(json.dumps(value, default=json_form, allow_nan=False))


def json_form(value: Any) -> Any:
    """The JSON form of a value that json does not know."""
    if isinstance(value, Enum):
        return value.value
    return {field.name: getattr(value, field.name) for field in fields(value)}


# The classes that the workflows tell apart.
ERRORS = {
    "ProviderUnavailable": ProviderUnavailable,
    "OutOfStock": OutOfStock,
    "PaymentError": PaymentError,
    "CardDeclined": CardDeclined,
}


def as_recorded(
    error: BaseException, step: Callable[..., Any] | None = None
) -> Exception:
    """The error as a replay sees it: its class and its message."""
    name, message = type(error).__name__, str(error)
    if isinstance(error, PortableWorkflowError):
        name, message = error.name, error.message
    if step is not None and name == "DBOSStepTimeoutError":
        name, message = "TimeoutError", f"{step.__name__} timed out"
    base = ERRORS.get(name, Exception)
    members = {"__init__": lambda self: None, "__str__": lambda self: message}
    recorded: Exception = type(name, (base,), members)()
    return recorded


def main() -> None:
    """Run a workflow once and print its result as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input", help="the arguments, a JSON object")
    parser.add_argument("--id", default=str(uuid.uuid4()), help="an id runs only once")
    arguments = parser.parse_args()
    try:
        given = json.loads(arguments.input)
    except ValueError as error:
        parser.error(f"the input is not JSON: {error}")
    if not isinstance(given, dict):
        parser.error("the input must be a JSON object")
    try:
        inspect.signature(fulfil).bind(**given)
    except TypeError as error:
        parser.error(str(error))

    DBOS(config=CONFIG)
    DBOS.launch()
    try:
        # What steps print goes to stderr: stdout holds the result alone.
        with contextlib.redirect_stdout(sys.stderr), SetWorkflowID(arguments.id):
            result = asyncio.run(fulfil(**given))
    except Exception as error:
        failure = as_recorded(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

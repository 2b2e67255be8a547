"""Pay a merchant what the bank settled for them."""

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
from dataclasses import asdict, dataclass
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
    "name": "payout",
    "application_version": "payout-3fa58aeb18a0",
    "system_database_url": os.environ.get(
        "DBOS_SYSTEM_DATABASE_URL", "sqlite:///payout.sqlite"
    ),
    "serializer": DBOSPortableJSONSerializer(),
    "log_level": "WARNING",
}

KYC_THRESHOLD = 50_000


class BankApiTimeout(Exception):
    """The bank did not answer in time."""


class PayoutFailed(Exception):
    """The payout could not be made; no money has moved."""


@dataclass(frozen=True)
class Settlement:
    """What the bank holds for a merchant, in cents."""

    id: str
    total: int


PULL_SETTLEMENT_OPTIONS: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 3,
    "interval_seconds": 2.0,
    "backoff_rate": 2.0,
    "should_retry": lambda error: isinstance(error, BankApiTimeout),
    "timeout_seconds": 30.0,
}


def pull_settlement(merchant_id: str) -> Settlement:
    """Ask the bank for the merchant's open settlement."""
    return Settlement(id=f"settlement-of-{merchant_id}", total=100_000)


def verify_identity(merchant_id: str) -> None:
    """Run the extra know-your-customer check that large payouts need."""
    print(f"identity of {merchant_id} verified")


def debit_platform(settlement_id: str, amount: int) -> None:
    """Take the amount out of the platform's account."""
    key = f"{DBOS.workflow_id}:{DBOS.step_id}"
    print(f"{key}: debited {amount} for {settlement_id}")


def credit_merchant(merchant_id: str, amount: int) -> None:
    """Put the amount into the merchant's account."""
    key = f"{DBOS.workflow_id}:{DBOS.step_id}"
    print(f"{key}: credited {amount} to {merchant_id}")


def reverse_debit(settlement_id: str, amount: int) -> None:
    """Give the amount back to the platform's account."""
    key = f"{DBOS.workflow_id}:{DBOS.step_id}"
    print(f"{key}: reversed {amount} for {settlement_id}")


def write_audit(merchant_id: str, settlement_id: str, amount: int) -> None:
    """Record the payout for the auditors."""
    print(f"audit: {amount} to {merchant_id} from {settlement_id}")


@DBOS.workflow()
async def payout(merchant_id: str, amount: int) -> str:
    """Move a merchant's settlement from the platform's account to theirs."""
    settlement = Settlement(
        **await run_step(
            {"name": "pull_settlement", **PULL_SETTLEMENT_OPTIONS},
            pull_settlement,
            merchant_id,
        )
    )

    # Large payouts need an extra know-your-customer check.
    if amount > KYC_THRESHOLD:
        await run_step({"name": "verify_identity"}, verify_identity, merchant_id)

    try:
        await run_step(
            {"name": "debit_platform"}, debit_platform, settlement.id, amount
        )
    except Exception as error:
        raise PayoutFailed(f"platform debit failed: {error}") from error

    try:
        await run_step(
            {"name": "credit_merchant"}, credit_merchant, merchant_id, amount
        )
    except Exception:
        # The platform has paid already: give the money back before failing.
        await run_step({"name": "reverse_debit"}, reverse_debit, settlement.id, amount)
        raise

    await run_step(
        {"name": "write_audit"}, write_audit, merchant_id, settlement.id, amount
    )
    return f"paid {amount} to {merchant_id}"


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
    return json.loads(json.dumps(value, default=asdict, allow_nan=False))


# The classes that the workflows tell apart.
ERRORS = {"BankApiTimeout": BankApiTimeout}


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
        inspect.signature(payout).bind(**given)
    except TypeError as error:
        parser.error(str(error))

    DBOS(config=CONFIG)
    DBOS.launch()
    try:
        # What steps print goes to stderr: stdout holds the result alone.
        with contextlib.redirect_stdout(sys.stderr), SetWorkflowID(arguments.id):
            result = asyncio.run(payout(**given))
    except Exception as error:
        failure = as_recorded(error)
        sys.exit(f"{type(failure).__name__}: {failure}")
    finally:
        DBOS.destroy()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

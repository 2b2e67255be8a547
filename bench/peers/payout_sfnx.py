"""The payout of samples/payout.py, written for sfnx."""

from typing import TypedDict

from sfnx import aws, context, state_machine


class Payout(TypedDict):
    merchant_id: str
    amount: int


class Settlement(TypedDict):
    id: str
    total: int


class BankApiTimeout(Exception):
    """The bank did not answer in time."""


class PayoutFailed(Exception):
    """The payout could not be made; no money has moved."""


class PayoutReversed(Exception):
    """The credit failed and the debit was given back."""


@state_machine
def payout(input: Payout):
    """Move a merchant's settlement from the platform's account to theirs."""
    key = context["Execution"]["Id"]
    settlement: Settlement = aws.optimized.lambda_.invoke(
        FunctionName="${PullSettlement}",
        Payload={"merchant_id": input["merchant_id"]},
        timeout=30,
        retry=[
            {
                "ErrorEquals": [BankApiTimeout],
                "IntervalSeconds": 2,
                "MaxAttempts": 2,
                "BackoffRate": 2.0,
            }
        ],
    )["Payload"]
    # Large payouts need an extra know-your-customer check.
    if input["amount"] > 50_000:
        aws.optimized.lambda_.invoke(
            FunctionName="${VerifyIdentity}", Payload={"merchant_id": input["merchant_id"]}
        )
    try:
        aws.optimized.lambda_.invoke(
            FunctionName="${DebitPlatform}",
            Payload={"settlement_id": settlement["id"], "amount": input["amount"], "key": key},
        )
    except Exception as error:
        raise PayoutFailed(f"platform debit failed: {error}") from error
    try:
        aws.optimized.lambda_.invoke(
            FunctionName="${CreditMerchant}",
            Payload={"merchant_id": input["merchant_id"], "amount": input["amount"], "key": key},
        )
    except Exception as error:
        # The platform has paid already: give the money back before failing.
        aws.optimized.lambda_.invoke(
            FunctionName="${ReverseDebit}",
            Payload={"settlement_id": settlement["id"], "amount": input["amount"], "key": key},
        )
        raise PayoutReversed(f"{error}") from error
    aws.optimized.lambda_.invoke(
        FunctionName="${WriteAudit}",
        Payload={
            "merchant_id": input["merchant_id"],
            "settlement_id": settlement["id"],
            "amount": input["amount"],
        },
    )
    return f"paid {input['amount']} to {input['merchant_id']}"

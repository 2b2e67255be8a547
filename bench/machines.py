"""Runs state machines with the same answers and counts what they execute."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sfnx.testing import Call, Failure, run

SETTLEMENT = {"id": "s-9", "total": 60_000}


@dataclass(frozen=True, slots=True)
class Case:
    """An input, and the functions that fail with an error name."""

    name: str
    input: Mapping[str, Any]
    failing: Mapping[str, str]


CASES = (
    Case("small payout", {"merchant_id": "m-1", "amount": 500}, {}),
    Case("large payout", {"merchant_id": "m-1", "amount": 60_000}, {}),
    Case("debit fails", {"merchant_id": "m-1", "amount": 500}, {"DebitPlatform": "Declined"}),
    Case("credit fails", {"merchant_id": "m-1", "amount": 500}, {"CreditMerchant": "Declined"}),
)


def executed_states(machine: Mapping[str, Any], case: Case) -> list[str]:
    """The states that one case enters, in order; on Step Functions each is a transition that a
    Standard workflow pays for."""

    def answer(call: Call) -> Any:
        function = call.arguments["FunctionName"].strip("${}")
        if function in case.failing:
            error = {"errorType": case.failing[function], "errorMessage": "refused"}
            raise Failure(case.failing[function], json.dumps(error))
        return {"Payload": SETTLEMENT if function == "PullSettlement" else None}

    return list(run(dict(machine), dict(case.input), answer).states)


def count_states(machine: Mapping[str, Any]) -> int:
    """The states of a machine without nested scopes."""
    return len(machine["States"])

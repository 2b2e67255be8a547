"""``validate_all``: one source, what every target makes of it."""

from __future__ import annotations

import pytest

from tests.validation import Unsupported, validate_all

CAPPED = """
from wfc import Retry, step, workflow


@step(retry=Retry(attempts=3, first_delay="10s", max_delay="15s"))
def ask(name: str) -> str:
    return name


@workflow
def flow(name: str) -> str:
    return ask(name)
"""


def test_each_target_writes_its_text_or_refuses() -> None:
    validate_all(
        CAPPED,
        write={
            "asl": """
                {
                  "QueryLanguage": "JSONata",
                  "StartAt": "Ask",
                  "States": {
                    "Ask": {
                      "Type": "Task",
                      "Resource": "arn:aws:states:::lambda:invoke",
                      "Arguments": {
                        "FunctionName": "${Ask}",
                        "Payload": {
                          "name": "{% $states.input.name %}"
                        }
                      },
                      "Retry": [
                        {
                          "ErrorEquals": ["States.ALL"],
                          "IntervalSeconds": 10,
                          "MaxAttempts": 2,
                          "BackoffRate": 2.0,
                          "MaxDelaySeconds": 15
                        }
                      ],
                      "Output": "{% $states.result.Payload %}",
                      "End": true
                    }
                  }
                }
                """,
            "dbos": Unsupported("WFC352"),
        },
    )


def test_a_difference_is_an_error() -> None:
    with pytest.raises(AssertionError, match="asl wrote something else"):
        validate_all(CAPPED, write={"asl": "{}"})
    with pytest.raises(AssertionError, match="expected WFC352, got code"):
        validate_all(CAPPED, write={"asl": Unsupported("WFC352")})
    with pytest.raises(AssertionError, match="dbos refuses it"):
        validate_all(CAPPED, write={"dbos": ""})

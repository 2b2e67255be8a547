"""The JSON Schema of the language: the same tables as the checker, the same verdicts."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from wfc.backends.asl.checker.schema import schema_text, validate
from wfc.backends.asl.checker.tables import OPERATORS, STATE

SCHEMA = json.loads(schema_text())
DONE = {"Type": "Succeed"}


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("language", ["JSONata", "JSONPath"])
@pytest.mark.parametrize("kind", sorted(STATE["JSONata"]))
def test_fields_are_those_of_the_checker(language: Any, kind: str) -> None:
    definition = SCHEMA["$defs"][kind[0].lower() + kind[1:] + language]
    assert set(definition["properties"]) == STATE[language][kind]


def test_operators_are_those_of_the_checker() -> None:
    properties = set(SCHEMA["$defs"]["comparison"]["properties"])
    assert properties - {"Variable", "And", "Or", "Not", "Comment"} == OPERATORS


@pytest.mark.parametrize(
    ("state", "path"),
    [
        ({"Type": "Pass", "End": True}, None),
        ({"Type": "Pass", "Output": "{% 1 %}", "End": True}, None),
        ({"Type": "Pass", "Result": 1, "End": True}, "/States/A"),
        ({"Type": "Pass", "Result": 1, "QueryLanguage": "JSONPath", "End": True}, None),
        ({"Type": "Pass"}, "/States/A"),
        ({"Type": "Pass", "Assign": {"states": 1}, "End": True}, "/States/A/Assign"),
        ({"Type": "Nope"}, "/States/A/Type"),
        ({"Type": "Wait", "Seconds": 5, "End": True}, None),
        ({"Type": "Wait", "Seconds": "5", "End": True}, "/States/A/Seconds"),
        ({"Type": "Task", "Resource": "{% $x %}", "End": True}, "/States/A/Resource"),
        ({"Type": "Choice", "Choices": [], "Default": "A"}, "/States/A/Choices"),
        (
            {
                "Type": "Parallel",
                "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass"}}}],
                "End": True,
            },
            "/States/A/Branches/0/States/B",
        ),
    ],
)
def test_a_state_is_valid_or_wrong_at_its_place(state: dict[str, Any], path: str | None) -> None:
    machine = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state}}
    assert [problem.path for problem in validate(machine)] == ([path] if path else [])

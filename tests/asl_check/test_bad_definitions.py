"""Eighteen definitions that CreateStateMachine refuses or that fail at run time, each of which some
public validator accepts."""

from __future__ import annotations

from typing import Any

import pytest

from wfc.backends.asl.checker.machine import check_machine

LAMBDA = "arn:aws:states:::lambda:invoke"


def machine(language: str = "JSONata", /, **states: dict[str, Any]) -> dict[str, Any]:
    """A machine that starts at the first state."""
    return {"QueryLanguage": language, "StartAt": next(iter(states)), "States": states}


def task(**fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": LAMBDA, **fields}


LONG = "x" * 81
BAD: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "a Next that names no state": (
        machine(A={"Type": "Pass", "Next": "Nowhere"}, B={"Type": "Succeed"}),
        [
            ("ASL-R7", "/States/A/Next"),
            ("ASL-R9", "/States/B"),
            ("ASL-R10", "/States"),
        ],
    ),
    "neither Next nor End": (
        machine(
            A={"Type": "Choice", "Choices": [{"Condition": True, "Next": "B"}], "Default": "C"},
            B={"Type": "Pass"},
            C={"Type": "Succeed"},
        ),
        [("ASL-R8", "/States/B")],
    ),
    "a state name of 81 characters": (
        {"StartAt": LONG, "States": {LONG: {"Type": "Succeed"}}},
        [("ASL-R3", f"/States/{LONG}")],
    ),
    "a StartAt that names no state": (
        {"StartAt": "B", "States": {"A": {"Type": "Succeed"}}},
        [("ASL-R6", "/StartAt")],
    ),
    "a state that no state leads to": (
        machine(A={"Type": "Succeed"}, B={"Type": "Succeed"}),
        [("ASL-R9", "/States/B")],
    ),
    "Parameters in a JSONata state": (
        machine(A=task(Parameters={}, End=True)),
        [("ASL-R12", "/States/A/Parameters")],
    ),
    "an unknown Type": (
        machine(A={"Type": "Job", "End": True}),
        [("ASL-R11", "/States/A/Type")],
    ),
    "an unknown field": (
        machine(A={"Type": "Pass", "Ouput": 1, "End": True}),
        [("ASL-R12", "/States/A/Ouput")],
    ),
    "a retrier behind the one for States.ALL": (
        machine(
            A=task(Retry=[{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["Slow"]}], End=True)
        ),
        [("ASL-R16", "/States/A/Retry/0/ErrorEquals")],
    ),
    "States.ALL beside another name": (
        machine(A=task(Retry=[{"ErrorEquals": ["States.ALL", "Slow"]}], End=True)),
        [("ASL-R15", "/States/A/Retry/0/ErrorEquals")],
    ),
    "the name of an outer state in a branch": (
        machine(
            A={
                "Type": "Parallel",
                "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}],
                "End": True,
            }
        ),
        [("ASL-R4", "/States/A/Branches/0/States/A")],
    ),
    "an unknown intrinsic function": (
        machine(
            "JSONPath", A={"Type": "Pass", "Parameters": {"x.$": "States.Nope(1)"}, "End": True}
        ),
        [("ASL-R17", "/States/A/Parameters/x.$")],
    ),
    "JSONata that does not parse": (
        machine(A={"Type": "Pass", "Output": "{% 1 + %}", "End": True}),
        [("ASL-R18", "/States/A/Output")],
    ),
    "a JSONPath variable that nothing assigns": (
        machine("JSONPath", A={"Type": "Pass", "Parameters": {"x.$": "$total"}, "End": True}),
        [("ASL-R19", "/States/A/Parameters/x.$")],
    ),
    "a JSONata variable that nothing assigns": (
        machine(A={"Type": "Pass", "Output": "{% $total %}", "End": True}),
        [("ASL-R20", "/States/A/Output")],
    ),
    "empty Choices": (
        machine(A={"Type": "Choice", "Choices": [], "Default": "B"}, B={"Type": "Succeed"}),
        [("ASL-R13", "/States/A/Choices")],
    ),
    "HeartbeatSeconds above TimeoutSeconds": (
        machine(A=task(TimeoutSeconds=10, HeartbeatSeconds=20, End=True)),
        [("ASL-R14", "/States/A/HeartbeatSeconds")],
    ),
    "no state that ends": (
        machine(A={"Type": "Pass", "Next": "B"}, B={"Type": "Pass", "Next": "A"}),
        [("ASL-R10", "/States")],
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_found_at_its_place(name: str) -> None:
    definition, expected = BAD[name]
    assert [(problem.rule, problem.path) for problem in check_machine(definition)] == expected


def test_all_problems_are_reported_in_one_run() -> None:
    definition = machine(
        A={"Type": "Pass", "Output": "{% $a %}", "Next": "Nowhere"},
        B={"Type": "Wait", "End": True},
    )
    rules = {problem.rule for problem in check_machine(definition)}
    assert rules == {"ASL-R7", "ASL-R9", "ASL-R10", "ASL-R20", "ASL-MISSING"}


def test_a_problem_says_where_and_what() -> None:
    (problem,) = check_machine(machine(A={"Type": "Pass", "Output": "{% $total %}", "End": True}))
    assert str(problem) == "/States/A/Output: nothing assigns $total before this state [ASL-R20]"


@pytest.mark.parametrize("value", [None, [], "x", 1, {}, {"States": []}, {"States": {"A": 1}}])
def test_no_definition_at_all(value: Any) -> None:
    assert check_machine(value)

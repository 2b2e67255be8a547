"""What counts as the same, and how a difference is said."""

from __future__ import annotations

from typing import Any

import pytest

from wfc.backends.base import Call, Outcome, StepFailure
from wfc.testing.cases import Answer, Case, Expectation, Group
from wfc.testing.compare import compare, contradictions, difference
from wfc.testing.script import CaseScript


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, 1.0),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}),
        (None, None),
        ("é", "é"),
        ([], []),
    ],
)
def test_equal_data_has_no_difference(left: Any, right: Any) -> None:
    assert difference(left, right) == ""


@pytest.mark.parametrize(
    ("left", "right", "text"),
    [
        (1, True, "expected 1, got true"),
        (0, False, "expected 0, got false"),
        (None, 0, "expected null, got 0"),
        ("1", 1, 'expected "1", got 1'),
        ([1, 2], [1], "expected 2 items, got 1"),
        ([1, [2, 3]], [1, [2, 4]], "[1][1]: expected 3, got 4"),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b: expected 1, got 2"),
        ({"a": 1}, {}, "a: expected 1, got nothing"),
        ({}, {"a": None}, "a: expected nothing, got null"),
        ({}, [], "expected {}, got []"),
    ],
)
def test_the_first_difference_is_told_with_its_place(left: Any, right: Any, text: str) -> None:
    assert difference(left, right) == text


A = Call("a", {"x": 1})
B = Call("b", {})


@pytest.mark.parametrize(
    ("left", "right", "lines"),
    [
        (Outcome(1), Outcome(1.0), []),
        (Outcome(1), Outcome(2), ["result: expected 1, got 2"]),
        (Outcome(error="E", message="m"), Outcome(error="E", message="m"), []),
        (
            Outcome(error="E", message="m"),
            Outcome(error="E", message="n"),
            ["expected error E: m, got error E: n"],
        ),
        (Outcome(None), Outcome(error="E"), ["expected result null, got error E"]),
        (Outcome(error="E"), Outcome("x"), ['expected error E, got result "x"']),
        (Outcome(calls=(A, B)), Outcome(calls=(A, B)), []),
        (
            Outcome(calls=(A, B)),
            Outcome(calls=(B, A)),
            ["call 1: expected a(x=1), got b()"],
        ),
        (
            Outcome(calls=(A,)),
            Outcome(calls=(Call("a", {"x": 2}),)),
            ["call 1, a: x: expected 1, got 2"],
        ),
        (Outcome(calls=(A, B)), Outcome(calls=(A,)), ["call 2: expected b(), got no call"]),
        (Outcome(calls=(A,)), Outcome(calls=(A, A)), ["call 2: expected no call, got a(x=1)"]),
        (
            Outcome(1, calls=(A,)),
            Outcome(2),
            ["result: expected 1, got 2", "call 1: expected a(x=1), got no call"],
        ),
    ],
)
def test_two_outcomes_are_compared_in_lines(
    left: Outcome, right: Outcome, lines: list[str]
) -> None:
    assert compare(left, right) == lines


def test_a_case_may_leave_the_message_open() -> None:
    got = Outcome(error="E", message="m")
    assert contradictions(Expectation(error="E"), got) == []
    assert contradictions(Expectation(error="E", message="m"), got) == []
    assert contradictions(Expectation(error="E", message=""), got) == [
        "expected error E, got error E: m"
    ]
    assert contradictions(Expectation(result=None), got) == ["expected result null, got error E: m"]


def script(**steps: list[Group]) -> CaseScript:
    return CaseScript(Case("c", "w", {}, steps))


def answers(script: CaseScript, step: str, *arguments: dict[str, Any]) -> list[Any]:
    found = []
    for given in arguments:
        try:
            found.append(script.answer(step, given))
        except StepFailure as failure:
            found.append((failure.error, failure.message))
    return found


def test_attempts_are_answered_in_turn_and_the_last_answer_repeats() -> None:
    one = script(a=[Group({}, (Answer(1), Answer(raises="E", message="m"), Answer(2)))])
    assert answers(one, "a", {}, {}, {}, {}) == [1, ("E", "m"), 2, 2]


def test_calls_are_answered_by_their_arguments() -> None:
    groups = [
        Group({}, (Answer("any"),)),
        Group({"x": 1}, (Answer("one"), Answer("again"))),
        Group({"x": 1.0, "y": True}, (Answer("never"),)),
        Group({"y": True}, (Answer("yes"),)),
    ]
    found = answers(script(a=groups), "a", {"x": 1}, {"x": 2}, {"x": 1, "y": True}, {"y": True})
    assert found == ["one", "any", "again", "yes"]


def test_an_answer_is_a_copy() -> None:
    one = script(a=[Group({}, (Answer([1]),))])
    one.answer("a", {}).append(2)
    assert one.answer("a", {}) == [1]


def test_a_call_that_is_not_answered_is_a_problem_of_the_case() -> None:
    one = script(a=[Group({"x": 1}, (Answer(1),))])
    assert answers(one, "b", {"y": 1})[0][0] == "NotScripted"
    assert answers(one, "a", {"x": 2})[0][0] == "NotScripted"
    assert one.problems == [
        "the case does not answer step b at all: {'y': 1}",
        "the case does not answer step a for these arguments: {'x': 2}",
    ]

"""The checker, rule by rule: a definition, and what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.work import calls_of
from wfc.backends.asl.checker.machine import LARGEST, check_machine, check_size

LAMBDA = "arn:aws:states:::lambda:invoke"
Found = list[tuple[str, str]]


def found(definition: dict[str, Any], **options: bool) -> Found:
    return [(problem.rule, problem.path) for problem in check_machine(definition, **options)]


def jsonata(**states: dict[str, Any]) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}


def jsonpath(**states: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


def task(**fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": LAMBDA, **fields}


def passing(**fields: Any) -> dict[str, Any]:
    return {"Type": "Pass", **fields}


def branch(**states: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


DONE: dict[str, Any] = {"Type": "Succeed"}


# --- Variables ---


def test_an_assignment_is_visible_from_the_next_state_on() -> None:
    assert not found(
        jsonata(A=passing(Assign={"x": 1}, Next="B"), B=passing(Output="{% $x %}", End=True))
    )
    state = passing(Assign={"x": 1}, Output="{% $x %}", End=True)
    assert found(jsonata(A=state)) == [("ASL-R20", "/States/A/Output")]


def test_a_variable_assigned_on_one_path_only() -> None:
    definition = jsonata(
        A={
            "Type": "Choice",
            "Choices": [{"Condition": True, "Assign": {"x": 1}, "Next": "B"}],
            "Default": "B",
        },
        B=passing(Output="{% $x %}", End=True),
    )
    assert found(definition) == [("ASL-R40", "/States/B/Output")]
    definition["States"]["A"]["Assign"] = {"x": 2}
    assert not found(definition)


def test_assign_of_a_state_is_not_visible_behind_its_catch() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "C"}]
    definition = jsonata(
        A=task(Assign={"x": "{% $states.result %}"}, Catch=catch, Next="B"),
        B=passing(Output="{% $x %}", End=True),
        C=passing(Output="{% $x %}", End=True),
    )
    assert found(definition) == [("ASL-R20", "/States/C/Output")]
    catch[0]["Assign"] = {"x": "{% $states.errorOutput.Error %}"}  # type: ignore[assignment]
    assert not found(definition)


def test_a_loop_assigns_for_its_next_turn_only() -> None:
    body = passing(Assign={"n": "{% $n + 1 %}"}, Next="Again")
    again = {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $n < 3 %}", "Next": "Body"}],
        "Default": "Done",
    }
    loop = {"Body": body, "Again": again, "Done": DONE}
    assert found(jsonata(**loop)) == [("ASL-R40", "/States/Body/Assign/n")]
    assert not found(jsonata(Start=passing(Assign={"n": 0}, Next="Body"), **loop))


def test_a_guarded_variable_may_be_missing() -> None:
    assert not found(jsonata(A=passing(Output="{% $exists($x) ? $x : 0 %}", End=True)))


def test_names_that_an_expression_binds_itself() -> None:
    text = (
        "{% ( $f := function($n){ $n = 0 ? 0 : $g($n) }; $g := function($n){ $f($n) }; $f(3) ) %}"
    )
    assert not found(jsonata(A=passing(Output=text, End=True)))


@pytest.mark.parametrize("name", ["states", "_x", "a-b", "x.y", "1a", "", "n" * 81])
def test_names_of_variables(name: str) -> None:
    definition = jsonata(A=passing(Assign={name: 1}, End=True))
    assert found(definition) == [("ASL-R31", f"/States/A/Assign/{name}")]


def test_a_variable_that_hides_a_function() -> None:
    definition = jsonata(
        A=passing(Assign={"count": 1}, Next="B"),
        B=passing(Output="{% $count([1, 2]) %}", End=True),
    )
    assert found(definition) == [("ASL-R31", "/States/B/Output")]


def test_assign_where_it_is_not_allowed() -> None:
    definition = jsonata(A={"Type": "Succeed", "Assign": {"x": 1}})
    assert found(definition) == [("ASL-R33", "/States/A/Assign")]


def parallel(inner: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"Type": "Parallel", "Branches": [inner], **fields}


def test_an_inner_scope_reads_outer_variables() -> None:
    inner = branch(I=passing(Output="{% $x %}", End=True))
    assert not found(jsonata(A=passing(Assign={"x": 1}, Next="P"), P=parallel(inner, End=True)))


def test_an_inner_scope_assigns_an_outer_variable() -> None:
    inner = branch(I=passing(Assign={"x": 2}, End=True))
    definition = jsonata(A=passing(Assign={"x": 1}, Next="P"), P=parallel(inner, End=True))
    assert found(definition) == [("ASL-R35", "/States/P/Branches/0/States/I/Assign/x")]


def test_an_inner_scope_assigns_what_an_outer_one_assigns_later() -> None:
    inner = branch(I=passing(Assign={"x": 2}, End=True))
    definition = jsonata(P=parallel(inner, Assign={"x": "{% $states.result %}"}, End=True))
    (problem,) = check_machine(definition)
    assert (problem.rule, problem.severity) == ("ASL-R35", "warning")


def test_an_inner_variable_ends_with_its_scope() -> None:
    inner = branch(I=passing(Assign={"x": 2}, End=True))
    definition = jsonata(P=parallel(inner, Next="B"), B=passing(Output="{% $x %}", End=True))
    assert found(definition) == [("ASL-R20", "/States/B/Output")]


def test_a_distributed_map_cannot_read_outer_variables() -> None:
    processor = branch(I=passing(Output="{% $x %}", End=True))
    state = {"Type": "Map", "Items": "{% [1] %}", "ItemProcessor": processor, "End": True}
    definition = jsonata(A=passing(Assign={"x": 1}, Next="M"), M=state)
    assert not found(definition)
    processor["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    assert found(definition) == [("ASL-R38", "/States/M/ItemProcessor/States/I/Output")]


def test_variables_in_jsonpath() -> None:
    definition = jsonpath(
        A=task(Assign={"x.$": "$.total", "y": 1}, Next="B"),
        B=passing(
            Parameters={"a.$": "$x.id", "b.$": "States.Format('{}', $y)", "c.$": "$z"}, Next="C"
        ),
        C={
            "Type": "Choice",
            "Choices": [{"Variable": "$x", "NumericEqualsPath": "$w", "Next": "D"}],
            "Default": "D",
        },
        D=DONE,
    )
    assert found(definition) == [
        ("ASL-R19", "/States/B/Parameters/c.$"),
        ("ASL-R19", "/States/C/Choices/0/NumericEqualsPath"),
    ]


def test_result_path_cannot_name_a_variable() -> None:
    definition = jsonpath(A=passing(Assign={"x": 1}, Next="B"), B=task(ResultPath="$x", End=True))
    assert found(definition) == [("ASL-R42", "/States/B/ResultPath")]


# --- Expressions ---


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("{% $eval('1') %}", "ASL-R45"),
        ("{% $ %}", "ASL-R48"),
        ("{% $$.a %}", "ASL-R48"),
        ("{% total + 1 %}", "ASL-R48"),
        ("{% $map([1], function($v){ total }) %}", "ASL-R48"),
        ("{% $states.result %}", "ASL-R47"),
        ("{% $states.errorOutput.Error %}", "ASL-R47"),
        (" {% 1 %}", "ASL-R43"),
        ("{% 1", "ASL-R43"),
        ("{% $nope(1) %}", "ASL-R20"),
        ("{% %}", "ASL-R18"),
        ("{% " + "(" * 5000 + " %}", "ASL-R18"),
    ],
)
def test_expressions_that_are_refused(text: str, rule: str) -> None:
    assert found(jsonata(A=passing(Output={"a": [text]}, End=True))) == [
        (rule, "/States/A/Output/a/0")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{% $states.input.total %}",
        "{% $states.context.Execution.Id & ':' & $states.context.State.Name %}",
        "{% $states.input.items[price > 3].name %}",
        "{% $states.input.items.{ 'name': name, 'self': $ } %}",
        "{% $states.input.items^(>price) %}",
        "{% $sum($states.input.items.price) / $count($states.input.items) %}",
        "{% $partition([1..9], 2) ~> $map($count) %}",
        "{% " + " & ".join(["'a'"] * 3000) + " %}",
        "plain text",
        "{{ not an expression }}",
    ],
)
def test_expressions_that_are_fine(text: str) -> None:
    assert not found(jsonata(A=passing(Output=text, End=True)))


def test_where_result_and_error_are_available() -> None:
    catch = [
        {
            "ErrorEquals": ["States.ALL"],
            "Assign": {"e": "{% $states.errorOutput.Cause %}"},
            "Next": "B",
        }
    ]
    fine = task(Output="{% $states.result.Payload %}", Catch=catch, Next="B")
    assert not found(jsonata(A=fine, B=DONE))
    wrong = task(
        Arguments={"x": "{% $states.result %}"},
        Catch=[{"ErrorEquals": ["States.ALL"], "Output": "{% $states.result %}", "Next": "B"}],
        Next="B",
    )
    assert found(jsonata(A=wrong, B=DONE)) == [
        ("ASL-R47", "/States/A/Arguments/x"),
        ("ASL-R47", "/States/A/Catch/0/Output"),
    ]


def test_resource_is_constant() -> None:
    definition = jsonata(A={"Type": "Task", "Resource": "{% $states.input.arn %}", "End": True})
    assert found(definition) == [("ASL-R44", "/States/A/Resource")]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("States.Nope()", "ASL-R17"),
        ("States.Array(" * 11 + "1" + ")" * 11, "ASL-R29"),
        ("total", "ASL-SYNTAX"),
        ("$.a.", "ASL-SYNTAX"),
        ("$.a[0", "ASL-SYNTAX"),
        ("States.Array(1", "ASL-SYNTAX"),
        (1, "ASL-VALUE"),
    ],
)
def test_paths_that_are_refused(text: object, rule: str) -> None:
    definition = jsonpath(A=passing(Parameters={"a.$": text}, End=True))
    assert found(definition) == [(rule, "/States/A/Parameters/a.$")]


@pytest.mark.parametrize(
    "text",
    [
        "$",
        "$$.Execution.Id",
        "$.a['b c'][0][1:3][*]..d",
        "$.a[?(@.b == 'x]' && @.c > 1)].d",
        "$.list.length()",
        r"States.Format('it\'s {} of {}', $.a, States.ArrayLength($.b[*]))",
        "States.Array(1, -2.5, true, null, 'x')",
        "States.UUID()",
    ],
)
def test_paths_that_are_fine(text: str) -> None:
    assert not found(jsonpath(A=passing(Parameters={"a.$": text}, End=True)))


# --- Fields ---


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (task(Next="B", End=True), [("ASL-R8", "/States/A")]),
        (task(End=False), [("ASL-R10", "/States"), ("ASL-R8", "/States/A/End")]),
        ({"Type": "Task", "End": True}, [("ASL-MISSING", "/States/A")]),
        ({"End": True}, [("ASL-MISSING", "/States/A")]),
        (task(TimeoutSeconds=0, End=True), [("ASL-VALUE", "/States/A/TimeoutSeconds")]),
        (task(TimeoutSeconds="{% 5 %}", HeartbeatSeconds=9, End=True), []),
        (task(TimeoutSeconds="${Timeout}", End=True), []),
        (
            {
                "Type": "Task",
                "Resource": "arn:aws:states:::http:invoke",
                "TimeoutSeconds": 61,
                "End": True,
            },
            [("ASL-R26", "/States/A/TimeoutSeconds")],
        ),
        ({"Type": "Wait", "Seconds": 1.5, "End": True}, [("ASL-R28", "/States/A/Seconds")]),
        ({"Type": "Wait", "Seconds": -1, "End": True}, [("ASL-R28", "/States/A/Seconds")]),
        ({"Type": "Wait", "Seconds": 100_000_000, "End": True}, [("ASL-R28", "/States/A/Seconds")]),
        ({"Type": "Wait", "Timestamp": "soon", "End": True}, [("ASL-R28", "/States/A/Timestamp")]),
        ({"Type": "Wait", "Timestamp": "2030-01-31T12:00:00Z", "End": True}, []),
        ({"Type": "Wait", "End": True}, [("ASL-MISSING", "/States/A")]),
        (
            task(Retry=[{"ErrorEquals": []}], End=True),
            [("ASL-MISSING", "/States/A/Retry/0/ErrorEquals")],
        ),
        (
            task(Retry=[{"ErrorEquals": ["A"], "MaxAttempts": -1, "BackoffRate": 0.5}], End=True),
            [
                ("ASL-VALUE", "/States/A/Retry/0/MaxAttempts"),
                ("ASL-VALUE", "/States/A/Retry/0/BackoffRate"),
            ],
        ),
        (
            task(Catch=[{"ErrorEquals": ["A"]}], End=True),
            [("ASL-MISSING", "/States/A/Catch/0")],
        ),
        (
            {"Type": "Choice", "Choices": [{"Condition": "x > 1", "Next": "A"}], "Default": "A"},
            [("ASL-R10", "/States"), ("ASL-VALUE", "/States/A/Choices/0/Condition")],
        ),
        ({"Type": "Fail", "Error": "States.Mine"}, [("ASL-R53", "/States/A/Error")]),
        (
            {"Type": "Parallel", "Branches": [], "End": True},
            [("ASL-MISSING", "/States/A/Branches")],
        ),
        ({"Type": "Map", "End": True}, [("ASL-MISSING", "/States/A")]),
        (
            {"Type": "Map", "ItemProcessor": branch(I=DONE), "MaxConcurrency": 20_000, "End": True},
            [("ASL-R25", "/States/A/MaxConcurrency")],
        ),
    ],
)
def test_fields_of_a_jsonata_state(state: dict[str, Any], expected: Found) -> None:
    assert [
        item for item in found(jsonata(A=state)) if item != ("ASL-R7", "/States/A/Next")
    ] == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"Variable": "$.a", "NumericEquals": 1}, []),
        ({"Not": {"And": [{"Variable": "$.a", "IsPresent": True}]}}, []),
        ({"Variable": "$.a"}, [("ASL-MISSING", "")]),
        ({"NumericEquals": 1}, [("ASL-MISSING", "")]),
        ({"Variable": "$.a", "NumericEquals": "1"}, [("ASL-VALUE", "/NumericEquals")]),
        ({"Variable": "$.a", "StringEquals": 1}, [("ASL-VALUE", "/StringEquals")]),
        ({"Variable": "$.a", "TimestampEquals": "x"}, [("ASL-VALUE", "/TimestampEquals")]),
        ({"And": []}, [("ASL-VALUE", "/And")]),
        ({"Or": [{"Variable": "$.a", "IsNull": 1}]}, [("ASL-VALUE", "/Or/0/IsNull")]),
        ({"Or": [{"Variable": "a", "IsNull": True}]}, [("ASL-SYNTAX", "/Or/0/Variable")]),
        ({"Condition": True}, [("ASL-R12", "/Condition"), ("ASL-MISSING", "")]),
    ],
)
def test_choice_rules_in_jsonpath(rule: dict[str, Any], expected: Found) -> None:
    choice = {"Type": "Choice", "Choices": [{**rule, "Next": "B"}], "Default": "B"}
    place = "/States/A/Choices/0"
    assert found(jsonpath(A=choice, B=DONE)) == [(key, place + path) for key, path in expected]


def test_an_express_workflow_has_its_own_limits() -> None:
    definition = jsonata(
        A={"Type": "Wait", "Seconds": 301, "Next": "B"},
        B={
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "End": True,
        },
    )
    assert not found(definition)
    assert found(definition, express=True) == [
        ("ASL-R57", "/States/A/Seconds"),
        ("ASL-R55", "/States/B/Resource"),
    ]


def test_the_legacy_form_of_a_map() -> None:
    state = {
        "Type": "Map",
        "Iterator": branch(I=DONE),
        "ItemsPath": "$.items",
        "Parameters": {"x.$": "$$.Map.Item.Value"},
        "End": True,
    }
    assert not found(jsonpath(M=state))


def test_a_state_may_choose_its_own_language() -> None:
    state = passing(QueryLanguage="JSONata", Output="{% $states.input %}", End=True)
    assert not found(jsonpath(A=state))


def test_a_definition_has_a_largest_size() -> None:
    assert not check_size("x" * LARGEST)
    assert [problem.rule for problem in check_size("x" * (LARGEST + 1))] == ["ASL-R1"]


def chain(length: int) -> dict[str, Any]:
    states: dict[str, Any] = {}
    for number in range(length):
        states[f"Step {number}"] = task(
            Arguments={"FunctionName": "${F}", "Payload": {"x": f"{{% $x{max(number - 1, 0)} %}}"}},
            Assign={f"x{number}": "{% $states.result.Payload %}"},
            Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Failed"}],
            Next=f"Step {number + 1}",
        )
    states["Step 0"]["Arguments"] = {"FunctionName": "${F}"}
    states[f"Step {length}"] = DONE
    states["Failed"] = {"Type": "Fail", "Error": "Failed"}
    return {"QueryLanguage": "JSONata", "StartAt": "Step 0", "States": states}


def test_work_grows_in_proportion() -> None:
    assert not check_machine(chain(10))
    small, large = chain(100), chain(1000)
    assert calls_of(lambda: check_machine(large)) < 11 * calls_of(lambda: check_machine(small))

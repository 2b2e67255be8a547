"""Both interpreters give what Step Functions gives, for machines written by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from wfc.backends.asl.checker.machine import check_machine
from wfc.backends.asl.engines.ministack import Ministack
from wfc.backends.asl.engines.model import TRANSITIONS, Ended, Interpreter, TaskFailed
from wfc.backends.asl.engines.sfnx import Sfnx
from wfc.backends.asl.engines.tasks import ScriptedTasks
from wfc.backends.asl.machine.tasks import CHILD, LAMBDA
from wfc.backends.base import StepFailure
from wfc.compiler.language.nodes import Parameter, Step
from wfc.compiler.language.nodes.types import ANY, STR

Machine = dict[str, Any]
DEBIT = Step(
    name="debit",
    parameters=(
        Parameter(name="account", type=STR),
        Parameter(name="key", type=STR, injected="IdempotencyKey"),
    ),
    returns=ANY,
)


@pytest.fixture(params=[Sfnx, Ministack])
def interpreter(request: pytest.FixtureRequest) -> Interpreter:
    made: Interpreter = request.param()
    return made


class Answers:
    """Answers attempts in turn; an exception is raised."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def answer(self, step: str, arguments: Mapping[str, Any]) -> Any:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def tasks(*answers: Any, child: Callable[..., Ended] | None = None) -> ScriptedTasks:
    def none(workflow: str, input: Any, tasks: ScriptedTasks) -> Ended:
        raise AssertionError(workflow)

    return ScriptedTasks(
        {"${Debit}": DEBIT, "arn:aws:lambda:eu-west-1:111111111111:function:debit": DEBIT},
        {"${Settle}": "settle"},
        Answers(*answers),
        child or none,
    )


def machine(**states: Any) -> Machine:
    definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}
    assert not check_machine(definition)
    return definition


def debit(**fields: Any) -> Machine:
    payload = {
        "account": "{% $states.input.account %}",
        "key": "{% $states.context.Execution.Id %}",
    }
    arguments = {"FunctionName": "${Debit}", "Payload": payload}
    return {"Type": "Task", "Resource": LAMBDA, "Arguments": arguments, **fields}


RESULT = "{% $states.result.Payload %}"
FAILED: Machine = {"Type": "Fail", "Error": "{% $error.type %}", "Cause": "{% $error.message %}"}
CATCH_ALL = {
    "ErrorEquals": ["States.ALL"],
    "Assign": {
        "error": {
            "type": "{% $states.errorOutput.Error %}",
            "message": "{% $parse($states.errorOutput.Cause).errorMessage %}",
        }
    },
    "Next": "Failed",
}


def test_a_step_and_its_arguments(interpreter: Interpreter) -> None:
    asked = tasks({"id": 1, "none": None, "list": []})
    done = interpreter.execute(machine(D=debit(Output=RESULT, End=True)), {"account": "a"}, asked)
    assert done == Ended(output={"id": 1, "none": None, "list": []}, states=("D",))
    assert [(call.step, call.arguments) for call in asked.calls] == [("debit", {"account": "a"})]


def test_a_task_that_names_the_function_itself(interpreter: Interpreter) -> None:
    resource = "arn:aws:lambda:eu-west-1:111111111111:function:debit"
    state = {
        "Type": "Task",
        "Resource": resource,
        "Arguments": {"account": "a"},
        "Output": "{% $states.result %}",
        "End": True,
    }
    assert interpreter.execute(machine(D=state), {}, tasks(7)).output == 7


def test_retry_then_success(interpreter: Interpreter) -> None:
    slow = StepFailure("Slow", "later")
    retry = [{"ErrorEquals": ["Slow"], "IntervalSeconds": 600, "MaxAttempts": 2}]
    asked = tasks(slow, slow, 5)
    state = debit(Retry=retry, Output=RESULT, End=True)
    assert interpreter.execute(machine(D=state), {"account": "a"}, asked).output == 5
    assert len(asked.calls) == 3


def test_retries_end_and_the_error_is_caught(interpreter: Interpreter) -> None:
    retry = [{"ErrorEquals": ["Slow"], "MaxAttempts": 1}]
    definition = machine(
        D=debit(Retry=retry, Catch=[CATCH_ALL], Next="Done"),
        Done={"Type": "Succeed"},
        Failed=FAILED,
    )
    done = interpreter.execute(definition, {"account": "a"}, tasks(StepFailure("Slow", 'a "b"')))
    assert done == Ended(error="Slow", cause='a "b"', states=("D", "Failed"))


def test_an_error_that_nothing_catches(interpreter: Interpreter) -> None:
    catch = [{**CATCH_ALL, "ErrorEquals": ["Other"]}]
    definition = machine(D=debit(Catch=catch, Next="Done"), Done={"Type": "Succeed"}, Failed=FAILED)
    done = interpreter.execute(definition, {"account": "a"}, tasks(StepFailure("Slow", "later")))
    assert done.error == "Slow"
    assert json.loads(done.cause)["errorMessage"] == "later"


def test_a_swap_in_one_assign(interpreter: Interpreter) -> None:
    definition = machine(
        A={"Type": "Pass", "Assign": {"x": 1, "y": 2}, "Next": "B"},
        B={"Type": "Pass", "Assign": {"x": "{% $y %}", "y": "{% $x %}"}, "Next": "C"},
        C={"Type": "Pass", "Output": "{% [$x, $y] %}", "End": True},
    )
    assert interpreter.execute(definition, {}, tasks(None)).output == [2, 1]


def test_output_of_a_succeed_state(interpreter: Interpreter) -> None:
    definition = machine(A={"Type": "Succeed", "Output": "{% $states.input.x + 1 %}"})
    assert interpreter.execute(definition, {"x": 1}, tasks(None)).output == 2


def test_a_wait_takes_no_time(interpreter: Interpreter) -> None:
    definition = machine(
        A={"Type": "Wait", "Seconds": "{% 86400 * 30 %}", "Next": "B"},
        B={"Type": "Pass", "End": True},
    )
    assert interpreter.execute(definition, {"a": 1}, tasks(None)).output == {"a": 1}


def test_an_expression_that_raises(interpreter: Interpreter) -> None:
    text = "{% $states.input.x = 0 ? $error('ZeroDivisionError: division by zero') : 1 %}"
    definition = machine(A={"Type": "Pass", "Output": text, "End": True})
    done = interpreter.execute(definition, {"x": 0}, tasks(None))
    assert done.error == "States.QueryEvaluationError"
    assert "ZeroDivisionError: division by zero" in done.cause


@pytest.mark.parametrize("text", ["{% $states.input.missing %}", "{% $x[3] %}"])
def test_an_undefined_value_fails(interpreter: Interpreter, text: str) -> None:
    definition = machine(
        A={"Type": "Pass", "Assign": {"x": [1]}, "Next": "B"},
        B={"Type": "Pass", "Output": text, "End": True},
    )
    assert interpreter.execute(definition, {}, tasks(None)).error == "States.QueryEvaluationError"


def test_null_is_a_value(interpreter: Interpreter) -> None:
    definition = machine(
        A={"Type": "Pass", "Assign": {"x": "{% $states.input.none %}"}, "Next": "B"},
        B={"Type": "Pass", "Output": "{% [$x = null, $states.input.none] %}", "End": True},
    )
    asked = tasks(None)
    definition["States"]["A"]["Output"] = "{% $states.input %}"
    assert interpreter.execute(definition, {"none": None}, asked).output == [True, None]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5.5 % 2", 1.5),
        ("-7 % 3", -1),
        ("$sort([[2, 'a'], [1, 'b'], [2, 'c']], function($a, $b){ $a[0] > $b[0] })",
         [[1, "b"], [2, "a"], [2, "c"]]),
        ("$lowercase('ﬁΣ')", "ﬁς"),
        ("$replace('a.a', 'a', '$0$$', 1)", "$0$$.a"),
        ("$string({'a': 'é', 'b': [1, null]})", '{"a":"é","b":[1,null]}'),
        ("$map([1], function($v){ $v })", 1),
        ("$append([], $map([1], function($v){ $v })[])", [1]),
    ],
)  # fmt: skip
def test_expressions_as_the_reference_evaluates_them(
    interpreter: Interpreter, text: str, value: Any
) -> None:
    definition = machine(A={"Type": "Pass", "Output": f"{{% {text} %}}", "End": True})
    assert interpreter.execute(definition, {}, tasks(None)).output == value


def child_machine(**fields: Any) -> Machine:
    arguments = {"StateMachineArn": "${Settle}", "Input": {"x": "{% $states.input.account %}"}}
    return {"Type": "Task", "Resource": CHILD, "Arguments": arguments, **fields}


def test_a_child_execution(interpreter: Interpreter) -> None:
    def child(workflow: str, input: Any, asked: ScriptedTasks) -> Ended:
        inner = machine(I=debit(Output=RESULT, End=True))
        return interpreter.execute(inner, {"account": input["x"] + workflow}, asked)

    definition = machine(C=child_machine(Output="{% $states.result.Output %}", End=True))
    asked = tasks([], child=child)
    assert interpreter.execute(definition, {"account": "a-"}, asked).output == []
    assert asked.calls[0].arguments == {"account": "a-settle"}


def test_a_child_execution_that_fails(interpreter: Interpreter) -> None:
    def child(workflow: str, input: Any, asked: ScriptedTasks) -> Ended:
        return Ended(error="Declined", cause="no money")

    definition = machine(C=child_machine(End=True))
    done = interpreter.execute(definition, {"account": "a"}, tasks(None, child=child))
    assert done.error == "States.TaskFailed"
    about = json.loads(done.cause)
    assert (about["Status"], about["Error"], about["Cause"]) == ("FAILED", "Declined", "no money")


def test_an_unknown_function(interpreter: Interpreter) -> None:
    state = debit(End=True)
    state["Arguments"]["FunctionName"] = "${Nobody}"
    done = interpreter.execute(machine(D=state), {"account": "a"}, tasks(None))
    assert done.error == "Lambda.ResourceNotFoundException"


def test_an_endless_loop_ends(interpreter: Interpreter) -> None:
    definition = machine(
        A={"Type": "Choice", "Choices": [{"Condition": False, "Next": "C"}], "Default": "B"},
        B={"Type": "Pass", "Next": "A"},
        C={"Type": "Succeed"},
    )
    done = interpreter.execute(definition, {}, tasks(None))
    assert done.error == "States.Runtime"
    assert f"{TRANSITIONS:,} states" in done.cause


def test_runs_do_not_see_each_other(interpreter: Interpreter) -> None:
    definition = machine(D=debit(Output=RESULT, End=True))
    for number in range(3):
        done = interpreter.execute(definition, {"account": "a"}, tasks(number))
        assert (done.output, done.states) == (number, ("D",))


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (
            {"Type": "Choice", "Choices": [], "Default": "A", "Output": 1},
            "ignores Output of a Choice state",
        ),
        (
            {
                "Type": "Parallel",
                "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}],
                "End": True,
            },
            "shares the variables of a Parallel state",
        ),
    ],
)
def test_what_ministack_gets_wrong(state: Machine, reason: str) -> None:
    definition = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state}}
    assert reason in Ministack().unsupported(definition)
    assert "TimeoutSeconds" in Ministack().unsupported({**definition, "TimeoutSeconds": 5})


def test_what_sfnx_does_not_run() -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "End": True}}}
    assert "JSONata only" in Sfnx().unsupported(definition)


def test_injected_parameters_are_not_compared() -> None:
    asked = tasks(None)
    asked(LAMBDA, {"FunctionName": "${Debit}", "Payload": {"account": "a", "key": "k"}})
    assert asked.calls[0].arguments == {"account": "a"}


def test_a_failed_step_has_the_cause_of_a_lambda_function() -> None:
    with pytest.raises(TaskFailed) as raised:
        tasks(StepFailure("Slow", "é"))(LAMBDA, {"FunctionName": "${Debit}", "Payload": {}})
    assert raised.value.error == "Slow"
    assert json.loads(raised.value.cause) == {
        "errorMessage": "é",
        "errorType": "Slow",
        "trace": [],
    }

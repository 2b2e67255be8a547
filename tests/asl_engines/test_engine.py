"""The engine of the target asl: workflows of a module, run as state machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from wfc.backends.asl.engines.engine import AslEngine, open_engine, python_error
from wfc.backends.asl.machine.build import Machine
from wfc.backends.base import Call, EngineMissing, Options, Outcome, StepFailure
from wfc.compiler.language.nodes import Module
from wfc.compiler.pipeline import read
from wfc.testing.verify import Column, verify_file

SOURCE = """
from wfc import IdempotencyKey, Retry, injected, step, workflow


class Declined(Exception):
    pass


@step(retry=Retry(Declined, attempts=2))
def charge(amount: int, key: IdempotencyKey = injected) -> str:
    return f"paid {amount}"


@workflow
def pay(amount: int) -> str:
    if amount == 0:
        raise Declined("nothing to pay")
    return charge(100 // amount)


@workflow
def pay_twice(amount: int) -> list[str]:
    first = pay(amount)
    return [first, pay(amount + 1)]


@workflow
def forever(amount: int) -> int:
    while amount > 0:
        amount = amount + 1 - 1
    return amount
"""


class Answers:
    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def answer(self, step: str, arguments: Mapping[str, Any]) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(scope="module")
def module() -> Module:
    reading = read("payments.py", SOURCE)
    assert reading.module is not None, reading.diagnostics
    return reading.module


@pytest.fixture(params=["sfnx", "ministack"])
def engine(request: pytest.FixtureRequest, module: Module) -> AslEngine:
    return open_engine(module, Options(), request.param)


def test_a_run_and_the_states_it_enters(engine: AslEngine) -> None:
    outcome, states = engine.run_traced("pay", {"amount": 50}, Answers("ok"))
    assert outcome == Outcome(result="ok", calls=(Call("charge", {"amount": 2}),))
    assert set(states) <= set(engine.machine("pay")["States"])
    assert states[-1] == "Charge"


def test_every_attempt_is_a_call(engine: AslEngine) -> None:
    outcome = engine.run("pay", {"amount": 50}, Answers(StepFailure("Declined", ""), "ok"))
    assert outcome.result == "ok"
    assert len(outcome.calls) == 2


def test_an_error_of_a_step(engine: AslEngine) -> None:
    failures = [StepFailure("Declined", 'no "money"')] * 2
    outcome = engine.run("pay", {"amount": 50}, Answers(*failures))
    assert (outcome.error, outcome.message, outcome.exact) == ("Declined", 'no "money"', True)


def test_an_error_that_the_workflow_raises(engine: AslEngine) -> None:
    outcome = engine.run("pay", {"amount": 0}, Answers())
    assert (outcome.error, outcome.message) == ("Declined", "nothing to pay")


def test_a_child_workflow(engine: AslEngine) -> None:
    outcome = engine.run("pay_twice", {"amount": 1}, Answers("a", "b"))
    assert outcome.result == ["a", "b"]
    assert [call.arguments for call in outcome.calls] == [{"amount": 100}, {"amount": 50}]


def test_a_child_workflow_that_fails(engine: AslEngine) -> None:
    outcome = engine.run("pay_twice", {"amount": 1}, Answers("a", StepFailure("Broken", "x")))
    assert (outcome.error, outcome.message) == ("Broken", "x")
    outcome = engine.run("pay_twice", {"amount": -1}, Answers("a"))
    assert (outcome.error, outcome.message) == ("Declined", "nothing to pay")


def test_a_loop_without_end(engine: AslEngine) -> None:
    outcome = engine.run("forever", {"amount": 1}, Answers())
    assert outcome.error == "States.Runtime"
    assert "did not end within 10,000 states" in outcome.message


def test_resources_from_the_configuration(module: Module) -> None:
    arn = "arn:aws:lambda:eu-west-1:111111111111:function:charge"
    engine = open_engine(module, Options(settings={"functions": {"charge": arn}}))
    assert arn in str(engine.machine("pay"))
    assert engine.run("pay", {"amount": 50}, Answers("ok")).result == "ok"


def test_both_interpreters_support_these(engine: AslEngine, module: Module) -> None:
    reasons = {workflow.name: engine.supports(workflow) for workflow in module.workflows}
    assert reasons["pay"] == ""
    assert engine.name in ("asl (sfnx)", "asl (ministack)")


@pytest.mark.parametrize(
    ("error", "cause", "expected"),
    [
        ("Declined", "plain text", ("Declined", "plain text")),
        ("Declined", "{not json", ("Declined", "{not json")),
        ("Declined", '{"errorMessage": "no", "errorType": "Declined"}', ("Declined", "no")),
        ("States.Timeout", "", ("TimeoutError", "")),
        ("States.HeartbeatTimeout", "", ("TimeoutError", "")),
        (
            "States.QueryEvaluationError",
            "D3137: ZeroDivisionError: division by zero",
            ("ZeroDivisionError", "division by zero"),
        ),
        ("States.QueryEvaluationError", "T2001: x", ("States.QueryEvaluationError", "T2001: x")),
        (
            "States.TaskFailed",
            json.dumps(
                {
                    "Error": "Low",
                    "Cause": json.dumps({"errorMessage": "deep", "errorType": "Low"}),
                    "Status": "FAILED",
                }
            ),
            ("Low", "deep"),
        ),
        ("States.TaskFailed", "gone", ("States.TaskFailed", "gone")),
    ],
)
def test_names_of_errors(error: str, cause: str, expected: tuple[str, str]) -> None:
    assert python_error(error, cause) == expected


@pytest.mark.parametrize(("variant", "package"), [("sfnx", "sfnx"), ("ministack", "ministack")])
def test_an_interpreter_that_is_not_installed(
    variant: str, package: str, module: Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, f"wfc.backends.asl.engines.{variant}", raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EngineMissing, match=package) as raised:
        open_engine(module, Options(), variant)
    assert "pip install 'wfc-compiler[asl]'" in str(raised.value)


def test_an_unknown_interpreter(module: Module) -> None:
    with pytest.raises(ValueError, match="sfnx, ministack"):
        open_engine(module, Options(), "moto")


def test_a_machine_that_an_interpreter_rejects_differs_and_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = tmp_path / "flow.py"
    source.write_text("from wfc import workflow\n\n\n@workflow\ndef flow() -> int:\n    return 1\n")
    cases = tmp_path / "cases.yaml"
    cases.write_text("cases:\n  - name: one\n")
    broken = {"QueryLanguage": "JSONata", "StartAt": "Nowhere", "States": {}}
    machine = Machine("flow.asl.json", broken, "", ())
    monkeypatch.setattr("wfc.backends.asl.fit.check.fitted", lambda *_: machine)
    columns = [Column("asl"), Column("asl", "ministack")]
    _, *verdicts = verify_file(source, cases, columns)
    assert [(one.target, one.agrees) for one in verdicts] == [
        ("asl", False),
        ("asl (ministack)", False),
    ]
    for verdict in verdicts:
        assert "InvalidDefinition: " in verdict.difference[0]

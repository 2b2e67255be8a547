"""Runs machines with ministack's Step Functions engine, in process, as a second opinion.

Its control flow is its own; what a Task does is answered by the script, time does not pass, and
expressions are evaluated as for sfnx, because its own evaluation takes a null inside a value for
undefined. :meth:`Ministack.unsupported` names what it gets wrong in a machine.
"""

from __future__ import annotations

import itertools
import json
import os
import types
from collections.abc import Mapping
from typing import Any, Final

from sfnx import testing

from wfc.backends.asl import run_jsonata
from wfc.backends.asl.check_flow import inner_scopes, states_of
from wfc.backends.asl.check_report import is_expression
from wfc.backends.asl.run_model import TOO_LONG, TRANSITIONS, Ended, TaskFailed, Tasks
from wfc.grammar.jsonata_scope import outside

# ministack reads it when it is imported: waits take no time.
os.environ.setdefault("SFN_WAIT_SCALE", "0")

from ministack.services import stepfunctions as engine

_ROLE: Final = "arn:aws:iam::000000000000:role/wfc"


class Ministack:
    name = "ministack"

    def __init__(self) -> None:
        run_jsonata.correct()
        _install()
        self._names = (f"wfc-{number}" for number in itertools.count(1))

    def unsupported(self, machine: Mapping[str, Any]) -> str:
        if "TimeoutSeconds" in machine:
            return "ministack ignores TimeoutSeconds of a machine"
        pending = [machine]
        while pending:
            for name, state in states_of(pending.pop()).items():
                reason = _deviation(state)
                if reason:
                    return f"ministack {reason} ({name})"
                pending.extend(scope for scope, _ in inner_scopes(state, ""))
        return ""

    def execute(self, machine: Mapping[str, Any], input: Any, tasks: Tasks) -> Ended:
        """Run a machine to its end.

        Raises:
            RuntimeError: ministack refuses to create or start the machine.
        """
        request = {
            "name": next(self._names),
            "definition": json.dumps(machine),
            "roleArn": _ROLE,
        }
        arn = _answer(engine._create_state_machine(request))["stateMachineArn"]
        outer, _active.run = _active.run, _Run(tasks)
        try:
            start = {"stateMachineArn": arn, "input": json.dumps(input)}
            done = _answer(engine._start_sync_execution(start))
            record = engine._executions.pop(done["executionArn"])
            states = tuple(_active.run.states)
        finally:
            _active.run = outer
            engine._delete_state_machine({"stateMachineArn": arn})
        if done["status"] != "SUCCEEDED":
            return Ended(error=record["error"], cause=record["cause"], states=states)
        return Ended(output=json.loads(done["output"]), states=states)


class _Run:
    """What the execution under way has to do with."""

    def __init__(self, tasks: Tasks | None = None) -> None:
        self.tasks = tasks
        self.states: list[str] = []


class _Active:
    """ministack's functions are module-level: they find the run here."""

    run = _Run()


_active: Final = _Active()


def _answer(response: tuple[int, Any, Any]) -> dict[str, Any]:
    status, _, body = response
    if status != 200:
        raise RuntimeError(f"ministack: {body!r}")
    answer: dict[str, Any] = json.loads(body)
    return answer


def _install() -> None:
    """Replace what calls services, evaluates expressions, records events and sleeps."""
    clock = {name: getattr(engine.time, name) for name in dir(engine.time) if name[:2] != "__"}
    engine.time = types.SimpleNamespace(**{**clock, "sleep": lambda seconds: None})
    engine._invoke_resource = _invoke
    engine._invoke_resource_with_timeout = lambda resource, data, timeout: _invoke(resource, data)
    engine._evaluate_jsonata = _evaluate
    engine._add_event = _add_event


def _invoke(resource: str, arguments: Any) -> Any:
    assert _active.run.tasks is not None
    try:
        return _active.run.tasks(resource, arguments)
    except TaskFailed as failure:
        raise engine._ExecutionError(failure.error, failure.cause) from failure


def _evaluate(
    expression: str,
    raw_input: Any,
    context: Mapping[str, Any] | None = None,
    result: Any = None,
    error_output: Any = None,
) -> Any:
    context = context or {}
    states = {
        "input": raw_input,
        "result": result,
        "errorOutput": error_output,
        "context": {key: value for key, value in context.items() if key != "variables"},
    }
    try:
        return testing.evaluate(expression, context.get("variables", {}), states)
    except testing.Failure as failure:
        raise engine._ExecutionError(failure.error, failure.cause) from failure


def _add_event(execution: Any, event: str, details: Any = None) -> None:
    if not event.endswith("StateEntered"):
        return
    entered = _active.run.states
    if len(entered) >= TRANSITIONS:
        raise engine._ExecutionError("States.Runtime", TOO_LONG)
    entered.append(details["stateEnteredEventDetails"]["name"])


def _deviation(state: Mapping[str, Any]) -> str:
    """What ministack gets wrong about a state."""
    kind = state.get("Type")
    if kind == "Succeed" and "Output" in state:
        return "ignores Output of a Succeed state"
    if kind in ("Parallel", "Map"):
        return f"shares the variables of a {kind} state with its branches"
    if kind == "Choice" and "Default" in state and "Output" in state:
        return "ignores Output of a Choice state"
    owners = [state, *state.get("Choices", ()), *state.get("Catch", ())]
    if any(_depends_on_order(owner.get("Assign", {})) for owner in owners):
        return "assigns variables one after another"
    return ""


def _depends_on_order(assign: Mapping[str, Any]) -> bool:
    """Whether an entry reads a variable that an earlier entry assigns."""
    earlier: set[str] = set()
    for name, value in assign.items():
        if earlier & _reads(value):
            return True
        earlier.add(name)
    return False


def _reads(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        return set().union(*(_reads(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(_reads(inner) for inner in value))
    if not is_expression(value):
        return set()
    return {variable.name for variable in outside(value[2:-2]).variables}

"""Runs machines with ministack's Step Functions engine, in process, as a second opinion.

Its control flow is its own. What a Task does is answered by the script, time does not pass,
expressions are evaluated as for sfnx (its own evaluation takes a null inside a value for
undefined), and the entries of an ``Assign`` see the variables as they were before it (its own see
those of the entries above). :meth:`Ministack.unsupported` names what else it gets wrong.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import types
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

from sfnx import testing

from wfc.backends.asl.checker.flow import inner_scopes, states_of
from wfc.backends.asl.engines import jsonata as run_jsonata
from wfc.backends.asl.engines.model import TOO_LONG, TRANSITIONS, Ended, TaskFailed, Tasks

# ministack reads it when it is imported: waits take no time.
os.environ.setdefault("SFN_WAIT_SCALE", "0")

from ministack.services import stepfunctions as engine

_ROLE: Final = "arn:aws:iam::000000000000:role/wfc"


def _import_application() -> None:
    """Import the application, which ministack would do in the middle of a run, without its logging:
    it makes every logger of the process write to stderr."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    import_module("ministack.app")
    root.handlers[:] = handlers
    root.setLevel(level)


class Ministack:
    name = "ministack"

    def __init__(self) -> None:
        run_jsonata.correct()
        _import_application()
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
            "definition": json.dumps(_without_succeed_output(machine)),
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
    engine._invoke_with_callback = lambda resource, data, token, state: _invoke(resource, data)
    engine._evaluate_jsonata = _evaluate
    engine._apply_state_assign = _assign
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


def _assign(
    state: Mapping[str, Any],
    raw_input: Any,
    context: dict[str, Any],
    result: Any = None,
    error_output: Any = None,
) -> None:
    values = engine._apply_jsonata_template(
        state.get("Assign", {}), raw_input, context, result=result, error_output=error_output
    )
    context["variables"] = {**context.get("variables", {}), **values}


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
    if kind in ("Parallel", "Map"):
        return f"shares the variables of a {kind} state with its branches"
    if kind == "Choice" and "Default" in state and "Output" in state:
        return "ignores Output of a Choice state"
    return ""


def _without_succeed_output(machine: Mapping[str, Any]) -> dict[str, Any]:
    """ministack ignores the Output of a Succeed state; a Pass that ends means the same."""
    states = {
        name: {**state, "Type": "Pass", "End": True}
        if state.get("Type") == "Succeed" and "Output" in state
        else state
        for name, state in states_of(machine).items()
    }
    return {**machine, "States": states}

"""Answers the Tasks of a machine by the script of a case, in the shapes of the service."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from wfc.backends.asl.engines.model import Ended, TaskFailed
from wfc.backends.asl.machine.tasks import CALLBACK, CHILD, LAMBDA
from wfc.backends.base import Call, Script, StepFailure
from wfc.compiler.language import nodes as ir


class ScriptedTasks:
    """One run's Tasks.

    Args:
        steps: the step behind each function name or ARN that the machines use.
        workflows: the workflow behind each state machine name or ARN.
        script: answers the steps.
        child: runs a workflow to its end.
    """

    def __init__(
        self,
        steps: Mapping[str, ir.Step],
        workflows: Mapping[str, str],
        script: Script,
        child: Callable[[str, Any, ScriptedTasks], Ended],
    ) -> None:
        self.steps = steps
        self.workflows = workflows
        self.script = script
        self.child = child
        self.calls: list[Call] = []

    def __call__(self, resource: str, arguments: Any) -> Any:
        if resource in (LAMBDA, CALLBACK):
            step = self._step(arguments["FunctionName"])
            value = self._invoke(step, arguments.get("Payload"))
            if resource == CALLBACK:
                return value
            return {"ExecutedVersion": "$LATEST", "Payload": value, "StatusCode": 200}
        if resource == CHILD:
            return self._start(arguments)
        return self._invoke(self._step(resource), arguments)

    def _step(self, function: str) -> ir.Step:
        if function not in self.steps:
            message = f"Function not found: {function}"
            raise TaskFailed("Lambda.ResourceNotFoundException", message)
        return self.steps[function]

    def _invoke(self, step: ir.Step, payload: Any) -> Any:
        """One attempt; a failed Lambda function gives its error's name and a cause of JSON text."""
        given = {parameter.name for parameter in step.parameters if not parameter.injected}
        sent = payload if isinstance(payload, Mapping) else {}
        arguments = {name: _copy(sent[name]) for name in sent if name in given}
        self.calls.append(Call(step.name, arguments))
        try:
            return _copy(self.script.answer(step.name, arguments))
        except StepFailure as failure:
            cause = {"errorMessage": failure.message, "errorType": failure.error, "trace": []}
            raise TaskFailed(failure.error, json.dumps(cause)) from failure

    def _start(self, arguments: Any) -> Any:
        """A child execution, awaited; its failure fails the Task with States.TaskFailed and what
        DescribeExecution says about the child as the cause."""
        machine = arguments["StateMachineArn"]
        if machine not in self.workflows:
            message = f"State Machine Does Not Exist: {machine}"
            raise TaskFailed("StepFunctions.StateMachineDoesNotExistException", message)
        ended = self.child(self.workflows[machine], _copy(arguments.get("Input", {})), self)
        about = {
            "ExecutionArn": "arn:aws:states:us-east-1:000000000000:execution:child:child",
            "Input": json.dumps(arguments.get("Input", {})),
            "Name": "child",
            "StateMachineArn": machine,
        }
        if ended.error:
            about |= {"Cause": ended.cause, "Error": ended.error, "Status": "FAILED"}
            raise TaskFailed("States.TaskFailed", json.dumps(about))
        return {**about, "Output": ended.output, "Status": "SUCCEEDED"}


def _copy(value: Any) -> Any:
    """What comes out at the other side of a JSON boundary."""
    return json.loads(json.dumps(value))

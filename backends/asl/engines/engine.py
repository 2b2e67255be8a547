"""Runs compiled workflows on interpreters of Amazon States Language, in this process."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

from wfc.backends.asl.engines.model import Ended, Interpreter
from wfc.backends.asl.engines.tasks import ScriptedTasks
from wfc.backends.base import EngineMissing, Options, Outcome, Script
from wfc.compiler.language import nodes as ir

VARIANTS: Final = ("sfnx", "ministack")

# The text that the expression compiler gives to $error: the name of a Python error, its message.
_PYTHON_ERROR: Final = re.compile(r"\b([A-Z]\w*Error): (.*)", re.DOTALL)
_TIMEOUTS: Final = ("States.Timeout", "States.HeartbeatTimeout")


def open_engine(module: ir.Module, options: Options, variant: str = "") -> AslEngine:
    """Start an interpreter for the workflows of a module.

    Args:
        variant: ``sfnx`` (also when empty) or ``ministack``.

    Raises:
        EngineMissing: the interpreter is not installed.
        ValueError: there is no such variant.
    """
    return AslEngine(module, options, _interpreter(variant or VARIANTS[0]))


def _interpreter(variant: str) -> Interpreter:
    if variant not in VARIANTS:
        raise ValueError(f"no interpreter {variant!r}; there are {', '.join(VARIANTS)}")
    try:
        implementation = import_module(f"wfc.backends.asl.engines.{variant}")
    except ModuleNotFoundError as error:
        missing = (error.name or variant).partition(".")[0]
        message = f"{variant} cannot start: {missing} is missing; pip install 'wfc-compiler[asl]'"
        raise EngineMissing(message) from error
    interpreter: Interpreter = getattr(implementation, variant.capitalize())()
    return interpreter


class AslEngine:
    """An interpreter with the machines of one module."""

    def __init__(self, module: ir.Module, options: Options, interpreter: Interpreter) -> None:
        self.name = f"asl ({interpreter.name})"
        self.module = module
        self.options = options
        self.interpreter = interpreter
        self._machines: dict[str, dict[str, Any]] = {}

    def supports(self, workflow: ir.Workflow) -> str:
        """Empty when the interpreter gives what Step Functions gives for this workflow and for the
        workflows it calls, else the reason."""
        return self.interpreter.unsupported(self.machine(workflow.name))

    def run(self, workflow: str, arguments: Mapping[str, Any], script: Script) -> Outcome:
        return self.run_traced(workflow, arguments, script)[0]

    def run_traced(
        self, workflow: str, arguments: Mapping[str, Any], script: Script
    ) -> tuple[Outcome, tuple[str, ...]]:
        """Run a workflow; with the outcome, the states of its machine that were entered, in order
        (those of child workflows are not among them)."""
        tasks = self._tasks(script)
        ended = self._execute(workflow, dict(arguments), tasks)
        calls = tuple(tasks.calls)
        if not ended.error:
            return Outcome(result=ended.output, calls=calls), ended.states
        error, message = python_error(ended.error, ended.cause)
        if self._raised(workflow, ended):
            message = self._message(workflow, ended.cause)
        exact = not _is_expression_error(ended.error, ended.cause)
        return Outcome(error=error, message=message, calls=calls, exact=exact), ended.states

    def close(self) -> None:
        """Nothing runs outside this process."""

    def machine(self, workflow: str) -> dict[str, Any]:
        """The definition of a workflow.

        Raises:
            KeyError: the module has no such workflow.
        """
        if workflow not in self._machines:
            from wfc.backends.asl.fit.check import fitted

            found = {item.name: item for item in self.module.workflows}[workflow]
            self._machines[workflow] = fitted(self.module, found, self.options).definition
        return self._machines[workflow]

    def _raised(self, workflow: str, ended: Ended) -> bool:
        """Whether a Fail ended the execution with an error of Python."""
        states = self.machine(workflow)["States"]
        last = ended.states[-1] if ended.states else ""
        return last in states and states[last]["Type"] == "Fail" and "." not in ended.error

    def _message(self, workflow: str, cause: str) -> str:
        """The message that the cause of a Fail stands for."""
        from wfc.backends.asl.machine.failures import is_called

        definition = {item.name: item for item in self.module.workflows}[workflow]
        if not is_called(self.module, definition):
            return cause
        return str(_json_object(cause).get("errorMessage", cause))

    def _execute(self, workflow: str, input: Any, tasks: ScriptedTasks) -> Ended:
        return self.interpreter.execute(self.machine(workflow), input, tasks)

    def _tasks(self, script: Script) -> ScriptedTasks:
        from wfc.backends.asl.machine.tasks import function_name, state_machine_arn

        settings = self.options.settings
        steps: dict[str, ir.Step] = {
            function_name(step.name, settings): step for step in self.module.steps
        }
        workflows = {
            state_machine_arn(item.name, settings): item.name for item in self.module.workflows
        }
        return ScriptedTasks(steps, workflows, script, self._execute)


def python_error(error: str, cause: str) -> tuple[str, str]:
    """The class name and message that an execution's error stands for.

    A failed Lambda function has them in a cause of JSON text; a failed child execution has its own
    error and cause in one; an expression that raised has them in the text given to ``$error``;
    timeouts are ``TimeoutError``.
    """
    details = _json_object(cause)
    if error == "States.TaskFailed" and isinstance(details.get("Error"), str):
        return python_error(details["Error"], str(details.get("Cause", "")))
    if {"errorMessage", "errorType"} <= details.keys():
        return error, str(details["errorMessage"])
    if error in _TIMEOUTS:
        return "TimeoutError", cause
    raised = _PYTHON_ERROR.search(cause) if error == "States.QueryEvaluationError" else None
    if raised is not None:
        return raised[1], raised[2]
    return error, cause


def _is_expression_error(error: str, cause: str) -> bool:
    """Whether an expression failed, in the execution or in a child of it."""
    if error == "States.TaskFailed":
        details = _json_object(cause)
        return _is_expression_error(str(details.get("Error", "")), str(details.get("Cause", "")))
    return error == "States.QueryEvaluationError"


def _json_object(text: str) -> dict[str, Any]:
    if not text.startswith("{"):
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}

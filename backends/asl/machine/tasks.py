"""The parts of a Task that come from a step: what it is called with, its retries and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from wfc.backends.asl.jsonata.fragment import (
    Fragment,
    binary,
    bound,
    call,
    closed,
    conditional,
    field,
    literal,
)
from wfc.backends.asl.jsonata.kinds import is_int, is_timedelta
from wfc.backends.asl.machine import codes
from wfc.backends.asl.machine.failures import ALL, HEARTBEAT_TIMEOUT, TIMEOUT, error_equals
from wfc.backends.asl.machine.formulas import Formulas, Json, source_text
from wfc.backends.asl.machine.names import placeholder
from wfc.backends.asl.machine.problems import Problems
from wfc.backends.asl.machine.scope import ErrorValue, Scope
from wfc.backends.python.printing.text import fresh
from wfc.compiler.data.struct import replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.inference.sign import NeverNegative
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.walk import operations

LAMBDA: Final = "arn:aws:states:::lambda:invoke"
CALLBACK: Final = "arn:aws:states:::lambda:invoke.waitForTaskToken"
CHILD: Final = "arn:aws:states:::states:startExecution.sync:2"

# AWS: Wait and TimeoutSeconds take at most 99,999,999 seconds.
LONGEST: Final = 99_999_999

ERROR: Final = Fragment("$states.errorOutput.Error")
CAUSE: Final = Fragment("$states.errorOutput.Cause")

_EXECUTION: Final = "$states.context.Execution.Id"
_STATE: Final = "$states.context.State"


def function_name(step: str, settings: Mapping[str, Any]) -> str:
    """What a Task calls a step's Lambda function: the ARN from the settings, or a placeholder."""
    given: Mapping[str, str] = settings.get("functions", {})
    return given.get(step, f"${{{placeholder(step)}}}")


def state_machine_arn(workflow: str, settings: Mapping[str, Any]) -> str:
    """What a Task calls a child workflow's machine: the ARN from the settings, or a placeholder."""
    given: Mapping[str, str] = settings.get("state_machines", {})
    return given.get(workflow, f"${{{placeholder(workflow)}StateMachine}}")


def token_field(module: ir.Module) -> str:
    """The field in which a function finds the token that it reports by."""
    return fresh("TaskToken", {p.name for step in module.steps for p in step.parameters})


class Tasks:
    """Writes the Tasks of one workflow.

    Args:
        settings: ``[tool.wfc.asl]``.
    """

    def __init__(
        self,
        module: ir.Module,
        workflow: ir.Workflow,
        formulas: Formulas,
        problems: Problems,
        settings: Mapping[str, Any],
    ) -> None:
        self.module = module
        self._never_negative = NeverNegative(module, workflow)
        self.formulas = formulas
        self.problems = problems
        self.settings = settings
        self.steps = {step.name: step for step in module.steps}
        self._checked: set[str] = set()

    def step_of(self, operation: ir.Operation) -> ir.Step | None:
        return self.steps[operation.step] if isinstance(operation, ir.StepCall) else None

    # Calls

    def resource(self, call: ir.StepCall) -> str:
        return LAMBDA if self.steps[call.step].heartbeat is None else CALLBACK

    def result(self, operation: ir.Operation) -> Fragment:
        """The value that a Task ends with; a token is answered with the value alone."""
        if isinstance(operation, ir.WorkflowCall):
            return Fragment("$states.result.Output")
        step = self.step_of(operation)
        waits = step is not None and step.heartbeat is not None
        return Fragment("$states.result" if waits else "$states.result.Payload")

    def lambda_call(self, call: ir.StepCall, scope: Scope, *, looping: bool) -> dict[str, Json]:
        step = self.steps[call.step]
        self._check(step)
        function: dict[str, Json] = {"FunctionName": function_name(step.name, self.settings)}
        payload = self._by_name(call.args, scope)
        for parameter in step.parameters:
            match parameter.injected:
                case "IdempotencyKey":
                    payload[parameter.name] = self._key(looping)
                case "RunId":
                    payload[parameter.name] = f"{{% {_EXECUTION} %}}"
        if step.heartbeat is not None:
            # AWS, "Invoke an AWS Lambda function with Step Functions": the heartbeats of a function
            # count from the start only where it is invoked asynchronously.
            function["InvocationType"] = "Event"
            payload[token_field(self.module)] = "{% $states.context.Task.Token %}"
        return {**function, "Payload": payload}

    def child_call(self, call: ir.WorkflowCall, scope: Scope) -> dict[str, Json]:
        machine = state_machine_arn(call.workflow, self.settings)
        return {"StateMachineArn": machine, "Input": self._by_name(call.args, scope)}

    def _by_name(self, args: tuple[ir.Argument, ...], scope: Scope) -> dict[str, Json]:
        return {argument.name: self._field(argument.value, scope) for argument in args}

    def _field(self, expr: ir.Expr, scope: Scope) -> Json:
        """The field, or None when it has no exact form."""
        return self.problems.attempt(expr, lambda: self.formulas.field(expr, scope))

    def _key(self, looping: bool) -> str:
        """Stable across the retries of one call; in a loop every turn enters the state anew."""
        turn = f" & ':' & {_STATE}.EnteredTime" if looping else ""
        return f"{{% {_EXECUTION} & ':' & {_STATE}.Name{turn} %}}"

    # Limits and retries

    def _check(self, step: ir.Step) -> None:
        if step.name in self._checked:
            return
        self._checked.add(step.name)
        self._check_seconds(step, "timeout", step.timeout)
        self._check_seconds(step, "heartbeat", step.heartbeat)
        both = step.timeout is not None and step.heartbeat is not None
        if both and float(step.heartbeat or 0) >= float(step.timeout or 0):
            self.problems.add(
                codes.HEARTBEAT,
                step,
                f"the heartbeat of '{step.name}' is not shorter than its timeout",
                "make the heartbeat shorter",
            )
        if step.retry is not None:
            self._check_retry(step, step.retry)

    def _check_seconds(self, step: ir.Step, what: str, value: float | None) -> None:
        if value is not None and not (_whole(value) and 1 <= value <= LONGEST):
            self.problems.add(
                codes.DURATION,
                step,
                f"the {what} of '{step.name}' is {value:g} seconds",
                f"give whole seconds from 1 to {LONGEST}",
            )

    def _check_retry(self, step: ir.Step, retry: ir.RetryPolicy) -> None:
        delays = (retry.first_delay, retry.max_delay if retry.max_delay is not None else 1)
        wrong = [delay for delay in delays if not _whole(delay) or delay < 1]
        if retry.attempts > 1 and wrong:
            self.problems.add(
                codes.RETRY_DELAY,
                retry if retry.span.line else step,
                f"a retry of '{step.name}' has a delay of {wrong[0]:g} seconds",
                "give whole seconds, at least 1",
            )
        if retry.backoff < 1:
            self.problems.add(
                codes.RETRY_DELAY,
                retry if retry.span.line else step,
                f"the backoff of '{step.name}' is {retry.backoff:g}; BackoffRate is at least 1",
                "give a backoff of at least 1",
            )

    def limits(self, step: ir.Step) -> dict[str, Json]:
        found: dict[str, Json] = {}
        if step.timeout is not None:
            found["TimeoutSeconds"] = _number(step.timeout)
        if step.heartbeat is not None:
            found["HeartbeatSeconds"] = _number(step.heartbeat)
        return found

    def retry(self, step: ir.Step) -> list[dict[str, Json]]:
        policy = step.retry
        if policy is None or policy.attempts <= 1:
            return []
        retrier: dict[str, Json] = {
            "ErrorEquals": error_equals(self.module, policy.errors, step),
            "IntervalSeconds": _number(policy.first_delay),
            "MaxAttempts": policy.attempts - 1,
            "BackoffRate": policy.backoff,
        }
        if policy.max_delay is not None:
            retrier["MaxDelaySeconds"] = _number(policy.max_delay)
        if policy.jitter:
            retrier["JitterStrategy"] = "FULL"
        return [retrier]

    def retries_all(self, operation: ir.Operation) -> bool:
        """Whether a failing expression of the Task would make it run again."""
        step = self.step_of(operation)
        return step is not None and any(ALL in r["ErrorEquals"] for r in self.retry(step))

    # Errors

    def caught(self, operation: ir.Operation, errors: Sequence[str]) -> ErrorValue:
        """The class name and message of the error that a Task failed with, one of these."""
        if isinstance(operation, ir.WorkflowCall):
            return self._child_failed(operation)
        parsed = field(call("parse", CAUSE), "errorMessage")
        message = conditional(_starts_object(CAUSE), parsed, CAUSE)
        step = self.step_of(operation)
        if step is None or (step.timeout is None and step.heartbeat is None):
            return ErrorValue(ERROR, message)
        if not {ALL, TIMEOUT, HEARTBEAT_TIMEOUT} & {*error_equals(self.module, errors, step)}:
            return ErrorValue(ERROR, message)
        timeout = self._timed_out(step, ERROR)
        return ErrorValue(
            conditional(timeout, literal("TimeoutError"), ERROR),
            conditional(timeout, literal(f"{step.name} timed out"), message),
        )

    def _child_failed(self, operation: ir.WorkflowCall) -> ErrorValue:
        """The cause is what DescribeExecution says about the child: its own error and cause. That
        cause may in turn be the JSON text of a failed Lambda function."""
        about = call("parse", CAUSE)
        name = field(about, "Error")
        if self._may_time_out(operation.workflow, frozenset()):
            bare = bound("_1", name)
            timeouts = Fragment("['States.Timeout', 'States.HeartbeatTimeout']", depth=2)
            name = closed(conditional(binary("in", bare, timeouts), literal("TimeoutError"), bare))
        cause = bound("_1", field(about, "Cause"))
        from_lambda = binary(
            "and", _starts_object(cause), call("contains", cause, literal('"errorMessage"'))
        )
        inner = field(call("parse", cause), "errorMessage")
        message = closed(conditional(from_lambda, inner, cause))
        is_json = _starts_object(CAUSE)
        return ErrorValue(conditional(is_json, name, ERROR), conditional(is_json, message, CAUSE))

    def _may_time_out(self, workflow: str, seen: frozenset[str]) -> bool:
        """Whether a workflow, or one that it calls, has a timeout somewhere."""
        definition = next(w for w in self.module.workflows if w.name == workflow)
        if definition.timeout is not None:
            return True
        seen |= {workflow}
        called = list(operations(definition.body))
        steps = [step for step in map(self.step_of, called) if step is not None]
        children = {one.workflow for one in called if isinstance(one, ir.WorkflowCall)} - seen
        return any(step.timeout or step.heartbeat for step in steps) or any(
            self._may_time_out(child, seen) for child in children
        )

    def _timed_out(self, step: ir.Step, name: Fragment) -> Fragment:
        if step.heartbeat is None:
            return binary("=", name, literal("States.Timeout"))
        return binary(
            "in", name, Fragment("['States.Timeout', 'States.HeartbeatTimeout']", depth=2)
        )

    # Timers

    def seconds(self, sleep: ir.Sleep, scope: Scope) -> Json:
        seconds = _in_integers(sleep.seconds)
        whole = is_int(seconds.type) or is_timedelta(seconds.type)
        if is_int(seconds.type) and seconds not in self._never_negative:
            # A moment in the past is no error in the source, and is one for a Wait.
            seconds = ir.Call("max", (ir.Constant(0, type=t.INT), seconds), type=t.INT)
        value = self._field(seconds, scope)
        if isinstance(value, int | float) and not (_whole(value) and 0 <= value <= LONGEST):
            self.problems.add(
                codes.DURATION,
                sleep,
                f"a sleep of {sleep.text or f'{value:g} seconds'} is not a whole number of seconds"
                f" from 0 to {LONGEST}",
                "give whole seconds",
            )
        if isinstance(value, str) and not whole:
            self.problems.add(
                codes.DURATION,
                sleep,
                f"the time to sleep is {seconds.type}, and Wait takes whole seconds",
                f"round it: sleep(round({source_text(seconds)}))",
            )
        return int(value) if isinstance(value, float) else value


def _starts_object(text: Fragment) -> Fragment:
    """Whether a text is a JSON object, as the cause of a failed function or child is."""
    return binary("=", call("substring", text, literal(0), literal(1)), literal("{"))


def _in_integers(seconds: ir.Expr) -> ir.Expr:
    """The seconds of ``timedelta(minutes=x)`` as an integer, when all its parts are integers."""
    match seconds:
        case ir.Method(
            ir.Call("datetime.timedelta", args, keywords) as length, "total_seconds", ()
        ):
            if all(is_int(part.type) for part in (*args, *(value for _, value in keywords))):
                return replace(length, type=t.INT)
    return seconds


def _whole(value: float) -> bool:
    return float(value).is_integer()


def _number(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value

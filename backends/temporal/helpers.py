"""The functions that workflow code calls to look at an error."""

from __future__ import annotations

from collections.abc import Iterable

from wfc.backends.python.printing.layout import Bracket, arguments, lay_out
from wfc.backends.python.printing.text import quote
from wfc.backends.python.program.names import Unit
from wfc.backends.python.program.plan import Plan


def error_helpers(
    plan: Plan, unit: Unit, wanted: Iterable[str], caught: Iterable[str]
) -> list[list[str]]:
    """The text of ``error_type`` and ``error_message``.

    Args:
        plan: what is compiled.
        unit: the module that they are written into.
        wanted: those of the two that are used.
        caught: the classes that the workflows catch.
    """
    writer = _Writer(plan, unit)
    wanted, only_activities = set(wanted), set(caught) == {"ActivityError"}
    found: list[list[str]] = []
    if "error_type" in wanted:
        found.append(writer.activity_type() if only_activities else writer.error_type())
    if "error_message" in wanted:
        found.append(writer.activity_message() if only_activities else writer.error_message())
    return found


class _Writer:
    def __init__(self, plan: Plan, unit: Unit) -> None:
        self.plan = plan
        self.unit = unit

    def sdk(self, name: str) -> str:
        return self.unit.library("temporalio.exceptions", name)

    def _header(self, name: str, error: str, result: str) -> list[str]:
        return lay_out(
            f"def {self.unit.own(name)}", arguments([f"error: {error}"]), f" -> {result}:"
        )

    def activity_type(self) -> list[str]:
        application, timeout = self.sdk("ApplicationError"), self.sdk("TimeoutError")
        return [
            *self._header("error_type", self.sdk("ActivityError"), "str"),
            '    """The class name of the error that made an activity fail."""',
            f"    if isinstance(error.cause, {application}):",
            '        return error.cause.type or ""',
            f'    return "TimeoutError" if isinstance(error.cause, {timeout}) else ""',
        ]

    def activity_message(self) -> list[str]:
        return [
            *self._header("error_message", self.sdk("ActivityError"), "str"),
            '    """The message of the error that made an activity fail."""',
            f"    if isinstance(error.cause, {self.sdk('TimeoutError')}):",
            *self._timed_out(),
            f"    if isinstance(error.cause, {self.sdk('FailureError')}) and error.cause.failure:",
            '        # `error.cause.message` is "Application error" where the message is empty.',
            "        return error.cause.failure.message",
            "    return str(error.cause)",
        ]

    def error_type(self) -> list[str]:
        application, timeout = self.sdk("ApplicationError"), self.sdk("TimeoutError")
        return [
            *self._header("error_type", self.sdk("FailureError"), "str"),
            '    """The class name of the error behind a failure."""',
            *self._cause(),
            f"    if isinstance(cause, {application}):",
            '        return cause.type or ""',
            f'    return "TimeoutError" if isinstance(cause, {timeout}) else ""',
        ]

    def error_message(self) -> list[str]:
        failure = self.sdk("FailureError")
        timeout = f"isinstance(cause, {self.sdk('TimeoutError')})"
        return [
            *self._header("error_message", failure, "str"),
            '    """The message of the error behind a failure."""',
            *self._cause(),
            f"    if {timeout} and isinstance(error, {self.sdk('ActivityError')}):",
            *self._timed_out(),
            f"    if isinstance(cause, {failure}) and cause.failure:",
            '        # `cause.message` is "Application error" where the message is empty.',
            "        return cause.failure.message",
            f"    return cause.message if isinstance(cause, {failure}) else str(cause)",
        ]

    def _timed_out(self) -> list[str]:
        """A step that timed out is named as the source names it."""
        labels = {s.label: s.name for s in self.plan.steps if s.label and s.label != s.name}
        if not labels:
            return ['        return f"{error.activity_type} timed out"']
        items = tuple(f"{quote(label)}: {quote(name)}" for label, name in labels.items())
        return [
            *lay_out("steps = ", Bracket("{", items, "}"), indent=8),
            '        return f"{steps.get(error.activity_type, error.activity_type)} timed out"',
        ]

    def _cause(self) -> list[str]:
        """The error that a step or workflow raised; ``error`` becomes what wraps it directly."""
        activity = self.sdk("ActivityError")
        if not self.plan.has_children:
            return [f"    cause = error.cause if isinstance(error, {activity}) else error"]
        child = self.sdk("ChildWorkflowError")
        return [
            "    cause: BaseException | None = error",
            f"    while isinstance(cause, ({activity}, {child})):",
            "        error, cause = cause, cause.cause",
        ]

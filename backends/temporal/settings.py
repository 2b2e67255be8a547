"""``[tool.wfc.temporal]``: what a project may decide about its Temporal code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.words import closest
from wfc.compiler.language import nodes as ir
from wfc.grammar.duration import DurationError, parse_seconds

# Long enough for a step that nobody gave a timeout, short enough to notice a dead worker the same
# day. Temporal wants a limit on every activity.
DEFAULT_STEP_TIMEOUT: Final = 3600.0


class Settings(Struct):
    """``step_timeout`` holds for steps without one of their own, in seconds; ``task_queue`` is
    named after the module when it is empty."""

    step_timeout: float = DEFAULT_STEP_TIMEOUT
    task_queue: str = ""

    def queue(self, module: ir.Module) -> str:
        """The name of the task queue."""
        return self.task_queue or module.name.replace("_", "-")


def read(table: Mapping[str, Any]) -> tuple[Settings, list[str]]:
    """The settings, and what is wrong with the table as sentences."""
    problems = list(_unknown(table))
    step_timeout, queue = DEFAULT_STEP_TIMEOUT, table.get("task_queue", "")
    if "step_timeout" in table:
        try:
            step_timeout = _seconds(table["step_timeout"])
        except DurationError as error:
            problems.append(f"step_timeout: {error}")
    if not isinstance(queue, str) or ("task_queue" in table and not queue.strip()):
        problems.append("task_queue must be a text that is not empty")
        queue = ""
    return Settings(step_timeout, queue), problems


def _unknown(table: Mapping[str, Any]) -> Iterator[str]:
    known = ("step_timeout", "task_queue")
    for name in table:
        if name not in known:
            close = closest(name, known)
            hint = f"; did you mean {close}?" if close else f"; known are {', '.join(known)}"
            yield f"there is no setting {name}{hint}"


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise DurationError('write a duration, such as "10 minutes"')
    seconds = parse_seconds(value) if isinstance(value, str) else float(value)
    if not 0 < seconds < float("inf"):
        raise DurationError("a timeout is longer than zero")
    return seconds

"""What the interpreters of a machine share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, TypeAlias

from wfc.compiler.data.struct import Struct

# States that one run may enter. A Standard execution ends at 25,000 history events (AWS service
# quotas); a state makes two or more.
TRANSITIONS: Final = 10_000
TOO_LONG: Final = f"the run did not end within {TRANSITIONS:,} states"


class TaskFailed(Exception):
    """A Task fails with the name of an error and its cause, as Step Functions gives them."""

    def __init__(self, error: str, cause: str) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause


class Ended(Struct):
    """How an execution ended: the output, or the name of an error (not empty) and its cause; and
    the states that it entered, in order."""

    output: Any = None
    error: str = ""
    cause: str = ""
    states: tuple[str, ...] = ()


# Does what a Task asks for: its Resource and its arguments, to a result, or raises TaskFailed.
Tasks: TypeAlias = Callable[[str, Any], Any]


class Interpreter(Protocol):
    """Runs definitions in this process, without waiting."""

    name: str

    def unsupported(self, machine: Mapping[str, Any]) -> str:
        """Empty when it gives what Step Functions gives for this machine, else the reason."""

    def execute(self, machine: Mapping[str, Any], input: Any, tasks: Tasks) -> Ended:
        """Run a machine to its end."""

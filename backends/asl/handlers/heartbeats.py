"""Writes what the Lambda handlers of steps with a heartbeat share: they answer by a task token."""

from __future__ import annotations

from typing import Final

from wfc.backends.asl.machine.tasks import token_field
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.text import fresh, quote
from wfc.compiler.language import nodes as ir

_CLIENT: Final = """\
{logger} = {logging}.getLogger(__name__)
{client} = {boto3}.client("stepfunctions")
"""

# AWS API reference, SendTaskFailure: the cause has at most 32,768 characters. JSON makes two of a
# line break and of a quotation mark.
_DECORATOR: Final = """\
def {decorator}(
    work: {Callable}[[dict[str, Any], {Callable}[..., None]], Any],
) -> {Callable}[[dict[str, Any], object], None]:
    \"""Answer a Task by its token, and tell it that the step is alive until then.

    The Task invokes the function asynchronously and ignores what it returns. The
    function needs MaximumRetryAttempts 0, because the Task retries, and these
    permissions: states:SendTaskHeartbeat, SendTaskSuccess, SendTaskFailure.
    \"""

    @{wraps}(work)
    def handler(event: dict[str, Any], context: object) -> None:
        token = event[{token}]

        def beat(*details: object) -> None:
            {client}.send_task_heartbeat(taskToken=token)

        try:
            beat()
            output = {json}.dumps(work(event, beat), allow_nan=False)
            {client}.send_task_success(taskToken=token, output=output)
        except (
            {client}.exceptions.TaskDoesNotExist,
            {client}.exceptions.TaskTimedOut,
        ):
            {logger}.warning("the Task of %s is over", work.__name__)
        except Exception as error:
            {logger}.exception("%s failed", work.__name__)
            name = type(error).__name__
            # The cause has at most 32,768 characters.
            cause = {{"errorMessage": str(error)[:16_000], "errorType": name}}
            {client}.send_task_failure(
                taskToken=token,
                error=name,
                cause={json}.dumps(cause, ensure_ascii=False),
            )

    return handler
"""


class TokenAnswers:
    """The decorator of handlers that answer by a token, and the client that it works with.

    Args:
        imports: gets what their text needs.
        taken: the names of the module's functions; those that are chosen here are added.
    """

    def __init__(self, module: ir.Module, imports: Imports, taken: set[str]) -> None:
        self._imports = imports
        self._taken = taken
        self._token = quote(token_field(module))
        self._imported = dict(name for item in module.imports for name in item.names)
        self.decorator = self._own("answers_by_token")

    def blocks(self) -> list[list[str]]:
        """The client and the decorator."""
        names = {
            "decorator": self.decorator,
            "token": self._token,
            "client": self._own("step_functions"),
            "logger": self._own("logger"),
            "boto3": self._library("boto3"),
            "json": self._library("json"),
            "logging": self._library("logging"),
            "wraps": self._library("functools", "wraps"),
            "Callable": self._library("collections.abc", "Callable"),
        }
        return [text.format(**names).splitlines() for text in (_CLIENT, _DECORATOR)]

    def _own(self, name: str) -> str:
        name = fresh(name, {*self._taken, *self._imported})
        self._taken.add(name)
        return name

    def _library(self, module: str, member: str = "") -> str:
        """What a module or a member of it is called: by its own name, unless that is taken."""
        name = member or module
        full = f"{module}.{member}" if member else module
        free = name not in self._taken and self._imported.get(name, full) == full
        alias = "" if free else self._own(name)
        if member:
            self._imports.member(module, member, alias)
        else:
            self._imports.module(module, alias)
        return alias or name

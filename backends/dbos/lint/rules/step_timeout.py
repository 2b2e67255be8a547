"""WFC144: a timeout on a step that cannot have one."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.backends.dbos.lint import ENGINE
from wfc.compiler.checks.calls.callgraph import Visit
from wfc.compiler.checks.judging.context import Context
from wfc.compiler.checks.judging.rule import STEP, Finding, Rule


class StepTimeout(Rule):
    code = "WFC144"
    name = "timeout-of-sync-step"
    summary = "A synchronous DBOS step has a timeout."
    why = (
        "DBOS can stop a coroutine, but not a running function: timeout_seconds on a step that "
        "is not async raises DBOSException when the module is imported."
    )
    bad = "@DBOS.step(timeout_seconds=30)\ndef charge(order: str) -> None: ..."
    good = "@DBOS.step(timeout_seconds=30)\nasync def charge(order: str) -> None: ..."
    only = ENGINE
    where = STEP

    VALID = (
        "from dbos import DBOS\n\n@DBOS.step(timeout_seconds=30)\n"
        "async def charge() -> None: ...\n\n"
        "@DBOS.step(timeout_seconds=None)\n"
        "def refund() -> None: ...\n",
    )
    INVALID = (
        "from dbos import DBOS\n\n@DBOS.step(timeout_seconds=30)  # WFC144\n"
        "def charge() -> None: ...\n",
    )

    def check_function(self, visit: Visit, context: Context) -> Iterator[Finding]:
        function, role = visit.function, visit.entry.role
        if function is not visit.entry.function or function.asynchronous:
            return
        given = dict(role.keywords)
        if "timeout_seconds" in given and given["timeout_seconds"] != ("constant", None):
            message = f"step `{function.name}` has a timeout and is not async"
            place = function.decorators[role.position].place
            yield Finding(message, "make the step async def", place, whole=True)

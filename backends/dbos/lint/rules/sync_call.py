"""WFC147: synchronous DBOS calls in an async workflow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wfc.backends.dbos.lint import DBOS, ENGINE
from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.symbols import ProjectFunction
from wfc.compiler.checks.engines.requests import FixRequest
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.wordsets import words

_HAVE_ASYNC: Final = words(
    "sleep send recv set_event get_event start_workflow run_step write_stream read_stream patch "
    "deprecate_patch retrieve_workflow list_workflows cancel_workflow resume_workflow fork_workflow"
)

# The others give another type: handles whose methods must be awaited, asynchronous generators.
_SAME_RESULT: Final = words(
    "sleep send recv set_event get_event run_step write_stream patch deprecate_patch "
    "cancel_workflow list_workflows"
)


class SyncCall(Rule):
    code = "WFC147"
    name = "sync-call-in-async-workflow"
    summary = "An async DBOS workflow makes a synchronous DBOS call."
    why = (
        "DBOS.sleep and its like raise in a running event loop, and a synchronous step that is "
        "called directly blocks the loop, and with it every other workflow of the process, "
        "until it is done."
    )
    bad = "@DBOS.workflow()\nasync def f() -> None:\n    DBOS.sleep(60)"
    good = "@DBOS.workflow()\nasync def f() -> None:\n    await DBOS.sleep_async(60)"
    fixing = (
        "--fix: a call that raises as it stands is awaited in its async form: await "
        "DBOS.sleep_async(...). --unsafe-fixes: so are start_workflow, retrieve_workflow and the "
        "like, whose handles then have to be awaited, too."
    )
    only = ENGINE
    kinds = ("call",)

    VALID = (
        "from dbos import DBOS\n\n@DBOS.step()\n"
        "def charge() -> None: ...\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    await DBOS.sleep_async(60)\n"
        "    await DBOS.run_step_async({'name': 'charge'}, charge)\n\n"
        "@DBOS.workflow()\n"
        "def g() -> None:\n"
        "    DBOS.sleep(60)\n"
        "    charge()\n",
    )
    INVALID = (
        "from dbos import DBOS\n\n@DBOS.step()\n"
        "def charge() -> None: ...\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    DBOS.sleep(60)  # WFC147\n"
        "    charge()  # WFC147\n",
        "from dbos import DBOS\n\n@DBOS.workflow()\nasync def f() -> str:\n"
        "    return DBOS.recv('topic').strip()  # WFC147\n",
    )
    FIXED = (
        "from dbos import DBOS\n\n@DBOS.step()\n"
        "def charge() -> None: ...\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    await DBOS.sleep_async(60)  # WFC147\n"
        "    charge()  # WFC147\n",
        "from dbos import DBOS\n\n@DBOS.workflow()\nasync def f() -> str:\n"
        "    return (await DBOS.recv_async('topic')).strip()  # WFC147\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        if not at.visit.function.asynchronous:
            return
        for target in at.targets:
            # partial: nothing else blocks
            match target:
                case External(name) if name.removeprefix("dbos.DBOS.") in _HAVE_ASYNC and (
                    name.startswith("dbos.DBOS.")
                ):
                    method = name.rpartition(".")[2]
                    message = f"`{at.use.written}()` raises in an async workflow"
                    yield Finding(message, f"use await DBOS.{method}_async(...)", fix=_fix(method))
                case ProjectFunction(file, function) if not function.asynchronous and (
                    at.context.roles.of(file, function).kind in ("step", "transaction")
                ):
                    message = f"the step `{at.use.written}` is not async and blocks the event loop"
                    yield Finding(message, "use await DBOS.run_step_async(..., step, ...)")


def _fix(method: str) -> FixRequest | None:
    if method == "read_stream":  # async for, not await
        return None
    return FixRequest(
        f"Await DBOS.{method}_async()",
        "safe" if method in _SAME_RESULT else "unsafe",
        "callee",
        f"await DBOS.{method}_async",
        DBOS,
    )

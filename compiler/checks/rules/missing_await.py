"""WFC131: a coroutine that is never awaited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from wfc.compiler.checks.externals import External
from wfc.compiler.checks.facts import AWAITED, DISCARDED, Use
from wfc.compiler.checks.rules.base import Finding, FixRequest, Rule
from wfc.compiler.checks.symbols import ProjectFunction, Target
from wfc.compiler.checks.terms import words

if TYPE_CHECKING:
    from wfc.compiler.checks.callgraph import Visit
    from wfc.compiler.checks.context import Context

_COROUTINES: Final = words("""
    temporalio.workflow.execute_activity temporalio.workflow.execute_activity_class
    temporalio.workflow.execute_activity_method temporalio.workflow.execute_local_activity
    temporalio.workflow.execute_child_workflow temporalio.workflow.start_child_workflow
    temporalio.workflow.sleep temporalio.workflow.wait_condition temporalio.workflow.wait
    asyncio.sleep asyncio.wait_for
    dbos.DBOS.sleep_async dbos.DBOS.send_async dbos.DBOS.recv_async dbos.DBOS.set_event_async
    dbos.DBOS.get_event_async dbos.DBOS.run_step_async dbos.DBOS.start_workflow_async
    dbos.DBOS.write_stream_async
""")
_AWAIT: Final = FixRequest("Await it", "unsafe", "wrap", "await {}")


class MissingAwait(Rule):
    code = "WFC131"
    name = "missing-await"
    summary = "A workflow calls a coroutine function and does not await it."
    why = (
        "Calling a coroutine function only makes the coroutine. Without await nothing of it "
        "runs: the activity is not started, the timer is not set, and Python says so only in a "
        "warning."
    )
    bad = "workflow.execute_activity(charge, order, start_to_close_timeout=limit)"
    good = "await workflow.execute_activity(charge, order, start_to_close_timeout=limit)"
    kinds = ("call",)

    VALID = (
        "import asyncio\n"
        "from temporalio import workflow\n\n"
        "async def pause() -> None:\n"
        "    await asyncio.sleep(1)\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        await pause()\n"
        "        waiting = pause()\n"
        "        await asyncio.gather(waiting, pause())\n",
    )
    INVALID = (
        "import asyncio\n"
        "from temporalio import workflow\n\n"
        "async def pause() -> None:\n"
        "    await asyncio.sleep(1)\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        pause()  # WFC131\n"
        "        workflow.sleep(3)  # WFC131\n",
        "from dbos import DBOS\n\n"
        "@DBOS.step()\n"
        "async def charge() -> None: ...\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    charge()  # WFC131\n",
    )
    FIXED = (
        "",
        "from dbos import DBOS\n\n"
        "@DBOS.step()\n"
        "async def charge() -> None: ...\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    await charge()  # WFC131\n",
    )

    def check(
        self, use: Use, targets: tuple[Target, ...], visit: Visit, context: Context
    ) -> Iterator[Finding]:
        if not use.flags & DISCARDED or use.flags & AWAITED:
            return
        if any(_is_coroutine(target) for target in targets):
            message = f"`{use.written}()` makes a coroutine that nothing awaits, so it never runs"
            asynchronous = visit.function.asynchronous
            advice = "write await before the call"
            yield Finding(message, advice, fix=_AWAIT if asynchronous else None)


def _is_coroutine(target: Target) -> bool:
    match target:
        case External(name):
            return name in _COROUTINES
        case ProjectFunction(_, function):
            return function.asynchronous and not function.generator
    return False

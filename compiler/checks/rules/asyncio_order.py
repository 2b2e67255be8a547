"""WFC118: asyncio functions whose outcome depends on timing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wfc.compiler.checks.calls.symbols import Target
from wfc.compiler.checks.engines import LAMBDA, TEMPORAL, WFC
from wfc.compiler.checks.judging.rule import Finding, FixRequest
from wfc.compiler.checks.judging.tables import NameRule
from wfc.compiler.checks.reading.facts import Use

if TYPE_CHECKING:
    from wfc.compiler.checks.calls.callgraph import Visit
    from wfc.compiler.checks.judging.context import Context

_WORKFLOW = ("temporalio", "workflow")
_UNORDERED = ("asyncio.wait", "asyncio.as_completed")
"""These keep their tasks in sets, which no event loop puts in order."""


class AsyncioOrder(NameRule):
    code = "WFC118"
    name = "asyncio-order"
    summary = "A workflow uses an asyncio function that is not replay-safe."
    why = (
        "asyncio.wait and asyncio.as_completed keep their tasks in sets, so the order in which "
        "results are taken differs from run to run. Outside Temporal, whose event loop is "
        "deterministic, a task that runs beside the workflow draws its step numbers in whatever "
        "order it gets to run, and timeouts go by the real clock."
    )
    bad = (
        "@DBOS.workflow()\n"
        "async def race(tasks: list[str]) -> str:\n"
        "    done, _ = await asyncio.wait([ask(t) for t in tasks])\n"
        "    return done.pop().result()"
    )
    good = (
        "@DBOS.workflow()\n"
        "async def race(tasks: list[str]) -> str:\n"
        "    done, _ = await DBOS.asyncio_wait([ask(t) for t in tasks])\n"
        "    return done.pop().result()"
    )
    engines = (WFC, TEMPORAL, "dbos", "restate", LAMBDA)
    says = "takes results in an order that is not replayed"
    need = "first"
    calls = """
        asyncio.wait asyncio.as_completed asyncio.create_task asyncio.ensure_future
        asyncio.wait_for asyncio.timeout asyncio.timeout_at asyncio.AbstractEventLoop.create_task
        asyncio.AbstractEventLoop.call_later asyncio.AbstractEventLoop.call_at
        asyncio.AbstractEventLoop.run_until_complete
        asyncio.TaskGroup anyio.create_task_group anyio.move_on_after anyio.fail_after
        trio.open_nursery
    """
    fixing = (
        "--fix: asyncio.wait() and asyncio.as_completed() become those of Temporal's workflow "
        "module, and asyncio.wait() becomes DBOS.asyncio_wait() in DBOS workflows."
    )
    fixes = {
        (TEMPORAL, "asyncio.wait"): FixRequest(
            "Use workflow.wait()", "safe", "callee", "workflow.wait", _WORKFLOW
        ),
        (TEMPORAL, "asyncio.as_completed"): FixRequest(
            "Use workflow.as_completed()", "safe", "callee", "workflow.as_completed", _WORKFLOW
        ),
        ("dbos", "asyncio.wait"): FixRequest(
            "Use DBOS.asyncio_wait()", "safe", "callee", "DBOS.asyncio_wait", ("dbos", "DBOS")
        ),
    }

    VALID = (
        "import asyncio\n"
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        tasks = [asyncio.create_task(asyncio.sleep(n)) for n in range(3)]\n"
        "        await asyncio.gather(*tasks)\n"
        "        async with asyncio.timeout(5):\n"
        "            await workflow.wait(tasks)\n",
    )
    INVALID = (
        "import asyncio\n"
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        await asyncio.wait([workflow.sleep(1)])  # WFC118\n"
        "        for first in asyncio.as_completed([]):  # WFC118\n"
        "            await first\n",
        "import asyncio\n"
        "from dbos import DBOS\n\n"
        "@DBOS.step()\n"
        "async def ask(x: int) -> int: ...\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    task = asyncio.create_task(ask(1))  # WFC118\n"
        "    await asyncio.wait([task])  # WFC118\n",
    )
    FIXED = (
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        await workflow.wait([workflow.sleep(1)])  # WFC118\n"
        "        for first in workflow.as_completed([]):  # WFC118\n"
        "            await first\n",
        "import asyncio\n"
        "from dbos import DBOS\n\n"
        "@DBOS.step()\n"
        "async def ask(x: int) -> int: ...\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    task = asyncio.create_task(ask(1))  # WFC118\n"
        "    await DBOS.asyncio_wait([task])  # WFC118\n",
    )

    def check(
        self, use: Use, targets: tuple[Target, ...], visit: Visit, context: Context
    ) -> Iterator[Finding]:
        name = context.names.matches(self, use, targets)
        # Temporal's event loop runs tasks in a fixed order, and its clock is replayed.
        if name and (visit.engine != TEMPORAL or name in _UNORDERED):
            yield from super().check(use, targets, visit, context)

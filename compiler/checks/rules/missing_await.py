"""WFC131: a coroutine that is never awaited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.symbols import ProjectFunction, Target
from wfc.compiler.checks.engines import RESTATE, is_context
from wfc.compiler.checks.judging.rule import Finding, FixRequest, Rule
from wfc.compiler.checks.reading.facts import AWAITED, DISCARDED, Use
from wfc.compiler.checks.reading.terms import words

if TYPE_CHECKING:
    from wfc.compiler.checks.calls.callgraph import Visit
    from wfc.compiler.checks.judging.context import Context

_COROUTINES: Final = words("""
    temporalio.workflow.execute_activity temporalio.workflow.execute_activity_class
    temporalio.workflow.execute_activity_method temporalio.workflow.execute_local_activity
    temporalio.workflow.execute_child_workflow temporalio.workflow.start_child_workflow
    temporalio.workflow.sleep temporalio.workflow.wait_condition temporalio.workflow.wait
    asyncio.sleep asyncio.wait_for
    dbos.DBOS.sleep_async dbos.DBOS.send_async dbos.DBOS.recv_async dbos.DBOS.set_event_async
    dbos.DBOS.get_event_async dbos.DBOS.run_step_async dbos.DBOS.start_workflow_async
    dbos.DBOS.write_stream_async
    restate.gather restate.select restate.wait_completed
""")
_FUTURES: Final = words(
    "run run_typed sleep time get state_keys service_call object_call workflow_call generic_call "
    "attach_invocation"
)
"""Methods of the contexts of Restate that give a future."""
_OF_PROMISES: Final = words("value peek resolve reject")
_AWAIT: Final = FixRequest("Await it", "unsafe", "expression", "await {}")


class MissingAwait(Rule):
    code = "WFC131"
    name = "missing-await"
    summary = "A workflow calls a coroutine function and does not await it."
    why = (
        "Calling a coroutine function only makes the coroutine. Without await nothing of it "
        "runs: the activity is not started, the timer is not set, and Python says so only in a "
        "warning. The context of Restate gives futures: without await the handler goes on before "
        "the call is done, and never hears of its error."
    )
    bad = "workflow.execute_activity(charge, order, start_to_close_timeout=limit)"
    good = "await workflow.execute_activity(charge, order, start_to_close_timeout=limit)"
    fixing = (
        "--unsafe-fixes: the call is awaited. Unsafe because the workflow then does what it never "
        "did."
    )
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
        "import restate\n"
        "from datetime import timedelta\n\n"
        "order = restate.Workflow('Order')\n\n"
        "@order.main()\n"
        "async def run(ctx: restate.WorkflowContext, x: int) -> None:\n"
        "    ctx.sleep(timedelta(days=1))  # WFC131\n"
        "    ctx.set('x', x)\n"
        "    ctx.service_send(run, x)\n"
        "    ctx.promise('paid').resolve(x)  # WFC131\n\n"
        "@order.handler()\n"
        "async def pay(ctx, x: int) -> None:\n"
        "    ctx.run_typed('charge', print)  # WFC131\n",
    )
    FIXED = (
        "import asyncio\n"
        "from temporalio import workflow\n\n"
        "async def pause() -> None:\n"
        "    await asyncio.sleep(1)\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        await pause()  # WFC131\n"
        "        await workflow.sleep(3)  # WFC131\n",
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
        advice = "write await before the call"
        fix = _AWAIT if visit.function.asynchronous else None
        if visit.engine == RESTATE and _is_future(use, targets):
            message = f"`{use.written}()` is never awaited: its result and its errors are lost"
            yield Finding(message, advice, fix=fix)
        elif any(_is_coroutine(target) for target in targets):
            message = f"`{use.written}()` makes a coroutine that nothing awaits, so it never runs"
            yield Finding(message, advice, fix=fix)


def _is_future(use: Use, targets: tuple[Target, ...]) -> bool:
    """Whether a call gives a future of Restate; of a context without annotation, by its name."""
    names = [target.name for target in targets if isinstance(target, External)]
    for name in names:
        owner, _, method = name.rpartition(".")
        if owner.endswith("Context.promise()") and method in _OF_PROMISES:
            return True
        if owner.startswith("restate.") and owner.endswith("Context"):
            return method in _FUTURES
    owner, _, method = use.written.rpartition(".")
    return not names and is_context(owner) and method in _FUTURES


def _is_coroutine(target: Target) -> bool:
    # partial: nothing else returns a coroutine
    match target:
        case External(name):
            return name in _COROUTINES
        case ProjectFunction(_, function):
            return function.asynchronous and not function.generator
    return False

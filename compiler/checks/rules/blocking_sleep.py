"""WFC109: sleeping without the engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wfc.compiler.checks.calls.symbols import Target
from wfc.compiler.checks.engines import DBOS, TEMPORAL, WFC
from wfc.compiler.checks.judging.rule import Finding, FixRequest
from wfc.compiler.checks.judging.tables import NameRule
from wfc.compiler.checks.reading.facts import AWAITED, Use

if TYPE_CHECKING:
    from wfc.compiler.checks.calls.callgraph import Visit
    from wfc.compiler.checks.judging.context import Context


class BlockingSleep(NameRule):
    code = "WFC109"
    name = "blocking-sleep"
    summary = "A workflow sleeps without the engine."
    why = (
        "time.sleep blocks the worker and is forgotten in a crash: the replay sleeps the whole "
        "time again. A durable timer costs nothing while it waits and keeps its end across "
        "restarts. In a Temporal workflow asyncio.sleep is such a timer; in a DBOS or Restate "
        "one it is not."
    )
    bad = "@workflow\ndef remind() -> None:\n    time.sleep(86_400)\n    send_reminder()"
    good = '@workflow\ndef remind() -> None:\n    sleep("1 day")\n    send_reminder()'
    says = "waits without a durable timer"
    need = "sleep"
    calls = """
        time.sleep asyncio.sleep anyio.sleep anyio.sleep_until trio.sleep trio.sleep_until
        curio.sleep gevent.sleep eventlet.sleep signal.pause signal.sigwait signal.sigtimedwait
        tenacity.retry tenacity.Retrying tenacity.AsyncRetrying backoff.on_exception
        backoff.on_predicate retrying.retry retry.retry stamina.retry
    """
    fixing = (
        "--fix: time.sleep(n) and asyncio.sleep(n) become sleep(n) in workflows of wfc, and "
        "DBOS.sleep(n) or await DBOS.sleep_async(n) in those of DBOS. --unsafe-fixes: in Temporal "
        "workflows time.sleep(n) becomes await workflow.sleep(n), during which signals and other "
        "tasks get their turn."
    )
    fixes = {
        (TEMPORAL, "time.sleep"): FixRequest(
            "Use await workflow.sleep()",
            "unsafe",
            "callee",
            "await workflow.sleep",
            ("temporalio", "workflow"),
        ),
        (DBOS, "time.sleep"): FixRequest(
            "Use DBOS.sleep()",
            "safe",
            "callee",
            "DBOS.sleep",
            ("dbos", "DBOS"),
            in_coroutine="await DBOS.sleep_async",
        ),
        (DBOS, "asyncio.sleep"): FixRequest(
            "Use DBOS.sleep_async()", "safe", "callee", "DBOS.sleep_async", ("dbos", "DBOS")
        ),
        (WFC, "time.sleep"): FixRequest(
            "Use sleep() of wfc",
            "safe",
            "callee",
            "sleep",
            ("wfc", "sleep"),
            in_coroutine="await sleep",
        ),
        (WFC, "asyncio.sleep"): FixRequest(
            "Use sleep() of wfc", "safe", "callee", "sleep", ("wfc", "sleep")
        ),
    }

    VALID = (
        "from wfc import sleep, workflow\n\n@workflow\ndef f() -> None:\n    sleep('3 days')\n",
        "import asyncio\n"
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        await asyncio.sleep(3)\n",
        "import asyncio\n"
        "from dbos import DBOS\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    await asyncio.sleep(0)\n",
    )
    INVALID = (
        "import time\n"
        "from wfc import workflow\n\n"
        "@workflow\n"
        "def f() -> None:\n"
        "    time.sleep(3)  # WFC109\n",
        "import asyncio\n"
        "from dbos import DBOS\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    await asyncio.sleep(3)  # WFC109\n",
        "import time\n"
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        time.sleep(3)  # WFC109\n",
        "import asyncio\n"
        "import time\n"
        "from wfc import workflow\n\n"
        "@workflow\n"
        "async def f() -> None:\n"
        "    time.sleep(3)  # WFC109\n"
        "    await asyncio.sleep(3)  # WFC109\n",
        "import time\n"
        "from dbos import DBOS\n\n"
        "@DBOS.workflow()\n"
        "def f() -> None:\n"
        "    time.sleep(3)  # WFC109\n\n"
        "@DBOS.workflow()\n"
        "async def g() -> None:\n"
        "    time.sleep(3)  # WFC109\n",
        "from time import sleep\n"
        "import wfc\n\n"
        "@wfc.workflow\n"
        "def f() -> None:\n"
        "    sleep(3)  # WFC109\n",
    )
    FIXED = (
        "from wfc import sleep, workflow\n\n@workflow\ndef f() -> None:\n    sleep(3)  # WFC109\n",
        "from dbos import DBOS\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    await DBOS.sleep_async(3)  # WFC109\n",
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        await workflow.sleep(3)  # WFC109\n",
        "from wfc import sleep, workflow\n\n"
        "@workflow\n"
        "async def f() -> None:\n"
        "    await sleep(3)  # WFC109\n"
        "    await sleep(3)  # WFC109\n",
        "from dbos import DBOS\n\n"
        "@DBOS.workflow()\n"
        "def f() -> None:\n"
        "    DBOS.sleep(3)  # WFC109\n\n"
        "@DBOS.workflow()\n"
        "async def g() -> None:\n"
        "    await DBOS.sleep_async(3)  # WFC109\n",
        "import wfc\n\n@wfc.workflow\ndef f() -> None:\n    wfc.sleep(3)  # WFC109\n",
    )

    def check(
        self, use: Use, targets: tuple[Target, ...], visit: Visit, context: Context
    ) -> Iterator[Finding]:
        if use.args == (("constant", 0),) and use.flags & AWAITED:  # lets other tasks run
            return
        for finding in super().check(use, targets, visit, context):
            asynchronous = "asyncio.sleep" in context.names.matches(self, use, targets)
            if not (asynchronous and visit.engine == TEMPORAL):
                yield finding

    def fix(self, use: Use, name: str, visit: Visit, context: Context) -> FixRequest | None:
        if len(use.args) != 1 or use.keywords:  # asyncio.sleep(3, "a result")
            return None
        return super().fix(use, name, visit, context)

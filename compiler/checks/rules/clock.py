"""WFC101: reading the clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wfc.compiler.checks.engines import TEMPORAL
from wfc.compiler.checks.facts import Use
from wfc.compiler.checks.rules.base import Finding, FixRequest
from wfc.compiler.checks.rules.names import NameRule
from wfc.compiler.checks.symbols import Target

if TYPE_CHECKING:
    from wfc.compiler.checks.callgraph import Visit
    from wfc.compiler.checks.context import Context

_WORKFLOW = ("temporalio", "workflow")


class Clock(NameRule):
    code = "WFC101"
    name = "clock"
    summary = "A workflow reads the clock."
    why = (
        "An engine runs the workflow function again from its start whenever it recovers or "
        "replays a run. Each time the clock shows another time, so the second run may take "
        "another branch or call a step with other arguments than those that were recorded."
    )
    bad = (
        "@workflow\n"
        "def remind(due: datetime) -> None:\n"
        "    if datetime.now() > due:\n"
        "        send_reminder()"
    )
    good = (
        "@step\n"
        "def is_overdue(due: datetime) -> bool:\n"
        "    return datetime.now() > due\n\n"
        "@workflow\n"
        "def remind(due: datetime) -> None:\n"
        "    if is_overdue(due):\n"
        "        send_reminder()"
    )
    says = "reads the clock"
    need = "time"
    at_import = True
    logged_is_fine = True
    calls = """
        time.time time.time_ns time.monotonic time.monotonic_ns time.perf_counter
        time.perf_counter_ns time.process_time time.process_time_ns time.thread_time
        time.thread_time_ns time.get_clock_info time.clock_gettime time.clock_gettime_ns
        time.pthread_getcpuclockid
        datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.date.today
        timeit.default_timer timeit.timeit timeit.repeat
        asyncio.AbstractEventLoop.time
        arrow.now arrow.utcnow pendulum.now pendulum.today pendulum.tomorrow pendulum.yesterday
        pandas.Timestamp.now pandas.Timestamp.today pandas.Timestamp.utcnow
        django.utils.timezone.now django.utils.timezone.localtime
        whenever.Instant.now whenever.ZonedDateTime.now maya.now ulid.new ulid.ULID
    """
    calls_below = {
        "time.gmtime": 1,
        "time.localtime": 1,
        "time.asctime": 1,
        "time.ctime": 1,
        "time.strftime": 2,
        "email.utils.localtime": 1,
        "email.utils.formatdate": 1,
    }
    fixes = {
        (TEMPORAL, "time.time"): FixRequest(
            "Use workflow.time()", "safe", "call", "workflow.time()", _WORKFLOW
        ),
        (TEMPORAL, "time.time_ns"): FixRequest(
            "Use workflow.time_ns()", "safe", "call", "workflow.time_ns()", _WORKFLOW
        ),
        # workflow.now() has the zone UTC; datetime.now() without one has none.
        (TEMPORAL, "datetime.datetime.now"): FixRequest(
            "Use workflow.now()", "unsafe", "call", "workflow.now()", _WORKFLOW
        ),
        (TEMPORAL, "datetime.datetime.utcnow"): FixRequest(
            "Use workflow.now()", "unsafe", "call", "workflow.now()", _WORKFLOW
        ),
        (TEMPORAL, "datetime.date.today"): FixRequest(
            "Use workflow.now().date()", "unsafe", "call", "workflow.now().date()", _WORKFLOW
        ),
    }

    VALID = (
        "from datetime import datetime, timedelta\n"
        "from wfc import workflow\n\n"
        "@workflow\n"
        "def f(start: datetime) -> datetime:\n"
        "    return max(start, datetime(2026, 1, 1)) + timedelta(days=1)\n",
        "import time\n"
        "from wfc import workflow, step\n\n"
        "@step\n"
        "def read_clock() -> float:\n"
        "    return time.time()\n\n"
        "@workflow\n"
        "def f() -> float:\n"
        "    return read_clock()\n",
        "import time\n"
        "from wfc import workflow\n\n"
        "@workflow\n"
        "def f(at: float) -> str:\n"
        "    return time.strftime('%Y', time.gmtime(at))\n",
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> float:\n"
        "        return workflow.now().timestamp() + workflow.time()\n",
        "import logging, time\n"
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        started = time.monotonic()\n"
        "        elapsed = time.monotonic() - started\n"
        "        workflow.logger.info('took %s', elapsed)\n",
        "import time\n"
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        if not workflow.unsafe.is_replaying():\n"
        "            print(time.time())\n"
        "        with workflow.unsafe.sandbox_unrestricted():\n"
        "            measure(time.perf_counter())\n",
    )
    INVALID = (
        "from datetime import datetime\n"
        "from wfc import workflow\n\n"
        "@workflow\n"
        "def f() -> str:\n"
        "    return datetime.now().isoformat()  # WFC101\n",
        "import time as clock\n"
        "from wfc import workflow\n\n"
        "def stamp() -> float:\n"
        "    return clock.time()  # WFC101\n\n"
        "@workflow\n"
        "def f() -> float:\n"
        "    return stamp()\n",
        "from datetime import datetime\n"
        "from wfc import workflow\n\n"
        "now = datetime.now\n\n"
        "@workflow\n"
        "def f() -> datetime:\n"
        "    return now()  # WFC101\n",
        "import importlib, time\n"
        "from wfc import workflow\n\n"
        "@workflow\n"
        "def f() -> float:\n"
        "    a = getattr(time, 'time')()  # WFC101\n"
        "    b = importlib.import_module('time').monotonic()  # WFC101\n"
        "    return a + b + __import__('time').time()  # WFC101\n",
        "import time\n"
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> float:\n"
        "        return time.time()  # WFC101\n",
    )
    FIXED = (
        "",
        "",
        "",
        "",
        "import time\n"
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> float:\n"
        "        return workflow.time()  # WFC101\n",
    )

    def check(
        self, use: Use, targets: tuple[Target, ...], visit: Visit, context: Context
    ) -> Iterator[Finding]:
        # The event loop of a Temporal workflow keeps the workflow's time.
        if visit.engine == TEMPORAL and use.written.endswith("loop().time"):
            return
        yield from super().check(use, targets, visit, context)

"""WFC101: reading the clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.symbols import Target
from wfc.compiler.checks.engines import TEMPORAL, WFC
from wfc.compiler.checks.judging.rule import Finding, FixRequest, NewStep, moved, recorded
from wfc.compiler.checks.judging.tables import NameRule
from wfc.compiler.checks.reading.facts import Use
from wfc.compiler.diagnostics.model import Safety

if TYPE_CHECKING:
    from wfc.compiler.checks.calls.callgraph import Visit
    from wfc.compiler.checks.judging.context import Context

_UTC = frozenset({"datetime.UTC", "datetime.timezone.utc"})


def _use(text: str, safety: Safety) -> FixRequest:
    title = f"Use {text.replace('{args}', '...')}"
    return FixRequest(title, safety, "expression", text, ("temporalio", "workflow"))


# A moment without a time zone cannot leave a step; this one is the same moment.
_AWARE = FixRequest(
    "Move it into a @step, current_time()",
    "unsafe",
    "expression",
    "",
    step=NewStep("current_time", "{owner}", "{}.astimezone()"),
)


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
        pendulum.DateTime.now dateutil.utils.today django.utils.timezone.localdate
        whenever.Instant.now whenever.ZonedDateTime.now whenever.OffsetDateTime.now
        whenever.ZonedDateTime.now_in_system_tz whenever.Date.today_in_system_tz
        timeit.Timer.timeit timeit.Timer.repeat timeit.Timer.autorange
        maya.now ulid.new ulid.ULID pyotp.TOTP.now jwt.decode jose.jwt.decode
    """
    calls_below = {
        "time.gmtime": 1,
        "time.localtime": 1,
        "time.asctime": 1,
        "time.ctime": 1,
        "time.strftime": 2,
        "email.utils.localtime": 1,
        "email.utils.formatdate": 1,
        "croniter.croniter": 2,
    }
    fixing = (
        "--fix, in Temporal workflows: time.time(), time.time_ns(), datetime.utcnow() and "
        "datetime.now(zone) become what the workflow module gives, of the same type and zone. "
        "--unsafe-fixes: datetime.now() without a zone, datetime.today() and date.today() become "
        "workflow.now(), which is in UTC where they follow the machine; time.monotonic() and "
        "time.perf_counter() become workflow.time(), which counts from another moment. In DBOS "
        "workflows DBOS.run_step() records the clock, and in those of wfc time.time(), "
        "time.time_ns() and datetime.now() move into a step of their own, with a time zone; both "
        "give a workflow that is under way one step more."
    )
    fixes = {
        (TEMPORAL, "time.time"): _use("workflow.time()", "safe"),
        (TEMPORAL, "time.time_ns"): _use("workflow.time_ns()", "safe"),
        (TEMPORAL, "time.monotonic"): _use("workflow.time()", "unsafe"),
        (TEMPORAL, "time.monotonic_ns"): _use("workflow.time_ns()", "unsafe"),
        (TEMPORAL, "time.perf_counter"): _use("workflow.time()", "unsafe"),
        (TEMPORAL, "time.perf_counter_ns"): _use("workflow.time_ns()", "unsafe"),
        (TEMPORAL, "datetime.datetime.now"): _use("workflow.now()", "unsafe"),
        (TEMPORAL, "datetime.datetime.today"): _use("workflow.now()", "unsafe"),
        (TEMPORAL, "datetime.datetime.utcnow"): _use("workflow.now().replace(tzinfo=None)", "safe"),
        (TEMPORAL, "datetime.date.today"): _use("workflow.now().date()", "unsafe"),
        **moved("time", "time", NewStep("current_time", "float")),
        **moved("time", "time_ns", NewStep("current_time", "int")),
        **moved("datetime.datetime", "now", NewStep("current_time", "{owner}")),
        **recorded("time", "time time_ns monotonic monotonic_ns perf_counter perf_counter_ns"),
        **recorded("datetime.datetime", "now today utcnow"),
        **recorded("datetime.date", "today"),
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
        "from datetime import UTC, date, datetime\n"
        "from zoneinfo import ZoneInfo\n"
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self, zone: ZoneInfo) -> None:\n"
        "        self.a = datetime.now(tz=UTC)  # WFC101\n"
        "        self.b = datetime.now(ZoneInfo('Europe/Bern'))  # WFC101\n"
        "        self.c = datetime.utcnow()  # WFC101\n"
        "        self.d = datetime.now()  # WFC101\n"
        "        self.e = date.today()  # WFC101\n"
        "        self.f = datetime.now(zone)  # WFC101\n",
        "import time\n"
        "from datetime import datetime\n"
        "from dbos import DBOS\n\n"
        "@DBOS.workflow()\n"
        "def f() -> float:\n"
        "    return time.time()  # WFC101\n\n"
        "@DBOS.workflow()\n"
        "async def g(zone) -> datetime:\n"
        "    return datetime.now(zone)  # WFC101\n",
    )
    FIXED = (
        "from datetime import datetime\n"
        "from wfc import step, workflow\n\n"
        "@step\n"
        "def current_time() -> datetime:\n"
        "    return datetime.now().astimezone()\n\n\n"
        "@workflow\n"
        "def f() -> str:\n"
        "    return current_time().isoformat()  # WFC101\n",
        "",
        "",
        "",
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> float:\n"
        "        return workflow.time()  # WFC101\n",
        "from zoneinfo import ZoneInfo\n"
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self, zone: ZoneInfo) -> None:\n"
        "        self.a = workflow.now()  # WFC101\n"
        "        self.b = workflow.now().astimezone(ZoneInfo('Europe/Bern'))  # WFC101\n"
        "        self.c = workflow.now().replace(tzinfo=None)  # WFC101\n"
        "        self.d = workflow.now()  # WFC101\n"
        "        self.e = workflow.now().date()  # WFC101\n"
        "        self.f = workflow.now().astimezone(zone)  # WFC101\n",
        "import time\n"
        "from datetime import datetime\n"
        "from dbos import DBOS\n\n"
        "@DBOS.workflow()\n"
        "def f() -> float:\n"
        "    return DBOS.run_step(None, time.time)  # WFC101\n\n"
        "@DBOS.workflow()\n"
        "async def g(zone) -> datetime:\n"
        "    return await DBOS.run_step_async(None, datetime.now, zone)  # WFC101\n",
    )

    def check(
        self, use: Use, targets: tuple[Target, ...], visit: Visit, context: Context
    ) -> Iterator[Finding]:
        # The event loop of a Temporal workflow keeps the workflow's time.
        if visit.engine == TEMPORAL and use.written.endswith("loop().time"):
            return
        yield from super().check(use, targets, visit, context)

    def fix(self, use: Use, name: str, visit: Visit, context: Context) -> FixRequest | None:
        zones = [*use.args, *(term for _, term in use.keywords)]
        fix = super().fix(use, name, visit, context)
        if fix is None or name != "datetime.datetime.now":
            return fix
        if zones in ([], [("constant", None)]):
            return _AWARE if visit.engine == WFC else fix
        if visit.engine != TEMPORAL:
            return fix
        found = context.symbols.resolve(zones[0], visit.file, visit.receiver)
        names = {target.name for target in found if isinstance(target, External)}
        if names and names <= _UTC:
            return _use("workflow.now()", "safe")
        # A zone that a variable holds may be None, which stands for the machine's.
        made = names == {"zoneinfo.ZoneInfo"}
        return _use("workflow.now().astimezone({args})", "safe" if made else "unsafe")

"""WFC101: reading the clock."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.engines.requests import FixRequest
from wfc.compiler.checks.judging.rule import Finding
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.judging.tables import NameRule

_UTC = frozenset({"datetime.UTC", "datetime.timezone.utc"})


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
    moving = (
        "time.time(), time.time_ns() and datetime.now() move into a step of their own, with a time "
        "zone"
    )
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

    VALID = (
        "from datetime import datetime, timedelta\n"
        "from wfc import workflow\n\n@workflow\ndef f(start: datetime) -> datetime:\n"
        "    return max(start, datetime(2026, 1, 1)) + timedelta(days=1)\n",
        "import time\nfrom wfc import workflow, step\n\n@step\ndef read_clock() -> float:\n"
        "    return time.time()\n\n"
        "@workflow\n"
        "def f() -> float:\n"
        "    return read_clock()\n",
        "import time\nfrom wfc import workflow\n\n@workflow\ndef f(at: float) -> str:\n"
        "    return time.strftime('%Y', time.gmtime(at))\n",
    )
    INVALID = (
        "from datetime import datetime\nfrom wfc import workflow\n\n@workflow\ndef f() -> str:\n"
        "    return datetime.now().isoformat()  # WFC101\n",
        "import time as clock\nfrom wfc import workflow\n\ndef stamp() -> float:\n"
        "    return clock.time()  # WFC101\n\n"
        "@workflow\n"
        "def f() -> float:\n"
        "    return stamp()\n",
        "from datetime import datetime\nfrom wfc import workflow\n\n"
        "now = datetime.now\n\n"
        "@workflow\n"
        "def f() -> datetime:\n"
        "    return now()  # WFC101\n",
        "import importlib, time\nfrom wfc import workflow\n\n@workflow\ndef f() -> float:\n"
        "    a = getattr(time, 'time')()  # WFC101\n"
        "    b = importlib.import_module('time').monotonic()  # WFC101\n"
        "    return a + b + __import__('time').time()  # WFC101\n",
    )
    FIXED = (
        "from datetime import datetime\n"
        "from wfc import step, workflow\n\n@step\ndef current_time() -> datetime:\n"
        "    return datetime.now().astimezone()\n\n\n"
        "@workflow\n"
        "def f() -> str:\n"
        "    return current_time().isoformat()  # WFC101\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        if at.engine.loop == "replayed" and at.use.written.endswith("loop().time"):
            return
        yield from super().check(at)

    def fix(self, at: Sighting, name: str) -> FixRequest | None:
        fix = super().fix(at, name)
        if fix is None or name != "datetime.datetime.now":
            return fix
        return at.engine.fixes.get(f"{name}({_zone(at)})", fix)


def _zone(at: Sighting) -> str:
    """The kind of zone that ``datetime.now`` is given: none, UTC, one made in place, or another."""
    given = [*at.use.args, *(term for _, term in at.use.keywords)]
    if given in ([], [("constant", None)]):
        return ""
    found = at.resolve(given[0])
    names = {target.name for target in found if isinstance(target, External)}
    if names and names <= _UTC:
        return "UTC"
    return "ZoneInfo" if names == {"zoneinfo.ZoneInfo"} else "?"

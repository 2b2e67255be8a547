"""WFC111: the machine's time zone and language."""

from __future__ import annotations

from wfc.compiler.checks.engines.requests import FixRequest, Need
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.judging.tables import NameRule
from wfc.compiler.data.struct import replace

_IN_UTC = FixRequest("Name the zone UTC", "unsafe", "expression", "", Need("datetime", "UTC"))


class LocaleAndZone(NameRule):
    code = "WFC111"
    name = "locale-and-time-zone"
    summary = "A workflow depends on the time zone or the language of the machine."
    why = (
        "The replay may happen on a machine with another time zone or locale. A moment without "
        "a zone then means another instant, and texts are formatted or sorted another way."
    )
    bad = "@workflow\ndef f(at: float) -> str:\n    return datetime.fromtimestamp(at).isoformat()"
    good = (
        "@workflow\n"
        "def f(at: float) -> str:\n"
        "    return datetime.fromtimestamp(at, UTC).isoformat()"
    )
    says = "depends on the time zone or the locale of the machine"
    need = "zone"
    at_import = True
    logged_is_fine = True
    values = "time.timezone time.altzone time.daylight time.tzname"
    calls = """
        time.tzset time.mktime datetime.date.fromtimestamp
        tzlocal.get_localzone tzlocal.get_localzone_name dateutil.tz.tzlocal
        pendulum.local_timezone pendulum.local
        babel.default_locale calendar.LocaleTextCalendar calendar.LocaleHTMLCalendar
    """
    calls_below = {
        "datetime.datetime.fromtimestamp": 2,
        "datetime.datetime.astimezone": 1,
        "arrow.Arrow.fromtimestamp": 2,
        "dateutil.tz.gettz": 1,
    }
    calls_from = {"time.localtime": 1, "time.ctime": 1, "email.utils.localtime": 1}
    fixing = (
        "--unsafe-fixes: datetime.fromtimestamp(t) and moment.astimezone() name the zone UTC. "
        "Unsafe because the machine's zone, which they took before, may be another."
    )
    modules = "locale"
    pure = "locale.Error locale.normalize"
    methods_below = {"astimezone": 1}

    VALID = (
        "from datetime import datetime, timezone\nfrom zoneinfo import ZoneInfo\n"
        "from wfc import workflow\n\n@workflow\ndef f(at: float, due: datetime) -> str:\n"
        "    moment = datetime.fromtimestamp(at, tz=timezone.utc)\n"
        "    local = moment.astimezone(ZoneInfo('Europe/Bern'))\n"
        "    return str(local) + str(due.astimezone(timezone.utc))\n",
    )
    INVALID = (
        "import locale, time\nfrom datetime import datetime\n"
        "from wfc import workflow\n\n@workflow\ndef f(at: float, due: datetime) -> str:\n"
        "    a = str(datetime.fromtimestamp(at))  # WFC111\n"
        "    b = due.astimezone().isoformat()  # WFC111\n"
        "    return a + b + locale.str(1.5) + time.ctime(at)  # WFC111\n",
    )
    FIXED = (
        "import locale, time\nfrom datetime import UTC, datetime\n"
        "from wfc import workflow\n\n@workflow\ndef f(at: float, due: datetime) -> str:\n"
        "    a = str(datetime.fromtimestamp(at, UTC))  # WFC111\n"
        "    b = due.astimezone(UTC).isoformat()  # WFC111\n"
        "    return a + b + locale.str(1.5) + time.ctime(at)  # WFC111\n",
    )

    def fix(self, at: Sighting, name: str) -> FixRequest | None:
        if at.use.kind != "call" or at.use.keywords:
            return None
        if name.endswith("astimezone") and not at.use.args:
            return replace(_IN_UTC, text="{callee}(UTC)")
        if name == "datetime.datetime.fromtimestamp" and len(at.use.args) == 1:
            return replace(_IN_UTC, text="{callee}({args}, UTC)")
        return None

"""WFC130: a Temporal activity without a timeout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wfc.backends.temporal.lint import CLASS, ENGINE
from wfc.compiler.checks.calls.symbols import Elements
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting

ACTIVITIES: Final = frozenset(
    f"temporalio.workflow.{verb}{place}_activity{form}"
    for verb in ("execute", "start")
    for place in ("", "_local")
    for form in ("", "_class", "_method")
)
_TIMEOUTS: Final = frozenset({"start_to_close_timeout", "schedule_to_close_timeout"})


class Timeout(Rule):
    code = "WFC130"
    name = "activity-without-timeout"
    summary = "A Temporal activity is started without a timeout."
    why = (
        "Temporal needs start_to_close_timeout or schedule_to_close_timeout to notice that a "
        "worker has died. Without either the call raises at run time, when the workflow gets "
        "there."
    )
    bad = "await workflow.execute_activity(charge, order)"
    good = (
        "await workflow.execute_activity(\n"
        "    charge, order, start_to_close_timeout=timedelta(seconds=30)\n"
        ")"
    )
    only = ENGINE
    kinds = ("call",)

    VALID = (
        "from datetime import timedelta\nfrom temporalio import workflow\n\n"
        "OPTIONS = {'schedule_to_close_timeout': timedelta(minutes=1)}\n\n"
        f"{CLASS}(self, options: dict) -> None:\n"
        "        await workflow.execute_activity(\n"
        "            'charge', start_to_close_timeout=timedelta(seconds=30)\n"
        "        )\n"
        "        await workflow.execute_activity('charge', **OPTIONS)\n"
        "        await workflow.execute_activity('charge', **options)\n",
    )
    INVALID = (
        "from temporalio import workflow as wf\n\n"
        "OPTIONS = {'task_queue': 'gpu'}\n\n"
        "@wf.defn\n"
        "class F:\n"
        "    @wf.run\n"
        "    async def run(self) -> None:\n"
        "        await wf.execute_activity('charge')  # WFC130\n"
        "        await wf.execute_local_activity('charge', start_to_close_timeout=None)  # WFC130\n"
        "        await wf.execute_activity('charge', **OPTIONS)  # WFC130\n"
        "        handle = wf.start_activity('charge', task_queue='gpu')  # WFC130\n"
        "        await handle\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        if ACTIVITIES.isdisjoint(at.names):
            return
        for name, term in at.use.keywords:
            if name in _TIMEOUTS and term != ("constant", None):
                return
            if name == "**" and self.may_have_timeout(at, term):
                return
        message = f"`{at.use.written}()` has no start_to_close_timeout or schedule_to_close_timeout"
        yield Finding(message, "add start_to_close_timeout=timedelta(...)")

    def may_have_timeout(self, at: Sighting, term: tuple[object, ...] | None) -> bool:
        found = at.resolve(term)
        known = [target for target in found if isinstance(target, Elements) and target.keys]
        return not known or any(_TIMEOUTS & set(target.keys) for target in known)

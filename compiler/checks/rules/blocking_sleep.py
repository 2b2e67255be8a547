"""WFC109: sleeping without the engine."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.engines.known import LintEngines, sentences
from wfc.compiler.checks.engines.requests import FixRequest
from wfc.compiler.checks.judging.rule import Finding
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.judging.tables import NameRule
from wfc.compiler.checks.reading.facts import AWAITED


class BlockingSleep(NameRule):
    code = "WFC109"
    name = "blocking-sleep"
    summary = "A workflow sleeps without the engine."
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

    VALID = (
        "from wfc import sleep, workflow\n\n@workflow\ndef f() -> None:\n    sleep('3 days')\n",
    )
    INVALID = (
        "import time\nfrom wfc import workflow\n\n@workflow\ndef f() -> None:\n"
        "    time.sleep(3)  # WFC109\n",
        "import asyncio\nimport time\n"
        "from wfc import workflow\n\n@workflow\nasync def f() -> None:\n"
        "    time.sleep(3)  # WFC109\n"
        "    await asyncio.sleep(3)  # WFC109\n",
        "from time import sleep\nimport wfc\n\n@wfc.workflow\n"
        "def f() -> None:\n"
        "    sleep(3)  # WFC109\n",
    )
    FIXED = (
        "from wfc import sleep, workflow\n\n@workflow\ndef f() -> None:\n    sleep(3)  # WFC109\n",
        "from wfc import sleep, workflow\n\n@workflow\nasync def f() -> None:\n"
        "    await sleep(3)  # WFC109\n"
        "    await sleep(3)  # WFC109\n",
        "import wfc\n\n@wfc.workflow\ndef f() -> None:\n    wfc.sleep(3)  # WFC109\n",
    )

    @classmethod
    def why_among(cls, engines: LintEngines) -> str:
        durable = engines.titles(lambda engine: engine.loop == "replayed", "or")
        other = engines.titles(lambda engine: engine.loop == "real", "or")
        return (
            "time.sleep blocks the worker and is forgotten in a crash: the replay sleeps the whole "
            "time again. A durable timer costs nothing while it waits and keeps its end across "
            f"restarts. In a {durable} workflow asyncio.sleep is such a timer; in a {other} one it "
            "is not."
        )

    @classmethod
    def fixing_among(cls, engines: LintEngines) -> str:
        notes = engines.notes(cls.code)
        safe = [
            "time.sleep(n) and asyncio.sleep(n) become sleep(n) in workflows of wfc",
            *(note.safe for note in notes if note.safe),
        ]
        return (
            f"--fix: {', and '.join(safe)}. "
            f"--unsafe-fixes: {sentences(note.unsafe for note in notes)}."
        )

    def check(self, at: Sighting) -> Iterator[Finding]:
        if at.use.args == (("constant", 0),) and at.use.flags & AWAITED:  # lets other tasks run
            return
        for finding in super().check(at):
            asynchronous = "asyncio.sleep" in at.context.names.matches(self, at.use, at.targets)
            if not (asynchronous and at.engine.loop == "replayed"):
                yield finding

    def fix(self, at: Sighting, name: str) -> FixRequest | None:
        if len(at.use.args) != 1 or at.use.keywords:  # asyncio.sleep(3, "a result")
            return None
        return super().fix(at, name)

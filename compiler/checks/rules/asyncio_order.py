"""WFC118: asyncio functions whose outcome depends on timing."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.engines.known import LintEngines
from wfc.compiler.checks.judging.rule import Finding
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.judging.tables import NameRule

_UNORDERED = ("asyncio.wait", "asyncio.as_completed")
"""These keep their tasks in sets, which no event loop puts in order."""


class AsyncioOrder(NameRule):
    code = "WFC118"
    name = "asyncio-order"
    summary = "A workflow uses an asyncio function that is not replay-safe."
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

    @classmethod
    def why_among(cls, engines: LintEngines) -> str:
        replayed = engines.titles(lambda engine: engine.loop == "replayed")
        return (
            "asyncio.wait and asyncio.as_completed keep their tasks in sets, so the order in which "
            f"results are taken differs from run to run. Outside {replayed}, whose event loop is "
            "deterministic, a task that runs beside the workflow draws its step numbers in "
            "whatever order it gets to run, and timeouts go by the real clock."
        )

    @classmethod
    def fixing_among(cls, engines: LintEngines) -> str:
        return f"--fix: {', and '.join(note.safe for note in engines.notes(cls.code))}."

    def check(self, at: Sighting) -> Iterator[Finding]:
        name = at.context.names.matches(self, at.use, at.targets)
        if name and (at.engine.loop != "replayed" or name in _UNORDERED):
            yield from super().check(at)

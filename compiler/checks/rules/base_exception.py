"""WFC134: catching what the engine throws to stop a workflow."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.engines.engine import LintEngine
from wfc.compiler.checks.engines.known import LintEngines
from wfc.compiler.checks.engines.requests import FixRequest
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting

_NARROWER = FixRequest("Catch Exception", "unsafe", "expression", "Exception")


class BaseExceptionCaught(Rule):
    code = "WFC134"
    name = "catches-base-exception"
    summary = "A workflow catches BaseException and does not raise it again."
    fixing = (
        "--unsafe-fixes: BaseException becomes Exception. Unsafe because what the handler does "
        "when a workflow is cancelled is done no more. One that asks which error it has caught "
        "stays: name asyncio.CancelledError there, beside the errors that are meant."
    )
    kinds = ("catch",)

    @classmethod
    def holds_for(cls, engine: LintEngine) -> bool:
        return engine.raises_to_stop

    @classmethod
    def why_among(cls, engines: LintEngines) -> str:
        how = "; ".join(note.why for note in engines.notes(cls.code))
        others = engines.titles(lambda e: e.raises_to_stop and cls.code not in e.notes)
        return (
            f"{how}; {others} suspend a run in the same way. A handler that swallows them goes on "
            "running code of a workflow that is being stopped."
        )

    def check(self, at: Sighting) -> Iterator[Finding]:
        again = at.use.args == (("constant", True),)
        if again or External("builtins.BaseException") not in at.targets:
            return
        line, column, *_ = at.use.place
        place = (
            (line, column, line, column + len(at.use.written))
            if at.use.written == "except"
            else None
        )
        message = f"`{at.use.written}` also swallows what the engine raises to stop a workflow"
        fix = _NARROWER if place is None and at.use.written == "except BaseException" else None
        yield Finding(message, "catch Exception, or name the errors", place, fix)

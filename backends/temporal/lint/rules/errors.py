"""WFC137: errors that make a Temporal workflow hang."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.backends.temporal.lint import CLASS, ENGINE, RUN
from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.symbols import ProjectClass, Target
from wfc.compiler.checks.judging.context import Context
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.reading.facts import IN_TRY

# Raised for what should never happen, where a stuck task is the right answer.
_NOT_MEANT = (
    "builtins.BaseException",
    "builtins.NotImplementedError",
    "builtins.AssertionError",
)
_FAILING = ("failure_exception_types", "workflow_failure_exception_types")


class Errors(Rule):
    code = "WFC137"
    name = "error-hangs-workflow"
    summary = "A Temporal workflow raises an error that does not fail it."
    why = (
        "Temporal takes an exception in workflow code that is no FailureError for a mistake in "
        "the code: it fails the workflow task, not the workflow, and tries the task again for "
        "ever. The caller waits, and nothing is reported but in the worker's log."
    )
    bad = 'if amount <= 0:\n    raise ValueError("amount must be positive")'
    good = (
        "if amount <= 0:\n"
        '    raise ApplicationError("amount must be positive", type="ValueError", '
        "non_retryable=True)"
    )
    severity = "warning"
    only = ENGINE
    kinds = ("raise",)

    VALID = (
        "from temporalio import workflow\nfrom temporalio.exceptions import ApplicationError\n\n"
        "class Refused(ApplicationError): ...\n\n"
        f"{CLASS}(self, x: int) -> None:\n"
        "        if x > 3:\n"
        "            raise ApplicationError('too many')\n"
        "        try:\n"
        "            raise ValueError\n"
        "        except ValueError as error:\n"
        "            raise Refused('x') from error\n\n"
        "    @workflow.update\n"
        "    async def add(self, x: int) -> None: ...\n\n"
        "    @add.validator\n"
        "    def check(self, x: int) -> None:\n"
        "        raise ValueError('refused')\n",
        "from temporalio import workflow\n\n@workflow.defn(failure_exception_types=[Exception])\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        raise ValueError('x')\n",
        f"{RUN}(self, x: int) -> None:\n"
        "        try:\n"
        "            self.check(x)\n"
        "        except Exception:\n"
        "            await workflow.sleep(1)\n"
        "        await workflow.wait_condition(self.check)\n\n"
        "    def check(self, x: int = 0) -> bool:\n"
        "        if x > 3:\n"
        "            raise ValueError('too many')\n"
        "        return True\n",
    )
    INVALID = (
        "from temporalio import workflow\n\n"
        "class Refused(Exception): ...\n\n"
        f"{CLASS}(self, x: int) -> None:\n"
        "        if x > 3:\n"
        "            raise ValueError('too many')  # WFC137\n"
        "        raise Refused  # WFC137\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        own = len(at.visit.chain) == 1 or at.visit.in_own_class
        if at.use.flags & IN_TRY or at.visit.caught or not own:
            return
        if at.visit.entry.role.decorator in ENGINE.read_only:
            return
        if self.fails_workflow(at):
            return
        if any(self.is_plain(target, at.context) for target in at.targets):
            message = (
                f"`{at.use.written}` is no FailureError: it blocks the run instead of failing it"
            )
            yield Finding(message, "raise temporalio.exceptions.ApplicationError(...)")

    def fails_workflow(self, at: Sighting) -> bool:
        """Whether the author asked for other errors to fail the workflow."""
        owner = at.visit.file.facts.classes.get(at.visit.entry.function.owner)
        given = {name for d in (owner.decorators if owner else ()) for name, _ in d.keywords}
        return _FAILING[0] in given or _FAILING[1] in at.context.mentions

    def is_plain(self, target: Target, context: Context) -> bool:
        # partial: only classes are raised
        match target:
            case External(name):
                return name.startswith("builtins.") and name not in _NOT_MEANT
            case ProjectClass():
                bases = [b for b in context.symbols.mro(target) if isinstance(b, External)]
                return bool(bases) and all(base.name.startswith("builtins.") for base in bases)
        return False

"""WFC142: a workflow that is started from a step."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.backends.dbos.lint import ENGINE
from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.symbols import ProjectFunction
from wfc.compiler.checks.judging.rule import STEP, Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting

_STARTS = frozenset(
    {
        "dbos.DBOS.start_workflow",
        "dbos.DBOS.start_workflow_async",
        "dbos.DBOS.enqueue_workflow",
        "dbos.DBOS.enqueue_workflow_async",
        "dbos.Queue.enqueue",
        "dbos.Queue.enqueue_async",
    }
)


class WorkflowInStep(Rule):
    code = "WFC142"
    name = "workflow-in-step"
    summary = "A DBOS step starts a workflow."
    why = (
        "DBOS refuses it with an AssertionError when the step runs: only workflows may start "
        "workflows, since the start has to be recorded."
    )
    bad = "@DBOS.step()\ndef charge(order: str) -> None:\n    DBOS.start_workflow(ship, order)"
    good = (
        "@DBOS.workflow()\n"
        "def pay(order: str) -> None:\n"
        "    charge(order)\n"
        "    DBOS.start_workflow(ship, order)"
    )
    only = ENGINE
    where = STEP
    kinds = ("call",)

    VALID = (
        "from dbos import DBOS\n\n@DBOS.workflow()\n"
        "def ship(order: str) -> None: ...\n\n"
        "@DBOS.workflow()\n"
        "def pay(order: str) -> None:\n"
        "    DBOS.start_workflow(ship, order)\n"
        "    ship(order)\n",
    )
    INVALID = (
        "from dbos import DBOS\n\n@DBOS.workflow()\n"
        "def ship(order: str) -> None: ...\n\n"
        "def send(order: str) -> None:\n"
        "    ship(order)  # WFC142\n\n"
        "@DBOS.step()\n"
        "def charge(order: str) -> None:\n"
        "    DBOS.start_workflow(ship, order)  # WFC142\n"
        "    send(order)\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        for target in at.targets:
            # partial: nothing else starts a workflow
            match target:
                case External(name) if name in _STARTS:
                    pass
                case ProjectFunction(file, function) if (
                    at.context.roles.of(file, function).kind == "workflow"
                ):
                    pass
                case _:
                    continue
            message = f"`{at.use.written}()` starts a workflow from a step"
            yield Finding(message, "start it from the workflow that calls the step")
            return

"""WFC133: a Temporal query that changes its workflow."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.backends.temporal.lint import CLASS, ENGINE
from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.reading.expressions import MUTATORS
from wfc.compiler.checks.reading.facts import Use
from wfc.compiler.checks.reading.terms import Term, root_kind

_OPERATIONS = (
    "temporalio.workflow.execute_",
    "temporalio.workflow.start_",
    "temporalio.workflow.sleep",
    "temporalio.workflow.wait_condition",
    "temporalio.workflow.upsert_",
    "temporalio.workflow.continue_as_new",
)


class Query(Rule):
    code = "WFC133"
    name = "query-changes-state"
    summary = "A Temporal query or validator changes its workflow or starts something."
    why = (
        "Queries and validators leave nothing in the history. What one changes is there until "
        "the workflow leaves the worker's memory and missing in the replay, which then goes "
        "another way."
    )
    bad = "@workflow.query\ndef status(self) -> str:\n    self.asked += 1\n    return self.state"
    good = "@workflow.query\ndef status(self) -> str:\n    return self.state"
    only = ENGINE
    kinds = ("write", "call")

    VALID = (
        "from temporalio import workflow\n\n@workflow.defn\n"
        "class F:\n"
        "    def __init__(self) -> None:\n"
        "        self.items: list[str] = []\n\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        self.note('a')\n\n"
        "    def note(self, item: str) -> None:\n"
        "        self.items.append(item)\n\n"
        "    @workflow.query\n"
        "    def last(self) -> str:\n"
        "        names = list(self.items)\n"
        "        names.reverse()\n"
        "        return names[0]\n",
        "from temporalio import workflow\n\n"
        "class Report:\n"
        "    def __init__(self, title: str) -> None:\n"
        "        self.lines = [title]\n"
        "        self.add('')\n\n"
        "    def add(self, line: str) -> None:\n"
        "        self.lines.append(line)\n\n"
        f"{CLASS}(self) -> None: ...\n\n"
        "    @workflow.query\n"
        "    def report(self) -> str:\n"
        "        report = Report('all')\n"
        "        report.add('end')\n"
        "        return str(report)\n",
    )
    INVALID = (
        "from temporalio import workflow\n\n@workflow.defn\n"
        "class F:\n"
        "    def __init__(self) -> None:\n"
        "        self.items: list[str] = []\n"
        "        self.asked = 0\n\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        self.note('a')\n\n"
        "    def note(self, item: str) -> None:\n"
        "        self.items.append(item)  # WFC133\n\n"
        "    @workflow.query\n"
        "    def last(self) -> str:\n"
        "        self.asked += 1  # WFC133\n"
        "        self.note('asked')\n"
        "        return self.items.pop()  # WFC133\n\n"
        "    @workflow.update\n"
        "    async def add(self, item: str) -> None:\n"
        "        self.items.append(item)\n\n"
        "    @add.validator\n"
        "    def check(self, item: str) -> None:\n"
        "        self.items[0] = item  # WFC133\n",
        "from temporalio import workflow\n\n"
        "class Log:\n"
        "    def __init__(self) -> None:\n"
        "        self.items: list[str] = []\n\n"
        "    def note(self, item: str) -> None:\n"
        "        self.items.append(item)  # WFC133\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    def __init__(self) -> None:\n"
        "        self.log = Log()\n\n"
        "    @workflow.run\n"
        "    async def run(self) -> None: ...\n\n"
        "    @workflow.query\n"
        "    def last(self) -> str:\n"
        "        self.log.note('asked')\n"
        "        return self.log.items[-1]\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        handler = at.visit.entry.role.decorator
        if handler not in ENGINE.read_only:
            return
        kind = handler.rpartition(".")[2]
        if at.visit.owned and self.changes(at.use):
            message = f"`{at.use.written}` changes the workflow in a {kind}"
            yield Finding(message, "only read in it; use a signal or an update to change something")
        elif self.starts(at):
            message = f"`{at.use.written}()` starts an operation in a {kind}"
            yield Finding(message, "start it from the run method, a signal or an update")

    def changes(self, use: Use) -> bool:
        match use.term:
            case ("attr", base, str() as method) if use.kind == "call":
                return method in MUTATORS and _on_self(base)
        return use.kind == "write" and _on_self(use.term)

    def starts(self, at: Sighting) -> bool:
        return at.use.kind == "call" and any(
            isinstance(target, External) and target.name.startswith(_OPERATIONS)
            for target in at.targets
        )


def _on_self(term: Term) -> bool:
    """Whether a term is an attribute of ``self``."""
    return term is not None and term[0] == "attr" and root_kind(term) == "self"

"""WFC140: parallel branches whose steps are numbered by chance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.symbols import ProjectFunction
from wfc.compiler.checks.engines.engine import LintEngine
from wfc.compiler.checks.engines.known import LintEngines
from wfc.compiler.checks.judging.context import Context
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.reading.facts import AWAITED, IN_LOOP, Use
from wfc.compiler.checks.reading.terms import Term

_GATHERS: Final = frozenset({"asyncio.gather", "asyncio.TaskGroup.create_task"})


class GatherBranches(Rule):
    code = "WFC140"
    name = "gather-of-several-steps"
    summary = "Parallel branches with several steps each run in one gather."
    kinds = ("call",)

    @classmethod
    def holds_for(cls, engine: LintEngine) -> bool:
        return engine.numbers_steps

    @classmethod
    def why_among(cls, engines: LintEngines) -> str:
        then = "".join(f", and {note.why}" for note in engines.notes(cls.code))
        return (
            f"{engines.titles(cls.holds_for)} number the steps of a workflow in the order in which "
            "they start. In branches with more than one step that order depends on timing: a "
            f"replay gives a branch the results of another{then}. One step per branch is numbered "
            "when gather is called and safe."
        )

    def check(self, at: Sighting) -> Iterator[Finding]:
        if at.names.isdisjoint(_GATHERS | at.context.engines.gathers):
            return
        for term in at.use.args:
            for callee in _callees(term):
                for branch in at.resolve(callee):
                    if isinstance(branch, ProjectFunction) and self.is_long(branch, at.context):
                        name = branch.function.name
                        message = f"the branch `{name}` has several steps, numbered by chance"
                        advice = "make the branch a workflow of its own and start it"
                        yield Finding(message, advice)
                        return

    def is_long(self, branch: ProjectFunction, context: Context) -> bool:
        """Whether a branch that is no step or workflow itself awaits more than one operation."""
        if context.roles.of(branch.file, branch.function).kind:
            return False
        count = 0
        for use in branch.function.uses:
            if use.kind == "call" and self.is_operation(use, branch, context):
                count += 2 if use.flags & IN_LOOP else 1
        return count > 1

    def is_operation(self, use: Use, branch: ProjectFunction, context: Context) -> bool:
        for target in context.symbols.resolve(use.term, branch.file, branch.receiver):
            # partial: nothing else is an operation
            match target:
                case ProjectFunction(file, function) if context.roles.of(file, function).kind:
                    return True
                case External(name) if (
                    name.startswith(context.engines.operations) and use.flags & AWAITED
                ):
                    return True
        return bool(use.flags & AWAITED) and use.written.startswith(("ctx.", "context."))


def _callees(term: Term) -> Iterator[Term]:
    """What is called in an argument: ``book(1)``, or the elements of ``*[book(x) for x in xs]``."""
    match term:
        case ("call", callee, _):
            yield callee
        case ("item", inner):
            yield from _callees(inner)
        case ("display", tuple() as items, _) | ("one of", tuple() as items):
            for item in items:
                yield from _callees(item)

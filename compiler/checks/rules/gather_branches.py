"""WFC140: parallel branches whose steps are numbered by chance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.symbols import ProjectFunction, Target
from wfc.compiler.checks.engines import DBOS, RESTATE
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.reading.facts import AWAITED, IN_LOOP, Use
from wfc.compiler.checks.reading.terms import Term

if TYPE_CHECKING:
    from wfc.compiler.checks.calls.callgraph import Visit
    from wfc.compiler.checks.judging.context import Context

_GATHERS: Final = frozenset({"asyncio.gather", "restate.gather", "asyncio.TaskGroup.create_task"})


class GatherBranches(Rule):
    code = "WFC140"
    name = "gather-of-several-steps"
    summary = "Parallel branches with several steps each run in one gather."
    why = (
        "DBOS and Restate number the steps of a workflow in the order in which they start. In "
        "branches with more than one step that order depends on timing: a replay gives a branch "
        "the results of another, and in DBOS ends with SUCCESS. One step per branch is numbered "
        "when gather is called and safe."
    )
    bad = (
        "async def book(kind: str) -> None:\n"
        "    price = await quote(kind)\n"
        "    await reserve(kind, price)\n\n"
        "@DBOS.workflow()\n"
        "async def trip() -> None:\n"
        '    await asyncio.gather(book("hotel"), book("flight"))'
    )
    good = (
        "@DBOS.workflow()\n"
        "async def book(kind: str) -> None:\n"
        "    price = await quote(kind)\n"
        "    await reserve(kind, price)\n\n"
        "@DBOS.workflow()\n"
        "async def trip() -> None:\n"
        '    kinds = ["hotel", "flight"]\n'
        "    handles = [await DBOS.start_workflow_async(book, kind) for kind in kinds]\n"
        "    for handle in handles:\n"
        "        await handle.get_result()"
    )
    engines = (DBOS, RESTATE)
    kinds = ("call",)

    VALID = (
        "import asyncio\n"
        "from dbos import DBOS\n\n"
        "@DBOS.step()\n"
        "async def charge(x: int) -> int: ...\n\n"
        "async def one(x: int) -> int:\n"
        "    return await charge(x)\n\n"
        "@DBOS.workflow()\n"
        "async def f(xs: list[int]) -> None:\n"
        "    await asyncio.gather(charge(1), charge(2), one(3))\n"
        "    await asyncio.gather(*[charge(x) for x in xs])\n",
    )
    INVALID = (
        "import asyncio\n"
        "from dbos import DBOS\n\n"
        "@DBOS.step()\n"
        "async def quote(x: int) -> int: ...\n\n"
        "@DBOS.step()\n"
        "async def reserve(x: int) -> int: ...\n\n"
        "async def book(x: int) -> int:\n"
        "    return await reserve(await quote(x))\n\n"
        "@DBOS.workflow()\n"
        "async def f(xs: list[int]) -> None:\n"
        "    await asyncio.gather(book(1), book(2))  # WFC140\n"
        "    branches = [book(x) for x in xs]\n"
        "    await asyncio.gather(*branches)  # WFC140\n",
    )

    def check(
        self, use: Use, targets: tuple[Target, ...], visit: Visit, context: Context
    ) -> Iterator[Finding]:
        if not any(isinstance(t, External) and t.name in _GATHERS for t in targets):
            return
        for term in use.args:
            for callee in _callees(term):
                for branch in context.symbols.resolve(callee, visit.file, visit.receiver):
                    if isinstance(branch, ProjectFunction) and self.is_long(branch, context):
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
                case External(name) if name.startswith("dbos.DBOS.") and use.flags & AWAITED:
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

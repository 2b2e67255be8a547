"""WFC131: a coroutine that is never awaited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.symbols import ProjectFunction, Target
from wfc.compiler.checks.engines.requests import FixRequest
from wfc.compiler.checks.judging.context import Context
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.reading.facts import AWAITED, DISCARDED
from wfc.compiler.checks.wordsets import words

_COROUTINES: Final = words("asyncio.sleep asyncio.wait_for")
_AWAIT: Final = FixRequest("Await it", "unsafe", "expression", "await {}")


class MissingAwait(Rule):
    code = "WFC131"
    name = "missing-await"
    summary = "A workflow calls a coroutine function and does not await it."
    why = (
        "Calling a coroutine function only makes the coroutine. Without await nothing of it "
        "runs: the activity is not started, the timer is not set, and Python says so only in a "
        "warning."
    )
    fixing = (
        "--unsafe-fixes: the call is awaited. Unsafe because the workflow then does what it never "
        "did."
    )
    kinds = ("call",)

    def check(self, at: Sighting) -> Iterator[Finding]:
        if not at.use.flags & DISCARDED or at.use.flags & AWAITED:
            return
        advice = "write await before the call"
        fix = _AWAIT if at.visit.function.asynchronous else None
        if _is_future(at):
            message = f"`{at.use.written}()` is never awaited: its result and its errors are lost"
            yield Finding(message, advice, fix=fix)
        elif any(_is_coroutine(target, at.context) for target in at.targets):
            message = (
                f"`{at.use.written}()` makes a coroutine that nothing awaits, so it never runs"
            )
            yield Finding(message, advice, fix=fix)


def _is_future(at: Sighting) -> bool:
    """Whether a call gives a future of the engine; of a context without annotation, by its name."""
    engine = at.engine
    names = at.names
    for name in names:
        owner, _, method = name.rpartition(".")
        if owner.endswith("Context.promise()") and method in engine.promise_futures:
            return True
        if owner.endswith("Context") and at.context.engines.owner(name) is engine:
            return method in engine.futures
    owner, _, method = at.use.written.rpartition(".")
    return not names and at.context.engines.is_context(owner) and method in engine.futures


def _is_coroutine(target: Target, context: Context) -> bool:
    # partial: nothing else returns a coroutine
    match target:
        case External(name):
            return name in _COROUTINES or name in context.engines.coroutines
        case ProjectFunction(_, function):
            return function.asynchronous and not function.generator
    return False

"""The author API of wfc, declared like an engine."""

from __future__ import annotations

from typing import Final

from wfc.compiler.checks.engines.engine import LintEngine
from wfc.compiler.checks.engines.requests import FixRequest, Need, NewStep
from wfc.compiler.checks.wordsets import words
from wfc.compiler.data.struct import replace


def _moved(module: str, names: str, step: NewStep) -> dict[str, FixRequest]:
    """Fixes that let a step do what functions of a module do, by name. Unsafe, because a workflow
    that is under way gets one step more."""
    request = FixRequest(
        f"Move it into a @step, {step.name}()", "unsafe", "expression", "", step=step
    )
    return {f"{module}.{name}": request for name in names.split()}


_SLEEP: Final = FixRequest("Use sleep() of wfc", "safe", "callee", "sleep", Need("wfc", "sleep"))

WFC: Final = LintEngine(
    name="wfc",
    title="wfc",
    packages=("wfc",),
    workflows=words("wfc.workflow"),
    steps=words("wfc.step"),
    transactions=words("wfc.transaction"),
    boundaries=("wfc.wait_for_callback",),
    aliases={"wfc.author.decorators": "wfc", "wfc.author.operations": "wfc"},
    star_members={
        "wfc": words(
            "workflow step transaction sleep gather fan_out now uuid4 random Retry injected"
        )
    },
    instead={
        "io": "move the call into a @step and use its result",
        "shared": "read it in a @step, or pass it as an argument",
        "input": "make the answer a parameter of the workflow",
        "parallel": "call the steps one after the other, or do the parallel work inside one @step",
        "time": "read the clock in a @step and use its result",
        "random": "draw the number in a @step and use its result",
        "uuid": "make the id in a @step and use its result",
        "sleep": "use sleep(...) of wfc, which is a durable timer",
        "environment": "read it in a @step, or make it a parameter of the workflow",
        "first": "call the steps one after the other, or let one @step do the waiting",
        "state": "keep it in a local variable and pass it on as an argument",
        "log": "log inside a @step",
    },
    fixes={
        **_moved("time", "time", NewStep("current_time", "float")),
        **_moved("time", "time_ns", NewStep("current_time", "int")),
        **_moved("datetime.datetime", "now", NewStep("current_time", "{owner}")),
        # A moment without a time zone cannot leave a step; this one is the same moment.
        **_moved(
            "datetime.datetime", "now()", NewStep("current_time", "{owner}", "{}.astimezone()")
        ),
        **_moved("random", "random uniform gauss", NewStep("random_number", "float")),
        **_moved("random", "randint randrange", NewStep("random_number", "int")),
        **_moved("uuid", "uuid1 uuid4 uuid6 uuid7", NewStep("new_id", "str", "str({})", "str")),
        "time.sleep": replace(_SLEEP, in_coroutine="await sleep"),
        "asyncio.sleep": _SLEEP,
    },
)

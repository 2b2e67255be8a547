"""WFC150: a step that changes its argument."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.calls.callgraph import Visit
from wfc.compiler.checks.calls.symbols import Target
from wfc.compiler.checks.engines.author import WFC
from wfc.compiler.checks.judging.context import Context
from wfc.compiler.checks.judging.rule import STEP, Finding, Rule
from wfc.compiler.checks.reading.facts import ON_PARAMETER, Use


class StepMutation(Rule):
    code = "WFC150"
    name = "step-changes-argument"
    summary = "A step changes the object that it was given."
    why = (
        "A step gets a copy of its arguments, as an engine sends them to another process. What "
        "it changes in them is lost when it returns; the workflow never sees it."
    )
    bad = "@step\ndef tag(order: dict[str, str]) -> None:\n    order['tag'] = 'new'"
    good = (
        "@step\n"
        "def tag(order: dict[str, str]) -> dict[str, str]:\n"
        "    return {**order, 'tag': 'new'}"
    )
    severity = "warning"
    only = WFC
    where = STEP
    kinds = ("write", "call")

    VALID = (
        "from wfc import step\n\n"
        "@step\n"
        "def tag(order: dict[str, str], names: list[str]) -> dict[str, str]:\n"
        "    order = dict(order)\n"
        "    order['tag'] = 'new'\n"
        "    result = list(names)\n"
        "    result.append('a')\n"
        "    return order\n",
    )
    INVALID = (
        "from wfc import step\n\n"
        "@step\n"
        "def tag(order: dict[str, str], names: list[str]) -> None:\n"
        "    order['tag'] = 'new'  # WFC150\n"
        "    names.append('a')  # WFC150\n",
    )

    def check(
        self, use: Use, targets: tuple[Target, ...], visit: Visit, context: Context
    ) -> Iterator[Finding]:
        if use.flags & ON_PARAMETER and visit.function is visit.entry.function:
            message = f"`{use.written}` changes the step's copy of its argument, which is then lost"
            yield Finding(message, "return the new value")

"""WFC150: a step that changes its argument."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.engines.author import WFC
from wfc.compiler.checks.judging.rule import STEP, Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.reading.facts import ON_PARAMETER


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
        "from wfc import step\n\n@step\n"
        "def tag(order: dict[str, str], names: list[str]) -> dict[str, str]:\n"
        "    order = dict(order)\n"
        "    order['tag'] = 'new'\n"
        "    result = list(names)\n"
        "    result.append('a')\n"
        "    return order\n",
    )
    INVALID = (
        "from wfc import step\n\n@step\ndef tag(order: dict[str, str], names: list[str]) -> None:\n"
        "    order['tag'] = 'new'  # WFC150\n"
        "    names.append('a')  # WFC150\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        if at.use.flags & ON_PARAMETER and at.visit.function is at.visit.entry.function:
            message = (
                f"`{at.use.written}` changes the step's copy of its argument, which is then lost"
            )
            yield Finding(message, "return the new value")

"""What the workflows of ``wide`` are given, and what their steps answer."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, Final

from tests.random_programs.programs import ERRORS, RandomScript
from tests.random_programs.programs import arguments as plain_arguments
from wfc.backends.base import StepFailure

MESSAGES: Final = (
    *("", "boom", 'it\'s "so"', "é😀", '{"Error": "x", "Cause": "y"}', "{not json", "[1]"),
    *("line\nline\ttab", "{% $x %}", "\\", '{"errorMessage": "m", "errorType": "Low"}', "null"),
    *('"', "High: x", "%} {%", "\u2028"),
)


def arguments(seed: int) -> dict[str, Any]:
    """Arguments of ``flow``."""
    choose = random.Random(seed)
    names = ("", "a", "b", "it's", "a", "ab", "é😀", '"')
    texts = ("n1", "free", "{}")
    given = plain_arguments(seed) | {
        "names": [choose.choice(names) for _ in range(choose.randint(0, 4))],
        "order": {
            "item": {"name": "second", "amount": choose.randint(-3, 9)},
            "tags": [choose.choice(names) for _ in range(choose.randint(0, 3))],
            "counts": {key: choose.randint(0, 5) for key in choose.choice(("", "a", "ab"))},
            "level": choose.choice((1, 2)),
            "note": choose.choice((None, "", *texts)),
        },
        "address": {"street": choose.choice(texts), "number": choose.randint(0, 9)},
        "level": choose.choice((1, 2)),
        "plan": choose.choice(("free", "it's paid")),
        "answer": choose.choice(("yes", "no")),
    }
    if choose.random() < 0.6:
        given["note"] = choose.choice((None, "", *texts))
    if choose.random() < 0.4:
        given["address"]["note"] = choose.choice(texts)
    return given


class WideScript(RandomScript):
    """Answers of the steps of :class:`WideProgram`."""

    def answer(self, step: str, arguments: Mapping[str, Any]) -> Any:
        choose = self.random
        if choose.random() < self.failures:
            error = choose.choice((*ERRORS, "Lowest", "KeyError", "Missing", "OSError"))
            raise StepFailure(error, choose.choice(MESSAGES))
        match step:
            case "watch":
                return choose.randint(-9, 30)
            case "slow":
                return choose.choice(("", "a", "it's", "a-b", "7"))
            case "maybe":
                return choose.choice((None, "", "m", "note"))
            case "grade":
                return choose.choice((1, 2))
            case "locate":
                address = {"street": choose.choice(("", "road")), "number": choose.randint(0, 9)}
                return address | choose.choice(({}, {"note": "n"}))
            case "stock":
                return {key: choose.randint(-2, 9) for key in choose.choice(("", "a", "ab", "b"))}
            case "fill":
                item = {"name": choose.choice(("x", "")), "amount": choose.randint(0, 9)}
                tags = choose.choice(([], ["t"], ["", "u"]))
                counts = choose.choice(({}, {"a": 2}))
                note = choose.choice((None, "n"))
                return {"item": item, "tags": tags, "counts": counts, "level": 2, "note": note}
            case "scale":
                return choose.choice((0.5, -1e300, 1e300, 2, 0.1))
            case "pair":
                return [choose.randint(-9, 9), choose.choice(("", "pair"))]
        # The failures were drawn above.
        self.failures, failures = 0.0, self.failures
        try:
            return super().answer(step, arguments)
        finally:
            self.failures = failures

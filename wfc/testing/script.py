"""Answers the steps of a run as a case says."""

from __future__ import annotations

import copy
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

from wfc.backends.base import StepFailure
from wfc.testing.cases import Answer, Case, Group
from wfc.testing.compare import difference


class CaseScript:
    """The answers of one case for one run.

    A call that the case does not answer fails and is written down in ``problems``, because the
    workflow under test may well catch the failure.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.problems: list[str] = []
        self._used: Counter[tuple[str, int]] = Counter()
        self._lock = threading.Lock()  # engines run steps in threads

    def answer(self, step: str, arguments: Mapping[str, Any]) -> Any:
        """What this attempt of the step returns, as JSON data.

        Raises:
            StepFailure: the case says that it fails, or does not answer this call.
        """
        with self._lock:
            answer = self._next(step, arguments)
        if answer.raises:
            raise StepFailure(answer.raises, answer.message)
        return copy.deepcopy(answer.returns)

    def _next(self, step: str, arguments: Mapping[str, Any]) -> Answer:
        groups = self.case.steps.get(step, ())
        specific = [item for item in enumerate(groups) if item[1].when]
        general = [item for item in enumerate(groups) if not item[1].when]
        for index, group in [*specific, *general]:
            if _matches(group, arguments):
                number = self._used[step, index]
                self._used[step, index] += 1
                return group.answers[min(number, len(group.answers) - 1)]
        return self._unanswered(step, arguments, bool(groups))

    def _unanswered(self, step: str, arguments: Mapping[str, Any], named: bool) -> Answer:
        how = "for these arguments" if named else "at all"
        problem = f"the case does not answer step {step} {how}: {dict(arguments)!r}"
        self.problems.append(problem)
        return Answer(raises="NotScripted", message=problem)


def _matches(group: Group, arguments: Mapping[str, Any]) -> bool:
    return all(
        name in arguments and not difference(value, arguments[name])
        for name, value in group.when.items()
    )

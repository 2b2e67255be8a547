"""Retry policies of activities. They are always written: Temporal's default retries for ever."""

from __future__ import annotations

from collections import Counter

from wfc.backends.python.printing.layout import Bracket, Doc, call, flat, join, lay_out
from wfc.backends.python.printing.text import quote
from wfc.backends.python.program.names import Unit
from wfc.backends.python.program.plan import Plan, guarded_errors, is_retried
from wfc.backends.temporal.durations import timedelta
from wfc.compiler.data.struct import replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.typing.hierarchy import catches

# Temporal caps the delay at 100 times the first one unless a policy says otherwise (Temporal
# documentation, "Retry Policies").
_DEFAULT_CAP = 100
# A first delay of zero would be read as "not set", which is a second.
_SHORTEST_DELAY = 0.001


class Policies:
    """The retry policies of a module: one that several calls share has a name."""

    def __init__(self, plan: Plan, unit: Unit) -> None:
        self._plan = plan
        self._unit = unit
        self._uses = Counter(node.step for node in plan.operations if isinstance(node, ir.StepCall))
        self._named: dict[str, Doc] = {}
        self._of_source = self._source_names()

    def of(self, step: ir.Step) -> Doc:
        """What a call of the step passes as ``retry_policy``."""
        if step.retry is None or not is_retried(step):
            return self._constant("NO_RETRY", call(self._class(), ["maximum_attempts=1"]))
        policy = call(self._class(), self._options(step, step.retry))
        if step.retry.name in self._of_source:
            return self._constant(step.retry.name, policy)
        if self._uses[step.name] == 1:
            return policy
        return self._constant(f"{step.name.upper()}_RETRY", policy)

    def constants(self) -> list[str]:
        """The named policies, as lines."""
        lines: list[str] = []
        for name in sorted(self._named):
            lines += lay_out(f"{name} = ", self._named[name])
        return lines

    def _source_names(self) -> frozenset[str]:
        """The source's constants that several calls share, and that are one policy for them all."""
        uses: Counter[str] = Counter()
        texts: dict[str, set[str]] = {}
        for step in self._plan.steps:
            retry = step.retry
            if retry is not None and is_retried(step) and retry.name.isupper():
                uses[retry.name] += self._uses[step.name]
                policy = flat(Bracket("(", tuple(self._options(step, retry)), ")"))
                texts.setdefault(retry.name, set()).add(policy)
        generated = {"NO_RETRY", *(f"{step.name.upper()}_RETRY" for step in self._plan.steps)}
        return frozenset(
            name
            for name, found in texts.items()
            if uses[name] > 1 and len(found) == 1
            if name not in generated and not name.endswith(("_ERRORS", "_TIMEOUT"))
        )

    def _constant(self, name: str, policy: Doc) -> str:
        name = self._unit.own(name)
        self._named[name] = policy
        return name

    def _class(self) -> str:
        return self._unit.library("temporalio.common", "RetryPolicy")

    def _options(self, step: ir.Step, retry: ir.RetryPolicy) -> list[Doc]:
        name = self._unit.library("datetime", "timedelta")
        first = max(retry.first_delay, _SHORTEST_DELAY)
        options: list[Doc] = [f"initial_interval={timedelta(first, name)}"]
        options.append(f"backoff_coefficient={retry.backoff}")
        longest = replace(retry, first_delay=first).longest_delay
        if retry.max_delay is not None:
            options.append(f"maximum_interval={timedelta(max(retry.max_delay, first), name)}")
        elif longest > _DEFAULT_CAP * first:
            options.append(f"maximum_interval={timedelta(longest, name)}")
        options.append(f"maximum_attempts={retry.attempts}")
        fatal = self._fatal_timeouts(step)
        if fatal:
            types = Bracket("[", tuple(map(quote, fatal)), "]")
            options.append(join("non_retryable_error_types=", types))
        return options

    def _fatal_timeouts(self, step: ir.Step) -> list[str]:
        """The timeouts that end the step, because it is not retried on TimeoutError. These names
        are the server's (temporalio/temporal, service/history/workflow/retry.go)."""
        errors = guarded_errors(step)
        if not errors or any(catches(self._plan.module, e, "TimeoutError") for e in errors):
            return []
        heartbeat = ["TemporalTimeout:Heartbeat"] if step.heartbeat is not None else []
        return ["TemporalTimeout:StartToClose", *heartbeat]

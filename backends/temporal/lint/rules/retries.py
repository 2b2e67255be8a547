"""WFC135: Temporal activities that are retried for ever."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.backends.temporal.lint import CLASS, ENGINE
from wfc.backends.temporal.lint.rules.timeout import ACTIVITIES
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting

_BOUNDS = frozenset({"retry_policy", "schedule_to_close_timeout", "**"})


class Retries(Rule):
    code = "WFC135"
    name = "unlimited-retries"
    summary = "A Temporal activity is retried without a limit."
    why = (
        "Without a RetryPolicy that has maximum_attempts, and without a "
        "schedule_to_close_timeout, Temporal retries an activity for ever: a mistake in its "
        "code or input is never reported, the workflow just does not go on. The rule is off by "
        "default, since that may be wanted."
    )
    bad = "await workflow.execute_activity(charge, order, start_to_close_timeout=limit)"
    good = (
        "await workflow.execute_activity(\n"
        "    charge,\n"
        "    order,\n"
        "    start_to_close_timeout=limit,\n"
        "    retry_policy=RetryPolicy(maximum_attempts=5),\n"
        ")"
    )
    severity = "warning"
    default = False
    only = ENGINE
    kinds = ("call",)

    VALID = (
        "from temporalio import workflow\nfrom temporalio.common import RetryPolicy\n\n"
        f"{CLASS}(self, limit) -> None:\n"
        "        await workflow.execute_activity(\n"
        "            'a', start_to_close_timeout=limit,\n"
        "            retry_policy=RetryPolicy(maximum_attempts=3),\n"
        "        )\n"
        "        await workflow.execute_activity('a', schedule_to_close_timeout=limit)\n",
    )
    INVALID = (
        "from temporalio import workflow\nfrom temporalio.common import RetryPolicy\n\n"
        f"{CLASS}(self, limit) -> None:\n"
        "        policy = RetryPolicy(backoff_coefficient=2.0)  # WFC135\n"
        "        await workflow.execute_activity('a', start_to_close_timeout=limit)  # WFC135\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        names = at.names
        given = {name for name, _ in at.use.keywords}
        if names & ACTIVITIES and not given & _BOUNDS:
            message = f"`{at.use.written}()` retries its activity for ever"
            yield Finding(message, "add retry_policy=RetryPolicy(maximum_attempts=...)")
        if "temporalio.common.RetryPolicy" in names and not given & {"maximum_attempts", "**"}:
            message = "this RetryPolicy has no maximum_attempts and retries for ever"
            yield Finding(message, "add maximum_attempts=...")

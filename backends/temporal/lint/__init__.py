"""What the linter knows of Temporal."""

from __future__ import annotations

from typing import Final, Literal

from wfc.compiler.checks.engines.engine import LintEngine, Note
from wfc.compiler.checks.engines.requests import FixRequest, Need
from wfc.compiler.checks.rules.random_numbers import DRAWS
from wfc.compiler.checks.wordsets import words
from wfc.compiler.diagnostics.model import Safety

CLASS: Final = "@workflow.defn\nclass F:\n    @workflow.run\n    async def run"
RUN: Final = f"from temporalio import workflow\n\n{CLASS}"
"""How the cases of rules start."""
_WORKFLOW: Final = Need("temporalio", "workflow", submodule=True)


def _use(
    text: str, safety: Safety, action: Literal["callee", "expression"] = "expression"
) -> FixRequest:
    shown = text.replace("{args}", "...") if action == "expression" else f"{text}()"
    return FixRequest(f"Use {shown}", safety, action, text, _WORKFLOW)


def _draw(method: str) -> FixRequest:
    text = f"workflow.random().{method}"
    return FixRequest("Use workflow.random()", "safe", "callee", text, _WORKFLOW)


ENGINE: Final = LintEngine(
    name="temporal",
    title="Temporal",
    packages=("temporalio",),
    rules=f"{__name__}.rules",
    workflows=words("""
        temporalio.workflow.run temporalio.workflow.signal temporalio.workflow.query
        temporalio.workflow.update temporalio.workflow.init
    """),
    steps=words("temporalio.activity.defn"),
    read_only=words("temporalio.workflow.query temporalio.workflow.validator"),
    of_methods={".validator": "temporalio.workflow.validator"},
    classes={"temporalio.workflow.defn": "temporalio.workflow.init"},
    boundaries=("temporalio.",),
    inside=words("""
        temporalio.workflow.wait_condition temporalio.workflow.set_signal_handler
        temporalio.workflow.set_query_handler temporalio.workflow.set_update_handler
        temporalio.workflow.set_dynamic_signal_handler temporalio.workflow.set_dynamic_query_handler
        temporalio.workflow.set_dynamic_update_handler temporalio.workflow.wait
        temporalio.workflow.as_completed
    """),
    star_members={"temporalio": words("workflow activity")},
    coroutines=words("""
        temporalio.workflow.execute_activity temporalio.workflow.execute_activity_class
        temporalio.workflow.execute_activity_method temporalio.workflow.execute_local_activity
        temporalio.workflow.execute_child_workflow temporalio.workflow.start_child_workflow
        temporalio.workflow.sleep temporalio.workflow.wait_condition temporalio.workflow.wait
    """),
    replaying=words("is_replaying"),
    unreplayed=words("sandbox_unrestricted"),
    passing=words("imports_passed_through"),
    inside_only=words("""
        workflow.info workflow.now workflow.random workflow.time workflow.time_ns workflow.uuid4
    """),
    mentions=words("temporalio.worker deployment_config workflow_failure_exception_types"),
    loop="replayed",
    raises_to_stop=True,
    separates_caught=True,
    instead={
        "io": "move the call into an activity and use workflow.execute_activity(...)",
        "shared": "read it in an activity, or pass it as an argument",
        "input": "wait for a signal or an update",
        "parallel": "start activities and await them with asyncio.gather(...)",
        "time": "use workflow.now() or workflow.time()",
        "random": "use workflow.random()",
        "uuid": "use workflow.uuid4()",
        "sleep": "use await workflow.sleep(...) or await asyncio.sleep(...)",
        "environment": "read it in an activity, or make it an argument of the workflow",
        "first": "use workflow.wait(...) or workflow.as_completed(...)",
        "state": "keep it in an attribute of the workflow object",
        "log": "use workflow.logger, which is silent in a replay",
    },
    fixes={
        "time.time": _use("workflow.time()", "safe"),
        "time.time_ns": _use("workflow.time_ns()", "safe"),
        "time.monotonic": _use("workflow.time()", "unsafe"),
        "time.monotonic_ns": _use("workflow.time_ns()", "unsafe"),
        "time.perf_counter": _use("workflow.time()", "unsafe"),
        "time.perf_counter_ns": _use("workflow.time_ns()", "unsafe"),
        "datetime.datetime.now()": _use("workflow.now()", "unsafe"),
        "datetime.datetime.now(UTC)": _use("workflow.now()", "safe"),
        "datetime.datetime.now(ZoneInfo)": _use("workflow.now().astimezone({args})", "safe"),
        # A zone that a variable holds may be None, which stands for the machine's.
        "datetime.datetime.now": _use("workflow.now().astimezone({args})", "unsafe"),
        "datetime.datetime.today": _use("workflow.now()", "unsafe"),
        "datetime.datetime.utcnow": _use("workflow.now().replace(tzinfo=None)", "safe"),
        "datetime.date.today": _use("workflow.now().date()", "unsafe"),
        **{f"random.{draw}": _draw(draw) for draw in DRAWS},
        "random.Random": _use("workflow.new_random()", "safe"),
        "uuid.uuid1": _use("workflow.uuid4()", "unsafe"),
        "uuid.uuid4": _use("workflow.uuid4", "safe", "callee"),
        "uuid.uuid7": _use("workflow.uuid7", "safe", "callee"),
        "time.sleep": _use("await workflow.sleep", "unsafe", "callee"),
        "asyncio.wait": _use("workflow.wait", "safe", "callee"),
        "asyncio.as_completed": _use("workflow.as_completed", "safe", "callee"),
    },
    logger=("workflow.logger", _WORKFLOW),
    notes={
        "WFC101": Note(
            safe=(
                "in Temporal workflows: time.time(), time.time_ns(), datetime.utcnow() and "
                "datetime.now(zone) become what the workflow module gives, of the same type and "
                "zone"
            ),
            unsafe=(
                "datetime.now() without a zone, datetime.today() and date.today() become "
                "workflow.now(), which is in UTC where they follow the machine; time.monotonic() "
                "and time.perf_counter() become workflow.time(), which counts from another moment"
            ),
        ),
        "WFC102": Note(
            safe=(
                "in Temporal workflows: the functions of the random module become methods of "
                "workflow.random(), and random.Random() becomes workflow.new_random()"
            )
        ),
        "WFC103": Note(
            safe="in Temporal workflows: uuid4() and uuid7() become those of the workflow module",
            unsafe=("uuid1(), which also tells the machine and the time, becomes workflow.uuid4()"),
        ),
        "WFC109": Note(
            unsafe=(
                "in Temporal workflows time.sleep(n) becomes await workflow.sleep(n), during which "
                "signals and other tasks get their turn"
            )
        ),
        "WFC113": Note(
            "a Temporal history recorded with one hash seed does not replay with another"
        ),
        "WFC114": Note("Temporal's sandbox lets such reads pass"),
        "WFC118": Note(
            safe=(
                "asyncio.wait() and asyncio.as_completed() become those of Temporal's workflow "
                "module"
            )
        ),
        "WFC131": Note(
            bad="workflow.execute_activity(charge, order, start_to_close_timeout=limit)",
            good="await workflow.execute_activity(charge, order, start_to_close_timeout=limit)",
        ),
        "WFC134": Note(
            "Temporal removes a workflow from memory by raising an internal BaseException in it, "
            "and cancels it with asyncio.CancelledError",
            bad="try:\n    await charge(order)\nexcept BaseException:\n    failed = True",
            good="try:\n    await charge(order)\nexcept ActivityError:\n    failed = True",
        ),
    },
)

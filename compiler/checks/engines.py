"""The engines whose code is checked: how to recognise their workflows and steps, and what their
authors write instead of a nondeterministic call."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WFC: Final = "wfc"
TEMPORAL: Final = "temporal"
DBOS: Final = "dbos"
RESTATE: Final = "restate"
LAMBDA: Final = "lambda"
ENGINES: Final = (WFC, TEMPORAL, DBOS, RESTATE, LAMBDA)

_LAMBDA_SDK: Final = "aws_durable_execution_sdk_python"

WORKFLOW_DECORATORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wfc.workflow": WFC,
        "temporalio.workflow.run": TEMPORAL,
        "temporalio.workflow.signal": TEMPORAL,
        "temporalio.workflow.query": TEMPORAL,
        "temporalio.workflow.update": TEMPORAL,
        "temporalio.workflow.init": TEMPORAL,
        "dbos.DBOS.workflow": DBOS,
        "restate.Service.handler": RESTATE,
        "restate.VirtualObject.handler": RESTATE,
        "restate.Workflow.handler": RESTATE,
        "restate.Workflow.main": RESTATE,
        f"{_LAMBDA_SDK}.durable_execution": LAMBDA,
        f"{_LAMBDA_SDK}.durable_with_child_context": LAMBDA,
    }
)
STEP_DECORATORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wfc.step": WFC,
        "temporalio.activity.defn": TEMPORAL,
        "dbos.DBOS.step": DBOS,
        f"{_LAMBDA_SDK}.durable_step": LAMBDA,
        f"{_LAMBDA_SDK}.durable_wait_for_callback": LAMBDA,
    }
)
DATASOURCES: Final = frozenset(
    {
        "dbos.SQLAlchemyDatasource",
        "dbos.AsyncSQLAlchemyDatasource",
        "dbos.SQLAlchemyDatasource.create()",
        "dbos.AsyncSQLAlchemyDatasource.create()",
    }
)
"""What runs transactions of the application's database; they are recorded."""
TRANSACTION_DECORATORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wfc.transaction": WFC,
        "dbos.DBOS.transaction": DBOS,
        **{f"{datasource}.transaction": DBOS for datasource in sorted(DATASOURCES)},
    }
)

READ_ONLY: Final = frozenset({"temporalio.workflow.query", "temporalio.workflow.validator"})
"""Handlers that must not change the state of their workflow."""

MARKS: Final = (b"wfc", b"temporalio", b"dbos", b"restate", _LAMBDA_SDK.encode())
"""A file without any of these words defines no workflow."""

# Calls that run what they are given outside the workflow, or only name it. A trailing dot stands
# for everything below.
_BOUNDARIES: Final = (
    "temporalio.",
    "dbos.",
    "restate.",
    "wfc.wait_for_callback",
)
_NO_BOUNDARIES: Final = frozenset(
    {
        "temporalio.workflow.wait_condition",
        "temporalio.workflow.set_signal_handler",
        "temporalio.workflow.set_query_handler",
        "temporalio.workflow.set_update_handler",
        "temporalio.workflow.set_dynamic_signal_handler",
        "temporalio.workflow.set_dynamic_query_handler",
        "temporalio.workflow.set_dynamic_update_handler",
        "temporalio.workflow.wait",
        "temporalio.workflow.as_completed",
        "restate.gather",
        "restate.select",
        "restate.wait_completed",
        "restate.as_completed",
    }
)
# Methods of a context object whose type the source does not say.
_CONTEXT_METHODS: Final = frozenset(
    {
        "step",
        "run",
        "run_typed",
        "invoke",
        "wait_for_callback",
        "wait_for_condition",
        "run_tx_step",
    }
)


def is_boundary(name: str) -> bool:
    """Whether a function handed to this callable does not run as part of the workflow."""
    if name in _NO_BOUNDARIES:
        return False
    if name.startswith(f"{_LAMBDA_SDK}."):
        return name.rpartition(".")[2] in _CONTEXT_METHODS
    return any(
        name.startswith(prefix) if prefix.endswith(".") else name == prefix
        for prefix in _BOUNDARIES
    )


HANDS_ON: Final = frozenset({DBOS})
"""Engines with rules for the steps that :func:`step_call` recognises."""


def step_call(name: str) -> str:
    """``step`` or ``transaction``: what the engine makes of a function that is handed to this
    callable. Empty where that is not known."""
    if not name.startswith("dbos."):
        return ""
    method = name.rpartition(".")[2].removesuffix("_async")
    return {"run_step": "step", "run_tx_step": "transaction"}.get(method, "")


def is_context_method(text: str) -> bool:
    """The same for a callee of unknown type, by its text: ``ctx.step``."""
    owner, _, method = text.rpartition(".")
    return method in _CONTEXT_METHODS and is_context(owner)


def is_context(text: str) -> bool:
    """Whether a variable has the name that people give the context of a handler."""
    return text.rpartition(".")[2] in ("ctx", "context", "durable_context", "restate_context")


def instead(engine: str, need: str) -> str:
    """What an author of the engine writes instead; ``need`` is one of the keys below."""
    words = _INSTEAD[engine]
    return words.get(need) or _EVERYWHERE.get(need) or words["io"]


_EVERYWHERE: Final[Mapping[str, str]] = {
    "order": "sort it first: sorted(...); or keep a list or dict, which have an order",
    "zone": "name the zone: datetime.fromtimestamp(t, UTC), moment.astimezone(UTC)",
    "hash": "use hashlib or zlib.crc32, which give the same number everywhere",
}
_INSTEAD: Final[Mapping[str, Mapping[str, str]]] = {
    WFC: {
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
    TEMPORAL: {
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
    DBOS: {
        "io": "move the call into a function with @DBOS.step()",
        "shared": "read it in a step, or pass it as an argument",
        "input": "wait for a message: DBOS.recv(...)",
        "parallel": "await async steps with asyncio.gather(...), or start child workflows",
        "time": "read the clock in a function with @DBOS.step()",
        "random": "draw the number in a function with @DBOS.step()",
        "uuid": "make the id in a function with @DBOS.step()",
        "sleep": "use DBOS.sleep(...) or await DBOS.sleep_async(...)",
        "environment": "read it in a function with @DBOS.step(), or make it an argument",
        "first": "use DBOS.asyncio_wait(...) or DBOS.wait_first(...), whose choice is recorded",
        "state": "keep it in a local variable, or in the database through a step",
        "log": "use DBOS.logger, or log inside a step",
    },
    RESTATE: {
        "io": "wrap the call in ctx.run_typed(...)",
        "shared": "read it in ctx.run_typed(...), or pass it as an argument",
        "input": "wait for an awakeable or a promise",
        "parallel": "start ctx.run_typed(...) several times and use restate.gather(...)",
        "time": "use await ctx.time()",
        "random": "use ctx.random()",
        "uuid": "use ctx.uuid()",
        "sleep": "use await ctx.sleep(...)",
        "environment": "read it in ctx.run_typed(...), or make it an argument",
        "first": "use restate.select(...) or restate.wait_completed(...)",
        "state": "keep it in a local variable, or use ctx.set(...) and ctx.get(...)",
        "log": "log inside ctx.run_typed(...)",
    },
    LAMBDA: {
        "io": "wrap the call in context.step(...)",
        "shared": "read it in context.step(...), or make it part of the event",
        "input": "use context.wait_for_callback(...)",
        "parallel": "use context.parallel(...) or context.map(...)",
        "time": "read the clock in context.step(...)",
        "random": "draw the number in context.step(...)",
        "uuid": "make the id in context.step(...)",
        "sleep": "use context.wait(...)",
        "environment": "read it in context.step(...), or make it part of the event",
        "first": "use context.parallel(...)",
        "state": "keep it in a local variable and return it from steps",
        "log": "use context.logger, which is silent in a replay",
    },
}

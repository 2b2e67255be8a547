"""What the linter knows of Restate."""

from __future__ import annotations

from typing import Final

from wfc.compiler.checks.engines.engine import LintEngine, Note
from wfc.compiler.checks.wordsets import words

ENGINE: Final = LintEngine(
    name="restate",
    title="Restate",
    packages=("restate",),
    workflows=words("""
        restate.Service.handler restate.VirtualObject.handler restate.Workflow.handler
        restate.Workflow.main
    """),
    boundaries=("restate.",),
    inside=words("restate.gather restate.select restate.wait_completed restate.as_completed"),
    context_methods=words("run run_typed"),
    contexts=words("ctx context restate_context"),
    aliases={
        f"restate.{module}": "restate"
        for module in ("service", "object", "workflow", "context", "asyncio")
    },
    coroutines=words("restate.gather restate.select restate.wait_completed"),
    gathers=words("restate.gather"),
    futures=words("""
        run run_typed sleep time get state_keys service_call object_call workflow_call generic_call
        attach_invocation
    """),
    promise_futures=words("value peek resolve reject"),
    loop="real",
    raises_to_stop=True,
    numbers_steps=True,
    instead={
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
    notes={
        "WFC131": Note(
            "the context of Restate gives futures: without await the handler goes on before the "
            "call is done, and never hears of its error"
        )
    },
)

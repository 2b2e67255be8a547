"""Cases of general rules in the words of Restate."""

from __future__ import annotations

from wfc.compiler.checks.judging.rule import Cases


class MissingAwait(Cases):
    code = "WFC131"
    INVALID = (
        "import restate\nfrom datetime import timedelta\n\n"
        "order = restate.Workflow('Order')\n\n"
        "@order.main()\n"
        "async def run(ctx: restate.WorkflowContext, x: int) -> None:\n"
        "    ctx.sleep(timedelta(days=1))  # WFC131\n"
        "    ctx.set('x', x)\n"
        "    ctx.service_send(run, x)\n"
        "    ctx.promise('paid').resolve(x)  # WFC131\n\n"
        "@order.handler()\n"
        "async def pay(ctx, x: int) -> None:\n"
        "    ctx.run_typed('charge', print)  # WFC131\n",
    )


class BaseExceptionCaught(Cases):
    code = "WFC134"
    INVALID = (
        "import restate\n\n"
        "service = restate.Service('s')\n\n"
        "@service.handler()\n"
        "async def run(ctx: restate.Context, x: int) -> None:\n"
        "    try:\n"
        "        await ctx.run_typed('a', print)\n"
        "    except:  # WFC134\n"
        "        pass\n",
    )

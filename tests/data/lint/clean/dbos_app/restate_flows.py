import asyncio
import random
import time
from datetime import datetime, timedelta, timezone

import requests
import restate
from aws_durable_execution_sdk_python import (
    DurableContext,
    StepContext,
    durable_execution,
    durable_step,
    durable_wait_for_callback,
)
from aws_durable_execution_sdk_python.config import Duration
from restate import TerminalError, WorkflowContext, WorkflowSharedContext

greeter = restate.Service("greeter")
order = restate.Workflow("Order")


@greeter.handler()
async def greet(ctx: restate.Context, name: str) -> str:
    stamp = await ctx.run_typed("now", time.time)
    await ctx.sleep(timedelta(seconds=3))
    ctx.service_send(greet, name)
    return f"{name} {ctx.uuid()} {stamp} {ctx.random().random()}"


def charge(amount: int) -> float:
    return requests.post(str(amount)).elapsed.total_seconds() + random.random()


@order.main()
async def run(ctx: WorkflowContext, amount: int) -> str:
    opened = datetime.fromtimestamp(await ctx.time(), timezone.utc)
    calls = [ctx.run_typed(f"charge {n}", charge, amount=n) for n in range(amount)]
    await restate.gather(*calls)
    await asyncio.gather(*[ctx.run_typed("again", charge, amount=1) for _ in range(2)])
    ctx.set("opened", opened.isoformat())
    match await restate.select(paid=ctx.promise("paid").value(), late=ctx.sleep(timedelta(1))):
        case ["paid", _]:
            state = "paid"
        case _:
            state = "late"
    try:
        await ctx.run_typed("charge", charge, amount=amount)
    except TerminalError as error:
        await ctx.run_typed("refund", charge, amount=-amount)
        raise TerminalError(f"not charged: {error.message}") from error
    return state


@order.handler()
async def pay(ctx: WorkflowSharedContext, amount: int) -> None:
    await ctx.promise("paid").resolve(amount)


@durable_step
def reserve(context: StepContext, item: str) -> float:
    return time.time() + random.random()


@durable_wait_for_callback
def ask(callback_id: str, context: StepContext) -> None:
    requests.post(callback_id)


@durable_execution
def handler(event, context: DurableContext) -> float:
    context.wait(Duration.from_seconds(5))
    context.wait_for_callback(ask(), name="approval")
    context.wait_for_condition(lambda state, _: requests.get(state).json(), None)
    prices = context.map(["a", "b"], lambda c, item, i, items: c.step(reserve(item)))
    prices.throw_if_error()
    context.logger.info("reserved %s", prices)
    return context.step(reserve("x")) + context.step(lambda _: time.time(), name="now")

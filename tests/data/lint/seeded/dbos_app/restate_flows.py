import random
import time
import uuid

import restate
from aws_durable_execution_sdk_python import DurableContext, durable_execution, durable_step

greeter = restate.Service("greeter")
order = restate.Workflow("Order")


@greeter.handler()
async def greet(ctx: restate.Context, name: str) -> str:
    stamp = time.time()  # WFC101
    await ctx.run_typed("ok", lambda: time.time())
    return f"{name} {uuid.uuid4()} {stamp}"  # WFC103


@order.main()
async def run(ctx, request: dict) -> float:
    await ctx.run("ok", lambda: random.random())
    return random.random()  # WFC102


@durable_step
def reserve(context, item: str) -> float:
    return time.time()


@durable_execution
def handler(event, context: DurableContext) -> float:
    a = context.step(lambda _: time.time(), name="now")
    context.step(reserve("x"))
    b = context.map([1], lambda c, x, i, xs: random.random())  # WFC102
    return a + b + time.time()  # WFC101

import random
import time
from datetime import timedelta

import restate
from aws_durable_execution_sdk_python import durable_execution, durable_step

greeter = restate.Service("greeter")


@greeter.handler()
async def greet(ctx: restate.Context, name: str) -> str:
    stamp = await ctx.run_typed("now", time.time)
    await ctx.sleep(timedelta(seconds=3))
    return f"{name} {ctx.uuid()} {stamp} {ctx.random().random()}"


@durable_step
def reserve(context, item: str) -> float:
    return time.time() + random.random()


@durable_execution
def handler(event, context) -> float:
    return context.step(reserve("x")) + context.step(lambda _: time.time(), name="now")

import asyncio
import logging
import os
import random
import time
import uuid
from datetime import datetime, timedelta

import requests
import restate
from aws_durable_execution_sdk_python import (
    DurableContext,
    durable_execution,
    durable_step,
    durable_with_child_context,
)
from restate import ObjectContext, VirtualObject, WorkflowContext

logger = logging.getLogger(__name__)
greeter = restate.Service("greeter")
order = restate.Workflow("Order")
basket = VirtualObject("Basket")
REGION = os.environ.get("REGION", "eu")
seen: dict[str, int] = {}


@greeter.handler()
async def greet(ctx: restate.Context, name: str) -> str:
    stamp = time.time()  # WFC101
    await ctx.run_typed("ok", lambda: time.time())
    return f"{name} {uuid.uuid4()} {stamp}"  # WFC103


async def leg(ctx: restate.Context, name: str) -> None:
    await ctx.run_typed("quote", quote, name=name)
    await ctx.run_typed("reserve", quote, name=name)


def quote(name: str) -> float:
    return random.random()


@order.main()
async def run(ctx: WorkflowContext, request: dict) -> float:
    await ctx.run("ok", lambda: random.random())
    ctx.sleep(timedelta(days=1))  # WFC131
    ctx.promise("paid").resolve(request)  # WFC131
    await asyncio.gather(leg(ctx, "a"), leg(ctx, "b"))  # WFC140
    done, _ = await asyncio.wait([ctx.sleep(timedelta(1))])  # WFC118
    await asyncio.sleep(3)  # WFC109
    logger.info("paid")  # WFC117
    for name in {"a", "b"}:  # WFC113
        await ctx.run_typed(name, quote, name=name)
    try:
        await ctx.promise("paid").value()
    except BaseException:  # WFC134
        pass
    return random.random()  # WFC102


@order.handler()
async def pay(ctx, amount: int) -> str:
    ctx.run_typed("charge", quote)  # WFC131
    seen["amount"] = amount  # WFC115
    return REGION  # WFC114


@basket.handler(kind="shared")
async def total(ctx: ObjectContext, item: str) -> dict:
    text = open(item).read()  # WFC105
    return requests.get(text).json()  # WFC106


@durable_step
def reserve(context, item: str) -> float:
    return time.time()


@durable_with_child_context
def shipping(context: DurableContext, item: str) -> str:
    return f"{item}-{uuid.uuid1()}"  # WFC103


@durable_execution
def handler(event, context: DurableContext) -> float:
    a = context.step(lambda _: time.time(), name="now")
    context.step(reserve("x"))
    b = context.map([1], lambda c, x, i, xs: random.random())  # WFC102
    time.sleep(5)  # WFC109
    try:
        context.run_in_child_context(lambda child: datetime.now())  # WFC101
    except:  # WFC134
        pass
    return a + b + time.time()  # WFC101

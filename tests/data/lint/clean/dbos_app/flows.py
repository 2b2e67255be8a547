import asyncio
import os
import random
import time

import requests
from dbos import DBOS, SQLAlchemyDatasource
from sqlalchemy import text

ds = SQLAlchemyDatasource.create(os.environ.get("URL", "sqlite:///app.db"))


class Declined(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)


@DBOS.step()
def clock() -> float:
    return time.time()


@DBOS.step()
async def charge(order: str) -> float:
    if not order:
        raise Declined(1, "empty")
    requests.post(order)
    return random.random()


@ds.transaction()
def book(order: str) -> None:
    ds.sql_session().execute(text("insert into orders values (1)"))


@DBOS.workflow()
def ship(order: str) -> float:
    started = clock()
    DBOS.sleep(3)
    book(order)
    DBOS.logger.info("shipping %s", order)
    handle = DBOS.start_workflow(trip, [order])
    return started + handle.get_result()


@DBOS.workflow()
async def trip(orders: list[str]) -> float:
    results = await asyncio.gather(*[charge(order) for order in orders])
    await DBOS.sleep_async(3)
    now = await DBOS.run_step_async({"name": "now"}, time.time)
    done, _ = await DBOS.asyncio_wait([charge("x")])
    return sum(results) + now

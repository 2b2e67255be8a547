import asyncio
import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import requests
from dbos import DBOS, SQLAlchemyDatasource
from sqlalchemy import text

ds = SQLAlchemyDatasource.create("sqlite:///app.db")
seen: dict = {}


class Declined(Exception):
    def __init__(self, code, reason):
        super().__init__(f"{code} {reason}")


@DBOS.step()
def charge(order: str) -> float:
    if not order:
        raise Declined(1, "empty")  # WFC143
    DBOS.start_workflow(ship, order)  # WFC142
    return time.time()


@DBOS.step(timeout_seconds=3)  # WFC144
def refund(order: str) -> None:
    ds.sql_session().execute(text("delete from orders"))  # WFC146


@DBOS.step()
async def quote(order: str) -> int:
    return random.randint(1, 3)


@ds.transaction()
def book(order: str) -> None:
    requests.post(order)  # WFC145
    ds.sql_session().commit()  # WFC145


@DBOS.workflow()
def ship(order: str) -> str:
    started = time.time()  # WFC101
    if random.random() < 0.5:  # WFC102
        charge(str(uuid.uuid4()))  # WFC103
    with ThreadPoolExecutor() as pool:  # WFC108
        pool.submit(charge, order)
    time.sleep(1)  # WFC109
    seen[order] = started  # WFC115
    for item in set(order):  # WFC113
        charge(item)
    return requests.get(order).text  # WFC106


async def leg(order: str) -> int:
    price = await quote(order)
    return price + await quote(order)


@DBOS.workflow()
async def trip(orders: list) -> None:
    await asyncio.gather(leg("a"), leg("b"))  # WFC140
    await asyncio.gather(*[leg(order) for order in orders])  # WFC140
    DBOS.sleep(3)  # WFC147
    charge("x")  # WFC147
    quote("x")  # WFC131
    done, _ = await asyncio.wait([quote("x")])  # WFC118
    await asyncio.sleep(3)  # WFC109
    await DBOS.run_step_async({}, lambda: time.time())


@DBOS.dbos_class()
class Shop:
    @classmethod
    @DBOS.workflow()
    def sell(cls, order: str) -> str:
        return cls.label(order)

    @classmethod
    def label(cls, order: str) -> str:
        return f"{order}-{time.monotonic()}"  # WFC101

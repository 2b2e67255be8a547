"""Functions that are steps only because they are handed to the engine."""

import requests
from dbos import DBOS, SQLAlchemyDatasource
from sqlalchemy import text

ds = SQLAlchemyDatasource.create("sqlite://")


class Declined(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")


@DBOS.workflow()
def ship(order: str) -> None: ...


def run(step, *args):
    return DBOS.run_step({"name": "x"}, step, *args)


def charge(order):
    DBOS.start_workflow(ship, order)  # WFC142
    if not order:
        raise Declined(1, "x")  # WFC143


def record(order, db):
    db.execute(text("insert into a values (1)"))  # WFC146


def book(order):
    requests.post(order)  # WFC145
    ds.sql_session().commit()  # WFC145


class Shop:
    def sell(self, order):
        DBOS.start_workflow(ship, order)  # WFC142


@DBOS.workflow()
def pay(order: str) -> None:
    run(charge, order)
    DBOS.run_step({}, record, order, None)
    ds.run_tx_step({}, book, order)
    run(Shop().sell, order)
    run(lambda: DBOS.start_workflow(ship, "y"))  # WFC142

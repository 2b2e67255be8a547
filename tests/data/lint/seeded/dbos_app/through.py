import functools
import time as t

import shop
import shop.clock
import shop.io as files
from shop import Order, clock, state
from shop.order import *
from shop.order import Lookup, Section, Timed, retried

from dbos import DBOS

HANDLERS = {"now": clock.now, "pick": lambda xs: files.noise()}
basket = Basket("module")


@DBOS.workflow()
def helpers(x: int) -> list:
    return [shop.current(), shop.clock.stamped("a"), clock.started(), clock.deep(3)]


@DBOS.workflow()
def objects(sku: str, typed: Basket) -> list:
    order = Order(sku)
    item = Basket(sku)
    callable_ = item()
    parts = [part for part in item]
    found = Lookup().helper.total()
    return [order, item.region, item.host, Timed.fresh(), typed.total(), callable_, parts, found]


@DBOS.workflow()
def wrapped() -> None:
    with span("x"), Section():
        price(1)
        twice(2)
    discount()


@audited
def price(x):
    return x


@retried(times=3)
def twice(x):
    return x


@DBOS.workflow()
def passed(urls: list) -> list:
    a = list(map(files.fetch, urls))
    b = functools.partial(files.open_url, "u")()
    c = sorted(urls, key=lambda url: t.time())  # WFC101
    d = HANDLERS["now"]()
    e = (lambda: t.perf_counter())()  # WFC101
    f = basket.total()
    return [a, b, c, d, e, f]


@DBOS.workflow()
def inputs() -> None:
    files.fetch_all([])
    files.upload("x")
    files.read("x")
    files.listing()
    files.scratch()
    files.build()
    files.rows()
    files.local_rows()
    files.cached("x")
    files.dump({})


@DBOS.workflow()
def memory(key: str) -> list:
    state.Registry().add(key)
    state.remember(key, 1)
    state.forget(key)
    for tag in Lookup().tags:  # WFC113
        key += tag
    return [state.bump(), state.known(key), state.limit(), state.age(3.0)]


def chosen(flag):
    pick = clock.now if flag else t.time
    return pick()  # WFC101


@DBOS.workflow()
def branches(flag: bool) -> list:
    def inner():
        return t.monotonic()  # WFC101

    return [chosen(flag), inner()]

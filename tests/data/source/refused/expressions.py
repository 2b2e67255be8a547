from wfc import sleep, step, workflow


@step
def charge(amount: int) -> int:
    return amount


import math
import random
import time
from datetime import datetime
from enum import Enum
from wfc import gather


class Kind(Enum):
    A = "a"


client = object()
STATE: list[str] = []
TABLE = {"a": [{"x": 0}]}


@workflow
def flow(amount: int, text: str, items: list[int]) -> int:
    a = lambda x: x
    b = (n := 3)
    c = b"bytes"
    d = 3j
    e = 1e999
    f = ...
    g = yield_like(amount)
    h = charge
    i = [charge(x) for x in items]
    j = sorted(items, key=lambda x: charge(x))
    k = 1 < charge(1) < charge(2)
    l = f"{amount:{amount}}"
    m = f"{Kind.A} {items.pop()}"
    n = str(Kind.A)
    o = Kind.B
    p = Kind("a")
    q = random.random()
    r = time.time()
    s = datetime.now()
    t = math.factorial(3)
    u = client.get("x")
    v = print(amount)
    w = text.encode()
    x = amount.whatever
    y = gather(charge(1), charge(2))
    z = items[0](3)
    aa = [*items, *amount]
    bb = text @ text
    cc = len(*items)
    dd = {**amount}
    ee = {1: 2}
    ff = isinstance(amount, client)
    gg = undefined + itmes
    STATE.append(text)
    STATE[0] = text
    text[0] = "x"
    sleep("3 dayz")
    sleep(-3)
    sleep("1s", "2s")
    sleep(text)
    hh = sleep(3)
    ii = {amount}
    jj = reversed(items)
    kk = charge_all(x for x in items)
    ll = STATE
    ll.append(text)
    ll += [text]
    for mm in TABLE["a"]:
        mm["x"] = 1
    ll = ["own"]
    ll.append(text)
    flow = 3
    amount(3)
    while (nn := len(items)) > 3:
        items = items[nn:]
    oo = [nn for _ in amount]
    pp = sorted(items, key=abs)
    qq = max(TABLE, key=TABLE.get)
    rr = sorted([text], key=str.lower)
    items.sort(key=lambda x: -x)
    ss = [dict(enumerate(items)), dict.fromkeys(items)]
    tt = FIXED if amount in FIXED else {1}
    return 3


FIXED = frozenset([1])

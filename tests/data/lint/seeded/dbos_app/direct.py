import asyncio
import datetime
import getpass
import gc
import importlib
import locale
import logging
import multiprocessing
import os
import platform
import random
import secrets
import signal
import sys
import threading
import time
import timeit
import tracemalloc
import uuid
from concurrent.futures import ThreadPoolExecutor
from email.utils import localtime, make_msgid
from random import SystemRandom
from time import gmtime, time as wall

from dbos import DBOS

log = logging.getLogger(__name__)


@DBOS.workflow()
def clocks() -> list:
    a = wall()  # WFC101
    b = gmtime()  # WFC101
    c = time.ctime()  # WFC101
    d = time.asctime()  # WFC101
    e = datetime.date.today()  # WFC101
    f = timeit.default_timer()  # WFC101
    g = localtime()  # WFC101
    h = time.clock_gettime(time.CLOCK_REALTIME)  # WFC101
    i = importlib.import_module("time").time()  # WFC101
    j = __import__("time").time_ns()  # WFC101
    k = getattr(time, "monotonic")()  # WFC101
    l = getattr(datetime.datetime, "now")()  # WFC101
    m = sys.modules["time"].time()  # WFC101
    return [a, b, c, d, e, f, g, h, i, j, k, l, m]


@DBOS.workflow()
def numbers(xs: list) -> list:
    a = random.choice(xs)  # WFC102
    b = SystemRandom().random()  # WFC102
    c = secrets.token_urlsafe()  # WFC102
    d = os.urandom(4)  # WFC102
    random.shuffle(xs)  # WFC102
    e = random.Random().random()  # WFC102
    f = uuid.uuid4()  # WFC103
    g = uuid.getnode()  # WFC103
    h = make_msgid()  # WFC103
    return [a, b, c, d, e, f, g, h]


@DBOS.workflow()
def machine() -> list:
    a = os.environ["A"]  # WFC104
    b = os.getenv("B")  # WFC104
    c = platform.system()  # WFC110
    d = sys.argv  # WFC110
    e = sys.getrefcount(a)  # WFC110
    gc.collect()  # WFC110
    f = tracemalloc.get_traced_memory()  # WFC110
    signal.alarm(1)  # WFC110
    g = getpass.getuser()  # WFC110
    h = os.cpu_count()  # WFC110
    i = locale.getlocale()  # WFC111
    j = datetime.datetime.fromtimestamp(0)  # WFC111
    k = time.tzname  # WFC111
    l = id(a)  # WFC112
    m = hash(b)  # WFC112
    return [a, b, c, d, e, f, g, h, i, j, k, l, m]


@DBOS.workflow()
def outside() -> None:
    time.sleep(1)  # WFC109
    threading.Thread(target=print).start()  # WFC108
    threading.Lock()  # WFC108
    multiprocessing.Process()  # WFC108
    ThreadPoolExecutor(2)  # WFC108
    open("a").close()  # WFC105
    os.stat("a")  # WFC105
    os.path.getmtime("a")  # WFC105
    os.makedirs("b")  # WFC105
    os.system("ls")  # WFC107
    input("go on?")  # WFC120
    print("x")  # WFC117
    log.info("x")  # WFC117


@DBOS.workflow()
async def loops() -> None:
    await asyncio.wait([])  # WFC118
    await asyncio.to_thread(print)  # WFC108
    await asyncio.create_subprocess_exec("ls")  # WFC107
    await asyncio.open_connection("a", 1)  # WFC106
    await asyncio.sleep(1)  # WFC109


@DBOS.workflow()
def sets(names: list, tags: set[str], groups: dict[str, set[str]]) -> list:
    out = []
    for name in set(names):  # WFC113
        out.append(name)
    for tag in tags:  # WFC113
        out.append(tag)
    unique = frozenset(names)
    out += list(unique)  # WFC113
    out += [x for x in unique if x]  # WFC113
    pair, *_ = unique  # WFC113
    index = {x: 1 for x in unique}  # WFC113
    both = set(names) & tags
    out.append(",".join(both))  # WFC113
    for at, x in enumerate(both | tags):  # WFC113
        out.append((at, x))
    for group in groups.values():
        for x in group:  # WFC113
            out.append(x)
    return [*out, *unique, tags.pop(), pair, index]  # WFC113


class Flag:
    pass


@DBOS.step()
def fine() -> float:
    return time.time()


@DBOS.workflow()
def clean_end() -> float:
    DBOS.sleep(1)
    return fine()

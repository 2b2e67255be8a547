import asyncio
import datetime
import getpass
import gc
import importlib
import locale
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

from wfc import sleep, step, workflow


@workflow
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


@workflow
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


@workflow
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


@workflow
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


@workflow
async def loops() -> None:
    await asyncio.wait([])  # WFC118
    await asyncio.to_thread(print)  # WFC108
    await asyncio.create_subprocess_exec("ls")  # WFC107
    await asyncio.open_connection("a", 1)  # WFC106
    await asyncio.sleep(1)  # WFC109


@workflow
def sets(names: list[str], a: dict[str, int], b: dict[str, int]) -> list[str]:
    out: list[str] = []
    for name in set(names):  # WFC113
        out.append(name)
    for name in frozenset(names):  # WFC113
        out.append(name)
    out += list(set(names))  # WFC113
    out += [x for x in set(names) if x]  # WFC113
    for at, name in enumerate({"a", "b"}):  # WFC113
        out.append(f"{at}{name}")
    for key in a.keys() & b.keys():  # WFC113
        out.append(key)
    index = {x: 1 for x in set(names)}  # WFC113
    out += list(index)
    return [*out, *set(names)]  # WFC113


def stamp() -> float:
    return time.time()  # WFC101


def nested(level: int) -> float:
    return stamp() * level


def drawn(low: int = 1) -> float:
    return random.uniform(low, 2)  # WFC102


@workflow
def helpers(x: int) -> list[float]:
    return [nested(x), drawn(), sum([stamp() for _ in range(x)])]


@step
def fine() -> float:
    return time.time()


@step
def tag(order: dict[str, str]) -> None:
    order["tag"] = "new"  # WFC150


@workflow
def clean_end() -> float:
    sleep("1s")
    tag({})
    return fine()

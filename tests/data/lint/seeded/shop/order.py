import functools
import os
import random
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field

__all__ = ["Order", "Priced", "audited", "span", "discount", "Basket", "Lookup"]


@dataclass
class Order:
    sku: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex)  # WFC103
    created: float = field(default_factory=time.time)  # WFC101


class Timed:
    def elapsed(self):
        return time.monotonic()  # WFC101

    @property
    def region(self):
        return os.environ["REGION"]  # WFC104

    @functools.cached_property
    def host(self):
        import socket

        return socket.gethostname()  # WFC110

    @classmethod
    def fresh(cls):
        return cls.draw()

    @staticmethod
    def draw():
        return random.random()  # WFC102


class Priced(Timed):
    def __init__(self, sku):
        super().__init__()
        self.sku = sku
        self.token = uuid.uuid1()  # WFC103

    def total(self):
        return self.base() + self.elapsed()

    def base(self):
        raise NotImplementedError

    def __call__(self):
        return random.gauss(0, 1)  # WFC102

    def __iter__(self):
        yield time.process_time()  # WFC101


class Basket(Priced):
    def base(self):
        return random.randint(1, 5)  # WFC102


class Lookup:
    def __init__(self):
        self.tags = {"a", "b"}
        self.helper = Basket("x")


def audited(fn):
    @functools.wraps(fn)
    def wrapper(*args):
        print("charging")  # WFC117
        return fn(*args, time.strftime("%X"))  # WFC101

    return wrapper


def retried(times):
    def decorate(fn):
        def wrapper(*args):
            time.sleep(times)  # WFC109
            return fn(*args)

        return wrapper

    return decorate


@contextmanager
def span(name):
    begin = time.perf_counter_ns()  # WFC101
    yield begin


class Section:
    def __enter__(self):
        self.pid = os.getpid()  # WFC110
        return self

    def __exit__(self, *error):
        os.getppid()  # WFC110


def discount(rate=random.uniform(0, 1)):  # WFC114
    return rate

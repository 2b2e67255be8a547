import datetime
import time
from datetime import datetime as dt

tick = time.perf_counter
_stamp = dt.utcnow


def now():
    return datetime.datetime.now()  # WFC101


def stamped(text):
    return f"{_stamp()} {text}"  # WFC101


def started():
    return tick()  # WFC101


def deep(level):
    return deeper(level) if level else 0


def deeper(level):
    return deepest(level - 1)


def deepest(level):
    if level:
        return deep(level)
    return time.monotonic_ns()  # WFC101

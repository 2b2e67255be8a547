"""What Python has at its edges."""

from dataclasses import dataclass
from enum import Enum

from wfc import Retry, sleep, step, workflow


class Ending(StopIteration):
    """Means something to iterators."""


class Reserved(Enum):
    _ignore_ = 1
    __HIDDEN = 2
    SHOWN = 3


class Nothing(Enum):
    """No members."""


@dataclass
class Hidden:
    __field: int


@step(timeout=1e400)
def endless(x: int) -> int:
    return x


@step(retry=Retry(backoff=1e308, attempts=100))
def later_and_later(x: int) -> int:
    return x


@step(retry=Retry(first_delay="2s", max_delay="1s"))
def sooner(x: int) -> int:
    return x


@workflow
def errors(x: int) -> int:
    try:
        return x + 1
    except (StopIteration, ExceptionGroup):
        raise Ending("the end")


@workflow
def texts(x: int) -> str:
    return "\ud800" + f"{x}\udfff"


@workflow
def identity(x: int, xs: list[int]) -> bool:
    sleep(1e400)
    return x is 5 or xs is not xs


@workflow
def classes(a: Reserved, b: Nothing, c: Hidden) -> int:
    return 1


@workflow
def no_echo(x: int) -> int:
    match x:
        case 1:
            return 2
        case _:
            return 3

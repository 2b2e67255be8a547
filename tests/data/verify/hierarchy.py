"""Exception classes with several bases, mixins, generics, other names, and bases of libraries."""

from typing import Generic, TypeVar
from urllib.error import URLError

from wfc import Retry, step, workflow

T = TypeVar("T")


class Logged:
    """A mixin that is no exception."""

    def written(self) -> str:
        return type(self).__name__


class BankError(Exception):
    """Anything that the bank says."""


class BankTimeout(BankError, TimeoutError):
    """The bank is slow."""


class Tracked(Logged, BankError):
    """Only steps know it."""


class Failure(BankError, Generic[T]):
    """Only steps know it, too."""


class Wrong(Failure[int]):
    """And this."""


Late = BankTimeout


class VeryLate(Late):
    """Below another name of its base."""


class Offline(URLError):
    """Below a class of the standard library, which is an OSError."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.args = (reason,)

    def __str__(self) -> str:
        return str(self.args[0])


class Diamond(BankTimeout, Tracked):
    """Two ways up."""


@step(retry=Retry(BankError, attempts=2, first_delay="1s"))
def charge(amount: int) -> int:
    return amount


@step(retry=Retry(OSError, attempts=2, first_delay="1s"))
def fetch(amount: int) -> int:
    return amount


@step
def note(text: str) -> None:
    print(text)


@workflow
def by_first_base(amount: int) -> str:
    try:
        charge(amount)
    except BankError as error:
        note(f"{error}")
        return "bank"
    except Exception:
        return "other"
    return "ok"


@workflow
def by_second_base(amount: int) -> str:
    try:
        fetch(amount)
    except TimeoutError as error:
        note(f"{error}")
        return "late"
    except OSError as error:
        note(f"{error}")
        return "offline"
    except BankError:
        return "bank"
    return "ok"


@workflow
def by_another_name(amount: int) -> str:
    try:
        if amount < 0:
            raise VeryLate("negative")
        charge(amount)
    except Late as error:
        return f"late: {error}"
    except BankError as error:
        return f"bank: {error}"
    return "ok"

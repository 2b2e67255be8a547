"""What an engine hands to a step.

A step parameter whose default is :data:`injected` is filled by the engine according to its
annotation; callers leave it out::

    @step
    def charge(card: str, amount: int, key: IdempotencyKey = injected) -> str: ...
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NewType, Protocol

from wfc.author.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection as Connection
else:

    class Connection:
        """The SQLAlchemy connection of a ``@transaction``; what it writes is committed together
        with the record of the step, on an engine that can."""


IdempotencyKey = NewType("IdempotencyKey", str)
"""A text that stays the same over retries and restarts of one call, and differs between calls."""

RunId = NewType("RunId", str)
"""The id of the run that calls the step."""


class Heartbeat(Protocol):
    """Tells the engine that a long step is still alive.

    A step with ``heartbeat=`` that is silent for longer fails with ``TimeoutError``. The details
    are JSON data; Temporal shows the last ones, other engines drop them.
    """

    def __call__(self, *details: object) -> None: ...


class _Injected:
    __slots__ = ()

    def __repr__(self) -> str:
        return "injected"


injected: Final[Any] = _Injected()
"""The default of a step parameter that the engine fills."""

DATABASE_URL: Final = "DATABASE_URL"
DEFAULT_DATABASE: Final = "sqlite:///app.db"

_engines: dict[str, Any] = {}


@contextlib.contextmanager
def application_connection() -> Iterator[Connection]:
    """A connection to the application's database, in a transaction that is committed at the end and
    rolled back on an error. The database is the one in ``DATABASE_URL``, else ``app.db`` here.

    Raises:
        UsageError: SQLAlchemy is not installed.
    """
    try:
        import sqlalchemy
    except ImportError as error:
        raise UsageError(
            "a @transaction needs SQLAlchemy; install wfc-compiler[dbos], or sqlalchemy"
        ) from error
    url = os.environ.get(DATABASE_URL) or DEFAULT_DATABASE
    engine = _engines.get(url)
    if engine is None:
        engine = _engines[url] = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        yield connection

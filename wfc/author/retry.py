"""The retry policy of a step."""

from __future__ import annotations

from math import inf

from wfc.author.durations import Duration, length_of
from wfc.author.errors import UsageError, shown


class Retry:
    """When and how often a failed step is tried again.

    Args:
        errors: exception classes, subclasses implied; without any, every ``Exception``.
        attempts: how often the step is tried, the first time included.
        first_delay: the wait before the second try.
        backoff: each further wait is this many times the one before.
        max_delay: no wait is longer than this.
        jitter: spread the waits at random below their length.

    Raises:
        UsageError: a value is out of range or of the wrong type.
    """

    __slots__ = ("attempts", "backoff", "errors", "first_delay", "jitter", "max_delay")

    def __init__(
        self,
        *errors: type[Exception],
        attempts: int = 3,
        first_delay: Duration = "1s",
        backoff: float = 2.0,
        max_delay: Duration | None = None,
        jitter: bool = False,
    ) -> None:
        for error in errors:
            if not (isinstance(error, type) and issubclass(error, Exception)):
                raise UsageError(f"Retry: {shown(error)} is not an exception class")
        if isinstance(attempts, bool) or not isinstance(attempts, int) or attempts < 1:
            raise UsageError(f"Retry: attempts must be a whole number from 1 on, not {attempts!r}")
        if isinstance(backoff, bool) or not isinstance(backoff, (int, float)) or not backoff >= 1:
            raise UsageError(f"Retry: backoff must be a number from 1 on, not {backoff!r}")
        if not isinstance(jitter, bool):
            raise UsageError(f"Retry: jitter must be True or False, not {jitter!r}")
        self.errors = errors
        self.attempts = attempts
        self.first_delay = length_of(first_delay, "Retry: first_delay", least=0)
        self.backoff = float(backoff)
        self.max_delay = None if max_delay is None else length_of(max_delay, "Retry: max_delay")
        self.jitter = jitter
        if self.max_delay is not None and self.max_delay < self.first_delay:
            raise UsageError("Retry: max_delay is shorter than first_delay")

    def delay(self, attempt: int) -> float:
        """Seconds to wait after a failed attempt, counted from 1, without the jitter."""
        try:
            delay = self.first_delay * self.backoff ** (attempt - 1)
        except OverflowError:
            delay = inf
        return delay if self.max_delay is None else min(delay, self.max_delay)

    def __repr__(self) -> str:
        named = [error.__name__ for error in self.errors]
        options = [f"{name}={getattr(self, name)!r}" for name in self.__slots__ if name != "errors"]
        return f"Retry({', '.join(named + options)})"

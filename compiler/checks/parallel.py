"""Does part of the work in child processes, where that pays and the system can fork."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

WORTH_IT: Final = 500_000
"""Less work than so many bytes of source is done faster than processes are made."""
_MOST: Final = 8


def processors() -> int:
    """How many processes may run beside this one."""
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return max(0, min(_MOST, count) - 1)


class Background(Generic[T]):
    """Applies a function to items in child processes while this process does something else.

    Args:
        work: takes an item, returns something that can be pickled.
        items: are dealt out evenly; without processors they are worked on by :meth:`results`.
    """

    def __init__(self, work: Callable[[T], Any], items: Sequence[T], size: int) -> None:
        self.work = work
        self.items = items
        self.children: list[tuple[int, int]] = []
        count = processors() if size >= WORTH_IT and sys.platform != "win32" else 0
        self.shares = [list(items[start::count]) for start in range(count)] if count else []
        for share in self.shares:
            self.children.append(self._start(share))

    def _start(self, share: Sequence[T]) -> tuple[int, int]:
        reading, writing = os.pipe()
        child = os.fork()
        if child:
            os.close(writing)
            return child, reading
        status = 1
        try:
            os.close(reading)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(pickle.dumps([self.work(item) for item in share]))
            status = 0
        finally:
            os._exit(status)

    def results(self) -> list[Any]:
        """What became of each item, in their order."""
        if not self.children:
            return [self.work(item) for item in self.items]
        found: list[Any] = [None] * len(self.items)
        count = len(self.children)
        for start, (share, (child, reading)) in enumerate(
            zip(self.shares, self.children, strict=True)
        ):
            with os.fdopen(reading, "rb") as pipe:
                content = pipe.read()
            _, status = os.waitpid(child, 0)
            # A child that died, for want of memory for example, leaves its share to this process.
            done = pickle.loads(content) if status == 0 else [self.work(item) for item in share]
            found[start::count] = done
        return found

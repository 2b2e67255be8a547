"""Does part of the work in child processes, where that pays and the system can fork."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

WORTH_IT: Final = 500_000
"""Less work than so many bytes of source is done faster than processes are made."""
_MOST: Final = 8
_TICKETS: Final = 256


def processors() -> int:
    """How many processes may run beside this one."""
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return max(0, min(_MOST, count) - 1)


class Background(Generic[T]):
    """Applies a function to items in child processes while this process does something else, until
    it joins in.

    Whoever is free takes the next ticket, a number of :data:`_TICKETS` and less, from a pipe: it
    stands for every item at that distance. So the work ends everywhere at about the same time.

    Args:
        work: takes an item, returns something that can be pickled.
        items: without processors they are worked on by :meth:`results`.
        size: how much the items are, in bytes of source.
    """

    def __init__(self, work: Callable[[T], Any], items: Sequence[T], size: int) -> None:
        self.work = work
        self.items = items
        self.children: list[tuple[int, int]] = []
        count = processors() if size >= WORTH_IT and sys.platform != "win32" else 0
        if count:
            self.tickets, filling = os.pipe()
            os.write(filling, bytes(range(min(_TICKETS, len(items)))))
            os.close(filling)
        for _ in range(count):
            self.children.append(self._start())

    def _start(self) -> tuple[int, int]:
        reading, writing = os.pipe()
        child = os.fork()
        if child:
            os.close(writing)
            return child, reading
        status = 1
        try:
            os.close(reading)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(pickle.dumps(dict(self._taken(self.work))))
            status = 0
        finally:
            os._exit(status)

    def _taken(self, work: Callable[[T], Any]) -> Iterator[tuple[int, Any]]:
        """The results of the items that this process gets, by their numbers."""
        while ticket := os.read(self.tickets, 1):
            for number in range(ticket[0], len(self.items), _TICKETS):
                yield number, work(self.items[number])

    def results(self, here: Callable[[T], Any] | None = None) -> list[Any]:
        """What became of each item, in their order.

        Args:
            here: what this process does with an item in place of ``work``.
        """
        work = here or self.work
        if not self.children:
            return [work(item) for item in self.items]
        found = dict(self._taken(work))
        os.close(self.tickets)
        for child, reading in self.children:
            with os.fdopen(reading, "rb") as pipe:
                content = pipe.read()
            _, status = os.waitpid(child, 0)
            found |= pickle.loads(content) if status == 0 else {}
        # A child that died, for want of memory for example, leaves its items to this process.
        return [
            found[number] if number in found else work(item)
            for number, item in enumerate(self.items)
        ]

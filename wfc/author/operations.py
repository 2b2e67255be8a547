"""What a workflow may do besides calling steps and workflows."""

from __future__ import annotations

from collections.abc import Awaitable, Generator

from wfc.author.durations import Duration, seconds_of
from wfc.author.errors import UsageError
from wfc.author.execution import current_run


def sleep(duration: Duration) -> Awaitable[None]:
    """Wait, durably: a restart does not start the wait again. ``await`` it in an ``async def``.

    In a plain run time is virtual and this returns at once.

    Args:
        duration: a timedelta, a number of seconds, or text such as ``"30s"`` or ``"7 days"``.
            Nothing is waited for when it is not positive.

    Raises:
        UsageError: no workflow is running, or this is no duration.
    """
    run = current_run()
    if run is None:
        raise UsageError("sleep() belongs in a workflow; in a step, use time.sleep()")
    run.next_key()
    run.clock += max(0.0, seconds_of(duration, "sleep"))
    return _Done()


class _Done:
    """What ``sleep`` gives, so that both ``sleep(...)`` and ``await sleep(...)`` work."""

    __slots__ = ()

    def __await__(self) -> Generator[None, None, None]:
        return
        yield

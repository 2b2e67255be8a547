"""Relay, an engine that does not exist: it runs workflows in the process, step by step.

This is its library, which generated modules import. A workflow takes its run and the data it was
started with, and reaches everything through the run.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

Answer = Callable[["Step", dict[str, Any]], Any]


class Step:
    """A function that runs as a step of a workflow, and as a function anywhere else."""

    def __init__(
        self, function: Callable[..., Any], attempts: int, retry_on: tuple[type[Exception], ...]
    ) -> None:
        self.function = function
        self.name = function.__name__
        self.attempts = attempts
        self.retry_on = retry_on

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)


def step(
    attempts: int = 1, retry_on: tuple[type[Exception], ...] = (), timeout: float | None = None
) -> Callable[[Callable[..., Any]], Step]:
    """Declare a step; this engine knows no time, so that no limit is ever reached."""
    return lambda function: Step(function, attempts, retry_on)


def workflow(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a workflow."""
    return lambda function: function


class Run:
    """One run of a workflow. ``answer`` takes the place of the steps."""

    def __init__(self, id: str, answer: Answer | None = None) -> None:
        self.id = id
        self.answer = answer
        self._count = 0

    def key(self, site: str) -> str:
        """A text for one call of a step, the same in all its attempts."""
        self._count += 1
        return f"{self.id}-{site}-{self._count}"

    def step(self, site: str, step: Step, /, *args: Any, **kwargs: Any) -> Any:
        """Run a step and give its result as JSON data."""
        bound = inspect.signature(step.function).bind(*args, **kwargs)
        bound.apply_defaults()
        for attempt in range(1, step.attempts + 1):
            try:
                if self.answer is not None:
                    return self.answer(step, bound.arguments)
                result = step(*bound.args, **bound.kwargs)
                return as_json(asyncio.run(result) if inspect.iscoroutine(result) else result)
            except Exception as error:
                if attempt == step.attempts or not isinstance(error, step.retry_on):
                    raise
        raise AssertionError("a step has at least one attempt")

    def child(self, site: str, workflow: Callable[..., Any], /, **data: Any) -> Any:
        """Run another workflow to its end."""
        return workflow(Run(f"{self.id}-{site}", self.answer), data)

    def sleep(self, seconds: float) -> None:
        """Let time pass, of which there is none here."""


@contextlib.contextmanager
def connection() -> Iterator[Any]:
    """A transaction of the application's database."""
    raise NotImplementedError("this engine has no database")
    yield


def heartbeat(*details: object) -> None:
    """Say that a step is alive; nobody waits for it here."""


def as_json(value: Any) -> Any:
    """A copy of a value as JSON data."""
    return json.loads(json.dumps(value, default=_form, allow_nan=False))


def _form(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            moment = value.astimezone(UTC).isoformat(timespec="milliseconds")
            return moment.replace("+00:00", "Z")
        case timedelta():
            return value.total_seconds()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")

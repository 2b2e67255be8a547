"""Finds backends by name: our own, and those of other packages through an entry-point group."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from wfc.backends.base import Backend
from wfc.compiler.language.limits import WIDEST, Limits

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

# Each is a package below this one with an object named `backend`. They are not looked up as entry
# points: reading the metadata of the environment takes longer than compiling a workflow.
OWN = ("asl", "dbos", "temporal")
GROUP = "wfc.backends"


@cache
def _others() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group=GROUP)}


def names() -> list[str]:
    """The names of all installed backends, sorted."""
    return sorted({*OWN, *_others()})


def exists(name: str) -> bool:
    """Whether a backend of that name is installed."""
    return name in OWN or name in _others()


def limits(targets: Iterable[str]) -> Limits:
    """What all of the targets can hold."""
    found = WIDEST
    for name in targets:
        found &= load(name).limits
    return found


class BackendBroken(Exception):
    """A backend of another package cannot be used; the message says which and why."""


def load(name: str) -> Backend:
    """The backend of that name.

    Raises:
        BackendBroken: it cannot be imported, or does not satisfy the contract of this version.
        KeyError: no installed backend has that name.
    """
    if name in OWN:
        own: Backend = import_module(f"wfc.backends.{name}").backend
        return own
    entry = _others()[name]
    try:
        other: object = entry.load()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise BackendBroken(f"target '{name}': {entry.value} cannot be loaded: {reason}") from error
    if not isinstance(other, Backend):
        raise BackendBroken(f"target '{name}': {entry.value} is no backend for this version of wfc")
    return other

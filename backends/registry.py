"""Finds backends by name through the entry-point group ``wfc.backends``."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from wfc.backends.base import Backend

GROUP = "wfc.backends"


@cache
def _entries() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def names() -> list[str]:
    """The names of all installed backends, sorted."""
    return sorted(_entries())


def load(name: str) -> Backend:
    """The backend of that name.

    Raises:
        KeyError: no installed backend has that name.
    """
    backend: Backend = _entries()[name].load()
    return backend

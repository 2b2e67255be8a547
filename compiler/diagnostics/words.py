"""Words in messages and names: articles, near spellings, snake case."""

from __future__ import annotations

import re
from collections.abc import Iterable


def a(noun: str) -> str:
    """The noun with its indefinite article."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that a misspelt one probably means; empty when none is close."""
    import difflib

    return next(iter(difflib.get_close_matches(name, list(known), n=1)), "")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` where a known name is close, else nothing."""
    close = closest(name, known)
    return f"; did you mean '{close}'?" if close else ""


def question(close: str) -> str:
    """``. Did you mean 'x'?``, the end of a sentence that refuses a name, where one is close."""
    return f". Did you mean '{close}'?" if close else ""


def snake_case(name: str) -> str:
    """``debitPlatform`` and ``DebitPlatform`` as ``debit_platform``."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return name.lower().strip("_") or name

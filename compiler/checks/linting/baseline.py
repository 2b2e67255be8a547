"""A baseline: the findings that an old code base has already, so that only new ones are reported.

A finding is known by its rule, its file and the text of its line, so that it stays known when lines
above it come and go.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final

from wfc.compiler.diagnostics.model import Diagnostic

VERSION: Final = 1
Key = tuple[str, str, str]
LineOf = Callable[[str, int], str | None]
NameOf = Callable[[str], str]
"""Turns the path that a diagnostic shows into the one that a baseline has."""


class BaselineError(Exception):
    """The text is no baseline; the message says why."""


def write(diagnostics: Iterable[Diagnostic], line_of: LineOf, name_of: NameOf = str) -> str:
    """The text of a baseline with these findings."""
    counts = Counter(_key(diagnostic, line_of, name_of) for diagnostic in diagnostics)
    findings = [
        {"code": code, "path": path, "line": line, "count": count}
        for (code, path, line), count in sorted(counts.items(), key=lambda item: _order(item[0]))
    ]
    return json.dumps({"version": VERSION, "findings": findings}, indent=2) + "\n"


def read(text: str) -> Counter[Key]:
    """Raises:
    BaselineError: the text is not what :func:`write` makes.
    """
    try:
        document: Any = json.loads(text)
        if document["version"] != VERSION:
            raise BaselineError(f"it has version {document['version']}, not {VERSION}")
        return Counter(
            {
                (str(item["code"]), str(item["path"]), str(item["line"])): int(item["count"])
                for item in document["findings"]
            }
        )
    except (ValueError, TypeError, KeyError) as error:
        raise BaselineError("it is not a baseline that wfc wrote") from error


def new_since(
    diagnostics: Iterable[Diagnostic],
    known: Counter[Key],
    line_of: LineOf,
    name_of: NameOf = str,
) -> list[Diagnostic]:
    """The findings that the baseline does not have."""
    left = Counter(known)
    new: list[Diagnostic] = []
    for diagnostic in diagnostics:
        key = _key(diagnostic, line_of, name_of)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(diagnostic)
    return new


def _key(diagnostic: Diagnostic, line_of: LineOf, name_of: NameOf) -> Key:
    line = line_of(diagnostic.path, diagnostic.span.line) or ""
    return diagnostic.code.code, name_of(diagnostic.path), line.strip()


def _order(key: Key) -> tuple[str, str, str]:
    code, path, line = key
    return path, code, line

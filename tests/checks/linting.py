"""Shared by the linter's tests: lint texts in memory, compare findings with marks in the source.

A mark is a comment at the end of a line that lists the codes expected there: ``# WFC101``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from wfc.backends.lint import engines
from wfc.compiler.checks.calls.project import Project
from wfc.compiler.checks.calls.sources import Texts
from wfc.compiler.checks.linting.cache import FileCache
from wfc.compiler.checks.linting.linter import Linter
from wfc.compiler.checks.linting.settings import Settings
from wfc.compiler.diagnostics.model import Diagnostic

_MARK = re.compile(r"#((?:\s*WFC\d{3},?)+)\s*$")

Site = tuple[str, int, str]


def lint(files: Mapping[str, str] | str, settings: Settings | None = None) -> list[Diagnostic]:
    """The diagnostics of one text (as ``flow.py``) or of several files, entries in all of them."""
    texts = {"flow.py": files} if isinstance(files, str) else files
    project = Project(Texts(texts), engines())
    opened = [project.open(path) for path in texts]
    return Linter(project, settings or Settings()).check(opened)


def cache_at(path: object = "") -> FileCache:
    """A cache in a file, or none."""
    return FileCache(str(path), "")


def sites(diagnostics: Iterable[Diagnostic]) -> set[Site]:
    return {(d.path, d.span.line, d.code.code) for d in diagnostics}


def marked(files: Mapping[str, str] | str) -> set[Site]:
    """The sites that the marks in the texts expect."""
    texts = {"flow.py": files} if isinstance(files, str) else files
    return {
        (path, number, code)
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        for found in [_MARK.search(line)]
        if found
        for code in re.findall(r"WFC\d{3}", found[1])
    }

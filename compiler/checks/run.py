"""Lints files and folders on disk."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from wfc.compiler.checks.engines import MARKS
from wfc.compiler.checks.linter import check_files
from wfc.compiler.checks.parallel import Background
from wfc.compiler.checks.project import (
    Cache,
    Disk,
    Project,
    decode,
    parse,
    python_files,
    syntax_problem,
)
from wfc.compiler.checks.settings import Settings
from wfc.compiler.diagnostics.model import Diagnostic, in_source_order
from wfc.compiler.ir.nodes import Span
from wfc.compiler.source import codes

LARGEST_PARSED = 1_000_000
"""A file without a workflow is parsed for its syntax only up to so many bytes."""


@dataclass(frozen=True, slots=True)
class Report:
    """``sources`` are the texts of the files that were read, by the path that diagnostics show;
    ``files`` counts what was looked at."""

    diagnostics: list[Diagnostic]
    sources: Mapping[str, str]
    files: int


def lint(
    paths: Sequence[str],
    settings: Settings,
    folder: str,
    cache: Cache | None = None,
) -> Report:
    """Check files and everything below folders.

    Args:
        paths: existing files and folders.
        folder: the project's folder, where imports are looked up too.
        cache: keeps what is known about a file by its content.
    """
    here = os.getcwd()
    project = Project(Disk(), os.path.abspath(folder), cache, name=lambda path: shown(path, here))
    paths_of_workflows: list[str] = []
    others: list[tuple[str, bytes]] = []
    count = 0
    for path in _each(paths, settings, here):
        count += 1
        try:
            content = project.files.read(path)
        except OSError:
            paths_of_workflows.append(path)  # opening it reports why
            continue
        if any(mark in content for mark in MARKS):
            paths_of_workflows.append(path)
        elif len(content) <= LARGEST_PARSED and not project.cache.is_fine(content):
            others.append((shown(path, here), content))
    with collector_off():
        size = sum(len(content) for _, content in others)
        syntax = Background(_syntax, others, size)
        workflows = [project.open(path) for path in paths_of_workflows]
        diagnostics = check_files(project, workflows, settings)
        for (path, content), problem in zip(others, syntax.results(), strict=True):
            if problem is None:
                project.cache.note_fine(content)
            else:
                span = Span(*problem["place"])
                diagnostics.append(codes.SYNTAX_ERROR.at(path, span, problem["message"]))
    sources = {file.path: file.text for file in project.loaded.values() if file.text}
    return Report(in_source_order(diagnostics), sources, count)


@contextmanager
def collector_off() -> Iterator[None]:
    """Without the garbage collector: syntax trees are many objects and no garbage."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _each(paths: Sequence[str], settings: Settings, here: str) -> Iterator[str]:
    seen: set[str] = set()
    for found in python_files(paths, lambda path: settings.excluded(shown(path, here))):
        path = os.path.abspath(found)
        identity = os.path.realpath(path)
        if identity not in seen:
            seen.add(identity)
            yield path


def _syntax(item: tuple[str, bytes]) -> dict[str, Any] | None:
    """What Python says against a file that has no workflow in it."""
    path, content = item
    text = ""
    try:
        text = decode(content)
        parse(text)
    except SyntaxError as error:
        found = syntax_problem(path, text, error)
        span = found.span
        place = (span.line, span.column, span.end_line, span.end_column)
        return {"place": place, "message": found.message}
    except (UnicodeDecodeError, RecursionError, MemoryError):
        return None
    return None


def shown(path: str, here: str) -> str:
    """A path as diagnostics show it: relative to the current folder when it is below it."""
    absolute = os.path.abspath(path)
    if absolute == here or absolute.startswith(here.rstrip(os.sep) + os.sep):
        absolute = os.path.relpath(absolute, here)
    return absolute.replace(os.sep, "/")

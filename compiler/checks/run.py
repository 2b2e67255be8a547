"""Lints files and folders on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wfc.compiler.checks.engines import MARKS
from wfc.compiler.checks.linter import check_files
from wfc.compiler.checks.project import (
    Cache,
    Disk,
    File,
    Project,
    decode,
    parse,
    python_files,
    syntax_problem,
)
from wfc.compiler.checks.settings import Settings
from wfc.compiler.diagnostics.model import Diagnostic, in_source_order

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
    workflows: list[File] = []
    others: list[Diagnostic] = []
    sources: dict[str, str] = {}
    count = 0
    for path in _each(paths, settings, here):
        count += 1
        try:
            content = project.files.read(path)
        except OSError:
            workflows.append(project.open(path))  # reports why
            continue
        if any(mark in content for mark in MARKS):
            workflows.append(project.open(path))
        elif len(content) <= LARGEST_PARSED:
            problem = _syntax(shown(path, here), content, project.cache)
            others += [] if problem is None else [problem]
    diagnostics = in_source_order([*check_files(project, workflows, settings), *others])
    sources = {file.path: file.text for file in project.loaded.values() if file.text}
    return Report(diagnostics, sources, count)


def _each(paths: Sequence[str], settings: Settings, here: str) -> Iterator[str]:
    seen: set[str] = set()
    for found in python_files(paths, lambda path: settings.excluded(shown(path, here))):
        path = os.path.abspath(found)
        identity = os.path.realpath(path)
        if identity not in seen:
            seen.add(identity)
            yield path


def _syntax(path: str, content: bytes, cache: Cache) -> Diagnostic | None:
    """What Python says against a file that has no workflow in it."""
    if cache.is_fine(content):
        return None
    text = ""
    try:
        text = decode(content)
        parse(text)
    except SyntaxError as error:
        return syntax_problem(path, text, error)
    except (UnicodeDecodeError, RecursionError, MemoryError):
        return None
    cache.note_fine(content)
    return None


def shown(path: str, here: str) -> str:
    """A path as diagnostics show it: relative to the current folder when it is below it."""
    absolute = os.path.abspath(path)
    if absolute == here or absolute.startswith(here.rstrip(os.sep) + os.sep):
        absolute = os.path.relpath(absolute, here)
    return absolute.replace(os.sep, "/")

"""Lints files and folders on disk. What the linter itself needs is imported when it has to run:
where nothing has changed since the last time, the result of that time is enough."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from wfc.compiler.checks.calls.sources import Disk, Files, python_files
from wfc.compiler.checks.linting.parallel import Background
from wfc.compiler.checks.reading.parsing import check_syntax
from wfc.compiler.data.collector import collector_paused
from wfc.compiler.data.struct import MutableStruct, Struct, field, replace
from wfc.compiler.diagnostics.model import Diagnostic, in_source_order
from wfc.compiler.source.encoding import decode

if TYPE_CHECKING:
    from wfc.compiler.checks.calls.project import Project
    from wfc.compiler.checks.engines.known import LintEngines
    from wfc.compiler.checks.linting.cache import FileCache
    from wfc.compiler.checks.linting.settings import Settings

LARGEST_PARSED = 1_000_000
"""A file without a workflow is parsed for its syntax only up to so many bytes."""


class Report(Struct):
    """``sources`` are the texts of the files that were read, by the path that diagnostics show;
    there are none when the result was known already. ``files`` counts what was looked at."""

    diagnostics: list[Diagnostic]
    sources: Mapping[str, str]
    files: int


class Refusals(Protocol):
    """What the compiler has against modules with workflows of wfc."""

    def key(self) -> str:
        """Equal where the same text is refused alike."""

    def merged(self, files: Mapping[str, str], found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The linter's findings and what is refused in the files, texts by path."""


class Inputs(MutableStruct):
    """What a run looks at: the content of each file by its path, None where it cannot be read."""

    contents: dict[str, bytes | None] = field(factory=dict)

    def digest(self, settings: Settings, here: str, refused: str) -> bytes:
        """Equal for runs that must give the same, as far as these files decide it."""
        total = hashlib.blake2b(f"{here}\0{settings!r}\0{refused}".encode(), digest_size=16)
        for path, content in self.contents.items():
            total.update(path.encode("utf-8", "surrogateescape"))
            total.update(b"\0" if content is None else digest_of(content))
        return total.digest()


def digest_of(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def lint(
    paths: Sequence[str],
    settings: Settings,
    folder: str,
    cache: FileCache,
    engines: Callable[[], LintEngines],
    *,
    fresh: bool = False,
    refusals: Refusals | None = None,
    files: Files | None = None,
) -> Report:
    """Check files and everything below folders.

    Args:
        paths: existing files and folders.
        folder: the project's folder, where imports are looked up too.
        cache: keeps what is known about a file by its content, and whole results; it is not saved.
        engines: gives those whose workflows are checked, when they are needed.
        fresh: look at every file again, because their texts are wanted.
        refusals: report what the compiler refuses, too.
        files: what is read in place of the files on disk.
    """
    here = os.getcwd()
    files = files or Disk()
    inputs = _inputs(paths, settings, here, files)
    key = inputs.digest(settings, here, refusals.key() if refusals else "")
    known = None if fresh else cache.result(key)
    if known is not None:
        return Report(known, {}, len(inputs.contents))
    with collector_paused():
        project, diagnostics = _check(
            inputs, settings, folder, here, cache, engines(), refusals, files
        )
    cache.put_result(key, diagnostics, _outside(project, inputs))
    sources = {file.path: file.text for file in project.loaded.values() if file.text}
    return Report(diagnostics, sources, len(inputs.contents))


def _inputs(paths: Sequence[str], settings: Settings, here: str, files: Files) -> Inputs:
    inputs = Inputs()
    for found in python_files(paths, lambda path: settings.excluded(shown(path, here))):
        path = os.path.abspath(found)
        try:
            inputs.contents[path] = files.read(path)
        except OSError:
            inputs.contents[path] = None
    return inputs


def _check(
    inputs: Inputs,
    settings: Settings,
    folder: str,
    here: str,
    cache: FileCache,
    engines: LintEngines,
    refusals: Refusals | None,
    source: Files,
) -> tuple[Project, list[Diagnostic]]:
    workflows: list[str] = []
    others: list[tuple[str, bytes]] = []
    for path, content in inputs.contents.items():
        if content is None or any(mark in content for mark in engines.marks):
            workflows.append(path)  # opening one that cannot be read reports why
        elif len(content) <= LARGEST_PARSED and not cache.is_fine(content):
            others.append((path, content))

    from wfc.compiler.checks.calls.project import Project
    from wfc.compiler.checks.linting.linter import Linter

    project = Project(
        source, engines, os.path.abspath(folder), cache, name=lambda path: shown(path, here)
    )
    _read_ahead(project, workflows, cache)
    files = [project.open(path) for path in workflows]
    imported = dict.fromkeys(path for file in files for path in project.imported(file))
    _read_ahead(project, imported, cache)
    others = [item for item in others if item[0] not in imported or project.open(item[0]).problem]
    syntax = Background(_syntax, others, sum(len(content) for _, content in others))
    linter = Linter(project, settings)
    diagnostics = linter.check(files)
    compiled = {file.path: file.text for file in files if linter.is_compiled(file)}
    if refusals and compiled:
        diagnostics = refusals.merged(compiled, diagnostics)
    for (path, content), problem in zip(others, syntax.results(), strict=True):
        if problem is None:
            cache.note_fine(content)
            continue
        problem = replace(problem, path=shown(path, here))
        if not linter.ignores(problem):
            diagnostics.append(problem)
    return project, in_source_order(diagnostics)


def _read_ahead(project: Project, paths: Iterable[str], cache: FileCache) -> None:
    """Open files together with child processes."""
    from wfc.compiler.checks.calls.project import LARGEST

    unknown: list[tuple[str, bytes]] = []
    for path in paths:
        with suppress(OSError):  # whoever opens it reports why
            content = project.files.read(path)
            if len(content) <= LARGEST and not cache.has(content):
                unknown.append((path, content))
    size = sum(len(content) for _, content in unknown)
    ahead = Background(lambda item: _facts(item[1], project.engines), unknown, 4 * size)
    if not ahead.children:
        return

    def here(item: tuple[str, bytes]) -> bytes:
        project.open(item[0])
        return b""

    for (_, content), packed in zip(unknown, ahead.results(here), strict=True):
        if packed:
            cache.take(content, packed)


def _facts(content: bytes, engines: LintEngines) -> bytes:
    """The facts of a file, packed; nothing where reading it again will report why."""
    from wfc.compiler.checks.calls.project import analyse
    from wfc.compiler.checks.linting.cache import pack

    try:
        return pack(analyse(decode(content), engines))
    except (SyntaxError, UnicodeDecodeError, RecursionError, MemoryError):
        return b""


def _outside(project: Project, inputs: Inputs) -> dict[str, bytes | None]:
    """What else decided the result: files that calls led to, and files that were looked for and are
    not there."""
    found: dict[str, bytes | None] = {
        path: None for path, exists in project.known.items() if not exists
    }
    for path in project.loaded:
        if path not in inputs.contents:
            try:
                found[path] = digest_of(project.files.read(path))
            except OSError:
                found[path] = None
    return found


def _syntax(item: tuple[str, bytes]) -> Diagnostic | None:
    """What Python says against a file that has no workflow in it."""
    path, content = item
    try:
        check_syntax(decode(content))
    except SyntaxError as error:
        from wfc.compiler.checks.calls.project import syntax_problem

        return syntax_problem(path, error)
    except UnicodeDecodeError as error:
        from wfc.compiler.source.encoding import undecodable

        return undecodable(path, error)
    except (RecursionError, MemoryError):
        return None
    return None


def shown(path: str, here: str) -> str:
    """A path as diagnostics show it: relative to the current folder when it is below it."""
    absolute = os.path.abspath(path)
    prefix = here.rstrip(os.sep) + os.sep
    if absolute.startswith(prefix):
        absolute = absolute[len(prefix) :]
    return absolute.replace(os.sep, "/")

"""The files of a project: finds them, parses each once, and answers which file an import means.

Nothing is imported or executed. Files outside the linted paths are read when a call leads there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import Final, Protocol

from wfc.compiler.checks.calls.sources import Files, join
from wfc.compiler.checks.codes import FILE_TOO_LARGE
from wfc.compiler.checks.engines.known import LintEngines
from wfc.compiler.checks.reading.extract import extract
from wfc.compiler.checks.reading.facts import Module
from wfc.compiler.checks.reading.parsing import parse, place_of
from wfc.compiler.data.struct import MutableStruct, field
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.span import NOWHERE, Span
from wfc.compiler.source import codes
from wfc.compiler.source.encoding import decode, undecodable

LARGEST: Final = 3_000_000
"""Bytes. A syntax tree takes about two hundred times the size of its text."""


class File(MutableStruct, eq=False):
    """One source file. ``name`` is its dotted module name below ``root``, the folder that imports
    start from. ``problem`` says why there are no facts."""

    path: str
    name: str
    root: str
    text: str = ""
    facts: Module = field(factory=Module)
    problem: Diagnostic | None = None

    @property
    def package(self) -> str:
        """The package that relative imports start from."""
        if os.path.basename(self.path) == "__init__.py":
            return self.name
        return self.name.rpartition(".")[0]


class Cache(Protocol):
    """Keeps what is known about a file by its content."""

    def get(self, content: bytes) -> Module | None:
        """The facts of a file."""

    def put(self, content: bytes, facts: Module) -> None: ...

    def is_fine(self, content: bytes) -> bool:
        """Whether a file without workflows is known to be valid Python."""

    def note_fine(self, content: bytes) -> None: ...


class NoCache:
    def get(self, content: bytes) -> Module | None:
        return None

    def put(self, content: bytes, facts: Module) -> None: ...

    def is_fine(self, content: bytes) -> bool:
        return False

    def note_fine(self, content: bytes) -> None: ...


class Project:
    """Source files by path and by module name.

    Args:
        files: where the files come from.
        engines: whose workflows are looked for.
        folder: the project's folder; imports are looked up there and in its ``src``.
        cache: keeps facts by content.
        name: turns a path into the one that diagnostics show.
    """

    def __init__(
        self,
        files: Files,
        engines: LintEngines,
        folder: str = "",
        cache: Cache | None = None,
        name: Callable[[str], str] = lambda path: path,
    ) -> None:
        self.files = files
        self.engines = engines
        self.foreign = sys.stdlib_module_names | engines.packages
        """Packages that are never files of the project, whatever lies in its folders."""
        self.cache: Cache = cache or NoCache()
        self.show = name
        self.roots = [folder, join(folder, "src")]
        self.loaded: dict[str, File] = {}
        self.by_import: dict[tuple[str, str], File | None] = {}
        self.known: dict[str, bool] = {}
        self.packages: dict[str, tuple[str, str]] = {}

    def open(self, path: str) -> File:
        """The file at a path, parsed; the same object for the same file."""
        identity = self.files.identity(path)
        file = self.loaded.get(identity)
        if file is None:
            root, name = self.module_name(path)
            file = File(self.show(path), name, root)
            self.loaded[identity] = file
            self._read(path, file)
        return file

    def add(self, path: str, text: str, facts: Module) -> File:
        """A file that is read already."""
        root, name = self.module_name(path)
        file = File(self.show(path), name, root, text, facts)
        self.loaded[self.files.identity(path)] = file
        return file

    def _read(self, path: str, file: File) -> None:
        try:
            content = self.files.read(path)
        except OSError as error:
            reason = error.strerror or "it cannot be read"
            file.problem = codes.FILE_UNREADABLE.at(file.path, NOWHERE, f"cannot be read: {reason}")
            return
        if len(content) > LARGEST:
            message = f"not checked: it has {len(content) / 1e6:.1f} MB"
            instead = f"split it, or exclude it; the limit is {LARGEST / 1e6:.0f} MB"
            file.problem = FILE_TOO_LARGE.at(file.path, NOWHERE, message, instead=instead)
            return
        cached = self.cache.get(content)
        try:
            file.text = decode(content)
            file.facts = cached or analyse(file.text, self.engines)
        except SyntaxError as error:
            file.problem = syntax_problem(file.path, error)
        except UnicodeDecodeError as error:
            file.problem = undecodable(file.path, error)
        except (RecursionError, MemoryError):
            message = "an expression in this file is nested too deeply to be read"
            file.problem = codes.TOO_DEEP.at(file.path, NOWHERE, message)
        else:
            if cached is None:
                self.cache.put(content, file.facts)

    def module_name(self, path: str) -> tuple[str, str]:
        """The folder where imports of a file start, and the file's dotted name below it."""
        folder, base = os.path.split(path)
        stem = base.removesuffix(".py")
        root, package = self._package(folder)
        parts = [part for part in (package, "" if stem == "__init__" else stem) if part]
        return root, ".".join(parts)

    def _package(self, folder: str) -> tuple[str, str]:
        """The first folder above that is no package, and the dotted name of the packages
        between."""
        found = self.packages.get(folder)
        if found is None:
            parent, base = os.path.split(folder)
            if base and parent != folder and self.exists(join(folder, "__init__.py")):
                root, package = self._package(parent)
                found = root, f"{package}.{base}" if package else base
            else:
                found = folder, ""
            self.packages[folder] = found
        return found

    def exists(self, path: str) -> bool:
        known = self.known.get(path)
        if known is None:
            known = self.known[path] = self.files.exists(path)
        return known

    def find(self, module: str, importer: File) -> File | None:
        """The project's file that an import means, or None: it is not one of the project's."""
        name = module
        if module.startswith("."):
            name = absolute(module, importer)
        elif module.partition(".")[0] in self.foreign:
            return None
        key = (importer.root, name)
        if key not in self.by_import:
            path = self._locate(name, importer)
            self.by_import[key] = None if path is None else self.open(path)
        return self.by_import[key]

    def imported(self, importer: File) -> Iterator[str]:
        """The paths of the project's files that a file names in its imports."""
        for target in importer.facts.imports.values():
            module, _, member = target.partition(":")
            if module.startswith("."):
                module = absolute(module, importer)
            elif module.partition(".")[0] in self.foreign:
                continue
            for name in (module, f"{module}.{member}" if member else ""):
                if path := self._locate(name, importer):
                    yield path

    def _locate(self, name: str, importer: File) -> str | None:
        """Where the file of an absolute module name lies."""
        if not name:
            return None
        relative = name.replace(".", "/")
        for root in dict.fromkeys([importer.root, *self.roots, *self._above(importer.root)]):
            for candidate in (f"{relative}.py", f"{relative}/__init__.py"):
                path = join(root, candidate)
                if self.exists(path):
                    return path
        return None

    def _above(self, folder: str) -> Iterator[str]:
        """The folders between a file's root and the project's folder: a folder without
        ``__init__.py`` may be a package too."""
        top = self.roots[0]
        while folder and folder != top and (not top or folder.startswith(top)):
            parent = os.path.dirname(folder)
            if parent == folder:
                return
            folder = parent
            yield folder


def absolute(module: str, importer: File) -> str:
    """The absolute name of a relative import."""
    rest = module.lstrip(".")
    package = importer.package
    for _ in range(len(module) - len(rest) - 1):
        package = package.rpartition(".")[0]
    return ".".join(part for part in (package, rest) if part)


def analyse(text: str, engines: LintEngines) -> Module:
    """The facts of a text. Raises what :func:`parse` does."""
    return extract(text, parse(text), engines)


def syntax_problem(path: str, error: SyntaxError) -> Diagnostic:
    version = "{}.{}".format(*sys.version_info)
    message = f"not valid Python {version}: {error.msg}"
    return codes.SYNTAX_ERROR.at(path, Span(*place_of(error)), message)

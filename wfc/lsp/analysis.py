"""Checks open documents: the linter over their whole project, and the front end on wfc modules."""

from __future__ import annotations

import os
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from wfc.backends.lint import engines
from wfc.compiler.checks.calls.project import Project, syntax_problem
from wfc.compiler.checks.calls.sources import python_files
from wfc.compiler.checks.linting.baseline import BaselineError, new_since
from wfc.compiler.checks.linting.baseline import read as read_baseline
from wfc.compiler.checks.linting.linter import Linter
from wfc.compiler.checks.linting.run import digest_of, shown
from wfc.compiler.checks.linting.settings import Settings, SettingsError, check_table, from_table
from wfc.compiler.checks.reading.facts import Module
from wfc.compiler.checks.reading.parsing import parse
from wfc.compiler.data.collector import collector_paused
from wfc.compiler.data.struct import Struct, field
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.render import Material
from wfc.lsp.documents import Document, OpenTexts, identity
from wfc.tool.catalogue import catalogue
from wfc.tool.config import Config, ConfigError, load
from wfc.tool.refusals import Refusals

_KEPT: Final = 4096
"""The facts of so many contents are kept."""


class Result(Struct):
    """What was found in one document, and the texts that its places refer to.

    ``folder`` is the project's folder; paths in diagnostics are relative to it. ``sources`` holds
    the texts by those paths, ``checked`` the document as it was.
    """

    checked: Document
    folder: str
    diagnostics: Sequence[Diagnostic] = ()
    sources: Mapping[str, str] = field(factory=dict)

    def absolute(self, path: str) -> str:
        return os.path.join(self.folder, path) if self.folder else path


class Home(Struct):
    """The project of a document. ``whole`` says that its folder is known to be one, so that all its
    workflows count and not only those in open documents."""

    folder: str
    config: Config
    whole: bool


class Analyser:
    """Keeps what is known between checks. It is used by one thread at a time.

    Args:
        warn: is told what is wrong with the configuration.
    """

    def __init__(self, warn: Callable[[str], None] = lambda text: None) -> None:
        self.warn = warn
        self.folders: tuple[str, ...] = ()
        self.cache = MemoryCache()
        self.trees: dict[str, list[str]] = {}
        self.valid: dict[str, str] = {}
        self.contents: dict[str, bytes] = {}
        """What open documents had in them when they were last checked."""

    def forget_disk(self) -> None:
        """Files came, went or changed outside the editor."""
        self.trees.clear()

    def check(
        self, documents: Iterable[Document], changed: Collection[str] | None = None
    ) -> list[Result]:
        """What is wrong in open documents.

        Args:
            documents: all that are open.
            changed: the paths of those that changed; their projects are checked. None: all.
        """
        projects: dict[str, list[Document]] = defaultdict(list)
        homes: dict[str, Home] = {}
        for document in documents:
            home = self.home(document.path)
            homes.setdefault(home.folder, home)
            projects[home.folder].append(document)
        wanted = set(homes) if changed is None else {self.home(path).folder for path in changed}
        with collector_paused():
            return [
                result
                for folder, opened in projects.items()
                if folder in wanted
                for result in self.check_project(homes[folder], opened)
            ]

    def home(self, path: str) -> Home:
        """The project of a path: the folder of its pyproject.toml with wfc's table, else the
        editor's workspace folder around it, else its own folder."""
        if not os.path.isabs(path):
            return Home(self.folders[0] if self.folders else "", Config(), whole=False)
        try:
            config = load(Path(path).parent)
        except ConfigError as error:
            self.warn(str(error))
            config = Config()
        if config.path is not None:
            return Home(str(config.path.parent), config, whole=True)
        for folder in sorted(self.folders, key=len, reverse=True):
            if path.startswith(folder.rstrip(os.sep) + os.sep):
                return Home(folder, config, whole=True)
        return Home(os.path.dirname(path), config, whole=False)

    def check_project(self, home: Home, documents: Sequence[Document]) -> list[Result]:
        settings = self.settings(home.config)
        # While a text is half typed, other files see it as it was when it last was Python.
        broken = self.broken(documents, home.folder)
        texts = {
            document.identity: self.valid.get(document.identity, document.text)
            for document in documents
        }
        files = OpenTexts(texts)
        self.forget_replaced(files.contents)
        project = Project(
            files,
            engines(),
            home.folder,
            self.cache,
            name=lambda path: shown_in(home.folder, path),
        )
        linter = Linter(project, settings)
        paths = self.entries(home, documents, settings)
        found = linter.check([project.open(path) for path in paths])
        found = self.with_refusals(found, linter, home, documents)
        sources = {file.path: file.text for file in project.loaded.values()}
        found = self.without_baseline(found, settings, home.folder, sources)
        by_path: dict[str, list[Diagnostic]] = defaultdict(list)
        for diagnostic in found:
            by_path[diagnostic.path].append(diagnostic)
        results = []
        for document in documents:
            path = shown_in(home.folder, document.path)
            own = by_path[path]
            if document.identity in broken:
                loaded = document.identity in project.loaded
                seen = loaded or document.is_marked
                problem = broken[document.identity]
                own = [problem] if seen and not linter.ignores(problem) else []
            if settings.excluded(path):
                own = []
            results.append(Result(document, home.folder, own, {**sources, path: document.text}))
        return results

    def forget_replaced(self, contents: Mapping[str, bytes]) -> None:
        """Forget what is known about earlier contents of open documents, which seldom return."""
        for path, content in contents.items():
            before = self.contents.get(path)
            if before is not None and before != content:
                self.cache.forget(before)
            self.contents[path] = content

    def with_refusals(
        self,
        found: list[Diagnostic],
        linter: Linter,
        home: Home,
        documents: Iterable[Document],
    ) -> list[Diagnostic]:
        """Add what the compiler and the project's targets refuse in open documents."""
        compiled = {}
        for document in documents:
            file = linter.project.loaded.get(document.identity)
            if file is not None and linter.is_compiled(file):
                compiled[file.path] = document.text
        try:
            return Refusals(home.config, linter.settings).merged(compiled, found)
        except ConfigError as error:
            self.warn(str(error))
            return Refusals(Config(), linter.settings).merged(compiled, found)

    def broken(self, documents: Iterable[Document], folder: str) -> dict[str, Diagnostic]:
        """The documents that are not valid Python at the moment, with the reason."""
        found: dict[str, Diagnostic] = {}
        for document in documents:
            if self.valid.get(document.identity) == document.text:
                continue
            try:
                parse(document.text)
            except SyntaxError as error:
                path = shown_in(folder, document.path)
                found[document.identity] = syntax_problem(path, error)
            except (RecursionError, MemoryError):  # the linter says so
                self.valid.pop(document.identity, None)
            else:
                self.valid[document.identity] = document.text
        return found

    def entries(
        self, home: Home, documents: Iterable[Document], settings: Settings
    ) -> Iterable[str]:
        """The files whose workflows are followed."""
        found = {document.identity: document.path for document in documents if document.is_marked}
        opened = {document.identity for document in documents}
        if home.whole:
            if home.folder not in self.trees:
                self.trees[home.folder] = marked_files(home.folder, settings)
            for path in self.trees[home.folder]:
                if identity(path) not in opened:
                    found.setdefault(identity(path), path)
        return found.values()

    def settings(self, config: Config) -> Settings:
        """The linter's settings; wrong ones do not count."""
        try:
            table = config.section("lint")
            settings = from_table(table)
            check_table(table, {code.code: code.name for code in catalogue()})
        except SettingsError as error:
            self.warn(f"[tool.wfc.lint] in {config.path}: {error}")
            return Settings()
        return settings

    def without_baseline(
        self,
        found: list[Diagnostic],
        settings: Settings,
        folder: str,
        sources: Mapping[str, str],
    ) -> list[Diagnostic]:
        if not settings.baseline:
            return found
        path = os.path.join(folder, settings.baseline)
        try:
            known = read_baseline(Path(path).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, BaselineError) as error:
            self.warn(f"{path}: the baseline cannot be read: {error}")
            return found
        return new_since(found, known, Material(sources).line)


class MemoryCache:
    """What is known about contents while the server runs; the oldest go first."""

    def __init__(self) -> None:
        self.entries: OrderedDict[bytes, Module] = OrderedDict()

    def get(self, content: bytes) -> Module | None:
        key = digest_of(content)
        found = self.entries.get(key)
        if found is not None:
            self.entries.move_to_end(key)
        return found

    def put(self, content: bytes, facts: Module) -> None:
        self.entries[digest_of(content)] = facts
        if len(self.entries) > _KEPT:
            self.entries.popitem(last=False)

    def forget(self, content: bytes) -> None:
        self.entries.pop(digest_of(content), None)

    def is_fine(self, content: bytes) -> bool:
        return False

    def note_fine(self, content: bytes) -> None: ...


def shown_in(folder: str, path: str) -> str:
    """A path as diagnostics of a project show it; that of a document that was never saved as it
    is."""
    return shown(path, folder) if folder and os.path.isabs(path) else path


def marked_files(folder: str, settings: Settings) -> list[str]:
    """The files below a folder that may define workflows."""
    found = []
    for path in python_files([folder], lambda path: settings.excluded(shown(path, folder))):
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError:
            continue
        if any(mark in content for mark in engines().marks):
            found.append(path)
    return found

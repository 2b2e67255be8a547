"""Where source files come from: the disk, or texts in memory. Light to import."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Protocol

from wfc.compiler.data.struct import Struct
from wfc.compiler.source.content import content_of

SKIPPED: Final = frozenset(
    {"__pycache__", "node_modules", "site-packages", "venv", "build", "dist", "__pypackages__"}
)
"""Folders that are no source of the project; hidden ones are skipped too."""


class Files(Protocol):
    """Where source comes from: the disk, or texts in memory."""

    def read(self, path: str) -> bytes:
        """The content of a file.

        Raises:
            OSError: it cannot be read.
        """

    def exists(self, path: str) -> bool: ...

    def identity(self, path: str) -> str:
        """The same text for two paths of the same file."""


class Disk:
    def read(self, path: str) -> bytes:
        return content_of(path)

    def exists(self, path: str) -> bool:
        return os.path.isfile(path)

    def identity(self, path: str) -> str:
        return os.path.realpath(path)


class Overlay(Disk):
    """The disk with other contents of some files in front of it.

    Args:
        contents: by :meth:`identity`.
    """

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.contents = contents

    def read(self, path: str) -> bytes:
        content = self.contents.get(self.identity(path))
        return super().read(path) if content is None else content

    def exists(self, path: str) -> bool:
        return self.identity(path) in self.contents or super().exists(path)


class Texts(Struct):
    """Files in memory, by path with forward slashes."""

    texts: Mapping[str, str]

    def read(self, path: str) -> bytes:
        return self.texts[path].encode("utf-8", "surrogatepass")

    def exists(self, path: str) -> bool:
        return path in self.texts

    def identity(self, path: str) -> str:
        return path


def python_files(paths: Iterable[str], excluded: Callable[[str], bool]) -> Iterator[str]:
    """The Python files among paths and below folders, each once, in a stable order. Links to
    folders are not followed, so a circle of links ends."""
    seen: set[str] = set()
    for path in paths:
        for found in _below(path, excluded) if os.path.isdir(path) else [(path, True)]:
            name, link = found
            identity = os.path.realpath(name) if link else name
            if identity not in seen:
                seen.add(identity)
                yield name


def _below(folder: str, excluded: Callable[[str], bool]) -> Iterator[tuple[str, bool]]:
    """The Python files below a folder, and whether each is a link."""
    root = os.path.realpath(folder)
    stack = [root]
    while stack:
        current = stack.pop()
        try:
            with os.scandir(current) as entries:
                ordered = sorted(entries, key=lambda entry: entry.name)
        except OSError:  # whoever reads it reports why
            yield current, False
            continue
        inner = []
        for entry in ordered:
            if entry.is_dir(follow_symlinks=False):
                if _is_source_folder(entry) and not excluded(entry.path):
                    inner.append(entry.path)
            elif _is_source(entry) and not excluded(entry.path):
                yield entry.path, entry.is_symlink()
        stack += reversed(inner)


def _is_source(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a Python file, or a broken link to one. Who reads a pipe waits."""
    if not entry.name.endswith((".py", ".pyw")):
        return False
    # A circle of links, at which an entry itself would raise, is a broken link.
    return os.path.isfile(entry.path) or not os.path.exists(entry.path)


def _is_source_folder(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    return not (
        name in SKIPPED
        or name.startswith(".")
        or name.endswith(".egg-info")
        or os.path.exists(join(entry.path, "pyvenv.cfg"))
    )


def join(*parts: str) -> str:
    """Parts of a path with forward slashes between; empty ones are left out."""
    return "/".join(part.rstrip("/") if part != "/" else "" for part in parts if part)

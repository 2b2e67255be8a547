"""Loads a generated module from its text, as if it were a file beside the user's."""

from __future__ import annotations

import contextlib
import linecache
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType


def load(text: str, name: str, file: str) -> ModuleType:
    """Execute the text of a module.

    Args:
        text: what the emitter printed.
        name: the module's name; it replaces one of that name that was loaded before.
        file: what tracebacks call it.

    Raises:
        Exception: whatever the module raises when it is imported, such as ImportError for an import
            that the user's steps need.
    """
    module = ModuleType(name)
    module.__file__ = file
    # dataclasses and pickle look a class's module up by its name; tracebacks look up its lines.
    sys.modules[name] = module
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    try:
        exec(compile(text, file, "exec"), module.__dict__)
    except BaseException:
        unload(module)
        raise
    return module


def unload(module: ModuleType) -> None:
    """Forget a module that :func:`load` made."""
    sys.modules.pop(module.__name__, None)
    linecache.cache.pop(str(module.__file__), None)


@contextlib.contextmanager
def importable(folder: Path) -> Iterator[None]:
    """Let imports find what stands in a folder, as for a script that is run from there."""
    entry = str(folder.resolve())
    sys.path.insert(0, entry)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(entry)

"""Keeps what is known about files between runs, by their content.

The cache is one file that is replaced as a whole, so that two runs at once cannot damage it; the
last one wins. A cache that cannot be read is ignored and written anew. It is read with a loader
that knows the classes of :mod:`facts` and nothing else, so that a cache file from elsewhere can run
no code.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
from typing import Any, Final

from wfc.compiler.checks import facts
from wfc.compiler.checks.facts import Module

_CLASSES: Final = ("Module", "Function", "Class", "Variable", "Use", "Decorator", "Parameter")
_LOADABLE: Final = {(facts.__name__, name) for name in (*_CLASSES, "Suppression")}
_FINE: Final = b""


class FileCache:
    """Args:
    path: the cache file; its folder is made when something is saved.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.salt = _salt()
        self.entries = self._load()
        self.used: dict[bytes, bytes] = {}
        self.changed = False

    def get(self, content: bytes) -> Module | None:
        key = self._key(content)
        packed = self.entries.get(key)
        if not packed:
            return None
        try:
            found = _Loader(io.BytesIO(packed)).load()
        except Exception:  # whatever a damaged entry raises
            return None
        if not isinstance(found, Module):
            return None
        self.used[key] = packed
        return found

    def put(self, content: bytes, facts: Module) -> None:
        self._note(self._key(content), pickle.dumps(facts, pickle.HIGHEST_PROTOCOL))

    def is_fine(self, content: bytes) -> bool:
        key = self._key(content)
        if self.entries.get(key) is None:
            return False
        self.used[key] = self.entries[key]
        return True

    def note_fine(self, content: bytes) -> None:
        self._note(self._key(content), _FINE)

    def _note(self, key: bytes, packed: bytes) -> None:
        self.used[key] = packed
        self.changed = True

    def save(self) -> None:
        """Write what this run used. A cache that cannot be written is no error."""
        if not self.changed and len(self.used) == len(self.entries):
            return
        folder = os.path.dirname(self.path)
        temporary = f"{self.path}.{os.getpid()}"
        try:
            os.makedirs(folder, exist_ok=True)
            ignore = os.path.join(folder, ".gitignore")
            if not os.path.exists(ignore):
                with open(ignore, "w", encoding="ascii") as file:
                    file.write("*\n")
            with open(temporary, "wb") as output:
                pickle.dump((self.salt, self.used), output, pickle.HIGHEST_PROTOCOL)
            os.replace(temporary, self.path)
        except OSError:
            if os.path.exists(temporary):
                os.unlink(temporary)

    def _load(self) -> dict[bytes, bytes]:
        try:
            with open(self.path, "rb") as file:
                salt, entries = _Loader(file).load()
        except Exception:  # missing, damaged or foreign
            return {}
        if salt != self.salt or not isinstance(entries, dict):
            return {}
        return {k: v for k, v in entries.items() if isinstance(k, bytes) and isinstance(v, bytes)}

    def _key(self, content: bytes) -> bytes:
        return hashlib.blake2b(content, digest_size=16).digest()


class _Loader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _LOADABLE:
            return getattr(facts, name)
        raise pickle.UnpicklingError(f"{module}.{name} does not belong in a cache")


def _salt() -> str:
    """Changes with Python and with the code that makes the facts."""
    folder = os.path.dirname(facts.__file__)
    parts = [sys.version]
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py"):
            status = os.stat(os.path.join(folder, name))
            parts.append(f"{name} {status.st_mtime_ns} {status.st_size}")
    return "\n".join(parts)

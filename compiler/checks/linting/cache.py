"""Keeps what is known about files between runs, by their content.

The cache is one file that is replaced as a whole, so that two runs at once cannot damage it; the
last one wins. A cache that cannot be read is ignored and written anew. It is read with a loader
that knows a dozen data classes and nothing else, so that a cache file from elsewhere can run
no code.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
from typing import Any, Final

from wfc.compiler.checks.reading import facts
from wfc.compiler.checks.reading.facts import Module
from wfc.compiler.checks.wordsets import words
from wfc.compiler.data.struct import restored
from wfc.compiler.diagnostics import model
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.span import Span

_FACTS: Final = words("Module Function Class Variable Use Decorator Parameter Suppression")
_MODEL: Final = words("Diagnostic Code Link Edit Fix Rewrite")
_LOADABLE: Final[dict[tuple[str, str], Any]] = {
    **{(facts.__name__, name): getattr(facts, name) for name in _FACTS},
    **{(model.__name__, name): getattr(model, name) for name in _MODEL},
    (Span.__module__, "Span"): Span,
    (restored.__module__, "restored"): restored,
}
_FINE: Final = b""
_RESULT: Final = b"result "
_RESULTS_KEPT: Final = 8


class FileCache:
    """Args:
    path: the cache file; its folder is made when something is saved. Without a path nothing is
        read or saved.
    code: changes with the code that decides what is known.
    """

    def __init__(self, path: str, code: str) -> None:
        self.path = path
        self.salt = f"{sys.version}\n{code}"
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
        self._note(self._key(content), pack(facts))

    def take(self, content: bytes, packed: bytes) -> None:
        """Facts of a file as :func:`pack` made them."""
        key = self._key(content)
        self.entries[key] = packed
        self._note(key, packed)

    def has(self, content: bytes) -> bool:
        return bool(self.entries.get(self._key(content)))

    def is_fine(self, content: bytes) -> bool:
        key = self._key(content)
        if self.entries.get(key) is None:
            return False
        self.used[key] = self.entries[key]
        return True

    def note_fine(self, content: bytes) -> None:
        self._note(self._key(content), _FINE)

    def result(self, key: bytes) -> list[Diagnostic] | None:
        """The diagnostics of an earlier run with the same files and settings, if the files outside
        that it read are still the same."""
        packed = self.entries.get(_RESULT + key)
        if not packed:
            return None
        try:
            diagnostics, outside = _Loader(io.BytesIO(packed)).load()
            same = all(_digest(path) == digest for path, digest in outside.items())
        except Exception:  # whatever a damaged entry raises
            return None
        self.used = dict(self.entries)
        return diagnostics if same and isinstance(diagnostics, list) else None

    def put_result(
        self, key: bytes, diagnostics: list[Diagnostic], outside: dict[str, bytes | None]
    ) -> None:
        earlier = [entry for entry in self.entries if entry.startswith(_RESULT)]
        for entry in earlier[-_RESULTS_KEPT:]:
            self.used.setdefault(entry, self.entries[entry])
        self._note(_RESULT + key, pickle.dumps((diagnostics, outside), pickle.HIGHEST_PROTOCOL))

    def _note(self, key: bytes, packed: bytes) -> None:
        self.used[key] = packed
        self.changed = True

    def save(self) -> None:
        """Write what this run used. A cache that cannot be written is no error."""
        if not self.path or (not self.changed and len(self.used) == len(self.entries)):
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


def pack(facts: Module) -> bytes:
    return pickle.dumps(facts, pickle.HIGHEST_PROTOCOL)


class _Loader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        found = _LOADABLE.get((module, name))
        if found is not None:
            return found
        raise pickle.UnpicklingError(f"{module}.{name} does not belong in a cache")


def _digest(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return hashlib.blake2b(file.read(), digest_size=16).digest()
    except OSError:
        return None

"""The pages of codes as files, so that an editor can open one from a diagnostic."""

from __future__ import annotations

import tempfile
from pathlib import Path

from wfc.compiler.diagnostics.model import Code
from wfc.tool.pages import markdown


class PageFiles:
    """Writes the page of a code, as ``wfc explain`` shows it, when it is needed first. The files go
    away with :meth:`close`."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="wfc-codes-")
        self._uris: dict[str, str] = {}

    def uri(self, code: Code) -> str:
        found = self._uris.get(code.code)
        if found is None:
            path = Path(self._folder.name, f"{code.code}-{code.name}.md")
            path.write_text(markdown(code), encoding="utf-8")
            found = self._uris[code.code] = path.as_uri()
        return found

    def close(self) -> None:
        self._folder.cleanup()

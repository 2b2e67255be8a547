"""What a format may need beside the diagnostics: source lines, colours, the tool's version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wfc.compiler.data.struct import Struct, field
from wfc.compiler.diagnostics.model import Code

_RESET = "\x1b[0m"
STYLES = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "info": "\x1b[1;36m",
    "bold": "\x1b[1m",
    "frame": "\x1b[1;34m",
    "help": "\x1b[1;32m",
}


class Material(Struct):
    """``sources`` gives the text of a file by the path that its diagnostics carry; a file that is
    missing there is shown without its lines. ``codes`` are the rules that a SARIF log lists even
    when they found nothing."""

    sources: Mapping[str, str] = field(factory=dict)
    colors: bool = False
    version: str = ""
    codes: Sequence[Code] = ()
    _lines: dict[str, list[str]] = field(factory=dict, init=False, repr=False)

    def line(self, path: str, number: int) -> str | None:
        """A line of a file, counted from 1, without its end; None when it is not known."""
        lines = self._lines.get(path)
        if lines is None:
            text = self.sources.get(path)
            lines = [] if text is None else split_lines(text)
            self._lines[path] = lines
        return lines[number - 1] if 0 < number <= len(lines) else None

    def paint(self, style: str, text: str) -> str:
        """The text in one of :data:`STYLES`, where there are colours."""
        return f"{STYLES[style]}{text}{_RESET}" if self.colors else text


def split_lines(text: str) -> list[str]:
    """Lines as Python's tokenizer counts them; ``str.splitlines`` would also split at form feeds
    and Unicode separators."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

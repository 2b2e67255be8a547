"""Places in both countings.

A :class:`Span` counts lines and characters from 1. The Language Server Protocol counts lines from 0
and, in a line, the units of an encoding that client and server agree on: UTF-16 unless both know
another one (LSP 3.17, Position).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lsprotocol import types

from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.model import Link
from wfc.compiler.diagnostics.span import Span

_LINE_END = re.compile(r"\r\n|\r|\n")
_NAME = re.compile(r"[^\W\d]\w*")


class Positions(Struct):
    """The lines of a text, and what a position in it means to the client.

    Lines end as LSP says; :meth:`str.splitlines` would also split at form feeds.
    """

    lines: Sequence[str]
    encoding: types.PositionEncodingKind | str = types.PositionEncodingKind.Utf16

    @classmethod
    def of(cls, text: str, encoding: types.PositionEncodingKind | str) -> Positions:
        return cls(_LINE_END.split(text), encoding)

    def position(self, line: int, column: int) -> types.Position:
        """The position of a 1-based line and character column; one past the text is its end."""
        if line > len(self.lines):
            line, column = len(self.lines), len(self.lines[-1]) + 1
        before = self.lines[max(line, 1) - 1][: max(column, 1) - 1]
        return types.Position(max(line, 1) - 1, self._units(before))

    def range(self, span: Span) -> types.Range:
        """The range of a span; the whole first line for a problem without a place."""
        if span.line <= 0:
            return types.Range(self.position(1, 1), self.position(1, len(self.lines[0]) + 1))
        start = self.position(span.line, span.column)
        return types.Range(start, self.position(span.end_line, span.end_column))

    def name_at(self, link: Link) -> types.Range:
        """The range of the name or keyword that stands where a link points."""
        line = self.lines[link.line - 1] if 0 < link.line <= len(self.lines) else ""
        name = _NAME.match(line, max(link.column, 1) - 1)
        end = name.end() + 1 if name else link.column
        return self.range(Span(link.line, link.column, link.line, end))

    def _units(self, text: str) -> int:
        match self.encoding:
            case types.PositionEncodingKind.Utf8:
                return len(text.encode("utf-8", "surrogatepass"))
            case types.PositionEncodingKind.Utf32:
                return len(text)
        return len(text.encode("utf-16-le", "surrogatepass")) // 2


def overlaps(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges share a position; ranges that touch do."""
    return _key(one.start) <= _key(other.end) and _key(other.start) <= _key(one.end)


def _key(position: types.Position) -> tuple[int, int]:
    return position.line, position.character

"""Places in source files. Apart from the nodes, because diagnostics need places and no nodes."""

from __future__ import annotations

from typing import Final

from wfc.compiler.data.struct import Struct


class Span(Struct):
    """A stretch of the source file. Lines and columns count from 1, columns in characters; the end
    column is the one after the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


NOWHERE: Final = Span(0, 0, 0, 0)

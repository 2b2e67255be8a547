"""Text of a user's file on a terminal: nothing in it may move the cursor or change its look, and
what stands under it must stay aligned."""

from __future__ import annotations

import unicodedata

TAB = 4
ELLIPSIS = "…"
_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def escape(text: str) -> str:
    """The text with control, bidirectional and unpaired surrogate characters spelled out, as in
    ``\\x1b``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable() or character == "\u3000":
        return character
    if unicodedata.category(character) in ("Zs", "Cf") and character not in _BIDI:
        return character
    return character.encode("unicode_escape").decode("ascii")


def width(text: str) -> int:
    """How many columns a terminal gives to a text that :func:`escape` returned.

    Wide and combining characters as in Unicode Standard Annex 11.
    """
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def lay_out(line: str) -> tuple[str, list[int]]:
    """A source line as a terminal shows it, and the column where each of its characters starts
    (with one more entry: the column after the last)."""
    shown: list[str] = []
    starts: list[int] = []
    column = 0
    for character in line:
        starts.append(column)
        text = " " * (TAB - column % TAB) if character == "\t" else escape(character)
        shown.append(text)
        column += width(text)
    starts.append(column)
    return "".join(shown), starts


def window(line: str, start: int, end: int, limit: int) -> tuple[str, int, int]:
    """At most ``limit`` characters of a line around ``start:end`` (offsets from 0), and where those
    are now. What is left out is marked by an ellipsis."""
    if len(line) <= limit:
        return line, start, end
    first = max(0, min(start - limit // 3, len(line) - limit))
    last = first + limit
    head = ELLIPSIS if first else ""
    tail = ELLIPSIS if last < len(line) else ""
    end = min(end, last)
    shift = len(head) - first
    return f"{head}{line[first:last]}{tail}", start + shift, end + shift

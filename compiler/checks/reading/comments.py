"""Suppressions in comments: ``# wfc: ignore[WFC101] reason`` and ``# wfc: ignore-file[WFC101]``."""

from __future__ import annotations

import io
import re
import tokenize
from typing import Final

from wfc.compiler.checks.reading.facts import Suppression

_DIRECTIVE: Final = re.compile(
    r"#\s*wfc\s*:\s*(?P<kind>ignore-file|ignore)\b\s*(\[(?P<codes>[^\]]*)\])?"
)


def suppressions(text: str) -> tuple[Suppression, ...]:
    """The suppressions of a file that Python accepts."""
    if "wfc" not in text or "ignore" not in text:
        return ()
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and (match := _DIRECTIVE.search(token.string)):
                found.append(_suppression(token, match))
    except (tokenize.TokenError, SyntaxError):
        pass
    return tuple(found)


def _suppression(token: tokenize.TokenInfo, match: re.Match[str]) -> Suppression:
    line, column = token.start
    listed = match["codes"] or ""
    codes = tuple(code.strip() for code in listed.split(",") if code.strip())
    start = column + match.start() + 1
    place = (line, start, line, column + len(token.string) + 1)
    where = 0 if match["kind"] == "ignore-file" else line
    return Suppression(where, codes, place)

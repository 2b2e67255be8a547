"""Collects what is wrong with one file, so that everything is reported in one run."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from wfc.compiler.diagnostics.model import Code, Diagnostic
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.source.text import SourceText


class Problems:
    """The diagnostics of a file, in the order of their discovery."""

    def __init__(self, path: str, text: SourceText) -> None:
        self.path = path
        self.text = text
        self.found: list[Diagnostic] = []

    def add(self, code: Code, place: ast.AST | Span, message: str, instead: str = "") -> None:
        """Report a problem at a node or span."""
        span = place if isinstance(place, Span) else self.text.span(place)
        self.found.append(code.at(self.path, span, message, instead=instead))

    def replay(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Report what was found earlier and put off; what is reported twice is shown once."""
        self.found.extend(diagnostics)

    def mark(self) -> int:
        """A point to which :meth:`roll_back` can return."""
        return len(self.found)

    def roll_back(self, mark: int) -> list[Diagnostic]:
        """Take back what was reported since the mark."""
        taken = self.found[mark:]
        del self.found[mark:]
        return taken

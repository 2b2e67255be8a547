"""What wfc says about a program: a code, a place, a reason and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from wfc.compiler.data.struct import Struct, field
from wfc.compiler.diagnostics.span import NOWHERE, Span

Severity: TypeAlias = Literal["error", "warning", "info"]
Refusal: TypeAlias = Literal["", "not supported yet", "cannot be supported"]
Safety: TypeAlias = Literal["safe", "unsafe", "display"]


class Code(Struct):
    """A kind of problem. Codes are never reused and names never change.

    ``summary`` is one line; ``why`` a paragraph; ``bad`` and ``good`` are pieces of source;
    ``fixes`` says what ``wfc lint --fix`` and ``--unsafe-fixes`` do. They make the page that
    ``wfc explain`` prints. ``refusal`` says whether the construct may come later.
    """

    code: str
    name: str
    summary: str
    why: str = ""
    bad: str = ""
    good: str = ""
    refusal: Refusal = ""
    severity: Severity = "error"
    since: str = "0.1.0"
    fixes: str = ""

    def at(
        self,
        path: str,
        span: Span,
        message: str,
        *,
        instead: str = "",
        chain: tuple[Link, ...] = (),
        fix: Fix | None = None,
    ) -> Diagnostic:
        """A diagnostic of this code at a place."""
        return Diagnostic(self, path, span, message, instead, chain, fix)


class Link(Struct):
    """One call on the way from a workflow to the offending place."""

    path: str
    line: int
    column: int
    name: str


class Edit(Struct):
    """Replace the text of a span of the file."""

    path: str
    span: Span
    text: str


class Rewrite(Struct):
    """What a fix does to the syntax tree at a place.

    ``action`` is ``callee`` (``text`` replaces the function of the call at the place; with
    ``await`` in front the whole call is awaited), ``expression`` (``text`` replaces the expression;
    in it ``{}`` is the expression as it is, ``{callee}`` and ``{args}`` are parts of the call) or
    ``comment`` (the comment goes). ``missing`` is an import that the text needs, as module and
    name; without a name it is the module. ``definition`` is a function that the text calls: it is
    put in front of what the place belongs to."""

    span: Span
    action: Literal["callee", "expression", "comment"]
    text: str = ""
    missing: tuple[str, str] | None = None
    definition: str = ""


class Fix(Struct):
    """What takes the problem away. A ``safe`` fix keeps the meaning of the program, an ``unsafe``
    one may change it, one to ``display`` is shown and never applied.

    ``rewrite`` says what to do; ``edits`` are what that comes to in the text, where somebody asked
    for it."""

    title: str
    safety: Safety
    edits: tuple[Edit, ...] = ()
    rewrite: Rewrite | None = None


class Diagnostic(Struct):
    """``message`` says what is wrong here, ``instead`` what to write; both are one sentence without
    a place in them. ``chain`` leads from the workflow to the place, workflow first."""

    code: Code
    path: str
    span: Span = NOWHERE
    message: str = ""
    instead: str = ""
    chain: tuple[Link, ...] = ()
    fix: Fix | None = field(default=None, compare=False)

    @property
    def severity(self) -> Severity:
        """That of its code."""
        return self.code.severity


def in_source_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sorted by file, place and code; the same finding twice is reported once."""
    unique = dict.fromkeys(diagnostics)
    return sorted(
        unique, key=lambda d: (d.path, d.span.line, d.span.column, d.code.code, d.message)
    )


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them keeps the program from being compiled."""
    return any(d.severity == "error" for d in diagnostics)


class Refused(Exception):
    """The program cannot be compiled; ``diagnostics`` say why, errors among them."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = in_source_order(diagnostics)
        super().__init__("; ".join(f"{d.code.code} {d.message}" for d in self.diagnostics))

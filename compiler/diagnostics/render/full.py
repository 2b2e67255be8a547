"""The format for people: the place, the source line underlined, what to write instead, and the
calls that lead there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.render.concise import header, summary
from wfc.compiler.diagnostics.render.context import Context
from wfc.compiler.diagnostics.render.terminal import escape, lay_out, window

LINE_LIMIT = 160
"""Longer source lines are cut around the underlined part."""


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """A paragraph for each problem, and a line that counts them."""
    if not diagnostics:
        return ""
    blocks = ["\n".join(_block(diagnostic, context)) for diagnostic in diagnostics]
    return "\n\n".join([*blocks, summary(diagnostics)]) + "\n"


def _block(diagnostic: Diagnostic, context: Context) -> Iterator[str]:
    gutter = len(str(diagnostic.span.line)) if diagnostic.span.line else 1
    yield header(diagnostic, context)
    yield from _excerpt(diagnostic, gutter, context)
    if diagnostic.instead:
        yield _note("instead", escape(diagnostic.instead), gutter, context)
    if len(diagnostic.chain) > 1:
        yield from _chain(diagnostic, gutter, context)
    if diagnostic.fix is not None and diagnostic.fix.safety != "display":
        option = "--fix" if diagnostic.fix.safety == "safe" else "--unsafe-fixes"
        yield _note("fix", f"{escape(diagnostic.fix.title)} (wfc lint {option})", gutter, context)


def _excerpt(diagnostic: Diagnostic, gutter: int, context: Context) -> Iterator[str]:
    span = diagnostic.span
    line = context.line(diagnostic.path, span.line)
    if line is None or not line.strip():
        return
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    line, start, end = window(line.rstrip(), start, max(end, start + 1), LINE_LIMIT)
    shown, starts = lay_out(line)
    first = starts[min(start, len(line))]
    last = starts[min(end, len(line))]
    carets = context.paint(diagnostic.severity, "^" * max(1, last - first))
    bar = context.paint("frame", "|")
    blank = " " * gutter
    number = context.paint("frame", f"{span.line:>{gutter}}")
    yield f"{blank} {bar}"
    yield f"{number} {bar} {shown}"
    yield f"{blank} {bar} {' ' * first}{carets}"


def _note(label: str, text: str, gutter: int, context: Context) -> str:
    sign = context.paint("frame", "=")
    return f"{' ' * gutter} {sign} {context.paint('help', label + ':')} {text}"


def _chain(diagnostic: Diagnostic, gutter: int, context: Context) -> Iterator[str]:
    label = "calls"
    indent = " " * (gutter + len(f" = {label}:"))
    for number, link in enumerate(diagnostic.chain):
        text = f"{escape(link.name)} ({escape(link.path)}:{link.line}:{link.column})"
        yield _note(label, text, gutter, context) if number == 0 else f"{indent} -> {text}"

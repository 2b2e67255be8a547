"""The format for people: the place, the source line underlined, what to write instead, and the
calls that lead there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.render.concise import header, summary
from wfc.compiler.diagnostics.render.material import Material
from wfc.compiler.diagnostics.render.terminal import escape, lay_out, window

LINE_LIMIT = 160
"""Longer source lines are cut around the underlined part."""


def render(diagnostics: Sequence[Diagnostic], material: Material) -> str:
    """A paragraph for each problem, and a line that counts them."""
    if not diagnostics:
        return ""
    blocks = ["\n".join(_block(diagnostic, material)) for diagnostic in diagnostics]
    return "\n\n".join([*blocks, summary(diagnostics)]) + "\n"


def _block(diagnostic: Diagnostic, material: Material) -> Iterator[str]:
    gutter = len(str(diagnostic.span.line)) if diagnostic.span.line else 1
    yield header(diagnostic, material)
    yield from _excerpt(diagnostic, gutter, material)
    if diagnostic.instead:
        yield _note("instead", escape(diagnostic.instead), gutter, material)
    if len(diagnostic.chain) > 1:
        yield from _chain(diagnostic, gutter, material)
    if diagnostic.fix is not None and diagnostic.fix.safety != "display":
        option = "--fix" if diagnostic.fix.safety == "safe" else "--unsafe-fixes"
        yield _note("fix", f"{escape(diagnostic.fix.title)} (wfc lint {option})", gutter, material)


def _excerpt(diagnostic: Diagnostic, gutter: int, material: Material) -> Iterator[str]:
    span = diagnostic.span
    line = material.line(diagnostic.path, span.line)
    if line is None or not line.strip():
        return
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    line, start, end = window(line.rstrip(), start, max(end, start + 1), LINE_LIMIT)
    shown, starts = lay_out(line)
    first = starts[min(start, len(line))]
    last = starts[min(end, len(line))]
    carets = material.paint(diagnostic.severity, "^" * max(1, last - first))
    bar = material.paint("frame", "|")
    blank = " " * gutter
    number = material.paint("frame", f"{span.line:>{gutter}}")
    yield f"{blank} {bar}"
    yield f"{number} {bar} {shown}"
    yield f"{blank} {bar} {' ' * first}{carets}"


def _note(label: str, text: str, gutter: int, material: Material) -> str:
    sign = material.paint("frame", "=")
    return f"{' ' * gutter} {sign} {material.paint('help', label + ':')} {text}"


def _chain(diagnostic: Diagnostic, gutter: int, material: Material) -> Iterator[str]:
    label = "calls"
    indent = " " * (gutter + len(f" = {label}:"))
    for number, link in enumerate(diagnostic.chain):
        text = f"{escape(link.name)} ({escape(link.path)}:{link.line}:{link.column})"
        yield _note(label, text, gutter, material) if number == 0 else f"{indent} -> {text}"

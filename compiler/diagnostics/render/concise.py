"""``path:line:column: error[WFC101] message``, one line for each problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.render.material import Material
from wfc.compiler.diagnostics.render.terminal import escape


def render(diagnostics: Sequence[Diagnostic], material: Material) -> str:
    """One line for each problem, and one that counts them."""
    if not diagnostics:
        return ""
    lines = [header(diagnostic, material) for diagnostic in diagnostics]
    return "\n".join([*lines, summary(diagnostics)]) + "\n"


def header(diagnostic: Diagnostic, material: Material) -> str:
    """The first line of a problem: where, which kind, what."""
    kind = f"{diagnostic.severity}[{diagnostic.code.code}]"
    return (
        f"{material.paint('bold', place(diagnostic))}: {material.paint(diagnostic.severity, kind)} "
        f"{escape(headline(diagnostic))}"
    )


def place(diagnostic: Diagnostic) -> str:
    """``path:line:column``, or the path alone for a problem of the whole file."""
    span = diagnostic.span
    path = escape(diagnostic.path)
    return f"{path}:{span.line}:{span.column}" if span.line else path


def headline(diagnostic: Diagnostic) -> str:
    """What is wrong, with the words of a refusal when the message does not carry them itself."""
    refusal = diagnostic.code.refusal
    message = diagnostic.message or diagnostic.code.summary
    return message if not refusal or refusal in message else f"{message} ({refusal})"


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """``Found 3 problems (2 errors, 1 warning)``"""
    counts = Counter[str](diagnostic.severity for diagnostic in diagnostics)
    parts = [
        _plural(counts[severity], word)
        for severity, word in (("error", "error"), ("warning", "warning"), ("info", "note"))
        if counts[severity]
    ]
    return f"Found {_plural(len(diagnostics), 'problem')} ({', '.join(parts)})"


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"

"""Workflow commands of GitHub Actions, which shows them at the lines of a pull request.

Escapes as in ``actions/toolkit``, ``packages/core/src/command.ts``.
"""

from __future__ import annotations

from collections.abc import Sequence

from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.render.concise import headline
from wfc.compiler.diagnostics.render.material import Material
from wfc.compiler.diagnostics.render.terminal import escape

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(diagnostics: Sequence[Diagnostic], material: Material) -> str:
    """One workflow command for each problem."""
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    properties = {"file": diagnostic.path}
    if span.line:
        properties |= {
            "line": str(span.line),
            "endLine": str(span.end_line),
        }
        # GitHub takes columns only for a problem on one line.
        if span.line == span.end_line:
            properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    properties["title"] = f"wfc {diagnostic.code.code} ({diagnostic.code.name})"
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[diagnostic.severity]} {listed}::{_data(_text(diagnostic))}"


def _text(diagnostic: Diagnostic) -> str:
    lines = [escape(headline(diagnostic))]
    if diagnostic.instead:
        lines.append(f"Instead: {escape(diagnostic.instead)}")
    if diagnostic.chain:
        links = (f"{link.name} ({link.path}:{link.line})" for link in diagnostic.chain)
        lines.append(f"Calls: {escape(' -> '.join(links))}")
    return "\n".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

"""JUnit XML, which build servers show as failed tests: one suite per file, one test per problem."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import quoteattr

from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.render.concise import headline
from wfc.compiler.diagnostics.render.context import Context
from wfc.compiler.diagnostics.render.terminal import escape


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """One document with all problems; one without any says so."""
    total = len(diagnostics)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<testsuites name="wfc" tests="{max(1, total)}" failures="{total}" errors="0">',
    ]
    for path, group in groupby(diagnostics, key=lambda d: d.path):
        lines += _suite(path, list(group))
    if not diagnostics:
        lines += [
            '  <testsuite name="wfc" tests="1" failures="0" errors="0" skipped="0">',
            '    <testcase name="no problems found" classname="wfc"/>',
            "  </testsuite>",
        ]
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _suite(path: str, diagnostics: list[Diagnostic]) -> list[str]:
    count = len(diagnostics)
    lines = [
        f"  <testsuite name={_quoted(path)} "
        f'tests="{count}" failures="{count}" errors="0" skipped="0">'
    ]
    for diagnostic in diagnostics:
        span = diagnostic.span
        place = f"line {span.line}, column {span.column}: " if span.line else ""
        message = f"{place}{headline(diagnostic)}"
        if diagnostic.instead:
            message += f" Instead: {diagnostic.instead}"
        lines += [
            f'    <testcase name="{diagnostic.code.code} {diagnostic.code.name}" '
            f'classname={_quoted(path)} file={_quoted(path)} line="{span.line}">',
            f'      <failure type="{diagnostic.severity}" message={_quoted(message)}/>',
            "    </testcase>",
        ]
    return [*lines, "  </testsuite>"]


def _quoted(text: str) -> str:
    # XML 1.0 has no way to write control characters and unpaired surrogates.
    return quoteattr(escape(text))

"""JUnit XML, which build servers show as failed tests: one suite per file, one test per problem. A
note fails nothing; it is what its test has written."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import escape as xml
from xml.sax.saxutils import quoteattr

from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.render.concise import headline
from wfc.compiler.diagnostics.render.material import Material
from wfc.compiler.diagnostics.render.terminal import escape


def render(diagnostics: Sequence[Diagnostic], material: Material) -> str:
    """One document with all problems; one without any says so."""
    total = len(diagnostics)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<testsuites name="wfc" tests="{max(1, total)}" failures="{_failures(diagnostics)}" '
        'errors="0">',
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
    lines = [
        f"  <testsuite name={_quoted(path)} "
        f'tests="{len(diagnostics)}" failures="{_failures(diagnostics)}" errors="0" skipped="0">'
    ]
    for diagnostic in diagnostics:
        lines += [
            f'    <testcase name="{diagnostic.code.code} {diagnostic.code.name}" '
            f'classname={_quoted(path)} file={_quoted(path)} line="{diagnostic.span.line}">',
            f"      {_outcome(diagnostic)}",
            "    </testcase>",
        ]
    return [*lines, "  </testsuite>"]


def _failures(diagnostics: Sequence[Diagnostic]) -> int:
    return sum(diagnostic.severity != "info" for diagnostic in diagnostics)


def _outcome(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    place = f"line {span.line}, column {span.column}: " if span.line else ""
    message = f"{place}{headline(diagnostic)}"
    lines = [message]
    if diagnostic.instead:
        lines.append(f"Instead: {diagnostic.instead}")
    if len(diagnostic.chain) > 1:
        links = (f"{link.name} ({link.path}:{link.line})" for link in diagnostic.chain)
        lines.append(f"Calls: {' -> '.join(links)}")
    text = "\n".join(xml(escape(line)) for line in lines)
    if diagnostic.severity == "info":
        return f"<system-out>{text}</system-out>"
    return f'<failure type="{diagnostic.severity}" message={_quoted(message)}>{text}</failure>'


def _quoted(text: str) -> str:
    # XML 1.0 has no way to write control characters and unpaired surrogates.
    return quoteattr(escape(text))

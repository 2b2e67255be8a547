"""A list of objects for other programs. The shape is stable: keys are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from wfc.compiler.diagnostics.model import Diagnostic, Fix, Link
from wfc.compiler.diagnostics.render.material import Material
from wfc.compiler.diagnostics.span import Span


def render(diagnostics: Sequence[Diagnostic], material: Material) -> str:
    """One list with all problems."""
    return json.dumps([_problem(d) for d in diagnostics], indent=2) + "\n"


def _problem(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code.code,
        "name": diagnostic.code.name,
        "severity": diagnostic.severity,
        "path": diagnostic.path,
        **_span(diagnostic.span),
        "message": diagnostic.message,
        "instead": diagnostic.instead,
        "chain": [_link(link) for link in diagnostic.chain],
        "fix": None if diagnostic.fix is None else _fix(diagnostic.fix),
    }


def _span(span: Span) -> dict[str, int]:
    return {
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _link(link: Link) -> dict[str, Any]:
    return {"path": link.path, "line": link.line, "column": link.column, "name": link.name}


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "safety": fix.safety,
        "edits": [{"path": edit.path, **_span(edit.span), "text": edit.text} for edit in fix.edits],
    }

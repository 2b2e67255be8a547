"""A GitLab Code Quality report.

Fields as in GitLab's page "Code Quality", section "Import code quality results".
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.render.concise import headline
from wfc.compiler.diagnostics.render.fingerprint import fingerprints
from wfc.compiler.diagnostics.render.material import Material

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def render(diagnostics: Sequence[Diagnostic], material: Material) -> str:
    """One report with all problems."""
    marks = fingerprints(diagnostics, material)
    report = [
        {
            "description": f"{diagnostic.code.code}: {headline(diagnostic)}",
            "check_name": diagnostic.code.name,
            "fingerprint": mark,
            "severity": _SEVERITIES[diagnostic.severity],
            "location": {
                "path": diagnostic.path,
                "lines": {
                    "begin": max(1, diagnostic.span.line),
                    "end": max(1, diagnostic.span.end_line),
                },
            },
        }
        for diagnostic, mark in zip(diagnostics, marks, strict=True)
    ]
    return json.dumps(report, indent=2) + "\n"

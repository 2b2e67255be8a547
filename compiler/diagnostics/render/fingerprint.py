"""A mark for each problem that stays the same while lines above it come and go."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.render.material import Material


def fingerprints(diagnostics: Sequence[Diagnostic], material: Material) -> list[str]:
    """One mark per problem, all different: made of the code, the file, the text of the line and the
    message; equal ones are numbered in their order."""
    seen: Counter[str] = Counter()
    marks: list[str] = []
    for diagnostic in diagnostics:
        line = material.line(diagnostic.path, diagnostic.span.line) or ""
        parts = (diagnostic.code.code, diagnostic.path, line.strip(), diagnostic.message)
        key = "\0".join(parts)
        text = f"{key}\0{seen[key]}"
        seen[key] += 1
        marks.append(hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32])
    return marks

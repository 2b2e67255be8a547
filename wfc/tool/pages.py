"""The page of a diagnostic code: as text, as Markdown, as data."""

from __future__ import annotations

import textwrap
from typing import Any

from wfc.compiler.diagnostics.model import Code


def text(code: Code) -> str:
    """The page of a code as ``wfc explain`` shows it."""
    parts = [f"{code.code} {code.name} ({_facts(code)})", _wrapped(code.summary)]
    if code.why:
        parts.append(f"Why\n{_wrapped(code.why)}")
    if code.bad:
        parts.append(f"Example\n{textwrap.indent(code.bad, '    ')}")
    if code.good:
        parts.append(f"Use instead\n{textwrap.indent(code.good, '    ')}")
    if code.fixes:
        parts.append(f"Fixes\n{_wrapped(code.fixes)}")
    return "\n\n".join(parts)


def markdown(code: Code) -> str:
    """The page of a code as Markdown."""
    parts = [f"## {code.code} {code.name}", f"*{_facts(code)}*", code.summary]
    if code.why:
        parts.append(f"### Why\n\n{code.why}")
    if code.bad:
        parts.append(f"### Example\n\n```python\n{code.bad}\n```")
    if code.good:
        parts.append(f"### Use instead\n\n```python\n{code.good}\n```")
    if code.fixes:
        parts.append(f"### Fixes\n\n{code.fixes}")
    return "\n\n".join(parts) + "\n"


def data(code: Code) -> dict[str, Any]:
    """The page of a code as JSON data."""
    return {
        "code": code.code,
        "name": code.name,
        "summary": code.summary,
        "why": code.why,
        "bad": code.bad,
        "good": code.good,
        "fixes": code.fixes,
        "severity": code.severity,
        "refusal": code.refusal,
        "since": code.since,
    }


def _facts(code: Code) -> str:
    parts = [code.severity, f"since {code.since}"]
    return ", ".join([*parts, code.refusal] if code.refusal else parts)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 92, initial_indent="    ", subsequent_indent="    ")

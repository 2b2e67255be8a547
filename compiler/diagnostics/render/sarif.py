"""SARIF 2.1.0 (OASIS Standard): results, rules, code flows for call chains, and fixes."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from wfc.compiler.diagnostics.model import Code, Diagnostic, Fix, Link
from wfc.compiler.diagnostics.render.concise import headline
from wfc.compiler.diagnostics.render.fingerprint import fingerprints
from wfc.compiler.diagnostics.render.material import Material
from wfc.compiler.diagnostics.span import Span

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def render(diagnostics: Sequence[Diagnostic], material: Material) -> str:
    """One log with all problems and the rules they break."""
    codes = {code.code: code for code in [*material.codes, *(d.code for d in diagnostics)]}
    rules = [codes[key] for key in sorted(codes)]
    index = {code.code: number for number, code in enumerate(rules)}
    marks = fingerprints(diagnostics, material)
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(rules, material.version)},
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(diagnostic, index, mark)
                    for diagnostic, mark in zip(diagnostics, marks, strict=True)
                ],
            }
        ],
    }
    return json.dumps(log, indent=2) + "\n"


def _driver(rules: Sequence[Code], version: str) -> dict[str, Any]:
    driver: dict[str, Any] = {"name": "wfc", "rules": [_rule(code) for code in rules]}
    return driver | ({"version": version, "semanticVersion": version} if version else {})


def _rule(code: Code) -> dict[str, Any]:
    return {
        "id": code.code,
        "name": "".join(part.capitalize() for part in code.name.split("-")),
        "shortDescription": {"text": code.summary},
        "fullDescription": {"text": code.why or code.summary},
        "help": {"text": _help(code)},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"tags": [code.name], "since": code.since},
    }


def _help(code: Code) -> str:
    parts = [code.why or code.summary]
    if code.bad:
        parts.append(f"Example:\n\n{code.bad}")
    if code.good:
        parts.append(f"Use instead:\n\n{code.good}")
    return "\n\n".join(parts)


def _result(diagnostic: Diagnostic, index: dict[str, int], mark: str) -> dict[str, Any]:
    text = headline(diagnostic)
    if diagnostic.instead:
        text += f"\nInstead: {diagnostic.instead}"
    result: dict[str, Any] = {
        "ruleId": diagnostic.code.code,
        "ruleIndex": index[diagnostic.code.code],
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": _physical(diagnostic.path, diagnostic.span)}],
        "partialFingerprints": {"wfc/v1": mark},
    }
    if diagnostic.chain:
        result["codeFlows"] = [{"threadFlows": [{"locations": _flow(diagnostic)}]}]
    if diagnostic.fix is not None:
        result["fixes"] = [_fix(diagnostic.fix)]
    return result


def _flow(diagnostic: Diagnostic) -> list[dict[str, Any]]:
    locations = [
        {
            "location": {
                "physicalLocation": _physical(link.path, _point(link)),
                "message": {"text": link.name},
            },
            "nestingLevel": level,
        }
        for level, link in enumerate(diagnostic.chain)
    ]
    end = {
        "location": {
            "physicalLocation": _physical(diagnostic.path, diagnostic.span),
            "message": {"text": headline(diagnostic)},
        },
        "nestingLevel": len(diagnostic.chain),
    }
    return [*locations, end]


def _point(link: Link) -> Span:
    return Span(link.line, link.column, link.line, link.column)


def _physical(path: str, span: Span) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(path)}}
    return location | ({"region": _region(span)} if span.line else {})


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": max(1, span.column),
        "endLine": span.end_line,
        "endColumn": max(1, span.end_column),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    paths = dict.fromkeys(edit.path for edit in fix.edits)
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": _uri(path)},
                "replacements": [
                    {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
                    for edit in fix.edits
                    if edit.path == path
                ],
            }
            for path in paths
        ],
    }


def _uri(path: str) -> str:
    """A path as a URI, below the folder where the log was made or absolute. The name of a file may
    be any bytes."""
    written = quote(os.fsencode(path.replace("\\", "/")))
    return f"file://{written}" if written.startswith("/") else written

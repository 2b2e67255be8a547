"""Turns what a rule offers into edits of the text."""

from __future__ import annotations

from wfc.compiler.checks.rules.base import FixRequest
from wfc.compiler.diagnostics.model import Diagnostic


def fix_for(diagnostic: Diagnostic, request: FixRequest, text: str) -> Diagnostic:
    return diagnostic

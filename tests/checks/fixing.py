"""Fixes texts for tests."""

from __future__ import annotations

import textwrap

from tests.checks.linting import lint
from wfc.compiler.checks.fixes.edits import apply_fixes
from wfc.compiler.diagnostics.model import Safety

BOTH: tuple[Safety, ...] = ("safe", "unsafe")
PATH = "flow.py"


def fixed(text: str, path: str = PATH, safeties: tuple[Safety, ...] = BOTH) -> str:
    """A text after every fix, in as many rounds as that takes."""
    for _ in range(5):
        after = apply_fixes(lint({path: text}), {path: text}, safeties).texts.get(path)
        if after is None:
            return text
        text = after
    raise AssertionError("no end of fixes")


def problems(text: str) -> list[str]:
    return list(apply_fixes(lint(text), {PATH: text}, BOTH).problems.values())


def source(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")

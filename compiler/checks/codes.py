"""Codes of the linter itself; the determinism rules bring their own."""

from __future__ import annotations

from typing import Final

from wfc.compiler.diagnostics.model import Code

UNUSED_SUPPRESSION: Final = Code(
    "WFC190",
    "unused-suppression",
    "A suppression comment suppresses nothing.",
    "The problem that it was written for is gone, or the comment stands on another line than the "
    "problem. Left in place, it would hide the next problem on that line.",
    bad="total = price * count  # wfc: ignore[WFC101] old clock",
    good="total = price * count",
    severity="warning",
    fixes="--fix: the comment is removed; what another tool reads on its line stays.",
)
INVALID_SUPPRESSION: Final = Code(
    "WFC191",
    "invalid-suppression",
    "A suppression comment does not say what it suppresses.",
    "A suppression names the codes or rule names that it is about, in brackets, so that it cannot "
    "hide a problem that nobody has looked at.",
    bad="started = time.time()  # wfc: ignore",
    good="started = time.time()  # wfc: ignore[WFC101] only for the metrics",
    severity="warning",
)
FILE_TOO_LARGE: Final = Code(
    "WFC192",
    "file-too-large",
    "A file is too large to be checked.",
    "Files of several megabytes are generated. Reading one would take gigabytes of memory, so the "
    "linter leaves it out and says so. Workflows belong into files that people write.",
    bad="import wfc\n# ... ten megabytes of generated code ...",
    good='# pyproject.toml\n[tool.wfc.lint]\nexclude = ["generated"]',
    severity="warning",
)
ALL: Final = (UNUSED_SUPPRESSION, INVALID_SUPPRESSION, FILE_TOO_LARGE)

"""Diagnostics as text: one module per format, imported when that format is asked for.

A format is a module with a function ``render(diagnostics, material) -> str``; the text ends with a
newline unless it is empty.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Final

from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.render.material import Material

FORMATS: Final = ("full", "concise", "json", "sarif", "github", "gitlab", "junit")


def render(diagnostics: Sequence[Diagnostic], format: str, material: Material | None = None) -> str:
    """The diagnostics in one of :data:`FORMATS`, in the order given.

    Raises:
        ValueError: there is no such format.
    """
    if format not in FORMATS:
        raise ValueError(f"no format {format!r}; there are {', '.join(FORMATS)}")
    module = importlib.import_module(f"{__name__}.{format}")
    text: str = module.render(diagnostics, material or Material())
    return text


__all__ = ["FORMATS", "Material", "render"]

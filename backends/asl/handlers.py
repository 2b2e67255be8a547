"""Lambda handlers of a module's steps."""

from __future__ import annotations

from collections.abc import Sequence

from wfc.backends.base import File
from wfc.compiler.ir.nodes import Module, Workflow


def handlers(module: Module, workflows: Sequence[Workflow]) -> list[File]:
    """The file with the handlers of all steps that the workflows call."""
    return []

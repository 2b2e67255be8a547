"""Finds changes of a list, dict or record that another name can see."""

from __future__ import annotations

from wfc.backends.asl.jsonata.kinds import Kinds
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.ir.nodes import Module, Workflow


def check_aliases(module: Module, workflow: Workflow, kinds: Kinds) -> list[Diagnostic]:
    """Every observable change through an alias."""
    return []

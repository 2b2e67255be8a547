"""From IR to a DBOS module."""

from __future__ import annotations

from collections.abc import Sequence

from wfc.backends.base import Emission, Options
from wfc.backends.dbos.program import DbosProgram
from wfc.backends.python.program.program import emit as emit_program
from wfc.compiler.language import nodes as ir


def emit(module: ir.Module, workflows: Sequence[ir.Workflow], options: Options) -> Emission:
    """The DBOS module for workflows and those that they start."""
    return emit_program(DbosProgram, module, workflows, options)

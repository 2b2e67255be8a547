"""From IR to a Temporal package."""

from __future__ import annotations

from collections.abc import Sequence

from wfc.backends.base import Emission, Options
from wfc.backends.python.program.program import emit as emit_program
from wfc.backends.temporal.program import TemporalProgram
from wfc.compiler.language import nodes as ir


def emit(module: ir.Module, workflows: Sequence[ir.Workflow], options: Options) -> Emission:
    """The package for workflows of a module and the child workflows that they start."""
    return emit_program(TemporalProgram, module, workflows, options)

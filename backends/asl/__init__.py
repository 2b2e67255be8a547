"""Step Functions: state machines in Amazon States Language, JSONata mode, and Lambda handlers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wfc.backends.base import Emission, Engine, Options, SettingKind
    from wfc.compiler.diagnostics.model import Diagnostic
    from wfc.compiler.language import nodes as ir


class AslBackend:
    """The backend of the target ``asl``; the emitter and the engines are imported when used."""

    name = "asl"
    summary = "AWS Step Functions: one state machine per workflow, and Lambda handlers."
    # ARNs by the name of the step or workflow.
    settings: Mapping[str, SettingKind] = {"functions": "texts", "state_machines": "texts"}
    provides = frozenset({"boto3", "sqlalchemy"})

    def check(
        self, module: ir.Module, workflow: ir.Workflow, options: Options
    ) -> Sequence[Diagnostic]:
        from wfc.backends.asl.emit.emit import check

        return check(module, workflow, options)

    def emit(
        self, module: ir.Module, workflows: Sequence[ir.Workflow], options: Options
    ) -> Emission:
        from wfc.backends.asl.emit.emit import emit

        return emit(module, workflows, options)

    def engine(self, module: ir.Module, options: Options, variant: str = "") -> Engine:
        from wfc.backends.asl.engines.engine import open_engine

        return open_engine(module, options, variant)


backend = AslBackend()

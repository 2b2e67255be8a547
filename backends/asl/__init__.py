"""Step Functions: state machines in Amazon States Language, JSONata mode, and Lambda handlers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wfc.backends.base import Variant
from wfc.compiler.language.limits import Limits

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
    # A state's name has 80 characters (Amazon States Language); the evaluator stops at about 100
    # nested evaluations, and its numbers are doubles (facts of JSONata 2.0).
    limits = Limits(name=80, depth=90, integer=2**53 - 1)
    variants: tuple[Variant, ...] = (
        Variant(
            "ministack",
            "second",
            "Demand the second Step Functions interpreter, which joins in where it can.",
            eager=True,
        ),
    )

    def check(
        self, module: ir.Module, workflow: ir.Workflow, options: Options
    ) -> Sequence[Diagnostic]:
        from wfc.backends.asl.fit.check import check

        return check(module, workflow, options)

    def emit(
        self, module: ir.Module, workflows: Sequence[ir.Workflow], options: Options
    ) -> Emission:
        from wfc.backends.asl.emit import emit

        return emit(module, workflows, options)

    def validate(self, emission: Emission) -> str:
        from wfc.backends.asl.checker.schema import first_problem

        return first_problem(emission.files)

    def engine(self, module: ir.Module, options: Options, variant: str = "") -> Engine:
        from wfc.backends.asl.engines.engine import open_engine

        return open_engine(module, options, variant)


backend = AslBackend()

"""The Temporal backend: a package of workflows, activities, worker and client in Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wfc.backends.base import Variant
from wfc.compiler.language.limits import WIDEST

if TYPE_CHECKING:
    from wfc.backends.base import Emission, Engine, Options, SettingKind
    from wfc.compiler.diagnostics.model import Diagnostic
    from wfc.compiler.language import nodes as ir


class TemporalBackend:
    """See :class:`wfc.backends.base.Backend`. Engine variants: the time-skipping test server by
    default, ``dev`` for the development server."""

    name = "temporal"
    summary = "Temporal: a package with workflows, activities, worker and client."
    settings: Mapping[str, SettingKind] = {"step_timeout": "any", "task_queue": "any"}
    provides = frozenset({"temporalio", "sqlalchemy"})
    limits = WIDEST
    variants: tuple[Variant, ...] = (
        Variant(
            "", "server", "Temporal's time-skipping test server, or its dev server.", choice="test"
        ),
        Variant(
            "dev",
            "server",
            "Temporal's time-skipping test server, or its dev server.",
            choice="dev",
        ),
    )

    def check(
        self, module: ir.Module, workflow: ir.Workflow, options: Options
    ) -> Sequence[Diagnostic]:
        from wfc.backends.temporal.fit import check

        return check(module, workflow, options)

    def emit(
        self, module: ir.Module, workflows: Sequence[ir.Workflow], options: Options
    ) -> Emission:
        from wfc.backends.temporal.emit import emit

        return emit(module, workflows, options)

    def validate(self, emission: Emission) -> str:
        return ""

    def engine(self, module: ir.Module, options: Options, variant: str = "") -> Engine:
        from wfc.backends.temporal.run import start

        return start(module, options, variant)


backend = TemporalBackend()

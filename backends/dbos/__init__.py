"""The DBOS backend: one DBOS-decorated module, run on SQLite or Postgres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from wfc.backends.base import Variant
from wfc.compiler.language.limits import WIDEST

if TYPE_CHECKING:
    from wfc.backends.base import Backend, Emission, Engine, Options, SettingKind
    from wfc.compiler.diagnostics.model import Diagnostic
    from wfc.compiler.language import nodes as ir


class DbosBackend:
    """Entry point of the target; imports its parts when they are needed."""

    name = "dbos"
    summary = "one DBOS module; the engine is a library inside your process, on SQLite or Postgres"
    # The name of the application.
    settings: Mapping[str, SettingKind] = {"name": "name"}
    provides = frozenset({"dbos", "sqlalchemy"})
    limits = WIDEST
    variants: tuple[Variant, ...] = (
        Variant("postgres", "postgres", "Run DBOS on Postgres too, beside SQLite."),
    )

    def check(
        self, module: ir.Module, workflow: ir.Workflow, options: Options
    ) -> Sequence[Diagnostic]:
        from wfc.backends.dbos.fit import check

        return check(module, workflow, options)

    def emit(
        self, module: ir.Module, workflows: Sequence[ir.Workflow], options: Options
    ) -> Emission:
        from wfc.backends.dbos.emit import emit

        return emit(module, workflows, options)

    def validate(self, emission: Emission) -> str:
        return ""

    def engine(self, module: ir.Module, options: Options, variant: str = "") -> Engine:
        from wfc.backends.dbos.run import start

        return start(module, options, variant)


backend: Final[Backend] = DbosBackend()

"""What the compiler has against modules of wfc, beside what the linter finds in them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from wfc.compiler.data.struct import Struct
from wfc.tool.config import Config

if TYPE_CHECKING:
    from wfc.compiler.checks.linting.settings import Settings
    from wfc.compiler.diagnostics.model import Diagnostic
    from wfc.compiler.language import nodes as ir


class Refusals(Struct):
    """The front end's findings, and those of the targets that the project names; without any, what
    is wrong on every target of wfc's own."""

    config: Config
    settings: Settings

    def key(self) -> str:
        """Equal where the same text is refused alike: the targets, their settings, and the code of
        the compiler."""
        tables = {name: self.config.section(name) for name in self.config.targets}
        return repr((tables, own_code()))

    def merged(self, files: Mapping[str, str], found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Add what is refused in files to what the linter found.

        Args:
            files: the texts of modules with workflows of wfc, by the path that diagnostics show.
            found: the linter's diagnostics.

        Raises:
            ConfigError: the project names a target that is not installed.
        """
        from wfc.compiler.diagnostics.model import in_source_order

        refused = [one for path, text in files.items() for one in self.of(path, text)]
        refused = [one for one in refused if self.wanted(one)]
        places = {(one.path, one.span) for one in refused}
        # A refusal says more than a note about the same place.
        kept = [
            one for one in found if one.severity != "info" or (one.path, one.span) not in places
        ]
        return without_echoes(in_source_order([*kept, *refused]))

    def of(self, path: str, text: str) -> list[Diagnostic]:
        """What is refused in one module, in no order."""
        from wfc.backends import registry
        from wfc.compiler.pipeline import read

        self.config.check_targets()
        reading = read(path, text, registry.limits(self.config.targets))
        module = reading.module or reading.partial
        if module is None:
            return list(reading.diagnostics)
        by_targets = (self._of_targets(module, workflow) for workflow in module.workflows)
        return [*reading.diagnostics, *(one for found in by_targets for one in found)]

    def wanted(self, diagnostic: Diagnostic) -> bool:
        """Whether the settings of the linter let a refusal through. A comment cannot hide one."""
        from wfc.compiler.checks.linting.linter import chosen
        from wfc.compiler.checks.linting.settings import covers

        code = diagnostic.code
        ignored = self.settings.ignored_in(diagnostic.path)
        if any(covers(selector, code.code, code.name) for selector in ignored):
            return False
        return chosen(self.settings, code.code, code.name, True)

    def _of_targets(self, module: ir.Module, workflow: ir.Workflow) -> list[Diagnostic]:
        from wfc.backends import registry
        from wfc.backends.base import Options
        from wfc.compiler.diagnostics.model import has_errors

        names = dict.fromkeys(self.config.targets) or registry.OWN
        by_target = []
        for name in names:
            options = Options(settings=self.config.section(name))
            by_target.append(registry.load(name).check(module, workflow, options))
        if not self.config.targets and not all(map(has_errors, by_target)):
            return []
        return [diagnostic for found in by_target for diagnostic in found]


def without_echoes(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Without the general refusals at places where a determinism rule says more."""
    from wfc.compiler.source.codes import (
        AWAIT,
        CALL_OF_LIBRARY,
        EXPRESSION_NEVER,
        MODULE_STATE,
        TYPE_ERROR,
        UNBOUND,
    )

    general = (AWAIT, CALL_OF_LIBRARY, EXPRESSION_NEVER, MODULE_STATE, TYPE_ERROR, UNBOUND)
    ruled = {
        place
        for found in diagnostics
        if found.code.code.startswith("WFC1") and found.severity == "error"
        for place in _places(found)
    }
    return [
        found
        for found in diagnostics
        if found.code not in general or ruled.isdisjoint(_places(found))
    ]


def _places(found: Diagnostic) -> tuple[tuple[str, int, int], tuple[str, int, int]]:
    """Where a finding starts and where it ends: of ``await asyncio.sleep(1)`` the rule means the
    call and the refusal the whole."""
    span = found.span
    return (found.path, span.line, span.column), (found.path, span.end_line, span.end_column)


@cache
def own_code() -> str:
    """The files that decide what is found and refused, with their times and sizes."""
    import wfc.backends
    import wfc.compiler

    found = []
    folders = [*wfc.compiler.__path__, *wfc.backends.__path__]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    found.append(f"{entry.name} {status.st_mtime_ns} {status.st_size}")
                elif not entry.name.startswith("_") and entry.is_dir():
                    folders.append(entry.path)
    return "\n".join(found)

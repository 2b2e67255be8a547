"""The ARNs in ``[tool.wfc.asl]``, compared with the steps and workflows of a module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wfc.backends.asl.fit import codes
from wfc.backends.base import Options
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.words import did_you_mean
from wfc.compiler.language import nodes as ir


def check_settings(module: ir.Module, options: Options) -> list[Diagnostic]:
    """What cannot be meant in the tables ``functions`` and ``state_machines``.

    A name that the module does not have may belong to another module of the project, unless it
    looks like one of this module that has no ARN.
    """
    return [
        *_problems(module, "functions", "step", module.steps, options),
        *_problems(module, "state_machines", "workflow", module.workflows, options),
    ]


def _problems(
    module: ir.Module,
    table: str,
    what: str,
    known: Sequence[ir.Step | ir.Workflow],
    options: Options,
) -> Iterator[Diagnostic]:
    given: Mapping[str, object] = options.settings.get(table, {})
    if not given:
        return
    section = f"[tool.wfc.asl.{table}]"
    by_name = {one.name: one for one in known}
    for name, arn in given.items():
        if name in by_name and not (isinstance(arn, str) and arn.strip()):
            yield codes.ARN.at(
                module.path,
                by_name[name].span,
                f"{section} gives the {what} '{name}' the ARN {arn!r}",
                instead="write its ARN, or leave the name out to get a placeholder",
            )
    missing = [name for name in by_name if name not in given]
    for name in given.keys() - by_name.keys():
        for one in missing:
            hint = did_you_mean(name, [one])
            if hint:
                yield codes.UNKNOWN_NAME.at(
                    module.path,
                    by_name[one].span,
                    f"{section} names '{name}', which is no {what} of this module{hint}",
                    instead=f"write {one} = ... in {section}, if this is meant",
                )

"""What the shell offers for options that several commands have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def targets(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The installed targets, also behind a comma; those that were given already are left out."""
    from wfc.backends import registry

    before, comma, last = incomplete.rpartition(",")
    given = before.split(",")
    names = (name for name in registry.names() if name.startswith(last) and name not in given)
    return [f"{before}{comma}{name}" for name in names]


def workflows(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The workflows of the FILE that stands before the option."""
    from wfc.compiler.pipeline import read_file

    if not ctx.args:  # an option without its value keeps click from giving out the arguments
        return []
    reading = read_file(ctx.args[0])
    module = reading.module or reading.partial
    names = [workflow.name for workflow in module.workflows] if module is not None else []
    return [name for name in names if name.startswith(incomplete)]


def runs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The runs of the store, newest first."""
    from wfc.compiler.diagnostics.model import Refused
    from wfc.embedded import records
    from wfc.embedded.store import DEFAULT_FOLDER, Store

    # The option may stand behind `runs` or behind the command below it.
    given = [
        context.params["folder"]
        for context in (ctx, ctx.parent)
        if context is not None and context.params.get("folder") not in (None, DEFAULT_FOLDER)
    ]
    try:
        found = records.runs(Store(given[0] if given else DEFAULT_FOLDER))
    except Refused:
        return []
    return [run.id for run in found if run.id.startswith(incomplete)]


def codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The diagnostic codes, or their names when a name is begun."""
    from wfc.tool.catalogue import catalogue

    by_code = not incomplete or incomplete[0].isupper()
    words = (code.code if by_code else code.name for code in catalogue())
    return [word for word in words if word.startswith(incomplete)]

"""``wfc compile``: from a workflow module to the artefacts of one or more targets."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wfc.backends import registry
from wfc.backends.base import Emission, File, Options
from wfc.backends.emission import BrokenEmission, emitted
from wfc.cli import completion
from wfc.cli.group import PROBLEMS, WRONG_USE
from wfc.cli.report import message_format, show, wants_json
from wfc.cli.source import configuration, read_or_exit, select_workflows, target_names, wrong_use
from wfc.compiler.diagnostics.model import Diagnostic, Refused, has_errors
from wfc.compiler.language.calls import with_children
from wfc.tool import codes

if TYPE_CHECKING:
    from wfc.compiler.language import nodes as ir

STDOUT = Path("-")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option(
    "-t",
    "--target",
    "targets",
    multiple=True,
    metavar="TARGET",
    help="asl, temporal, dbos or another installed backend; repeat it, or separate by commas. "
    "Default: the project's [tool.wfc] targets.",
    shell_complete=completion.targets,
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Folder to write to; with several targets each gets a folder of its name below it. "
    "A name that ends in .json or .py is the name of the main file; - is stdout.",
)
@click.option(
    "-w",
    "--workflow",
    metavar="NAME",
    help="Compile this workflow only.",
    shell_complete=completion.workflows,
)
@click.option(
    "--source-map",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a JSON file that leads from every state and step name to file and line.",
)
@click.option(
    "--source-locations",
    is_flag=True,
    help="Put file and line into the comments of states (asl) and the summaries of activities "
    "(temporal); dbos has no place for them.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Also validate the output against the schema of its format, where the target has one.",
)
@click.option("--force", is_flag=True, help="Overwrite files that wfc did not write.")
@message_format
def command(
    file: Path,
    targets: Sequence[str],
    output: Path | None,
    workflow: str | None,
    source_map: Path | None,
    source_locations: bool,
    check: bool,
    force: bool,
) -> None:
    """Compile the workflows of FILE.

    The result goes to stdout when it is one file, else to the folder given with -o. Files that wfc
    did not write are never overwritten without --force.

    \b
    Examples:
      wfc compile payout.py --target asl
      wfc compile payout.py --target temporal -o out/
      wfc compile payout.py --target asl,temporal,dbos -o out/ --source-map out/map.json
    """
    output = None if output == STDOUT else output
    if source_map == STDOUT:
        raise click.UsageError("--source-map takes a file; stdout is for the result")
    config = configuration(file)
    names = target_names(targets or config.targets)
    if not names:
        known = ", ".join(registry.names())
        raise wrong_use(codes.TARGET_UNKNOWN, f"give a target with --target: {known}")
    each = {
        name: Options(source_locations=source_locations, settings=config.section(name))
        for name in names
    }
    module, notes = read_or_exit(
        file, names, lint=True, fit=lambda part: _fit(part, workflow, each)
    )
    selected = select_workflows(module, workflow)
    emissions: dict[str, Emission] = {}
    diagnostics: list[Diagnostic] = list(notes)
    for name, options in each.items():
        chosen = selected if output is None else with_children(module, selected)
        emissions[name] = emitted(registry.load(name), module, chosen, options)
        diagnostics.extend(emissions[name].diagnostics)
    if has_errors(diagnostics):
        show(diagnostics)
        raise SystemExit(PROBLEMS)
    if check:
        _validate(emissions)
    one_of_several = workflow is None and len(emissions) == 1
    or_else = ", or choose one workflow with --workflow" if one_of_several else ""
    alone = _only(emissions, or_else).text if output is None else ""
    try:
        written = _write(emissions, file, output, source_map, force)
    except Refused as refused:
        show([*diagnostics, *refused.diagnostics])
        raise SystemExit(WRONG_USE) from None
    if output is None:
        click.echo(alone, nl=False)
    show(diagnostics)
    if output is not None and not wants_json():
        for path in written:
            click.echo(f"wrote {path}", err=True)


def _fit(
    module: ir.Module, workflow: str | None, each: Mapping[str, Options]
) -> Iterator[Diagnostic]:
    """What the targets have against the workflows of a module, or the chosen one of them."""
    for name, options in each.items():
        for item in module.workflows:
            if workflow in (None, item.name, item.label):
                yield from registry.load(name).check(module, item, options)


def _validate(emissions: Mapping[str, Emission]) -> None:
    for name, emission in emissions.items():
        problem = registry.load(name).validate(emission)
        if problem:
            raise BrokenEmission(problem)


def _only(emissions: dict[str, Emission], or_else: str = "") -> File:
    """The one file that can go to stdout, or that a name can be given to."""
    main = [file for emission in emissions.values() for file in emission.files if file.main]
    if len(main) != 1:
        listing = ", ".join(file.path for file in main)
        message = f"this makes {len(main)} files ({listing}); give a folder with -o{or_else}"
        raise wrong_use(codes.OUTPUT_SEVERAL, message)
    return main[0]


def _write(
    emissions: dict[str, Emission],
    source: Path,
    output: Path | None,
    source_map: Path | None,
    force: bool,
) -> list[Path]:
    """Write the artefacts, if a place was given, and the source map; all or none when a file of
    somebody else is in the way. Returns the paths of the artefacts."""
    if output is None and source_map is None:
        return []
    from wfc.tool.output import refuse_foreign, write_files

    mapped = {} if source_map is None else {source_map.name: _map(emissions, source, output)}
    map_folder = Path() if source_map is None else source_map.parent
    if not force:
        refuse_foreign(map_folder, mapped)
    written: list[Path] = []
    if output is not None:
        folder, files = _artefacts(emissions, output)
        if source_map is not None and source_map in [folder / name for name in files]:
            raise click.UsageError(f"--source-map {source_map} is a file that -o writes, too")
        written = write_files(folder, files, force=force)
    if mapped:
        write_files(map_folder, mapped, force=True)
    return written


def _artefacts(emissions: dict[str, Emission], output: Path) -> tuple[Path, dict[str, str]]:
    """A folder and the texts of the files below it."""
    if _is_file_name(output):
        _only(emissions)
    names = _names(emissions, output)
    files = {
        names[target, file.path]: file.text
        for target, emission in emissions.items()
        for file in emission.files
    }
    return output.parent if _is_file_name(output) else output, files


def _is_file_name(output: Path) -> bool:
    return output.suffix in (".json", ".py") and not os.path.isdir(output)


def _names(emissions: dict[str, Emission], output: Path | None) -> dict[tuple[str, str], str]:
    """How each file of each target is called below the folder that it is written to."""
    alone = output.name if output is not None and _is_file_name(output) else ""
    return {
        (target, file.path): alone
        if file.main and alone
        else (f"{target}/" if len(emissions) > 1 else "") + file.path
        for target, emission in emissions.items()
        for file in emission.files
    }


def _map(emissions: dict[str, Emission], source: Path, output: Path | None) -> str:
    """The source map: where each state, activity, step and timer of each artefact comes from."""
    names = _names(emissions, output)
    origins = [
        {
            "target": name,
            "artefact": names.get((name, origin.artefact), origin.artefact),
            "workflow": origin.workflow,
            "kind": origin.kind,
            "name": origin.name,
            "path": str(source),
            "line": origin.line,
            "column": origin.column,
        }
        for name, emission in emissions.items()
        for origin in emission.origins
    ]
    return json.dumps({"version": 1, "origins": origins}, indent=2, ensure_ascii=False) + "\n"

"""``wfc schema``: the JSON Schema of a workflow's input, or of a cases file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from wfc.cli import completion
from wfc.cli.report import message_format, show


@click.command()
@click.argument("file", type=click.Path(path_type=Path, readable=False), required=False)
@click.option(
    "-w",
    "--workflow",
    metavar="NAME",
    help="The workflow, when FILE has several.",
    shell_complete=completion.workflows,
)
@click.option("--cases", is_flag=True, help="Print the schema of cases files for `wfc verify`.")
@message_format
def command(file: Path | None, workflow: str | None, cases: bool) -> None:
    """Print the JSON Schema of the input that a workflow of FILE takes.

    \b
    Examples:
      wfc schema payout.py
      wfc schema shop.py --workflow refund
      wfc schema --cases > cases.schema.json
    """
    if cases:
        if file is not None or workflow is not None:
            raise click.UsageError("--cases stands alone")
        from wfc.testing.cases import schema_text

        click.echo(schema_text(), nl=False)
        return
    if file is None:
        raise click.UsageError("give a FILE, or --cases")

    from wfc.cli.source import read_or_exit, select_one
    from wfc.compiler.schema import input_schema

    module, notes = read_or_exit(file)
    schema = input_schema(module, select_one(module, workflow))
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
    show(notes)

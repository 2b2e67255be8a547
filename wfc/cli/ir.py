"""``wfc ir``: the intermediate representation of a module."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wfc.cli import completion
from wfc.cli.group import WRONG_USE
from wfc.cli.report import message_format, show

if TYPE_CHECKING:
    from wfc.compiler.language import nodes as ir


@click.command()
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text is for people; JSON has places and comments too.",
)
@click.option(
    "-w",
    "--workflow",
    metavar="NAME",
    help="This workflow and what it reaches only.",
    shell_complete=completion.workflows,
)
@click.option("--spans", is_flag=True, help="End each statement of the text with its source line.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT",
    help="Write to this file instead of stdout.",
)
@message_format
def command(file: Path, form: str, workflow: str | None, spans: bool, output: Path | None) -> None:
    """Print how wfc understands FILE: typed, with every operation in its order.

    \b
    Examples:
      wfc ir payout.py
      wfc ir payout.py --spans
      wfc ir payout.py --workflow payout --format json -o payout.ir.json
    """
    from wfc.cli.source import read_or_exit, select_one

    if output is not None and os.path.realpath(output) == os.path.realpath(file):
        raise click.UsageError(f"-o {output} would replace the source")
    module, notes = read_or_exit(file)
    if workflow is not None:
        from wfc.compiler.language.form.content import part

        module = part(module, select_one(module, workflow).name)
    text = _printed(module, form, spans)
    if output is None:
        click.echo(text, nl=False)
    else:
        _write(output, text)
    show(notes)


def _printed(module: ir.Module, form: str, spans: bool) -> str:
    if form == "json":
        from wfc.compiler.language.form.json import to_json

        return json.dumps(to_json(module), indent=2, ensure_ascii=False) + "\n"
    from wfc.compiler.language.text.printer import to_text

    return to_text(module, spans)


def _write(output: Path, text: str) -> None:
    from wfc.tool.files import write_atomically
    from wfc.tool.output import unwritable

    try:
        write_atomically(output, text)
    except OSError as error:
        show(unwritable(output, error).diagnostics)
        raise SystemExit(WRONG_USE) from None

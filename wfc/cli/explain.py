"""``wfc explain``: the page of a diagnostic code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from wfc.cli import completion
from wfc.cli.report import write

if TYPE_CHECKING:
    from wfc.compiler.diagnostics.model import Code


@click.command("explain")
@click.argument("code", required=False, metavar="CODE|NAME", shell_complete=completion.codes)
@click.option("--all", "everything", is_flag=True, help="Explain every code.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
)
def command(code: str | None, everything: bool, format_: str) -> None:
    """Explain a diagnostic code: what it means, why it matters, and what to write instead.

    \b
    Examples:
      wfc explain WFC101
      wfc explain set-order
      wfc explain --all --format markdown > rules.md
    """
    from wfc.tool import pages
    from wfc.tool.catalogue import catalogue

    if everything == bool(code):
        raise click.UsageError("name one code, or ask for --all")
    codes = catalogue()
    chosen = codes if code is None else [_find(codes, code)]
    match format_:
        case "json":
            found: Any = [pages.data(entry) for entry in chosen]
            write(json.dumps(found if everything else found[0], indent=2) + "\n")
        case "markdown":
            write("\n".join(pages.markdown(entry) for entry in chosen))
        case _:
            write("\n\n".join(pages.text(entry) for entry in chosen) + "\n")


def _find(codes: list[Code], word: str) -> Code:
    from wfc.compiler.checks.linting.settings import closest_rule
    from wfc.compiler.diagnostics.words import question
    from wfc.tool.catalogue import find

    found = find(codes, word)
    if found is not None:
        return found
    close = closest_rule(word, [*(code.code for code in codes), *(code.name for code in codes)])
    message = f"no code '{word}'{question(close) or '.'}"
    raise click.UsageError(f"{message} `wfc explain --all` lists every code.")

"""``wfc explain``: the page of a diagnostic code."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

import click

from wfc.cli.report import write

if TYPE_CHECKING:
    from wfc.compiler.diagnostics.model import Code


@click.command("explain")
@click.argument("code", required=False, metavar="CODE|NAME")
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
    from wfc.cli.catalogue import catalogue

    if everything == bool(code):
        raise click.UsageError("name one code, or ask for --all")
    codes = catalogue()
    chosen = codes if code is None else [_find(codes, code)]
    match format_:
        case "json":
            pages: Any = [_data(entry) for entry in chosen]
            write(json.dumps(pages if everything else pages[0], indent=2) + "\n")
        case "markdown":
            write("\n".join(markdown(entry) for entry in chosen))
        case _:
            write("\n\n".join(_text(entry) for entry in chosen) + "\n")


def _find(codes: list[Code], word: str) -> Code:
    from wfc.cli.catalogue import find
    from wfc.compiler.checks.settings import did_you_mean

    found = find(codes, word)
    if found is not None:
        return found
    hint = did_you_mean(word, [*(code.code for code in codes), *(code.name for code in codes)])
    message = f"no code '{word}'{hint or '.'}"
    raise click.UsageError(f"{message} `wfc explain --all` lists every code.")


def _facts(code: Code) -> str:
    parts = [code.severity, f"since {code.since}"]
    return ", ".join([*parts, code.refusal] if code.refusal else parts)


def _text(code: Code) -> str:
    parts = [f"{code.code} {code.name} ({_facts(code)})", _wrapped(code.summary)]
    if code.why:
        parts.append(f"Why\n{_wrapped(code.why)}")
    if code.bad:
        parts.append(f"Example\n{textwrap.indent(code.bad, '    ')}")
    if code.good:
        parts.append(f"Use instead\n{textwrap.indent(code.good, '    ')}")
    if code.fixes:
        parts.append(f"Fixes\n{_wrapped(code.fixes)}")
    return "\n\n".join(parts)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 92, initial_indent="    ", subsequent_indent="    ")


def markdown(code: Code) -> str:
    """The page of a code as Markdown."""
    parts = [f"## {code.code} {code.name}", f"*{_facts(code)}*", code.summary]
    if code.why:
        parts.append(f"### Why\n\n{code.why}")
    if code.bad:
        parts.append(f"### Example\n\n```python\n{code.bad}\n```")
    if code.good:
        parts.append(f"### Use instead\n\n```python\n{code.good}\n```")
    if code.fixes:
        parts.append(f"### Fixes\n\n{code.fixes}")
    return "\n\n".join(parts) + "\n"


def _data(code: Code) -> dict[str, Any]:
    return {
        "code": code.code,
        "name": code.name,
        "summary": code.summary,
        "why": code.why,
        "bad": code.bad,
        "good": code.good,
        "fixes": code.fixes,
        "severity": code.severity,
        "refusal": code.refusal,
        "since": code.since,
    }

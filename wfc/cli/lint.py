"""``wfc lint``: the determinism linter."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wfc.cli.group import PROBLEMS
from wfc.cli.report import show, write

if TYPE_CHECKING:
    from wfc.compiler.checks.settings import Settings
    from wfc.config import Config

_FORMATS = ["full", "concise", "json", "sarif", "github", "gitlab", "junit"]


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(exists=True))
@click.option("--select", multiple=True, metavar="CODES", help="Run these rules only.")
@click.option("--extend-select", multiple=True, metavar="CODES", help="Run these rules too.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Do not run these rules.")
@click.option("--strict", is_flag=True, help="Run the rules that are off by default, too.")
@click.option("--format", "format_", type=click.Choice(_FORMATS), default="full", show_default=True)
@click.option("--list", "list_", is_flag=True, help="List the rules and leave.")
@click.option("--exit-zero", is_flag=True, help="Leave with exit code 0 whatever was found.")
def command(
    paths: tuple[str, ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    format_: str,
    list_: bool,
    exit_zero: bool,
) -> None:
    """Check workflows for nondeterminism, through every call they make.

    Looks at workflows of wfc, Temporal, DBOS, Restate and Lambda durable functions. The code is
    read, never imported. CODES are codes, rule names or beginnings of codes, with commas between.

    Leaves with 0 when nothing was found (notes do not count), 1 when there are problems, 2 when it
    was called wrongly.

    \b
    Examples:
      wfc lint
      wfc lint src/ --select WFC1 --ignore print-and-logging
      wfc lint --format sarif > wfc.sarif
    """
    if list_:
        _list_rules()
        return
    from dataclasses import replace

    from wfc.compiler.checks import linter
    from wfc.compiler.checks.run import lint

    config, settings = _settings(paths)
    settings = replace(
        settings,
        select=_split(select) or settings.select,
        extend_select=settings.extend_select + _split(extend_select),
        ignore=settings.ignore + _split(ignore),
        strict=strict or settings.strict,
    )
    _check(settings)
    folder = str(config.path.parent) if config.path else os.getcwd()
    report = lint(paths or (".",), settings, folder)
    show(
        report.diagnostics,
        format=format_,
        sources=report.sources,
        codes=linter.codes(),
        stream=sys.stdout,
    )
    if not report.diagnostics and format_ in ("full", "concise"):
        write("No problems found\n")
    failing = any(found.severity != "info" for found in report.diagnostics)
    if failing and not exit_zero:
        raise SystemExit(PROBLEMS)


def _settings(paths: tuple[str, ...]) -> tuple[Config, Settings]:
    """The configuration of the first path; a broken one is wrong use."""
    from wfc.compiler.checks.settings import SettingsError, from_table
    from wfc.config import ConfigError, load

    try:
        config = load(Path(paths[0]) if paths else Path())
        return config, from_table(config.section("lint"))
    except ConfigError as error:
        raise click.UsageError(str(error)) from error
    except SettingsError as error:
        raise click.UsageError(f"[tool.wfc.lint] in {config.path}: {error}") from error


def _split(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for value in values for code in value.replace(",", " ").split())


def _check(settings: Settings) -> None:
    from wfc.compiler.checks.linter import codes
    from wfc.compiler.checks.settings import SettingsError, check_selectors

    known = {code.code: code.name for code in codes()}
    listed = [code for _, codes_ in settings.per_path for code in codes_]
    try:
        check_selectors(
            [*settings.select, *settings.extend_select, *settings.ignore, *listed], known
        )
    except SettingsError as error:
        raise click.UsageError(f"{error} `wfc lint --list` shows all rules.") from error


def _list_rules() -> None:
    from wfc.compiler.checks.linter import codes
    from wfc.compiler.checks.rules import all_rules

    off = {rule.code for rule in all_rules() if not rule.default}
    rows = [
        (code.code, code.name, code.severity + (", off" if code.code in off else ""), code.summary)
        for code in codes()
    ]
    width = max(len(name) for _, name, _, _ in rows)
    for code, name, severity, summary in rows:
        write(f"{code}  {name:<{width}}  {severity:<12}  {summary}\n")

"""``wfc lint``: the determinism linter."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wfc.cli.group import PROBLEMS
from wfc.cli.report import known_sources, show, write
from wfc.compiler.data.struct import MutableStruct, replace
from wfc.tool.refusals import Refusals, own_code

if TYPE_CHECKING:
    from wfc.cli.fixing import Fixing
    from wfc.compiler.checks.calls.sources import Files
    from wfc.compiler.checks.linting.baseline import LineOf
    from wfc.compiler.checks.linting.run import Report
    from wfc.compiler.checks.linting.settings import Settings
    from wfc.compiler.diagnostics.model import Code, Diagnostic, Safety
    from wfc.tool.config import Config

_FORMATS = ["full", "concise", "json", "sarif", "github", "gitlab", "junit"]


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(exists=True))
@click.option("--select", multiple=True, metavar="CODES", help="Run these rules only.")
@click.option("--extend-select", multiple=True, metavar="CODES", help="Run these rules too.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Do not run these rules.")
@click.option("--strict", is_flag=True, help="Run the rules that are off by default, too.")
@click.option("--format", "format_", type=click.Choice(_FORMATS), default="full", show_default=True)
@click.option("--fix", is_flag=True, help="Apply the fixes that keep the meaning.")
@click.option("--unsafe-fixes", is_flag=True, help="Apply the others too; look at the result.")
@click.option("--diff", is_flag=True, help="Show what the fixes would change; change nothing.")
@click.option(
    "--baseline",
    type=click.Path(exists=True, dir_okay=False),
    help="Report only what this file does not list.",
)
@click.option(
    "--write-baseline",
    type=click.Path(dir_okay=False, writable=True),
    help="Write what is found to this file and leave.",
)
@click.option("--list", "list_", is_flag=True, help="List the rules, as text or JSON, and leave.")
@click.option("--settings-schema", is_flag=True, help="Print the JSON Schema of [tool.wfc.lint].")
@click.option("--no-cache", is_flag=True, help="Neither read nor write .wfc/cache.")
@click.option("--exit-zero", is_flag=True, help="Leave with exit code 0 whatever was found.")
def command(
    paths: tuple[str, ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    format_: str,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    baseline: str | None,
    write_baseline: str | None,
    list_: bool,
    settings_schema: bool,
    no_cache: bool,
    exit_zero: bool,
) -> None:
    """Check workflows for nondeterminism, through every call they make.

    Looks at workflows of wfc, Temporal, DBOS, Restate and Lambda durable functions. The code is
    read, never imported. In workflows of wfc it also shows what does not compile for the project's
    [tool.wfc] targets; when it names none, what compiles for no target.

    CODES are codes, rule names or beginnings of codes, with commas between.

    --fix and --unsafe-fixes write the files and report what remains; --diff writes nothing.

    Leaves with 0 when nothing was found (notes do not count), 1 when there are problems, or with
    --diff something to change, and 2 when it was called wrongly.

    \b
    Examples:
      wfc lint
      wfc lint src/ --select WFC1 --ignore print-and-logging
      wfc lint --fix --diff
      wfc lint --format sarif > wfc.sarif
    """
    if list_:
        _list_rules(format_)
        return
    if settings_schema:
        from wfc.compiler.checks.linting.settings import schema

        write(schema())
        return
    config, settings = _settings(paths)
    folder = config.path.parent if config.path else Path.cwd()
    asked = _checked(select), _checked(extend_select), _checked(ignore)
    settings = replace(
        settings,
        select=asked[0] or settings.select,
        extend_select=settings.extend_select + asked[1],
        ignore=settings.ignore + asked[2],
        strict=strict or settings.strict,
        folder=str(folder),
    )
    if write_baseline:
        _check_replaceable(Path(write_baseline))
    refusals = Refusals(config, settings)
    linting = Linting(paths or (".",), settings, folder, refusals, cached=not no_cache)
    safeties: tuple[Safety, ...] = ("safe", "unsafe") if unsafe_fixes else ("safe",)
    if diff:
        changed = linting.diff(safeties)
        raise SystemExit(PROBLEMS if changed and not exit_zero else 0)
    report = linting.fix(safeties) if fix or unsafe_fixes else linting.lint()
    if write_baseline:
        linting.write_baseline(report, Path(write_baseline))
        return
    known = Path(baseline) if baseline else folder / settings.baseline
    found = linting.new(report, known) if baseline or settings.baseline else report.diagnostics
    codes = linting.codes() if format_ == "sarif" else ()
    show(found, format=format_, sources=report.sources, codes=codes, stream=sys.stdout)
    if not found and format_ in ("full", "concise"):
        write("No problems found\n")
    if any(diagnostic.severity != "info" for diagnostic in found) and not exit_zero:
        raise SystemExit(PROBLEMS)


class Linting(MutableStruct):
    """The linter with its settings; it may run several times, after fixes."""

    paths: tuple[str, ...]
    settings: Settings
    folder: Path
    refusals: Refusals
    cached: bool

    def lint(self, *, fresh: bool = False, files: Files | None = None) -> Report:
        """``fresh``: with the texts of the files, whatever is known already. ``files``: read in
        place of the files on disk."""
        from wfc.backends.lint import engines
        from wfc.compiler.checks.linting.cache import FileCache
        from wfc.compiler.checks.linting.run import lint
        from wfc.tool.config import ConfigError

        place = str(self.folder / ".wfc" / "cache" / "lint") if self.cached else ""
        cache = FileCache(place, own_code())
        folder = str(self.folder)
        try:
            report = lint(
                self.paths,
                self.settings,
                folder,
                cache,
                engines,
                fresh=fresh,
                refusals=self.refusals,
                files=files,
            )
        except ConfigError as error:
            raise click.UsageError(str(error)) from error
        cache.save()
        return report

    def codes(self) -> list[Code]:
        from wfc.tool.catalogue import catalogue

        return catalogue()

    def fix(self, safeties: tuple[Safety, ...]) -> Report:
        """Fix until nothing more can be fixed, and write the files; says on standard error what
        was done."""
        fixing = self._fixing(safeties)
        report = fixing.run()
        if not fixing.write():
            report = self.lint(fresh=True)
        self._note(fixing)
        count = fixing.count
        write(f"Fixed {count} {'problem' if count == 1 else 'problems'}\n", sys.stderr)
        return report

    def diff(self, safeties: tuple[Safety, ...]) -> bool:
        """Print what :meth:`fix` would change, and say whether that is anything."""
        fixing = self._fixing(safeties)
        fixing.run()
        for line in fixing.diff():
            write(line)
        self._note(fixing)
        return bool(fixing.texts)

    def _fixing(self, safeties: tuple[Safety, ...]) -> Fixing:
        from wfc.cli.fixing import Fixing

        return Fixing(lambda files: self.lint(fresh=True, files=files), safeties)

    def _note(self, fixing: Fixing) -> None:
        for path, line, why in fixing.noted():
            place = f"{path}:{line}" if line else path
            write(f"{place}: not fixed: {why}\n", sys.stderr)

    def write_baseline(self, report: Report, path: Path) -> None:
        from wfc.compiler.checks.linting import baseline
        from wfc.tool.files import write_atomically

        try:
            lines, name = self._lines(report), self.settings.in_project
            write_atomically(path, baseline.write(report.diagnostics, lines, name))
        except OSError as error:
            raise click.UsageError(f"{path}: cannot be written: {error.strerror}") from error
        count = len(report.diagnostics)
        write(f"{path}: {count} {'finding' if count == 1 else 'findings'}\n", sys.stderr)

    def new(self, report: Report, path: Path) -> list[Diagnostic]:
        """What is reported: without what a baseline has."""
        from wfc.compiler.checks.linting import baseline

        try:
            known = baseline.read(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise click.UsageError(
                f"{path}: the baseline cannot be read: {error.strerror}"
            ) from error
        except UnicodeDecodeError as error:
            raise click.UsageError(f"{path}: the baseline is not UTF-8 text") from error
        except baseline.BaselineError as error:
            raise click.UsageError(f"{path}: {error}") from error
        lines, name = self._lines(report), self.settings.in_project
        return baseline.new_since(report.diagnostics, known, lines, name)

    def _lines(self, report: Report) -> LineOf:
        from wfc.compiler.diagnostics.render import Material

        return Material(known_sources(report.sources)).line


def _check_replaceable(path: Path) -> None:
    """A file that a new baseline would replace must be a baseline, or empty."""
    from wfc.compiler.checks.linting import baseline

    try:
        text = path.read_text(encoding="utf-8")
        if text.strip():
            baseline.read(text)
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError, baseline.BaselineError) as error:
        message = f"{path}: it is there already, and is no baseline that wfc wrote"
        raise click.UsageError(message) from error


def _settings(paths: tuple[str, ...]) -> tuple[Config, Settings]:
    """The configuration of the first path; a broken one is wrong use."""
    from wfc.compiler.checks.linting.settings import SettingsError, check_table, from_table
    from wfc.tool.config import ConfigError, load

    try:
        config = load(Path(paths[0]) if paths else Path())
        config.check_sections()
        table = config.section("lint")
        settings = from_table(table)
        if settings.selectors:
            check_table(table, _names())
        return config, settings
    except ConfigError as error:
        raise click.UsageError(str(error)) from error
    except SettingsError as error:
        raise click.UsageError(f"[tool.wfc.lint] in {config.path}: {error}") from error


def _checked(values: tuple[str, ...]) -> tuple[str, ...]:
    """The rules that an option names."""
    from wfc.compiler.checks.linting.settings import SettingsError, check_selectors

    selectors = tuple(code for value in values for code in value.replace(",", " ").split())
    try:
        if selectors:
            check_selectors(selectors, _names())
    except SettingsError as error:
        message = str(error) if str(error).endswith("?") else f"{error}."
        raise click.UsageError(f"{message} `wfc lint --list` shows all rules.") from error
    return selectors


def _names() -> dict[str, str]:
    from wfc.tool.catalogue import catalogue

    return {code.code: code.name for code in catalogue()}


def _list_rules(format_: str) -> None:
    from wfc.backends.lint import engines
    from wfc.compiler.checks.linting.linter import codes
    from wfc.compiler.checks.rules import all_rules

    off = {rule.code for rule in all_rules(engines()) if not rule.default}
    if format_ == "json":
        from wfc.tool.pages import data

        rules = [data(code) | {"default": code.code not in off} for code in codes(engines())]
        write(json.dumps(rules, indent=2) + "\n")
        return
    rows = [
        (code.code, code.name, code.severity + (", off" if code.code in off else ""), code.summary)
        for code in codes(engines())
    ]
    width = max(len(name) for _, name, _, _ in rows)
    for code, name, severity, summary in rows:
        write(f"{code}  {name:<{width}}  {severity:<12}  {summary}\n")

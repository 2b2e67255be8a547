"""``wfc verify``: the same cases plainly and on every engine."""

from __future__ import annotations

import contextlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from wfc.backends import registry
from wfc.backends.base import EngineMissing
from wfc.cli import completion
from wfc.cli.group import PROBLEMS, WRONG_USE
from wfc.cli.report import message_format, show
from wfc.cli.source import configuration, read_or_exit, target_names
from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.model import Refused
from wfc.tool.terminal import wants_colors

if TYPE_CHECKING:
    from wfc.backends.base import Outcome
    from wfc.testing.verify import Column, Progress, Verdict

NO_ENGINE = "no engine is installed; install all of them with: pip install 'wfc-compiler[all]'"


Decorated = TypeVar("Decorated", bound=Callable[..., object])


def variant_options(command: Decorated) -> Decorated:
    """An option for each way in which a backend lets its engine be chosen. What is wrong with a
    backend of another package is said when it is asked for."""
    choices: dict[str, list[str]] = {}
    helps: dict[str, str] = {}
    for name in registry.names():
        with contextlib.suppress(registry.BackendBroken):
            for variant in registry.load(name).variants:
                helps.setdefault(variant.option, variant.help)
                choices.setdefault(variant.option, []).extend(filter(None, [variant.choice]))
    for option, words in reversed(choices.items()):
        command = click.option(
            f"--{option}",
            is_flag=not words,
            type=click.Choice(words) if words else None,
            default=words[0] if words else False,
            show_default=bool(words),
            help=helps[option],
        )(command)
    return command


@click.command()
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option(
    "-c",
    "--cases",
    type=click.Path(path_type=Path, readable=False),
    required=True,
    metavar="FILE",
    help="The cases, YAML or JSON.",
)
@click.option(
    "-t",
    "--target",
    "targets",
    multiple=True,
    metavar="TARGET",
    help="Engines to run on; repeat it, or separate by commas. Default: the project's [tool.wfc] "
    "targets, else all that are installed.",
    shell_complete=completion.targets,
)
@variant_options
@click.option(
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the comparison is printed on stdout.",
)
@message_format
def command(
    file: Path,
    cases: Path,
    targets: Sequence[str],
    format: str,
    **chosen: str | bool,
) -> None:
    """Run cases on engines and compare each with the plain run of FILE.

    Compared are the result, or the error with its message, and every step call with its arguments,
    in order. Waiting times are skipped. The exit code is 1 when anything differs.

    \b
    Examples:
      wfc verify payout.py --cases payout.cases.yaml
      wfc verify payout.py --cases payout.cases.yaml --target temporal --server dev
    """
    from wfc.testing.cases import read_cases
    from wfc.testing.data_file import YamlMissing
    from wfc.testing.verify import Subject, verify
    from wfc.tool.codes import CASES_UNREADABLE

    config = configuration(file)
    asked = target_names(targets or config.targets)
    names = asked or target_names(registry.names())
    module, notes = read_or_exit(file, names, lint=True)
    try:
        limits = registry.limits(names)
        loaded = read_cases(cases, module, limits)
        settings = {name: config.section(name) for name in names}
        subject = Subject(module, file, loaded, settings, limits.integer)
        columns = [column for name in names for column in _columns(name, chosen)]
        if not asked:
            columns = [_if_installed(column) for column in columns]
        verdicts = list(verify(subject, columns, _progress()))
    except Refused as refused:
        _clear_progress()
        show([*notes, *refused.diagnostics])
        unreadable = any(found.code is CASES_UNREADABLE for found in refused.diagnostics)
        raise SystemExit(WRONG_USE if unreadable else PROBLEMS) from None
    except YamlMissing as missing:
        raise click.UsageError(str(missing)) from None
    except EngineMissing as missing:
        raise click.UsageError(str(missing) if asked else NO_ENGINE) from None
    finally:
        _clear_progress()
    show(notes)
    if format == "json":
        click.echo(json.dumps([as_json(verdict) for verdict in verdicts], indent=2))
    else:
        click.echo(comparison(verdicts, colors=wants_colors(sys.stdout)))
    if any(verdict.agrees is False for verdict in verdicts):
        raise SystemExit(PROBLEMS)


def _columns(target: str, chosen: Mapping[str, str | bool]) -> list[Column]:
    """The engines of a target: its first one, unless a choice replaces it, and those that join."""
    from wfc.testing.verify import Column

    first, others = "", []
    for variant in registry.load(target).variants:
        asked = chosen[variant.option]
        if variant.choice and asked == variant.choice:
            first = variant.name
        elif not variant.choice and (variant.eager or asked):
            others.append(Column(target, variant.name, optional=not asked))
    return [Column(target, first), *others]


def _if_installed(column: Column) -> Column:
    """The column, left out where its engine is not installed unless its variant was asked for."""
    asked = column.variant and not column.optional
    return column if asked else replace(column, required=False)


# --- Output ---------------------------------------------------------------------------------------


def as_json(verdict: Verdict) -> dict[str, Any]:
    """One entry of ``--format json``; ``calls`` are those of the plain run."""
    reference = verdict.got if verdict.target == "plain" else verdict.expected
    calls = reference.calls if reference else ()
    return {
        "case": verdict.case,
        "target": verdict.target,
        "agrees": verdict.agrees,
        "expected": _ending(reference),
        "got": _ending(verdict.got),
        "calls": [{"step": call.step, "arguments": dict(call.arguments)} for call in calls],
        "difference": "\n".join(verdict.difference) or None,
    }


def _ending(outcome: Outcome | None) -> dict[str, Any] | None:
    if outcome is None:
        return None
    if outcome.error:
        return {"error": outcome.error, "message": outcome.message}
    return {"result": outcome.result}


def comparison(verdicts: Sequence[Verdict], *, colors: bool) -> str:
    """A row for each case and a column for each engine, then every difference."""
    targets = list(dict.fromkeys(verdict.target for verdict in verdicts))
    cells = {(verdict.case, verdict.target): _cell(verdict) for verdict in verdicts}
    cases = list(dict.fromkeys(verdict.case for verdict in verdicts))
    rows = [["case", *targets]]
    rows += [[case, *(cells.get((case, target), "-") for target in targets)] for case in cases]
    widths = [max(len(row[column]) for row in rows) for column in range(len(targets) + 1)]
    lines = [_row(row, widths, colors) for row in rows]
    lines += _differences(verdicts)
    lines += _left_out(verdicts)
    wrong = sum(verdict.agrees is False for verdict in verdicts)
    compared = sum(verdict.agrees is not None for verdict in verdicts)
    lines += ["", f"{compared - wrong} of {compared} agree." if wrong else f"All {compared} agree."]
    return "\n".join(lines)


def _differences(verdicts: Sequence[Verdict]) -> list[str]:
    """What is wrong, case by case; that a workflow does not fit a target is said once."""
    lines: list[str] = []
    unfit = Counter((item.target, item.workflow) for item in verdicts if _is_unfit(item))
    for verdict in verdicts:
        if verdict.agrees is not False:
            continue
        head = f"{verdict.case}: {verdict.target}"
        if _is_unfit(verdict):
            count = unfit.pop((verdict.target, verdict.workflow), 0)
            if not count:
                continue
            head = f"{verdict.target} ({_cases(count)})"
        lines += ["", head, *(f"  {line}" for line in verdict.difference)]
    return lines


def _is_unfit(verdict: Verdict) -> bool:
    return verdict.agrees is False and verdict.got is None and bool(verdict.diagnostics)


def _left_out(verdicts: Sequence[Verdict]) -> list[str]:
    """Why cells are empty, each reason once."""
    reasons = Counter(
        (verdict.target, verdict.difference[0]) for verdict in verdicts if verdict.agrees is None
    )
    lines = [f"{target}: {text} ({_cases(count)})" for (target, text), count in reasons.items()]
    return ["", *lines] if lines else []


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


_COLORS = {"ok": "green", "differs": "red", "no fit": "red", "failed": "red"}


def _cell(verdict: Verdict) -> str:
    if verdict.agrees is None:
        return "-"
    if verdict.agrees:
        return "ok"
    if verdict.got is not None:
        return "differs"
    return "no fit" if _is_unfit(verdict) else "failed"


def _row(cells: Sequence[str], widths: Sequence[int], colors: bool) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
    if colors:
        padded = [
            click.style(text, fg=_COLORS[cell]) if cell in _COLORS else text
            for cell, text in zip(cells, padded, strict=True)
        ]
    return "  ".join(padded).rstrip()


def _progress() -> Progress:
    """Shows on a terminal which engine is at work; quiet in a pipe."""

    def report(label: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r\033[K{label}: case {done + 1} of {total}", nl=False, err=True)

    return report


def _clear_progress() -> None:
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)

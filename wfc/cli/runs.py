"""``wfc runs``: what was run here, and what to do about it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from wfc.cli import completion
from wfc.cli.group import PROBLEMS, WRONG_USE
from wfc.cli.run import (
    check_id,
    failure_text,
    lock_run,
    progress,
    quiet_option,
    report_recorded,
    run_job,
    store_option,
    verbose_option,
)

if TYPE_CHECKING:
    from wfc.compiler.diagnostics.model import Refused
    from wfc.embedded.records import Operation, Run
    from wfc.embedded.runner import Start
    from wfc.embedded.store import Store

T = TypeVar("T")

format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print.",
)


id_argument = click.argument("id_", metavar="ID", callback=check_id, shell_complete=completion.runs)


class _Below(click.Command):
    """A command below ``runs``: an option given before its name counts for it too."""

    def invoke(self, ctx: click.Context) -> Any:
        from click.core import ParameterSource

        for name in ("folder", "format_"):
            given = ctx.get_parameter_source(name) is not ParameterSource.DEFAULT
            if ctx.parent is not None and name in ctx.params and not given:
                ctx.params[name] = ctx.parent.params[name]
        return super().invoke(ctx)


@click.group(invoke_without_command=True)
@store_option
@format_option
@click.pass_context
def command(ctx: click.Context, folder: Path, format_: str) -> None:
    """List, show, resume and cancel runs.

    \b
    Examples:
      wfc runs
      wfc runs show payout-3f2a91c0
      wfc runs resume payout-3f2a91c0
    """
    if ctx.invoked_subcommand is None:
        _list(folder, format_)


@command.command("list", cls=_Below, short_help="List the runs, newest first.")
@store_option
@format_option
def list_(folder: Path, format_: str) -> None:
    """List the runs of the store, newest first.

    \b
    Example:
      wfc runs list --format json
    """
    _list(folder, format_)


@command.command(cls=_Below, short_help="Show the steps of a run.")
@id_argument
@store_option
@format_option
def show(id_: str, folder: Path, format_: str) -> None:
    """Show the steps of a run with their inputs, outputs, attempts and times.

    \b
    Example:
      wfc runs show payout-3f2a91c0
    """
    from wfc.embedded import records

    store, run = _find(folder, id_)
    steps = _or_exit(lambda: records.operations(store, run))
    where = records.place(store, run)
    if format_ == "json":
        _print(json.dumps(_details(run, where, steps), indent=2, ensure_ascii=False))
    else:
        _show(run, where, steps)


@command.command(cls=_Below, short_help="Go on with an interrupted or cancelled run.")
@id_argument
@store_option
@format_option
@quiet_option
@verbose_option
def resume(id_: str, folder: Path, format_: str, quiet: bool, verbose: bool) -> None:
    """Go on with a run that was interrupted or cancelled, and print its result. While a process
    runs it, the command waits for that one's result.

    \b
    Example:
      wfc runs resume payout-3f2a91c0
    """
    from wfc.cli.report import show as show_diagnostics
    from wfc.compiler.diagnostics.model import Refused
    from wfc.embedded import plan

    store, run = _find(folder, id_)
    try:
        waited = run.status == "running"
        if not waited:
            plan.check_resumable(store, run)
        lock = lock_run(store, id_)
        run = plan.again(store, run)
        if waited and run.finished:
            lock.release()
            report_recorded(run, as_document=format_ == "json")
        plan.check_resumable(store, run)
        program = _compile(Path(run.source), run.workflow)
        plan.check_version(store, program, run)
    except Refused as refused:
        show_diagnostics(refused.diagnostics)
        raise SystemExit(PROBLEMS) from None
    start: Start = "revive" if run.status == "cancelled" else "resume"
    job = plan.job(program, id_, run.input, start)
    run_job(
        job,
        store,
        lock,
        progress=progress(quiet, verbose),
        as_document=format_ == "json",
    )


@command.command(cls=_Below, short_help="Cancel a run.")
@id_argument
@store_option
@format_option
def cancel(id_: str, folder: Path, format_: str) -> None:
    """Cancel a run: the step that is running ends, and no other one starts.

    \b
    Example:
      wfc runs cancel payout-3f2a91c0
    """
    from wfc.backends.base import EngineMissing
    from wfc.embedded import plan
    from wfc.embedded.cancelling import cancel as cancel_run

    store, run = _find(folder, id_)
    if run.finished:
        _exit(plan.finished(store, run, "cancelled"))
    try:
        _or_exit(lambda: cancel_run(store, run))
    except EngineMissing as missing:
        click.echo(f"wfc: {missing}", err=True)
        raise SystemExit(WRONG_USE) from None
    if format_ == "json":
        _print(json.dumps({"id": run.id, "status": "cancelled"}))
    else:
        _print(f"cancelled {run.id}")


def _compile(source: Path, workflow: str) -> Any:
    from wfc.cli.source import configuration, read_or_exit, select_one
    from wfc.embedded import plan

    config = configuration(source)
    module, _ = read_or_exit(source, lint=True)
    return plan.compile_program(module, select_one(module, workflow), source, config)


def _find(folder: Path, id: str) -> tuple[Store, Run]:
    """The run, or the end of the command when there is none."""
    from wfc.embedded import plan, records
    from wfc.embedded.store import Store

    store = Store(folder)
    run = _or_exit(lambda: records.find(store, id))
    if run is None:
        _exit(_or_exit(lambda: plan.unknown(store, id)), WRONG_USE)
    return store, run


def _or_exit(read: Callable[[], T]) -> T:
    from wfc.compiler.diagnostics.model import Refused

    try:
        return read()
    except Refused as refused:
        _exit(refused)


def _exit(refused: Refused, code: int = PROBLEMS) -> NoReturn:
    from wfc.cli.report import show as show_diagnostics

    show_diagnostics(refused.diagnostics)
    raise SystemExit(code)


# --- Printing ------------------------------------------------------------------------------------


def _print(text: str) -> None:
    """A line on standard output; a store may hold what its encoding lacks."""
    from wfc.cli.report import write

    write(f"{text}\n")


def _list(folder: Path, format_: str) -> None:
    from wfc.embedded import records
    from wfc.embedded.store import Store

    found = _or_exit(lambda: records.runs(Store(folder)))
    if format_ == "json":
        _print(json.dumps([_summary(run) for run in found], indent=2, ensure_ascii=False))
        return
    if not found:
        click.echo(f"no runs in {folder}", err=True)
        return
    columns: dict[str, list[str]] = {
        "ID": [run.id for run in found],
        "WORKFLOW": [run.workflow for run in found],
        "STATUS": [run.status for run in found],
        "STARTED": [_moment(run.created) for run in found],
        "STEPS": [str(run.steps) for run in found],
    }
    _print("\n".join(table(columns, shutil.get_terminal_size((10_000, 24)).columns)))


def table(columns: Mapping[str, Sequence[str]], width: int) -> list[str]:
    """The lines of a table that is at most so wide. An id stays whole: it is there to be copied.

    Args:
        columns: the cells below each head, all columns of one length.
        width: of the terminal; what does not fit is left out, the least telling column first.
    """
    widths = {
        head: max(len(head), *(len(cell) for cell in cells)) for head, cells in columns.items()
    }
    for spare in ("WORKFLOW", "STEPS", "STARTED"):
        if sum(widths.values()) + 2 * (len(widths) - 1) <= width:
            break
        del widths[spare]
    rows = [tuple(widths), *zip(*(columns[head] for head in widths), strict=True)]
    return [
        "  ".join(
            cell.ljust(wide) for cell, wide in zip(row, widths.values(), strict=True)
        ).rstrip()
        for row in rows
    ]


def _show(run: Run, where: str, steps: list[Operation]) -> None:
    source = f" ({run.source})" if run.source else ""
    _print(f"{run.id}  {run.workflow}{source}")
    _print(f"status   {run.status}")
    _print(f"started  {_moment(run.created)}")
    _print(f"input    {_json(run.input)}")
    if run.error:
        _print(f"error    {failure_text(run.error, run.message)}")
        if where:
            _print(f"at       {where}")
    elif run.status == "succeeded":
        _print(f"result   {_json(run.result)}")
    for step in steps:
        _print("")
        _print(f"{step.number:>3}  {step.name}  {_how(step)}")
        if step.kind == "workflow":
            _print(f"     run      {step.child}")
        if step.input is not None:
            _print(f"     input    {_json(step.input)}")
        for number, attempt in enumerate(step.attempts, start=1):
            if attempt.error and len(step.attempts) > 1:
                text = failure_text(attempt.error, attempt.message)
                _print(f"     attempt {number} failed: {text}")
        if step.error:
            _print(f"     error    {failure_text(step.error, step.message)}")
            if step.attempts and step.attempts[-1].where:
                _print(f"     at       {step.attempts[-1].where}")
        elif step.status == "succeeded" and step.kind != "sleep":
            _print(f"     output   {_json(step.output)}")


def _how(step: Operation) -> str:
    from wfc.embedded.display import seconds

    parts: list[str] = [step.status]
    if len(step.attempts) > 1:
        parts.append(f"{len(step.attempts)} attempts")
    if step.started is not None:
        parts.append(f"at {_moment(step.started)}")
        if step.ended is not None:
            parts.append(f"in {seconds(max(step.ended - step.started, 0) / 1000)}")
        elif step.wakes is not None:
            parts.append(f"until {_moment(step.wakes)}")
    return "  ".join(parts)


def _summary(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "workflow": run.workflow,
        "status": run.status,
        "started": _iso(run.created),
        "updated": _iso(run.updated),
        "steps": run.steps,
        "source": run.source,
        "version": run.version,
    }


def _details(run: Run, where: str, steps: list[Operation]) -> dict[str, Any]:
    error = {"name": run.error, "message": run.message} if run.error else None
    return {
        **_summary(run),
        "parent": run.parent or None,
        "input": run.input,
        "result": run.result,
        "error": error,
        "where": where or None,
        "steps": [_step(step) for step in steps],
    }


def _step(step: Operation) -> dict[str, Any]:
    return {
        "number": step.number,
        "name": step.name,
        "kind": step.kind,
        "step": step.step or None,
        "run": step.child or None,
        "status": step.status,
        "started": None if step.started is None else _iso(step.started),
        "ended": None if step.ended is None else _iso(step.ended),
        "wakes": None if step.wakes is None else _iso(step.wakes),
        "input": step.input,
        "output": step.output,
        "error": {"name": step.error, "message": step.message} if step.error else None,
        "attempts": [
            {
                "started": _iso(attempt.started),
                "ended": None if attempt.ended is None else _iso(attempt.ended),
                "error": {"name": attempt.error, "message": attempt.message}
                if attempt.error
                else None,
                "where": attempt.where or None,
            }
            for attempt in step.attempts
        ],
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _moment(milliseconds: int) -> str:
    """Local time, as people read it."""
    return datetime.fromtimestamp(milliseconds / 1000).strftime("%Y-%m-%d %H:%M:%S")


def _iso(milliseconds: int) -> str:
    from datetime import UTC

    moment = datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
    return moment.replace("+00:00", "Z")

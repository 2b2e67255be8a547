"""``wfc run``: one workflow, durably, in this process."""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from wfc.cli import INTERRUPTED, completion
from wfc.cli.group import PROBLEMS, WRONG_USE

if TYPE_CHECKING:
    from wfc.embedded.display import Display
    from wfc.embedded.records import Run
    from wfc.embedded.runner import Ending, Job, Start
    from wfc.embedded.store import Store

store_option = click.option(
    "--store",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".wfc"),
    show_default=True,
    metavar="DIR",
    help="The folder that keeps the runs.",
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option(
    "-w",
    "--workflow",
    metavar="NAME",
    help="The workflow, when FILE has several.",
    shell_complete=completion.workflows,
)
@click.option(
    "-i",
    "--input",
    "spec",
    required=True,
    metavar="JSON|@FILE|-",
    help="The workflow's arguments as a JSON object; @FILE reads a file, - standard input.",
)
@click.option("--id", "id_", metavar="ID", help="The run's id: the same id never runs twice.")
@store_option
def command(file: Path, workflow: str | None, spec: str, id_: str | None, folder: Path) -> None:
    """Run a workflow of FILE durably and print its result as JSON.

    Every step's outcome is recorded. After a crash, the same command with the same --id goes on
    where the run stopped; when it is finished, it prints the recorded result.

    \b
    Examples:
      wfc run payout.py --input '{"merchant_id": "m-1", "amount": 500}'
      wfc run payout.py --input @payout.json --id payout-2026-11-22
      echo '{"amount": 500}' | wfc run shop.py --workflow refund --input -
    """
    from wfc.cli.report import show
    from wfc.cli.source import configuration, read_or_exit, select_one
    from wfc.compiler.diagnostics.model import Refused
    from wfc.embedded import plan
    from wfc.embedded.store import Store
    from wfc.tool.codes import INPUT_UNREADABLE
    from wfc.tool.inputs import read_input

    if id_ is not None and not id_.strip():
        raise click.UsageError("--id is empty")
    config = configuration(file)
    module, notes = read_or_exit(file, lint=True)
    chosen = select_one(module, workflow)
    store = Store(folder)
    try:
        arguments = read_input(spec, module, chosen, config.targets)
        program = plan.compile_program(module, chosen, file, config.section("dbos"))
        show([*notes, *program.notes])
        found = None if id_ is None else plan.existing(store, program, id_, arguments)
        twin = plan.interrupted_twin(store, program, arguments) if id_ is None else None
        if found is not None and found.finished:
            _report_recorded(found)
        id = id_ or plan.new_id(chosen)
        lock = store.open(id)
        # Another process may have worked on the run while this one waited for nothing yet.
        found = plan.existing(store, program, id, arguments)
    except Refused as refused:
        show(refused.diagnostics)
        unreadable = any(one.code is INPUT_UNREADABLE for one in refused.diagnostics)
        raise SystemExit(WRONG_USE if unreadable else PROBLEMS) from None
    if found is not None and found.finished:
        lock.release()
        _report_recorded(found)
    if twin is not None:
        resume = _runs_hint("resume", twin.id, store)
        click.echo(
            f"Run {twin.id} with this input was interrupted; this is a new run. "
            f"To go on with that one: {resume}",
            err=True,
        )
    start: Start = "new" if found is None else "resume"
    run_job(plan.job(program, id, arguments, start), store)


def run_job(job: Job, store: Store, *, as_document: bool = False) -> NoReturn:
    """Run a job in a store that this process has locked, report how it ended, and exit.

    ``as_document`` prints an object with the run's id, status, result and error, instead of the
    result alone.
    """
    from wfc.backends.base import EngineMissing
    from wfc.cli.report import show
    from wfc.compiler.diagnostics.model import Refused
    from wfc.embedded.display import Display
    from wfc.embedded.runner import Interrupted, execute

    display = Display()
    resume = f"Go on with: {_runs_hint('resume', job.id, store)}"

    def exit(site: str, error: BaseException) -> NoReturn:
        display.error(f"{site} ended the process: {failure_text(type(error).__name__, str(error))}")
        display.note(resume)
        _exit_now(PROBLEMS)

    try:
        ending = execute(job, store, display, exit)
    except EngineMissing as missing:
        click.echo(f"wfc: {missing}", err=True)
        raise SystemExit(WRONG_USE) from None
    except Refused as refused:
        show(refused.diagnostics)
        raise SystemExit(PROBLEMS) from None
    except Interrupted as stopped:
        if stopped.under_way:
            steps = ", ".join(stopped.under_way)
            display.note(
                f"Interrupted while {steps} was running; a step that was cut off runs again."
            )
        display.note(f"Interrupted. {resume}")
        _exit_now(INTERRUPTED)
    if as_document:
        _print_result(_document(ending, job))
    code = _report(ending, job, store, display)
    if code == 0 and not as_document:
        _print_result(ending.result)
    if ending.stuck:
        # The thread of a step whose time is over cannot be stopped; it must not keep us here.
        _exit_now(code)
    raise SystemExit(code)


def _report(ending: Ending, job: Job, store: Store, display: Display) -> int:
    hint = _runs_hint("show", job.id, store)
    if ending.cancelled:
        display.error(f"run {job.id} was cancelled")
        display.note(f"See what it did: {hint}")
        return PROBLEMS
    if ending.error:
        display.error(failure_text(ending.error, ending.message))
        display.note(f"See what happened: {hint}")
        return PROBLEMS
    return 0


def _document(ending: Ending, job: Job) -> dict[str, Any]:
    error = {"name": ending.error, "message": ending.message} if ending.error else None
    status = "cancelled" if ending.cancelled else "failed" if error else "succeeded"
    return {"id": job.id, "status": status, "result": ending.result, "error": error}


def _report_recorded(run: Run) -> NoReturn:
    """Print how a run ended that was finished before."""
    if run.error:
        click.echo(failure_text(run.error, run.message), err=True)
        click.echo(f"This is how run {run.id} ended before; nothing was run again.", err=True)
        raise SystemExit(PROBLEMS)
    click.echo(f"This is the recorded result of run {run.id}; nothing was run again.", err=True)
    _print_result(run.result)
    raise SystemExit(0)


def failure_text(error: str, message: str) -> str:
    """An error as Python prints it."""
    return f"{error}: {message}" if message else error


def _print_result(result: Any) -> None:
    text = json.dumps(result, ensure_ascii=False)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = json.dumps(result)
    click.echo(text)


def _runs_hint(command: str, id: str, store: Store) -> str:
    """``wfc runs COMMAND ID`` for the shell."""
    from wfc.embedded.store import DEFAULT_FOLDER

    words = ["wfc", "runs", command, id]
    if store.folder != DEFAULT_FOLDER:
        words += ["--store", str(store.folder)]
    return shlex.join(words)


def _exit_now(code: int) -> NoReturn:
    """Leave without waiting for threads."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)

"""``wfc run``: one workflow, durably, in this process."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from wfc.backends import registry
from wfc.cli import INTERRUPTED, completion
from wfc.cli.group import PROBLEMS, WRONG_USE

if TYPE_CHECKING:
    from wfc.embedded.display import Display
    from wfc.embedded.lock import Lock
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


def check_id(ctx: click.Context, param: click.Parameter, id: str | None) -> str | None:
    """An id is text, and not nothing; anything else is wrong use."""
    if id is None:
        return None
    try:
        id.encode()
    except UnicodeEncodeError:
        raise click.BadParameter("the id is no UTF-8 text") from None
    if not id.strip() or "\0" in id:
        raise click.BadParameter("the id is empty")
    return id


quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say only how the run ends.")
verbose_option = click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Show each step; this is so anyway where stderr is a terminal.",
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
@click.option(
    "--id",
    "id_",
    metavar="ID",
    callback=check_id,
    help="The run's id: the same id never runs twice.",
    shell_complete=completion.runs,
)
@store_option
@quiet_option
@verbose_option
def command(
    file: Path,
    workflow: str | None,
    spec: str,
    id_: str | None,
    folder: Path,
    quiet: bool,
    verbose: bool,
) -> None:
    """Run a workflow of FILE durably and print its result as JSON.

    Every step's outcome is recorded. After a crash, the same command with the same --id goes on
    where the run stopped; when it is finished, it prints the recorded result. While another process
    runs it, the command waits for that one's result.

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

    config = configuration(file)
    module, notes = read_or_exit(file, lint=True)
    chosen = select_one(module, workflow)
    store = Store(folder)
    try:
        arguments = read_input(spec, module, chosen, registry.limits(config.targets))
        program = plan.compile_program(module, chosen, file, config)
        show([*notes, *program.notes])
        found = None if id_ is None else plan.existing(store, program, id_, arguments)
        twin = plan.interrupted_twin(store, program, arguments) if id_ is None else None
        if found is not None and found.finished:
            report_recorded(found)
        id = id_ or plan.new_id(chosen)
        lock = lock_run(store, id)
        # The process that had the lock, or another one before, may have worked on the run.
        found = plan.existing(store, program, id, arguments)
    except Refused as refused:
        show(refused.diagnostics)
        unreadable = any(one.code is INPUT_UNREADABLE for one in refused.diagnostics)
        raise SystemExit(WRONG_USE if unreadable else PROBLEMS) from None
    if found is not None and found.finished:
        lock.release()
        report_recorded(found)
    if twin is not None:
        resume = _runs_hint("resume", twin.id, store)
        click.echo(
            f"Run {twin.id} with this input was interrupted; this is a new run. "
            f"To go on with that one: {resume}",
            err=True,
        )
    start: Start = "new" if found is None else "resume"
    run_job(plan.job(program, id, arguments, start), store, lock, progress=progress(quiet, verbose))


def lock_run(store: Store, id: str) -> Lock:
    """Make the store ready and take the lock of a run. While another process is at work on the run,
    say so and wait for its end.

    Raises:
        Refused: the store cannot be used.
    """

    def wait(pid: int | None) -> None:
        who = "another process" if pid is None else f"process {pid}"
        click.echo(f"Run {id} is under way in {who}; waiting for its end.", err=True)

    warning = store.prepare()
    if warning:
        click.echo(f"wfc: {warning}", err=True)
    return store.lock(id, wait)


def progress(quiet: bool, verbose: bool) -> bool:
    """Whether to show the steps: on a terminal, unless the options say otherwise."""
    on_terminal = sys.stderr is not None and sys.stderr.isatty()
    return verbose or (on_terminal and not quiet)


def run_job(
    job: Job, store: Store, lock: Lock, *, progress: bool, as_document: bool = False
) -> NoReturn:
    """Run a job whose lock this process holds, report how it ended, and exit.

    Args:
        progress: whether to show the steps.
        as_document: print an object with the run's id, status, result and error, instead of the
            result alone.
    """
    from wfc.backends.base import EngineMissing
    from wfc.cli.report import show
    from wfc.compiler.diagnostics.model import Refused
    from wfc.embedded.display import Display
    from wfc.embedded.faults import Faults
    from wfc.embedded.runner import Interrupted, execute
    from wfc.embedded.streams import leave

    display = Display(progress)
    resume = f"Go on with: {_runs_hint('resume', job.id, store)}"

    def exit(site: str, error: BaseException) -> NoReturn:
        display.error(f"{site} ended the process: {failure_text(type(error).__name__, str(error))}")
        display.note(resume)
        leave(PROBLEMS)

    def fault(reason: str, begun: bool) -> NoReturn:
        if not begun:
            show(store.unusable(reason).diagnostics)
            leave(PROBLEMS)
        display.error(f"the store cannot be used: {reason}")
        display.note(f"Interrupted. {resume}")
        leave(INTERRUPTED)

    try:
        ending = execute(job, store, display, exit, Faults(fault))
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
        leave(INTERRUPTED)
    lock.release()
    if as_document:
        _print_result(
            _document(
                job.id,
                result=ending.result,
                error=ending.error,
                message=ending.message,
                cancelled=ending.cancelled,
            )
        )
    code = _report(ending, job, store, display)
    if code == 0 and not as_document:
        _print_result(ending.result)
    if ending.stuck:
        # The thread of a step whose time is over cannot be stopped; it must not keep us here.
        leave(code)
    raise SystemExit(code)


def _report(ending: Ending, job: Job, store: Store, display: Display) -> int:
    hint = _runs_hint("show", job.id, store)
    if ending.cancelled:
        display.error(f"run {job.id} was cancelled")
        display.note(f"See what it did: {hint}")
        return PROBLEMS
    if ending.error:
        display.error(failure_text(ending.error, ending.message), ending.where)
        display.note(f"See what happened: {hint}")
        return PROBLEMS
    return 0


def _document(
    id: str, *, result: Any = None, error: str = "", message: str = "", cancelled: bool = False
) -> dict[str, Any]:
    status = "cancelled" if cancelled else "failed" if error else "succeeded"
    failure = {"name": error, "message": message} if error else None
    return {"id": id, "status": status, "result": result, "error": failure}


def report_recorded(run: Run, *, as_document: bool = False) -> NoReturn:
    """Print how a run ended that was finished before, as :func:`run_job` would have, and exit."""
    if as_document:
        _print_result(_document(run.id, result=run.result, error=run.error, message=run.message))
    if run.error:
        click.echo(failure_text(run.error, run.message), err=True)
        click.echo(f"This is how run {run.id} ended before; nothing was run again.", err=True)
        raise SystemExit(PROBLEMS)
    click.echo(f"This is the recorded result of run {run.id}; nothing was run again.", err=True)
    if not as_document:
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

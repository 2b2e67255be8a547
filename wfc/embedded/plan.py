"""Decides what a command means for the store: a new run, one to go on with, or one that is done."""

from __future__ import annotations

import shlex
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from wfc.backends.base import Options
from wfc.backends.emission import emitted
from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.model import Code, Diagnostic, Refused, has_errors
from wfc.compiler.diagnostics.span import NOWHERE
from wfc.compiler.diagnostics.words import closest
from wfc.compiler.language import nodes as ir
from wfc.embedded import records
from wfc.embedded.records import Run
from wfc.embedded.runner import Job, Start
from wfc.embedded.store import Store
from wfc.tool import codes
from wfc.tool.config import Config

ENGINE: Final = "dbos"
"""The target whose engine is the embedded one."""


class Program(Struct):
    """A workflow compiled for the embedded engine; runs of the same ``version`` can go on."""

    module: ir.Module
    workflow: ir.Workflow
    source: Path
    text: str
    version: str
    config: str
    runners: tuple[str, ...]
    steps: tuple[str, ...]
    notes: tuple[Diagnostic, ...] = ()


def compile_program(
    module: ir.Module, workflow: ir.Workflow, source: Path, config: Config
) -> Program:
    """Compile a workflow and those that it starts.

    Raises:
        Refused: it does not fit the embedded engine.
    """
    from wfc.backends import registry
    from wfc.backends.dbos.program import DbosProgram
    from wfc.backends.python.program.plan import Plan

    options = Options(settings=config.section(ENGINE))
    emission = emitted(registry.load(ENGINE), module, [workflow], options)
    if has_errors(emission.diagnostics):
        raise Refused(emission.diagnostics)
    generated = DbosProgram(Plan(module, (workflow,), DbosProgram.traits, options))
    names = generated.names
    return Program(
        module=module,
        workflow=workflow,
        source=source.resolve(),
        text=emission.files[0].text,
        version=generated.version,
        config=names.config,
        runners=(names.run_step, names.run_async_step, names.run_transaction),
        steps=tuple(step.name for step in generated.plan.steps),
        notes=emission.diagnostics,
    )


def new_id(workflow: ir.Workflow) -> str:
    """An id for a run that was given none."""
    return f"{workflow.name}-{uuid.uuid4().hex[:8]}"


def job(program: Program, id: str, arguments: Mapping[str, Any], start: Start = "new") -> Job:
    """What the runner needs to run the program under an id."""
    return Job(
        id=id,
        workflow=program.workflow.name,
        version=program.version,
        arguments=arguments,
        source=program.source,
        text=program.text,
        config=program.config,
        runners=program.runners,
        steps=program.steps,
        start=start,
    )


def existing(store: Store, program: Program, id: str, arguments: Mapping[str, Any]) -> Run | None:
    """The run of that id, if it is the same run: this workflow with this input.

    Raises:
        Refused: the id belongs to something else, or the run cannot go on.
    """
    run = records.find(store, id)
    if run is None:
        return None
    if run.parent:
        raise _refused(
            codes.RUN_ID_TAKEN, store, f"run {id} is a part of run {run.root}, which started it"
        )
    label = program.workflow.label or program.workflow.name
    if run.workflow != label:
        raise _refused(
            codes.RUN_ID_TAKEN, store, f"run {id} is one of workflow {run.workflow}, not {label}"
        )
    if not _same_input(program.workflow, run.input, arguments):
        raise _refused(
            codes.RUN_ID_TAKEN,
            store,
            f"run {id} was started with another input",
            f"choose another id; `{_command('show', id)}` shows its input",
        )
    if run.status == "cancelled":
        raise _refused(
            codes.RUN_CANCELLED,
            store,
            f"run {id} was cancelled",
            f"take it up again with `{_command('resume', id)}`, or choose another id",
        )
    if not run.finished and run.status != "running":
        check_version(store, program, run)
    return run


def again(store: Store, run: Run) -> Run:
    """The run as it stands in the store now."""
    return records.find(store, run.id) or run


def check_resumable(store: Store, run: Run) -> None:
    """Raise unless there is a run to go on with.

    Raises:
        Refused: it is finished, a part of another one, or its file is gone.
    """
    if run.finished:
        raise finished(store, run, "resumed")
    if run.parent:
        raise _refused(
            codes.RUN_OF_A_RUN,
            store,
            f"run {run.id} was started by run {run.root} and goes on with that one",
            f"`{_command('resume', run.root)}`",
        )
    if not run.source or not Path(run.source).is_file():
        raise source_missing(store, run)


def check_version(store: Store, program: Program, run: Run) -> None:
    """Raise unless the run was started by this version of its workflow.

    Raises:
        Refused: it was not.
    """
    if run.version == program.version:
        return
    raise _refused(
        codes.RUN_OF_ANOTHER_VERSION,
        store,
        f"run {run.id} was started by another version of {run.workflow} "
        f"({run.version}, now {program.version}) and cannot go on with this one",
        f"bring the old source back, or give the run up with `{_command('cancel', run.id)}` and "
        "start a new one",
    )


def interrupted_twin(store: Store, program: Program, arguments: Mapping[str, Any]) -> Run | None:
    """The newest interrupted run of this workflow with this input, if it could go on."""
    label = program.workflow.label or program.workflow.name
    for run in records.runs(store):
        if (run.workflow, run.version, run.status) != (label, program.version, "interrupted"):
            continue
        if _same_input(program.workflow, run.input, arguments):
            return run
    return None


def unknown(store: Store, id: str) -> Refused:
    """There is no run of that id."""
    close = closest(id, (run.id for run in records.runs(store)))
    hint = f"did you mean {close}?" if close else "`wfc runs` lists the runs of a store"
    return _refused(codes.RUN_UNKNOWN, store, f"there is no run {id} in this store", hint)


def finished(store: Store, run: Run, verb: str) -> Refused:
    """The run cannot be resumed or cancelled any more."""
    return _refused(
        codes.RUN_FINISHED, store, f"run {run.id} has {run.status} and cannot be {verb}"
    )


def source_missing(store: Store, run: Run) -> Refused:
    """The file that the run's workflow was read from is gone."""
    where = f"{run.source} is not there any more" if run.source else "no file is known"
    return _refused(
        codes.RUN_SOURCE_MISSING,
        store,
        f"run {run.id} cannot go on: {where}",
        f"run its file again: `wfc run FILE --id {shlex.quote(run.id)} --input ...` with the same "
        "input",
    )


def _command(name: str, id: str) -> str:
    """``wfc runs NAME ID`` for the shell."""
    return shlex.join(["wfc", "runs", name, id])


def _refused(code: Code, store: Store, message: str, instead: str = "") -> Refused:
    return Refused([code.at(str(store.folder), NOWHERE, message, instead=instead)])


def _same_input(
    workflow: ir.Workflow, recorded: Mapping[str, Any], given: Mapping[str, Any]
) -> bool:
    """Whether two inputs start the same run; a parameter that is left out has its default."""
    defaults = {
        parameter.name: parameter.default.value
        for parameter in workflow.parameters
        if isinstance(parameter.default, ir.Constant)
    }
    return {**defaults, **recorded} == {**defaults, **given}

"""Runs one workflow durably in this process, and goes on with one that was interrupted."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import inspect
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeAlias, cast

from wfc.backends.base import EngineMissing
from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.model import Refused
from wfc.compiler.diagnostics.span import NOWHERE
from wfc.embedded import NEEDS_DBOS, records
from wfc.embedded.adopting import adopt
from wfc.embedded.display import Display
from wfc.embedded.engine import engine_for
from wfc.embedded.faults import Faults
from wfc.embedded.journal import Journal
from wfc.embedded.places import place
from wfc.embedded.store import Store
from wfc.embedded.streams import steps_on_stderr
from wfc.embedded.trace import Exit, Tracer
from wfc.tool import codes

if TYPE_CHECKING:
    from dbos import DBOSConfig, WorkflowHandle

# How often DBOS looks for news on SQLite; its default is a second.
_POLL_SECONDS = 0.02

# Objects made between two collections, 700 by default: most of a step's are gone by then.
_COLLECT_EVERY = 10_000

Start: TypeAlias = Literal["new", "resume", "revive"]


class Job(Struct):
    """What to run: a generated module and one of its workflows, under an id.

    ``start`` says whether the run is new, was interrupted, or was cancelled and is taken up again.
    ``version`` is that of the workflow. ``config`` is the name of the module's configuration;
    ``runners`` and ``steps`` are names of its functions.
    """

    id: str
    workflow: str
    version: str
    arguments: Mapping[str, Any]
    source: Path
    text: str
    config: str
    runners: tuple[str, ...]
    steps: tuple[str, ...]
    start: Start = "new"

    @property
    def generated_file(self) -> str:
        """What tracebacks call the generated module, which is not written to disk."""
        return f"<{self.source.stem}_dbos>"


class Ending(Struct):
    """How the run ended; without ``error`` it succeeded, and ``where`` is the place in the source
    that the error comes from. ``stuck`` says that a step is still running in a thread although its
    time is over."""

    result: Any = None
    error: str = ""
    message: str = ""
    where: str = ""
    cancelled: bool = False
    stuck: bool = False


class Interrupted(Exception):
    """The user has stopped the process; ``under_way`` are the sites of steps that were running."""

    def __init__(self, under_way: tuple[str, ...]) -> None:
        super().__init__("interrupted")
        self.under_way = under_way


def execute(job: Job, store: Store, display: Display, exit: Exit, faults: Faults) -> Ending:
    """Run a job to its end. This process must hold the run's lock.

    Args:
        exit: is called in place of a step's end when the step raises what is neither its failure
            nor its caller's to handle, such as KeyboardInterrupt; with its site and the error.
        faults: ends the process when the store or its disk fails under the run.

    Raises:
        EngineMissing: DBOS is not installed.
        Refused: the module cannot be imported, because an import of its steps fails, or the store
            cannot be used; nothing was run.
        Interrupted: the user pressed Ctrl-C; the run can be resumed.
    """
    try:
        import dbos  # noqa: F401
    except ImportError as error:
        raise EngineMissing(NEEDS_DBOS) from error
    from wfc.backends.python.loading import importable

    refuse_pickles(faults)
    faults.begun = job.start != "new"
    try:
        journal = Journal(store.journals, job.id, faults)
    except OSError as error:
        raise store.unusable(f"the journal: {error.strerror}") from error
    tracer = Tracer(display, journal, _place, functools.partial(_place_of, job), exit)
    with steps_on_stderr(), importable(job.source.parent):
        generated = _load(job)
        tracer.attach(generated, job.runners, job.steps)
        errors = _keep_errors(getattr(generated, job.workflow), faults)
        try:
            _launch(generated, job, store, faults)
            display.begin(job.id, job.workflow, resumed=job.start != "new")
            ending = _finish(generated, job, faults)
        except (KeyboardInterrupt, asyncio.CancelledError):
            # Nothing is shut down: steps may be in the middle of their work, as in a crash.
            under_way = tuple(sorted(call.site for call in tracer.under_way))
            raise Interrupted(under_way) from None
        finally:
            display.finish()
        _shut_down()
    where = _place_of(job, errors[-1]) if errors and ending.error else ""
    if where:
        journal.ended(job.id, where)
    journal.close()
    return Ending(
        result=ending.result,
        error=ending.error,
        message=ending.message,
        where=where,
        cancelled=ending.cancelled,
        stuck=bool(tracer.under_way),
    )


def refuse_pickles(faults: Faults) -> None:
    """Unpickling a value runs code that stands in it, and DBOS unpickles whatever row of the store
    says that it was pickled. This process reads no such row."""
    from dbos import _serialization

    def refuse(self: object, serialized_data: str) -> NoReturn:
        faults("a value in it was pickled, not written by wfc")

    vars(_serialization)["DefaultSerializer"].deserialize = refuse


def _place() -> tuple[str, int]:
    """The workflow's id and the operation's number, asked from within a step."""
    from dbos import DBOS

    return str(DBOS.workflow_id), int(DBOS.step_id or 0)


def _place_of(job: Job, error: BaseException) -> str:
    return place(error, job.text, job.generated_file, job.source)


def _keep_errors(workflow: Any, faults: Faults) -> list[Exception]:
    """The errors that leave a workflow from now on, each with its traceback; what DBOS hands out is
    what it has recorded. When the workflow begins, the store has the run."""
    kept: list[Exception] = []
    function = workflow.__orig_func  # as dbos 3.4 calls what it has decorated

    @functools.wraps(function)
    def keeping(*args: Any, **kwargs: Any) -> Any:
        faults.begun = True
        try:
            return function(*args, **kwargs)
        except Exception as error:
            kept.append(error)
            raise

    @functools.wraps(function)
    async def keeping_async(*args: Any, **kwargs: Any) -> Any:
        faults.begun = True
        try:
            return await function(*args, **kwargs)
        except Exception as error:
            kept.append(error)
            raise

    is_async = inspect.iscoroutinefunction(function)
    workflow.__orig_func = keeping_async if is_async else keeping
    return kept


def _load(job: Job) -> ModuleType:
    from wfc.backends.python.loading import load

    try:
        return load(job.text, f"{job.source.stem}_dbos", job.generated_file)
    except Exception as error:
        raise Refused(
            [
                codes.MODULE_NOT_IMPORTABLE.at(
                    str(job.source),
                    NOWHERE,
                    f"the module cannot be imported: {type(error).__name__}: {error}",
                )
            ]
        ) from error


def _launch(generated: ModuleType, job: Job, store: Store, faults: Faults) -> None:
    """Each run has an executor id and an application version of its own: DBOS takes up, at launch
    and from its queue, what belongs to them, which is this run with its children and no other run
    of the store."""
    from dbos import DBOS
    from dbos import error as dbos_error
    from sqlalchemy.exc import SQLAlchemyError

    executor = f"wfc:{job.id}"
    engine = engine_for(store.database)
    faults.watch(engine)
    config: dict[str, Any] = {
        **getattr(generated, job.config),
        "application_version": records.version_for(job.version, job.id),
        "system_database_url": "sqlite://",
        "system_database_engine": engine,
        "notification_listener_polling_interval_sec": _POLL_SECONDS,
        "executor_id": executor,
        "log_level": "CRITICAL",
    }
    try:
        DBOS(config=cast("DBOSConfig", config))
        if job.start != "new":
            version = config["application_version"]
            adopt(store, job.id, executor, version, cancelled=job.start == "revive")
            _poll_recovery_often()
        DBOS.launch()
    except (dbos_error.DBOSException, SQLAlchemyError, sqlite3.Error) as error:
        faults(f"{error}".splitlines()[0])
    # What has been loaded stays to the end; the collector need not look through DBOS and SQLAlchemy
    # again and again.
    gc.freeze()
    gc.set_threshold(_COLLECT_EVERY)


def _poll_recovery_often() -> None:
    """DBOS hands interrupted runs to a queue of its own that it looks at once a second, and has no
    setting for that (dbos 3.4); without this, resuming takes a second longer."""
    with contextlib.suppress(Exception):
        from dbos._dbos import _get_or_create_dbos_registry

        queue = _get_or_create_dbos_registry().get_internal_queue()
        queue._polling_interval_sec = _POLL_SECONDS


def _finish(generated: ModuleType, job: Job, faults: Faults) -> Ending:
    from dbos import DBOS, PortableWorkflowError, SetWorkflowAttributes, SetWorkflowID
    from dbos import error as dbos_error

    try:
        if job.start == "new":
            function = getattr(generated, job.workflow)
            attributes = {"source": str(job.source)}
            with SetWorkflowID(job.id), SetWorkflowAttributes(attributes):
                handle = DBOS.start_workflow(function, **job.arguments)
            faults.begun = True
            return Ending(result=handle.get_result())
        waiting: WorkflowHandle[Any] = DBOS.retrieve_workflow(job.id)
        return Ending(result=waiting.get_result(polling_interval_sec=_POLL_SECONDS))
    except dbos_error.DBOSAwaitedWorkflowCancelledError:
        return Ending(cancelled=True)
    except PortableWorkflowError as error:
        return Ending(error=error.name, message=error.message)
    except Exception as error:
        return Ending(error=type(error).__name__, message=str(error))


def _shut_down() -> None:
    from dbos import DBOS

    DBOS.destroy()

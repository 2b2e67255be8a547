"""Compiles sources to DBOS and runs the generated modules in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from wfc.backends.base import Emission, Options
from wfc.backends.dbos import backend
from wfc.backends.dbos.run import postgres
from wfc.compiler.language.nodes import Module
from wfc.compiler.pipeline import read

# Runs a generated module as `python module.py` does, with short polls instead of DBOS's second, and
# dies just before DBOS records the outcome of the step named in DIE_BEFORE_RECORD.
DRIVER = """
import os, runpy, signal, sys
from dbos import _dbos, _sys_db

place = os.environ.get("DIE_BEFORE_RECORD")
record = _sys_db.SystemDatabase.record_operation_result

def record_or_die(self, result, *args, **kwargs):
    if result["function_name"] == place:
        os.kill(os.getpid(), signal.SIGKILL)
    return record(self, result, *args, **kwargs)

_sys_db.SystemDatabase.record_operation_result = record_or_die
launch = _dbos.DBOS._launch

def launch_fast(self):
    runtime = self._config.setdefault("runtimeConfig", {})
    runtime["notification_listener_polling_interval_sec"] = 0.02
    self._registry.get_internal_queue()._polling_interval_sec = 0.02
    launch(self)

_dbos.DBOS._launch = launch_fast
_sys_db.DEFAULT_POLLING_INTERVAL = 0.02
from dbos import _core
_core.DEFAULT_POLLING_INTERVAL = 0.02
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@dataclass
class Ended:
    """A process that has ended."""

    code: int
    out: str
    err: str

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


def compiled(source: str, name: str = "flow", **settings: Any) -> tuple[Module, Emission]:
    """The module in a source text and what the backend makes of it."""
    reading = read(f"{name}.py", source)
    assert reading.module is not None, reading.diagnostics
    module = reading.module
    return module, backend.emit(module, module.workflows, Options(settings=settings))


@pytest.fixture
def generate() -> Callable[..., Emission]:
    """``generate(source, name)``: what the backend makes of all workflows of a source text."""
    return lambda source, name="flow", **settings: compiled(source, name, **settings)[1]


class Generated:
    """A generated module in a folder, with the databases it works on."""

    def __init__(self, folder: Path, system: str, application: str) -> None:
        self.folder = folder
        self.system = system
        self.application = application
        self.marks_file = folder / "marks.txt"
        self.path = folder / "flow_dbos.py"

    def write(self, source: str) -> None:
        _, emission = compiled(source)
        (file,) = emission.files
        self.path.write_text(file.text, encoding="utf-8")

    def run(self, *args: str, driven: bool = True, **env: str) -> Ended:
        """``python flow_dbos.py args``"""
        driver = ["-c", DRIVER] if driven else []
        done = subprocess.run(
            [sys.executable, *driver, str(self.path), *args],
            cwd=self.folder,
            env={
                **os.environ,
                "DBOS_SYSTEM_DATABASE_URL": self.system,
                "DATABASE_URL": self.application,
                "MARKS": str(self.marks_file),
                **env,
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def marks(self) -> list[str]:
        return self.marks_file.read_text().splitlines() if self.marks_file.exists() else []

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the application's database holds."""
        import sqlalchemy

        url = sqlalchemy.make_url(self.application)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        engine = sqlalchemy.create_engine(url)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(sqlalchemy.text(query))]
        engine.dispose()
        return found


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A Postgres server for all tests. Run as root it becomes another user, who may not enter
    pytest's own folders."""
    with tempfile.TemporaryDirectory(prefix="wfc-test-") as folder, postgres(Path(folder)) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def generated(request: pytest.FixtureRequest, tmp_path: Path) -> Generated:
    """A folder for a generated module, with fresh databases."""
    if request.param == "sqlite":
        return Generated(
            tmp_path, f"sqlite:///{tmp_path}/system.sqlite", f"sqlite:///{tmp_path}/app.sqlite"
        )
    server: str = request.getfixturevalue("server")
    name = f"t_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    return Generated(tmp_path, url, url)

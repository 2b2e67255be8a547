"""Runs the command line in processes of their own, so that they can be killed."""

from __future__ import annotations

import contextlib
import os
import resource
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from wfc.cli.group import cli

# Steps leave a mark in a file each time they run, and wait or die where they are told to.
MARKS = '''
def mark(name: str, text: str = "") -> None:
    """Leave a mark, and wait or die behind it if this is the place."""
    import time

    with open(os.environ["MARKS"], "a") as file:
        file.write(f"{name}{text}\\n")
    for _ in range(1500 if os.environ.get("HOLD") == name else 0):
        if os.path.exists("go"):
            break
        time.sleep(0.02)
    if os.environ.get("KILL") == name:
        os.kill(os.getpid(), signal.SIGKILL)
'''


@dataclass
class Ended:
    """A process that has ended."""

    code: int
    out: str
    err: str


class Bench:
    """A folder with a workflow file, and commands that run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._marks = folder / "marks.txt"

    def write(self, source: str, name: str = "flow.py") -> Path:
        """A workflow file; ``mark`` is there for its steps."""
        path = self.folder / name
        head, _, rest = source.strip("\n").partition("\n\n\n")
        path.write_text(f"{head}\n\n{MARKS}\n\n{rest}\n", encoding="utf-8")
        return path

    def start(self, *args: str, largest: int | None = None, **env: str) -> subprocess.Popen[str]:
        """A command in a process that goes on; no file may grow beyond ``largest`` bytes."""

        def limit() -> None:
            if largest is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

        return subprocess.Popen(
            [sys.executable, "-m", "wfc", *args],
            cwd=self.folder,
            env=self.environment(**env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=limit,
        )

    def environment(self, **env: str) -> dict[str, str]:
        """What a command finds in its environment."""
        return {**os.environ, "MARKS": str(self._marks), "PYTHONUTF8": "1", **env}

    def shell(self, line: str) -> Ended:
        """A line of a shell in which ``wfc`` is the command, run to its end."""
        done = subprocess.run(
            ["bash", "-c", self.quoted(line)],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=60,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    @staticmethod
    def quoted(line: str) -> str:
        """The line, in a shell that does not know ``wfc``."""
        return line.replace("wfc run", f"{shlex.quote(sys.executable)} -m wfc run")

    def database(self, statement: str, *values: object) -> None:
        """Change the store."""
        with contextlib.closing(sqlite3.connect(self.folder / ".wfc/runs.sqlite")) as database:
            database.execute(statement, values)
            database.commit()

    def wfc(self, *args: str, largest: int | None = None, **env: str) -> Ended:
        """A command, run to its end."""
        with self.start(*args, largest=largest, **env) as process:
            out, err = process.communicate(timeout=60)
        return Ended(process.returncode, out, err)

    def look(self, *args: str) -> Ended:
        """A command below ``wfc runs`` that only looks at the store, in this process."""
        done = CliRunner().invoke(cli, ["runs", *args, "--store", str(self.folder / ".wfc")])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Ended(done.exit_code, done.stdout, done.stderr)

    def let_go(self) -> None:
        """The step that waits, HOLD, goes on."""
        (self.folder / "go").touch()

    def marks(self) -> list[str]:
        """The marks so far."""
        return self._marks.read_text().splitlines() if self._marks.exists() else []

    def wait_for_mark(self, name: str) -> None:
        """Until a step has left its mark."""
        self.wait_until(lambda: name in self.marks())

    @staticmethod
    def wait_for_line(process: subprocess.Popen[str], word: str) -> None:
        """Until a command has written a line with the word to stderr."""
        assert process.stderr is not None
        assert any(word in line for line in process.stderr), "it ended before that"

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Until something is so, for at most half a minute."""
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    @staticmethod
    def killed(ended: Ended) -> bool:
        """Whether the process died by SIGKILL."""
        return ended.code == -signal.SIGKILL


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)

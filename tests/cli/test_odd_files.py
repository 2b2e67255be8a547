"""Files that are no ordinary source file: each command says so, and none waits or fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from wfc.cli.group import cli

FLOW = '''"""A flow."""
from wfc import step, workflow


@step
def work(name: str) -> str:
    return name


@workflow
def flow(name: str) -> str:
    return work(name)
'''

COMMANDS = {
    "compile": ["--target", "dbos"],
    "ir": [],
    "lint": ["--no-cache"],
    "run": ["--input", '{"name": "x"}'],
    "schema": [],
}


def said(command: str, file: str) -> tuple[int, str]:
    """How a command on a file ends, and what it says; a defect is raised."""
    done = CliRunner().invoke(cli, [command, file, *COMMANDS[command]])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "encoding", ["rot13", "zlib_codec", "base64", "punycode", "undefined", "nonsense"]
)
def test_a_codec_that_is_no_encoding_of_text(command: str, encoding: str, folder: Path) -> None:
    (folder / "flow.py").write_text(f"# coding: {encoding}\n{FLOW}")
    code, text = said(command, "flow.py")
    assert code == 1
    assert "WFC006" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_a_pipe_that_nobody_writes_to(command: str, folder: Path) -> None:
    os.mkfifo(folder / "flow.py")
    code, text = said(command, "flow.py")
    assert code == (1 if command == "lint" else 2)
    assert "WFC003" in text
    assert "it is a pipe" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_a_circle_of_links(command: str, folder: Path) -> None:
    (folder / "flow.py").symlink_to("other.py")
    (folder / "other.py").symlink_to("flow.py")
    code, text = said(command, "flow.py")
    assert code == 2
    assert "Too many levels" in text or "does not exist" in text


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "lint"])
def test_a_name_that_is_no_text(command: str, folder: Path) -> None:
    name = os.fsdecode(b"fl\xffw.py")
    (folder / name).write_text(FLOW)
    code, text = said(command, name)
    assert code == 2
    assert "no UTF-8" in text


def test_the_linter_looks_at_everything_else_in_a_folder(folder: Path) -> None:
    (folder / "circle.py").symlink_to("circle.py")
    os.mkfifo(folder / "pipe.py")
    (folder / os.fsdecode(b"fl\xffw.py")).write_text(FLOW)
    (folder / "late.py").write_text(FLOW.replace("return work", "print(name)\n    return work"))
    code, text = said("lint", ".")
    assert code == 1
    assert "late.py:12" in text
    assert "circle.py" in text

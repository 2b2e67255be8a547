"""``wfc schema`` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wfc.cli.group import cli

SOURCE = """
from wfc import workflow


@workflow
def first(a: int) -> int:
    return a


@workflow
def second(b: str = "x") -> str:
    return b
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "flow.py"
    path.write_text(SOURCE)
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["schema", *arguments], catch_exceptions=False)


def test_the_schema_of_one_workflow(file: str) -> None:
    done = run(file, "--workflow", "second")
    assert done.exit_code == 0
    schema = json.loads(done.stdout)
    assert (schema["title"], schema["properties"]) == (
        "second",
        {"b": {"type": "string", "default": "x"}},
    )


def test_the_schema_of_cases() -> None:
    done = run("--cases")
    assert json.loads(done.stdout)["title"] == "Cases for wfc verify"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give a FILE, or --cases"),
        (["FILE"], "this file has several workflows; choose with --workflow: first, second"),
        (["FILE", "-w", "frist"], "no workflow 'frist' in this file. Did you mean 'first'?"),
        (["FILE", "--cases"], "--cases stands alone"),
    ],
)
def test_wrong_use_says_what_is_wrong(arguments: list[str], message: str, file: str) -> None:
    done = run(*(file if argument == "FILE" else argument for argument in arguments))
    assert done.exit_code == 2
    assert message in done.stderr


def test_a_file_that_is_not_there() -> None:
    done = run("no_such_file.py")
    assert done.exit_code == 2
    assert "no_such_file.py" in done.stderr
    assert done.stdout == ""

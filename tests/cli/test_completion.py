"""What the shell completes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from wfc.cli.group import cli

SHOP = """
from wfc import workflow


@workflow
def pay() -> None: ...


@workflow
def pack() -> None: ...


@workflow
def look() -> None: ...
"""


def completed(*words: str) -> list[str]:
    *before, incomplete = words
    shell = ShellComplete(cli, {}, "wfc", "_WFC_COMPLETE")
    return [item.value for item in shell.get_completions(before, incomplete)]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("compile", "shop.py", "--target", ""), ["asl", "dbos", "temporal"]),
        (("compile", "shop.py", "-t", "te"), ["temporal"]),
        (("compile", "shop.py", "-t", "asl,"), ["asl,dbos", "asl,temporal"]),
        (("verify", "shop.py", "--target", "temporal,asl,d"), ["temporal,asl,dbos"]),
        (("verify", "--target", "x"), []),
    ],
)
def test_targets(words: tuple[str, ...], names: list[str]) -> None:
    assert sorted(completed(*words)) == names


@pytest.mark.parametrize("command", ["compile", "ir", "run", "schema"])
def test_workflows_of_the_file(command: str, tmp_path: Path) -> None:
    shop = tmp_path / "shop.py"
    shop.write_text(SHOP)
    assert completed(command, str(shop), "--workflow", "") == ["pay", "pack", "look"]
    assert completed(command, str(shop), "-w", "pa") == ["pay", "pack"]


@pytest.mark.parametrize("file", ["missing.py", "broken.py", "."])
def test_no_workflows_where_none_can_be_read(file: str, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def pay(:")
    assert completed("run", str(tmp_path / file), "--workflow", "") == []
    assert completed("run", "--workflow", "") == []


def test_runs_of_the_store(tmp_path: Path) -> None:
    assert completed("runs", "--store", str(tmp_path), "show", "") == []
    with sqlite3.connect(tmp_path / "runs.sqlite") as database:
        database.execute("CREATE TABLE workflow_output (workflow_uuid, output, error)")
        database.execute("CREATE TABLE workflow_input (workflow_uuid, inputs)")
        database.execute("CREATE TABLE operation_outputs (workflow_uuid, function_name)")
        database.execute(
            "CREATE TABLE workflow_status (workflow_uuid, name, status, application_version,"
            " created_at, completed_at, updated_at, attributes, parent_workflow_id, serialization)"
        )
        database.executemany(
            "INSERT INTO workflow_status (workflow_uuid, status) VALUES (?, 'SUCCESS')",
            [("pay-1",), ("pay-2",), ("pack-1",)],
        )
    store = ("--store", str(tmp_path))
    assert completed("runs", *store, "show", "") == ["pack-1", "pay-2", "pay-1"]
    assert completed("runs", "resume", *store, "pay") == ["pay-2", "pay-1"]
    assert completed("run", "shop.py", *store, "--id", "pack") == ["pack-1"]


def test_codes_and_their_names() -> None:
    assert completed("explain", "WFC10")[:2] == ["WFC101", "WFC102"]
    assert completed("explain", "set-o") == ["set-order"]

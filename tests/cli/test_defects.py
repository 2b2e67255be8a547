"""A defect of wfc, wherever it is: exit code 3, a request to report it, nothing written, no
traceback on the screen."""

from __future__ import annotations

import re
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.editor import Editor
from wfc.cli.group import main

SOURCE = (
    "from wfc import step, workflow\n\n\n@step\ndef add(a: int) -> int:\n    return a + 1\n\n\n"
    "@workflow\ndef flow(a: int) -> int:\n    return add(a)\n"
)
CASES = "cases:\n  - input: {a: 1}\n    steps: {add: {returns: 2}}\n"
COMMANDS = {
    "compile": "compile flow.py --target asl,temporal,dbos -o out",
    "ir": "ir flow.py",
    "lint": "lint --no-cache flow.py",
    "run": 'run flow.py --input {"a":1}',
    "schema": "schema flow.py",
    "verify": "verify flow.py --cases cases.yaml --target asl",
}
PLANTED = "RuntimeError: planted"

# Where a defect is planted, and the commands that come there.
PLACES = {
    "reading": ("wfc.compiler.source.reader", "ModuleReader.read_workflows", tuple(COMMANDS)),
    "verifier": ("wfc.compiler.language.verify.module", "verify", tuple(COMMANDS)),
    "rules": ("wfc.compiler.checks.linting.linter", "Linter.check", ("compile", "lint", "run")),
    "fit": ("wfc.backends.asl", "backend.check", ("lint", "verify")),
    "emit": ("wfc.backends.asl", "backend.emit", ("compile", "verify")),
    "gate": ("wfc.backends.emission", "_check", ("compile", "run", "verify")),
    "runner": ("wfc.embedded.journal", "Journal.__init__", ("run",)),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "reports"))
    (tmp_path / "reports").mkdir()
    (tmp_path / "flow.py").write_text(SOURCE)
    (tmp_path / "cases.yaml").write_text(CASES)
    return tmp_path


def raising(*_: object, **__: object) -> Any:
    raise RuntimeError("planted")


def plant(monkeypatch: pytest.MonkeyPatch, module: str, name: str) -> None:
    *owners, function = name.split(".")
    place: Any = import_module(module)
    for owner in owners:
        place = getattr(place, owner)
    monkeypatch.setattr(place, function, raising)


@pytest.mark.parametrize(
    ("place", "command"),
    [(place, command) for place, (_, _, commands) in PLACES.items() for command in commands],
)
def test_a_defect_is_reported_and_nothing_is_written(
    place: str,
    command: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plant(monkeypatch, *PLACES[place][:2])
    monkeypatch.setattr(sys, "argv", ["wfc", *COMMANDS[command].split()])

    with pytest.raises(SystemExit) as end:
        main()

    shown = capsys.readouterr()
    assert (end.value.code, shown.out) == (3, "")
    first, second = shown.err.splitlines()
    assert first == f"wfc: internal error: {PLANTED}"
    report = re.fullmatch(r"This is a defect in wfc\. Please report it with (.*)", second)
    assert report is not None
    details = Path(report[1]).read_text()
    assert COMMANDS[command] in details
    assert "Traceback" in details
    assert not (folder / "out").exists()


def test_an_unknown_node_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``assert_never`` raises an AssertionError without a line of its own."""

    def raise_it(*_: object) -> None:
        raise AssertionError("Expected code to be unreachable, but got: Loop()")

    monkeypatch.setattr(import_module("wfc.compiler.language.verify.module"), "verify", raise_it)
    monkeypatch.setattr(sys, "argv", ["wfc", "ir", "flow.py"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 3
    assert "Expected code to be unreachable, but got: Loop()" in capsys.readouterr().err


SERVER = """
import sys
from importlib import import_module

def raising(*_, **__):
    raise RuntimeError("planted")

{plant}
sys.argv = ["wfc", "lsp"]
from wfc.cli import main
main()
"""


@pytest.mark.parametrize(
    "planted",
    [
        'import_module("wfc.compiler.source.reader").ModuleReader.read_workflows = raising',
        'import_module("wfc.lsp.view").View._diagnostic = raising',
    ],
    ids=["reading", "showing"],
)
def test_the_language_server_says_so_and_lives_on(planted: str, folder: Path) -> None:
    editor = Editor(folder, server=("-c", SERVER.format(plant=planted)))
    clock = SOURCE.replace("return add(a)", "return hash('a')")
    editor.open("flow.py", clock)
    editor.retype("flow.py", SOURCE)
    reports = [text for text in editor.messages if "internal error; please report it" in text]
    assert reports
    assert all(PLANTED in text for text in reports)
    assert editor.quit() == 0


def test_the_version_where_wfc_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from importlib import metadata

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    monkeypatch.setattr(sys, "argv", ["wfc", "--version"])
    with pytest.raises(SystemExit) as end:
        main()
    assert (end.value.code, capsys.readouterr().out) == (0, "wfc, version 0.0.0\n")

"""The samples are type-checked, compiled to every target and verified on every engine.

What they compile to is committed under ``tests/data/samples``; ``pytest --update`` rewrites it.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Expected
from wfc.backends import registry
from wfc.backends.base import Options
from wfc.compiler.diagnostics.model import has_errors
from wfc.compiler.pipeline import read_file
from wfc.testing.data_file import read_data_file
from wfc.testing.verify import Column, verify_file

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.py"))
COLUMNS = (
    Column("asl"),
    Column("asl", "ministack", optional=True),
    Column("temporal"),
    Column("dbos"),
    Column("dbos", "postgres"),
)


def test_samples_pass_a_strict_type_checker_and_the_linter() -> None:
    for command in (["mypy", "--strict"], ["ruff", "check"], ["ruff", "format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", *command, *(str(SAMPLES / f"{name}.py") for name in NAMES)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("target", ["asl", "temporal", "dbos"])
@pytest.mark.parametrize("name", NAMES)
def test_a_sample_compiles_to_the_committed_files(
    name: str, target: str, expected: Expected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(SAMPLES.parent)
    reading = read_file(f"samples/{name}.py")
    assert reading.module is not None
    emission = registry.load(target).emit(reading.module, reading.module.workflows, Options())
    assert not has_errors(emission.diagnostics)
    for file in emission.files:
        expected(f"samples/{target}/{name}/{file.path}", file.text)
        if file.path.endswith(".py"):
            assert not imports_wfc(file.text)
        if file.path.endswith(".json"):
            json.loads(file.text)


def imports_wfc(source: str) -> bool:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=module):
                modules = [module or ""]
            case _:
                continue
        if any(module.partition(".")[0] == "wfc" for module in modules):
            return True
    return False


@pytest.mark.usefixtures("postgres_server")
@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.label)
@pytest.mark.parametrize("name", NAMES)
def test_a_sample_means_the_same_on_every_engine(name: str, column: Column) -> None:
    verdicts = verify_file(SAMPLES / f"{name}.py", SAMPLES / f"{name}.cases.yaml", [column])
    wrong = [
        f"{verdict.case} ({verdict.target}): " + "; ".join(verdict.difference)
        for verdict in verdicts
        if verdict.agrees is False or (verdict.agrees is None and not column.optional)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_case_says_what_it_expects() -> None:
    """A few cases leave the result to the plain run, but none of them the whole file."""
    for name in NAMES:
        data = read_data_file(SAMPLES / f"{name}.cases.yaml").data
        expecting = [case for case in data["cases"] if "expect" in case]
        assert len(expecting) >= len(data["cases"]) - 1


def test_payout_runs_on_the_development_server_of_temporal() -> None:
    column = Column("temporal", "dev")
    verdicts = verify_file(SAMPLES / "payout.py", SAMPLES / "payout.cases.yaml", [column])
    assert all(verdict.agrees for verdict in verdicts)

"""Workflows, the machines that they become, and that both do the same.

``tests/data/asl/*.py`` are the sources; ``pytest --update`` rewrites the machines beside them.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.asl.scripts import TypedScript, input_of
from tests.conftest import DATA, Expected
from wfc.backends.asl import backend
from wfc.backends.asl.checker.machine import check_machine
from wfc.backends.asl.checker.schema import validate
from wfc.backends.asl.engines.engine import AslEngine
from wfc.backends.base import Options
from wfc.compiler.language.nodes import Module
from wfc.compiler.pipeline import read_file
from wfc.testing.compare import compare
from wfc.testing.plain import PlainEngine, RunFailed

SOURCES = sorted((DATA / "asl").glob("*.py"))
RUNS = 16


@cache
def module_of(path: Path) -> Module:
    reading = read_file(str(path))
    assert reading.module is not None, reading.diagnostics
    return reading.module


@cache
def engines(path: Path) -> tuple[PlainEngine, AslEngine]:
    engine = backend.engine(module_of(path), Options())
    assert isinstance(engine, AslEngine)
    return PlainEngine(path), engine


WORKFLOWS = [
    pytest.param(path, workflow.name, id=f"{path.stem}.{workflow.name}")
    for path in SOURCES
    for workflow in module_of(path).workflows
]


@pytest.mark.parametrize(("path", "name"), WORKFLOWS)
def test_a_workflow_becomes_the_committed_machine(
    path: Path, name: str, expected: Expected
) -> None:
    module = module_of(path)
    workflow = next(one for one in module.workflows if one.name == name)
    emission = backend.emit(module, [workflow], Options())
    assert not emission.diagnostics
    main = emission.files[0]
    assert main.path == f"{name}.asl.json"
    expected(f"asl/{path.stem}/{main.path}", main.text)
    again = backend.emit(module, [workflow], Options()).files[0]
    assert again.text == main.text


@pytest.mark.parametrize(("path", "name"), WORKFLOWS)
def test_same_as_the_plain_run(path: Path, name: str) -> None:
    module = module_of(path)
    workflow = next(one for one in module.workflows if one.name == name)
    plain, asl = engines(path)
    for seed in range(RUNS):
        given = input_of(module, workflow, random.Random(seed))
        failures = (0.0, 0.3)[seed % 2]
        try:
            wanted = plain.run(name, given, TypedScript(module, seed, failures))
        except RunFailed:
            continue
        found = asl.run(name, given, TypedScript(module, seed, failures))
        assert not compare(wanted, found), (given, seed)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_machines_are_valid(path: Path) -> None:
    asl = engines(path)[1]
    for workflow in module_of(path).workflows:
        machine: dict[str, Any] = asl.machine(workflow.name)
        assert check_machine(machine) == []
        assert validate(machine) == []

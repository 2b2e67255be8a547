"""Random workflows mean the same in the plain run and on every engine.

Some seeds run always. ``WFC_SEEDS=500-900`` runs others, on all engines.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.random_programs.programs import Program, RandomScript, arguments
from wfc.backends.base import Options
from wfc.backends.registry import load
from wfc.compiler.ir.nodes import Module
from wfc.compiler.pipeline import read
from wfc.testing.compare import compare
from wfc.testing.plain import PlainEngine

RUNS = 4


def seeds(count: int) -> range:
    wanted = os.environ.get("WFC_SEEDS")
    if wanted is None:
        return range(count)
    first, _, last = wanted.partition("-")
    return range(int(first), int(last) + 1)


def compiled(seed: int, folder: Path) -> tuple[Path, Module]:
    path = folder / f"random_{seed}.py"
    path.write_text(Program(seed).text(), encoding="utf-8")
    reading = read(str(path))
    assert reading.module is not None, reading.diagnostics
    return path, reading.module


def agrees(seed: int, folder: Path, target: str, variant: str = "") -> None:
    """Run one program with several scripts. A program that the target refuses, or that the engine
    does not support, has nothing to compare."""
    path, module = compiled(seed, folder)
    backend = load(target)
    flow = next(workflow for workflow in module.workflows if workflow.name == "flow")
    if any(backend.check(module, workflow, Options()) for workflow in module.workflows):
        return
    engine = backend.engine(module, Options(), variant)
    plain = PlainEngine(path, limit=True)
    try:
        if engine.supports(flow):
            return
        for number in range(seed * RUNS, (seed + 1) * RUNS):
            given = arguments(number)
            expected = plain.run("flow", given, RandomScript(number))
            got = engine.run("flow", given, RandomScript(number))
            assert compare(expected, got) == [], f"arguments {given}, script {number}, {path}"
    finally:
        plain.close()
        engine.close()


@pytest.mark.parametrize("seed", seeds(60))
def test_asl_agrees_with_the_plain_run(seed: int, tmp_path: Path) -> None:
    agrees(seed, tmp_path, "asl", "sfnx")


@pytest.mark.parametrize("seed", seeds(30))
def test_asl_agrees_on_the_second_interpreter(seed: int, tmp_path: Path) -> None:
    agrees(seed, tmp_path, "asl", "ministack")


@pytest.mark.parametrize("seed", seeds(12))
def test_dbos_agrees_with_the_plain_run(seed: int, tmp_path: Path) -> None:
    agrees(seed, tmp_path, "dbos")


@pytest.mark.parametrize("seed", seeds(6))
def test_temporal_agrees_with_the_plain_run(seed: int, tmp_path: Path) -> None:
    agrees(seed, tmp_path, "temporal")


def test_most_programs_fit_step_functions(tmp_path: Path) -> None:
    backend = load("asl")
    refused = 0
    for seed in range(30):
        _, module = compiled(seed, tmp_path)
        refused += any(backend.check(module, item, Options()) for item in module.workflows)
    assert refused <= 10

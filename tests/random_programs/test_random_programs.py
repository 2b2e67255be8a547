"""Random workflows mean the same in the plain run and on every engine.

Some seeds run always. ``WFC_SEEDS=500-900`` runs others, on all engines.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.random_programs import answers, wide
from tests.random_programs.programs import Program, RandomScript, arguments
from wfc.backends.base import Options
from wfc.backends.registry import load
from wfc.compiler.language.nodes import Module
from wfc.compiler.pipeline import read
from wfc.testing.compare import compare
from wfc.testing.plain import PlainEngine

RUNS = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """Programs, what they are given, and what their steps answer."""

    program: type[Program]
    arguments: Callable[[int], dict[str, Any]]
    script: type[RandomScript]


PLAIN = Kind(Program, arguments, RandomScript)
WIDE = Kind(wide.WideProgram, answers.arguments, answers.WideScript)
CODE = Kind(wide.CodeProgram, answers.arguments, answers.WideScript)


def seeds(count: int) -> range:
    wanted = os.environ.get("WFC_SEEDS")
    if wanted is None:
        return range(count)
    first, _, last = wanted.partition("-")
    return range(int(first), int(last) + 1)


def compiled(seed: int, folder: Path, kind: Kind) -> tuple[Path, Module]:
    path = folder / f"random_{seed}.py"
    path.write_text(kind.program(seed).text(), encoding="utf-8")
    reading = read(str(path))
    assert reading.module is not None, reading.diagnostics
    return path, reading.module


def agrees(seed: int, folder: Path, kind: Kind, target: str, variant: str = "") -> None:
    """Run one program with several scripts. A program that the target refuses, or that the engine
    does not support, has nothing to compare."""
    path, module = compiled(seed, folder, kind)
    backend = load(target)
    flow = next(workflow for workflow in module.workflows if workflow.name == "flow")
    if any(backend.check(module, workflow, Options()) for workflow in module.workflows):
        return
    engine = backend.engine(module, Options(), variant)
    plain = PlainEngine(path, largest=2**53 - 1)
    try:
        if engine.supports(flow):
            return
        for number in range(seed * RUNS, (seed + 1) * RUNS):
            given = kind.arguments(number)
            expected = plain.run("flow", given, kind.script(number))
            got = engine.run("flow", given, kind.script(number))
            assert compare(expected, got) == [], f"arguments {given}, script {number}, {path}"
    finally:
        plain.close()
        engine.close()


@pytest.mark.parametrize("seed", seeds(60))
def test_asl_agrees_with_the_plain_run(seed: int, tmp_path: Path) -> None:
    agrees(seed, tmp_path, PLAIN, "asl", "sfnx")


@pytest.mark.parametrize("seed", seeds(30))
def test_asl_agrees_on_more_of_the_language(seed: int, tmp_path: Path) -> None:
    agrees(seed, tmp_path, WIDE, "asl", "sfnx")


@pytest.mark.parametrize("kind", [PLAIN, WIDE], ids=["plain", "wide"])
@pytest.mark.parametrize("seed", seeds(20))
def test_asl_agrees_on_the_second_interpreter(seed: int, kind: Kind, tmp_path: Path) -> None:
    agrees(seed, tmp_path, kind, "asl", "ministack")


@pytest.mark.parametrize("kind", [PLAIN, CODE], ids=["plain", "code"])
@pytest.mark.parametrize("seed", seeds(8))
def test_dbos_agrees_with_the_plain_run(seed: int, kind: Kind, tmp_path: Path) -> None:
    agrees(seed, tmp_path, kind, "dbos")


@pytest.mark.parametrize("kind", [PLAIN, CODE], ids=["plain", "code"])
@pytest.mark.parametrize("seed", seeds(4))
def test_temporal_agrees_with_the_plain_run(seed: int, kind: Kind, tmp_path: Path) -> None:
    agrees(seed, tmp_path, kind, "temporal")


@pytest.mark.parametrize("kind", [PLAIN, WIDE], ids=["plain", "wide"])
def test_most_programs_fit_step_functions(kind: Kind, tmp_path: Path) -> None:
    backend = load("asl")
    refused = 0
    for seed in range(30):
        _, module = compiled(seed, tmp_path, kind)
        refused += any(backend.check(module, item, Options()) for item in module.workflows)
    assert refused <= 10

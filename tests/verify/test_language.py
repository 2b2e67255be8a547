"""Small workflows, one for each construct, mean the same plainly and on every engine.

They stand in ``tests/data/verify``, each module with its cases. Those in ``code_engines`` are what
Step Functions cannot do.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from wfc.backends import registry
from wfc.backends.base import Options
from wfc.compiler.pipeline import read_file
from wfc.testing.verify import Column, verify_file

DATA = Path(__file__).parents[1] / "data" / "verify"
NAMES = sorted(path.stem for path in DATA.glob("*.py"))
COLUMNS = (
    Column("asl"),
    Column("asl", "ministack", optional=True),
    Column("temporal"),
    Column("dbos"),
)
REFUSING = {("code_engines", "asl")}
REFUSED_BY_ASL = {
    "dict_order": "asl-dict-order",
    "aliases": "asl-observable-alias",
    "nested_change": "asl-observable-alias",
    "float_text": "asl-float-text",
    "float_sum": "asl-float-sum",
    "bits": "asl-not-exact",
    "sleep_of_duration": "asl-duration",
    "float_formats": "asl-not-supported-yet",
    "short_delays": "asl-retry-delay",
}


RUNS = [
    pytest.param(name, column, id=f"{name}-{column.label}")
    for name in NAMES
    for column in COLUMNS
    if (name, column.target) not in REFUSING
]


@pytest.mark.parametrize(("name", "column"), RUNS)
def test_every_engine_agrees_with_the_plain_run(name: str, column: Column) -> None:
    verdicts = verify_file(DATA / f"{name}.py", DATA / f"{name}.cases.yaml", [column])
    wrong = [
        f"{verdict.case} ({verdict.target}): " + "; ".join(verdict.difference)
        for verdict in verdicts
        if verdict.agrees is False
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("workflow", "code"), REFUSED_BY_ASL.items())
def test_step_functions_refuses_what_it_would_do_otherwise(workflow: str, code: str) -> None:
    module = read_file(str(DATA / "code_engines.py")).module
    assert module is not None
    found = next(item for item in module.workflows if item.name == workflow)
    problems = registry.load("asl").check(module, found, Options())
    assert code in {problem.code.name for problem in problems}
    assert all(problem.instead for problem in problems)

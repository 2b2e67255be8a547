"""``compiler/`` knows no engine: nothing in it names one, neither code nor texts nor comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

COMPILER = Path(__file__).parents[2] / "compiler"
_NAMES = re.compile(
    r"temporal|dbos|jsonata|restate|cadence|inngest|boto"
    r"|(?<![a-z])(?:asl|aws|argo)(?![a-z])"
    r"|step[ _-]?functions(?![a-z])"
    r"|lambdas?[ _-](?:durable|functions?|handlers?|sdk|service)"
    r"|durable[ _](?:execution|functions?)",
    re.IGNORECASE,
)


def named(text: str) -> Iterator[str]:
    """The engines that a text names."""
    yield from (match[0] for match in _NAMES.finditer(text))


@pytest.mark.parametrize(
    "text",
    [
        "from temporalio import workflow",
        "class TemporalTimeout(Rule):",
        'DBOS: Final = "dbos"',
        "too long for Step Functions",
        "def step_functions_name(name: str) -> str:",
        "the depth of a JSONata expression",
        "restate.gather",
        "asl_name",
        "AWS",
        "Lambda durable functions",
        "aws_durable_execution_sdk_python",
        "Argo Workflows",
        "import boto3",
    ],
)
def test_an_engine_is_found(text: str) -> None:
    assert list(named(text))


@pytest.mark.parametrize(
    "text",
    [
        "case ast.Lambda(): return lambda: 1",
        "of a step function() is called",
        "laws, cargo, translate, argon2, a durable timer",
        "def lambda_types(expr: ir.Lambda)",
    ],
)
def test_other_words_are_left_alone(text: str) -> None:
    assert list(named(text)) == []


def test_the_compiler_names_no_engine() -> None:
    found = [
        f"{path.relative_to(COMPILER)}:{number}: {name}"
        for path in sorted(COMPILER.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
        for number, line in enumerate([path.name, *path.read_text("utf-8").splitlines()])
        for name in named(line)
    ]

    assert found == []


def test_the_compiler_imports_no_backend() -> None:
    imports = re.compile(r"^\s*(?:from|import) wfc\.backends", re.MULTILINE)

    found = [path for path in COMPILER.rglob("*.py") if imports.search(path.read_text("utf-8"))]

    assert found == []

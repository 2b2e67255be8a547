"""Everything that is known to be nondeterministic is found in the workflows of every engine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checks.linting import lint, marked, sites

DATA = Path(__file__).parents[1] / "data" / "lint" / "constructs.txt"
STYLES = {
    "wfc": "from wfc import workflow\n\n@workflow\nasync def flow():\n",
    "temporal": (
        "from temporalio import workflow\n\n@workflow.defn\nclass Flow:\n"
        "    @workflow.run\n    async def run(self):\n"
    ),
    "dbos": "from dbos import DBOS\n\n@DBOS.workflow()\nasync def flow():\n",
    "restate": (
        "import restate\n\nservice = restate.Service('s')\n\n@service.handler()\n"
        "async def flow(ctx: restate.Context, given: str):\n"
    ),
    "lambda": (
        "from aws_durable_execution_sdk_python import durable_execution\n\n"
        "@durable_execution\nasync def flow(event, context):\n"
    ),
}


def constructs(style: str) -> Iterator[tuple[str, str]]:
    """The code and the expression of every line for an engine."""
    code = ""
    for line in DATA.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        if heading := re.fullmatch(r"\[(WFC\d+)\]", line):
            code = heading[1]
            continue
        expression, _, exception = line.partition("   not ")
        if exception != style:
            yield code, expression


def imports(expressions: list[str]) -> str:
    """Import what the expressions name: ``email.utils`` for ``email.utils.localtime()``."""
    modules = set()
    for expression in expressions:
        for node in ast.walk(ast.parse(expression)):
            name = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
            if re.fullmatch(r"[\w.]+", name):
                modules.add(name.rpartition(".")[0])
    return "".join(f"import {module}\n" for module in sorted(modules) if module.lower() == module)


@pytest.mark.parametrize("style", STYLES)
def test_every_construct_is_found(style: str) -> None:
    known = list(constructs(style))
    body = "".join(f"        at_{n} = {text}  # {code}\n" for n, (code, text) in enumerate(known))
    source = imports([text for _, text in known]) + STYLES[style]
    indented = body if style == "temporal" else body.replace("        at_", "    at_")

    expected = marked(source + indented)
    found = sites(lint(source + indented))

    lines = (source + indented).splitlines()
    assert [lines[line - 1] for _, line, _ in sorted(expected - found)] == [], "missed"
    assert [(lines[line - 1], code) for _, line, code in sorted(found - expected)] == [], "false"
    assert len(known) > 300

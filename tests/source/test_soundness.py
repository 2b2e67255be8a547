"""What is read is verified in every command: what breaks a rule is a diagnostic, never compiled."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from wfc.cli.group import cli
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.language.verify import module as verifier
from wfc.compiler.language.verify.report import IrProblem

SOURCE = """from wfc import step, workflow


@step
def double(n: int) -> int:
    return 2 * n


@workflow
def main(n: int) -> int:
    return double(n)
"""
COMMANDS = [
    ["compile", "flow.py", "--target", "asl"],
    ["compile", "flow.py", "--target", "temporal", "-o", "out"],
    ["verify", "flow.py", "--cases", "cases.yaml", "--target", "asl"],
    ["run", "flow.py", "--input", '{"n": 1}'],
    ["schema", "flow.py"],
    ["ir", "flow.py"],
]


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module in which the verifier finds something."""
    monkeypatch.chdir(tmp_path)
    Path("flow.py").write_text(SOURCE)
    Path("cases.yaml").write_text("cases: [{input: {n: 1}}]")
    found = IrProblem("main", "variable 'n' is not bound here", Span(11, 19, 11, 20))
    monkeypatch.setattr(verifier, "verify", lambda module: [found])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:4]))
@pytest.mark.usefixtures("broken")
def test_what_breaks_a_rule_is_reported_with_its_place(command: list[str]) -> None:
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 1
    assert "flow.py:11:19: error[WFC025]" in done.output
    assert "'main': variable 'n' is not bound here" in done.output
    assert not Path("out").exists()


@pytest.mark.usefixtures("broken")
def test_lint_reports_it_too() -> None:
    done = CliRunner().invoke(cli, ["lint", "flow.py"])
    assert (done.exit_code, "WFC025" in done.output) == (1, True)

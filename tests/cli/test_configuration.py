"""The example of ``[tool.wfc]`` in the README: complete, and accepted."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from wfc.backends import registry
from wfc.cli.group import cli
from wfc.compiler.checks.linting.settings import KEYS
from wfc.tool.config import load

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def example() -> str:
    section = README.read_text(encoding="utf-8").split("\n## Configuration\n")[1].split("\n## ")[0]
    (found,) = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    return str(found)


def test_the_example_is_accepted(example: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(example)
    config = load(tmp_path)
    config.check()
    assert set(config.targets) == set(registry.OWN)


def test_the_example_has_every_setting_of_the_targets(example: str) -> None:
    table: dict[str, Any] = tomllib.loads(example)["tool"]["wfc"]
    assert set(table) == {"targets", "lint", *registry.OWN}
    for name in registry.OWN:
        assert set(table[name]) == set(registry.load(name).settings)
    assert set(table["lint"]) <= set(KEYS)


FLOW = """from wfc import step, workflow


@step
def work(name: str) -> str:
    return name


@workflow
def flow(name: str) -> str:
    return work(name)
"""


@pytest.mark.parametrize("command", ["compile", "lint", "run", "verify"])
@pytest.mark.parametrize(
    "setting",
    [
        r'lint.baseline = "\u0000"',
        "lint.baseline = 5",
        'lint.exclude = "x"',
        "lint = 5",
        'asl.functions = ["zzz"]',
        "asl.state_machines = 99999999999999999999",
        "asl.functions.work = 5",
        "asl.nothing = 5",
        "dbos.name = 5",
        r'dbos.name = "\u0000"',
        'targets = "asl"',
        "targets = [5]",
        r'targets = ["\u0000"]',
        r'"\u0000" = {}',
    ],
)
def test_a_setting_that_means_nothing_is_wrong_use(
    command: str, setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("flow.py").write_text(FLOW)
    Path("c.yaml").write_text("cases:\n  - input: {name: x}\n")
    Path("pyproject.toml").write_text(f"[tool.wfc]\n{setting}\n")
    options = {
        "compile": ["--target", "dbos"],
        "lint": ["--no-cache"],
        "run": ["--input", '{"name": "x"}'],
        "verify": ["--cases", "c.yaml", "--target", "dbos"],
    }
    done = CliRunner().invoke(cli, [command, "flow.py", *options[command]])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 2, done.output
    assert "tool.wfc" in done.output or "pyproject.toml" in done.output

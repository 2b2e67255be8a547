"""The example of ``[tool.wfc]`` in the README: complete, and accepted."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from wfc.backends import registry
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

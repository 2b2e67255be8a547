"""What other tools read: the schema of the settings, the pre-commit hook, the GitHub Action."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from wfc.cli.lint import command
from wfc.compiler.checks.linting.settings import KEYS, SettingsError, from_table, schema

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads(schema())


def test_the_schema_is_valid_and_printed_by_the_command() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    result = CliRunner().invoke(command, ["--settings-schema"])

    assert json.loads(result.stdout) == SCHEMA


def test_the_schema_has_every_setting() -> None:
    assert set(SCHEMA["properties"]) == set(KEYS)


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"select": ["ALL", "WFC1", "set-order"], "strict": True, "baseline": "known.json"},
        {"per-path-ignores": {"tests/*": ["clock"]}, "trusted": ["app.pure.*"]},
        {"selct": []},
        {"select": "clock"},
        {"strict": 1},
        {"per-path-ignores": {"tests": "clock"}},
        {"exclude": [3]},
    ],
)
def test_the_schema_accepts_what_the_linter_accepts(table: dict[str, Any]) -> None:
    valid = jsonschema.Draft202012Validator(SCHEMA).is_valid(table)

    if valid:
        from_table(table)
    else:
        with pytest.raises(SettingsError):
            from_table(table)


def test_the_pre_commit_hook_runs_a_command_that_exists() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())

    program, subcommand, *options = shlex.split(hook["entry"])

    assert (program, subcommand) == ("wfc", "lint")
    assert hook["language"] == "python"
    assert CliRunner().invoke(command, [*options, "--list"]).exit_code == 0


def test_the_action_passes_its_inputs_by_environment_and_uses_real_options() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())

    assert action["runs"]["using"] == "composite"
    options = {option for parameter in command.params for option in parameter.opts}
    for step in action["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]  # an input in a script is a way to inject commands
        for word in step["run"].split():
            if word.startswith("--") and "wfc lint" in step["run"]:
                assert word in options

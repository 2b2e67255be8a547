"""``wfc ir FILE``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from wfc.cli.group import cli
from wfc.compiler.language.form.json import from_json
from wfc.compiler.language.text.parse import from_text
from wfc.compiler.pipeline import read_file

SAMPLES = Path(__file__).parent.parent.parent / "samples"
PAYOUT = SAMPLES / "payout.py"

TWO = """
from wfc import step, workflow


@step
def one() -> int:
    return 1


@step
def two() -> int:
    return 2


@workflow
def first() -> int:
    return one()


@workflow
def second() -> int:
    return two()
"""


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["ir", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_the_text_of_a_sample(expected: object) -> None:
    assert callable(expected)
    code, text, _ = run(str(PAYOUT))
    assert code == 0
    expected("ir/payout.ir", text)
    assert from_text(text) == read_file(str(PAYOUT)).module


def test_the_text_with_its_lines() -> None:
    _, text, _ = run(str(PAYOUT), "--spans")
    (line,) = (line for line in text.splitlines() if "@pull_settlement" in line)
    number = int(line.rpartition("# line ")[2])
    assert "pull_settlement(merchant_id)" in PAYOUT.read_text().splitlines()[number - 1]


def test_the_json_of_a_sample() -> None:
    code, text, _ = run(str(PAYOUT), "--format", "json")
    assert code == 0
    assert from_json(json.loads(text)) == read_file(str(PAYOUT)).module


def test_one_workflow_and_what_it_reaches(tmp_path: Path) -> None:
    file = tmp_path / "two.py"
    file.write_text(TWO)
    _, text, _ = run(str(file), "--workflow", "second")
    assert "step two()" in text
    assert "workflow second" in text
    assert "one" not in text.replace("None", "")
    assert "first" not in text


def test_an_output_file(tmp_path: Path) -> None:
    output = tmp_path / "new" / "payout.ir"
    code, text, _ = run(str(PAYOUT), "-o", str(output))
    assert (code, text) == (0, "")
    assert output.read_text() == run(str(PAYOUT))[1]


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["missing.py"], 2, "missing.py"),
        ([str(PAYOUT), "--workflow", "payot"], 2, "Did you mean 'payout'?"),
        ([str(PAYOUT), "--format", "xml"], 2, "'xml' is not one of 'text', 'json'"),
        (
            [str(PAYOUT), "-o", "/proc/nowhere/x"],
            2,
            "/proc/nowhere/x: error[WFC621] cannot be written",
        ),
        ([], 2, "Missing argument 'FILE'"),
    ],
)
def test_wrong_use_prints_a_reason_and_nothing_else(
    args: list[str], code: int, message: str
) -> None:
    found, text, errors = run(*args)
    assert (found, text) == (code, "")
    assert message in errors


def test_problems_are_shown_and_nothing_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text("from wfc import workflow\n\n\n@workflow\ndef w() -> int:\n    return x\n")
    code, text, errors = run(str(file))
    assert (code, text) == (1, "")
    assert "WFC" in errors


def test_the_output_is_never_the_source(tmp_path: Path) -> None:
    source = tmp_path / "two.py"
    source.write_text(TWO)
    assert run(str(source), "-o", str(source))[0] == 2
    assert source.read_text() == TWO

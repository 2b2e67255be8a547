"""Reading a module: every problem once."""

from __future__ import annotations

import textwrap
from pathlib import Path

from click.testing import CliRunner

from wfc.cli.group import cli


def codes(tmp_path: Path, source: str) -> list[str]:
    file = tmp_path / "flow.py"
    file.write_text(textwrap.dedent(source))
    result = CliRunner().invoke(cli, ["compile", str(file), "--target", "dbos"])
    assert result.exit_code == 1
    return [
        line.partition("[")[2].partition("]")[0]
        for line in result.stderr.splitlines()
        if line.startswith(str(file))
    ]


def test_the_rule_stands_for_the_general_refusal(tmp_path: Path) -> None:
    source = """
        import time
        from wfc import workflow

        TOTALS: dict[str, int] = {}
        count = 0

        @workflow
        def pay(amount: int) -> float:
            global count
            count += amount
            TOTALS["a"] = amount
            TOTALS.update({"b": amount})
            return time.time()
    """
    assert codes(tmp_path, source) == ["WFC021", "WFC115", "WFC115", "WFC115", "WFC101"]


def test_a_problem_without_a_rule_stays(tmp_path: Path) -> None:
    source = """
        from wfc import workflow

        @workflow
        def pay(amount: int) -> int:
            return amount + missing
    """
    assert codes(tmp_path, source) == ["WFC206"]

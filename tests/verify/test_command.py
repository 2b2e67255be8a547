"""``wfc verify`` from the command line."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from wfc.backends import registry
from wfc.backends.base import (
    Emission,
    EngineMissing,
    File,
    Options,
    Outcome,
    Script,
    SettingKind,
    StepFailure,
    Variant,
)
from wfc.backends.emission import BrokenEmission
from wfc.cli.group import cli
from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.model import Code, Diagnostic
from wfc.compiler.language.limits import WIDEST, Limits
from wfc.compiler.language.nodes import Module, Workflow
from wfc.testing.plain import PlainEngine
from wfc.testing.verify import Column

SOURCE = """
from wfc import step, workflow


@step
def add(a: int, b: int) -> int:
    return a + b


@workflow
def total(numbers: list[int]) -> int:
    result = 0
    for number in numbers:
        result = add(result, number)
    return result


@workflow
def unfit(n: int) -> int:
    return total([n])
"""

CASES = """
workflow: total
cases:
  - name: two numbers
    input: {numbers: [1, 2]}
    steps: {add: [{returns: 1}, {returns: 3}]}
    expect: {result: 3}
  - name: none
    input: {numbers: []}
"""

NO_FIT = Code("WFC399", "no-fit", "It does not fit.")


@dataclass
class Odd:
    """A backend whose engine is the plain run, with a defect that a test chooses."""

    path: Path
    name: str = "odd"
    summary: str = "For tests."
    settings: Mapping[str, SettingKind] = field(default_factory=dict)
    provides: frozenset[str] = frozenset()
    limits: Limits = WIDEST
    variants: tuple[Variant, ...] = ()
    defect: str = ""

    def check(self, module: Module, workflow: Workflow, options: Options) -> list[Diagnostic]:
        if self.defect != "fit" or workflow.name != "total":
            return []
        return [NO_FIT.at(module.path, workflow.span, "a loop is no good here")]

    def emit(self, module: Module, workflows: Any, options: Options) -> Emission:
        return Emission((File("total.py", "f(x for x in y,)" if self.defect == "emit" else ""),))

    def validate(self, emission: Emission) -> str:
        return ""

    def engine(self, module: Module, options: Options, variant: str = "") -> OddEngine:
        if self.defect == "missing":
            raise EngineMissing("the odd engine is not installed: pip install odd")
        return OddEngine(self.path, self.defect)


class OddEngine(PlainEngine):
    def __init__(self, path: Path, defect: str) -> None:
        super().__init__(path)
        self.defect = defect

    def supports(self, workflow: Workflow) -> str:
        return "it is Sunday" if self.defect == "supports" else ""

    def run(self, workflow: str, arguments: Mapping[str, Any], script: Script) -> Outcome:
        outcome = super().run(workflow, arguments, script)
        match self.defect:
            case "result":
                return replace(outcome, result=True)
            case "calls":
                return replace(outcome, calls=outcome.calls[:-1])
            case "unscripted":
                with contextlib.suppress(StepFailure):
                    script.answer("add", {"a": 0, "b": 0})
        return outcome


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Odd]:
    file = tmp_path / "total.py"
    file.write_text(SOURCE)
    (tmp_path / "cases.yaml").write_text(CASES)
    (tmp_path / "pyproject.toml").write_text('[tool.wfc]\ntargets = ["odd"]\n')
    backend = Odd(file)
    import_module("wfc.cli.verify")  # whose options come from the backends that are really there
    monkeypatch.setattr(registry, "names", lambda: ["odd"])
    monkeypatch.setattr(registry, "exists", lambda name: name == "odd", raising=False)
    load = registry.load
    monkeypatch.setattr(registry, "load", lambda name: backend if name == "odd" else load(name))
    monkeypatch.chdir(tmp_path)
    return backend


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["verify", *arguments], catch_exceptions=False)


def test_no_engine_is_started_with_what_cannot_be_right(odd: Odd) -> None:
    odd.defect = "emit"
    with pytest.raises(BrokenEmission, match=r"total\.py is no Python"):
        run("total.py", "--cases", "cases.yaml")


def test_agreement_is_a_table_and_exit_code_0(odd: Odd) -> None:
    done = run("total.py", "--cases", "cases.yaml")
    assert done.stdout.splitlines() == [
        "case         plain  odd",
        "two numbers  ok     ok",
        "none         ok     ok",
        "",
        "All 4 agree.",
    ]
    assert done.exit_code == 0
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("defect", "cells", "lines"),
    [
        (
            "result",
            ["differs", "differs"],
            ["  result: expected 3, got true", "  result: expected 0, got true"],
        ),
        ("calls", ["differs", "ok"], ["  call 2: expected add(a=1, b=2), got no call"]),
        (
            "fit",
            ["no fit", "no fit"],
            ["  total does not fit odd", "  WFC399 a loop is no good here"],
        ),
        ("supports", ["failed", "failed"], ["  not run: it is Sunday"] * 2),
        (
            "unscripted",
            ["ok", "differs"],
            ["  the case does not answer step add at all: {'a': 0, 'b': 0}"],
        ),
    ],
)
def test_a_difference_is_shown_and_exit_code_1(
    odd: Odd, defect: str, cells: list[str], lines: list[str]
) -> None:
    odd.defect = defect
    done = run("total.py", "--cases", "cases.yaml")
    rows = done.stdout.splitlines()
    assert [row.split("  ")[-1].strip() for row in rows[1:3]] == cells
    assert [row for row in rows if row.startswith("  ")] == lines
    wrong = sum(cell != "ok" for cell in cells)
    assert rows[-1] == f"{4 - wrong} of 4 agree."
    assert done.exit_code == 1


def test_json_is_a_list_with_every_verdict(odd: Odd) -> None:
    odd.defect = "result"
    done = run("total.py", "--cases", "cases.yaml", "--format", "json")
    assert done.exit_code == 1
    calls = [
        {"step": "add", "arguments": {"a": 0, "b": 1}},
        {"step": "add", "arguments": {"a": 1, "b": 2}},
    ]
    assert json.loads(done.stdout)[0::2] == [
        {
            "case": "two numbers",
            "target": "plain",
            "agrees": True,
            "expected": {"result": 3},
            "got": {"result": 3},
            "calls": calls,
            "difference": None,
        },
        {
            "case": "two numbers",
            "target": "odd",
            "agrees": False,
            "expected": {"result": 3},
            "got": {"result": True},
            "calls": calls,
            "difference": "result: expected 3, got true",
        },
    ]


def test_what_a_case_expects_must_hold_in_the_plain_run(odd: Odd) -> None:
    Path("cases.yaml").write_text(CASES.replace("result: 3", "result: 4"))
    done = run("total.py", "--cases", "cases.yaml")
    assert done.exit_code == 1
    assert "two numbers: plain\n  result: expected 4, got 3" in done.stdout
    assert "two numbers  differs  ok" in done.stdout


def test_a_step_without_an_answer_is_a_problem_of_the_case(odd: Odd) -> None:
    Path("cases.yaml").write_text("cases: [{workflow: total, input: {numbers: [5]}}]")
    done = run("total.py", "--cases", "cases.yaml")
    assert done.exit_code == 1
    assert "the case does not answer step add at all: {'a': 0, 'b': 5}" in done.stdout


def test_problems_of_the_cases_are_reported_together(odd: Odd) -> None:
    Path("cases.yaml").write_text("workflow: total\ncases:\n  - {inputs: {}}\n  - {input: {}}\n")
    done = run("total.py", "--cases", "cases.yaml")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "WFC632" in done.stderr
    assert done.stderr.count("WFC602") == 2
    assert "did you mean 'input'?" in done.stderr


def test_a_cases_file_that_is_not_there_is_wrong_use(odd: Odd) -> None:
    done = run("total.py", "--cases", "other.yaml")
    assert done.exit_code == 2
    assert "WFC630" in done.stderr
    assert "other.yaml" in done.stderr


def test_cases_that_nothing_here_can_read_are_wrong_use(
    odd: Odd, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("yaml", "yaml_ft"):
        monkeypatch.setitem(sys.modules, name, None)
    done = run("total.py", "--cases", "cases.yaml")
    assert done.exit_code == 2
    assert "YAML files need PyYAML: pip install" in done.stderr


def test_a_missing_engine_is_never_skipped(odd: Odd) -> None:
    odd.defect = "missing"
    done = run("total.py", "--cases", "cases.yaml")
    assert done.exit_code == 2
    assert "the odd engine is not installed: pip install odd" in done.stderr


def test_nobody_needs_an_engine_that_was_not_asked_for(
    odd: Odd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --target and [tool.wfc], what is installed is used."""
    Path("pyproject.toml").unlink()
    lacking = dataclasses.replace(odd, defect="missing")
    backends = {"odd": odd, "other": lacking}
    monkeypatch.setattr(registry, "names", lambda: sorted(backends))
    monkeypatch.setattr(registry, "load", backends.__getitem__)
    monkeypatch.setattr(registry, "exists", backends.__contains__)
    done = run("total.py", "--cases", "cases.yaml")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[1].split() == ["two", "numbers", "ok", "ok", "-"]
    assert "not run: the odd engine is not installed: pip install odd" in done.stdout
    assert lines[-1] == "All 4 agree."


def test_without_any_engine_it_is_said_how_to_get_them(odd: Odd) -> None:
    Path("pyproject.toml").unlink()
    odd.defect = "missing"
    done = run("total.py", "--cases", "cases.yaml")
    assert done.exit_code == 2
    assert "no engine is installed; install all of them with: pip install" in done.stderr
    assert "'wfc-compiler[all]'" in done.stderr
    assert "odd" not in done.stderr


def test_large_integers_are_fine_where_step_functions_are_not_asked(
    odd: Odd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "exists", lambda name: name in ("odd", "asl"))
    Path("pyproject.toml").write_text('[tool.wfc]\ntargets = ["asl", "odd"]\n')
    large = 2**53
    Path("cases.yaml").write_text(
        f"cases: [{{workflow: total, input: {{numbers: [{large}]}}, "
        f"steps: {{add: {{returns: {large}}}}}, expect: {{result: {large}}}}}]"
    )
    done = run("total.py", "--cases", "cases.yaml", "--target", "odd")
    assert done.exit_code == 0, done.output


def test_an_engine_that_nobody_asked_for_may_be_missing_and_that_is_said(
    odd: Odd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "wfc.cli.verify._columns", lambda *_, **__: [Column("odd", "more", optional=True)]
    )
    odd.defect = "missing"
    done = run("total.py", "--cases", "cases.yaml")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[1] == "two numbers  ok     -"
    assert (
        "odd (more): not run: the odd engine is not installed: pip install odd (2 cases)"
        in done.stdout
    )


def test_an_unknown_target_is_wrong_use(odd: Odd) -> None:
    done = run("total.py", "--cases", "cases.yaml", "--target", "od")
    assert done.exit_code == 2
    assert "unknown target 'od'. Did you mean 'odd'?" in done.stderr


def test_a_module_that_cannot_be_imported(odd: Odd) -> None:
    Path("total.py").write_text("import no_such_module\n" + SOURCE)
    done = run("total.py", "--cases", "cases.yaml")
    assert done.exit_code == 1
    assert "WFC635" in done.stderr
    assert "ModuleNotFoundError: No module named 'no_such_module'" in done.stderr
    assert "total.py:1:1" in done.stderr


def test_a_module_with_errors_is_not_run(odd: Odd) -> None:
    Path("total.py").write_text(SOURCE + "\n\n@workflow\ndef bad() -> int:\n    return yield_\n")
    done = run("total.py", "--cases", "cases.yaml")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "WFC" in done.stderr


def test_what_the_module_prints_does_not_disturb_the_output(odd: Odd) -> None:
    Path("total.py").write_text("print('imported')\n" + SOURCE)
    done = run("total.py", "--cases", "cases.yaml", "--format", "json")
    assert len(json.loads(done.stdout)) == 4
    assert "imported" in done.stderr


def test_a_case_that_does_not_end_is_a_problem_of_the_case(odd: Odd) -> None:
    endless = "\n\n@workflow\ndef spin() -> None:\n    while True:\n        sleep(1)\n"
    Path("total.py").write_text(SOURCE.replace("import step", "import sleep, step") + endless)
    Path("cases.yaml").write_text("cases: [{workflow: spin}]")
    done = run("total.py", "--cases", "cases.yaml")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[1] == "case 1  failed  -"
    assert "RunFailed: the run does not end within 10,000 operations" in done.stdout

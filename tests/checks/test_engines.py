"""An engine is one declaration, and a rule of its own is one file."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.checks.fixing import BOTH
from tests.checks.linting import marked, sites
from wfc.compiler.checks.calls.project import Project
from wfc.compiler.checks.calls.sources import Texts
from wfc.compiler.checks.engines.engine import LintEngine, Note
from wfc.compiler.checks.engines.known import LintEngines, listed, sentences
from wfc.compiler.checks.engines.requests import FixRequest, Need
from wfc.compiler.checks.fixes.edits import apply_fixes
from wfc.compiler.checks.linting.linter import Linter, codes
from wfc.compiler.checks.linting.settings import Settings
from wfc.compiler.checks.wordsets import words
from wfc.compiler.diagnostics.model import Diagnostic

CLOCKWORK = LintEngine(
    name="clockwork",
    title="Clockwork",
    packages=("clockwork",),
    rules="clockwork_rules",
    workflows=words("clockwork.flow"),
    steps=words("clockwork.task"),
    boundaries=("clockwork.run",),
    aliases={"clockwork._core": "clockwork"},
    instead={"io": "use clockwork.run(...)"},
    fixes={
        "time.time": FixRequest(
            "Use ticks()", "safe", "callee", "ticks", Need("clockwork", "ticks")
        )
    },
    notes={
        "WFC101": Note("", "in Clockwork time.time() becomes ticks()", "in Clockwork nothing"),
        "WFC113": Note("Clockwork stops"),
    },
)
RULE = """
from clockwork_engine import CLOCKWORK
from wfc.compiler.checks.judging.rule import Finding, Rule


class Nap(Rule):
    code = "WFC199"
    name = "nap"
    summary = "A nap."
    only = CLOCKWORK
    kinds = ("call",)

    def check(self, at):
        if "clockwork.nap" in at.names:
            yield Finding("`nap` is bad", "stay awake")
"""
FLOW = (
    "import time\n"
    "from clockwork import flow, task, nap, run\n"
    "from clockwork._core import task as other\n\n"
    "def helper() -> float:\n"
    "    return time.time()  # WFC101\n\n"
    "@task\n"
    "def read() -> float:\n"
    "    return time.time()\n\n"
    "@other\n"
    "def write() -> float:\n"
    "    return time.time()\n\n"
    "def handed() -> float:\n"
    "    return time.time()\n\n"
    "@flow\n"
    "def work() -> float:\n"
    "    nap(3)  # WFC199\n"
    "    run(handed)\n"
    "    return helper() + read() + write()\n"
)
OTHER = "from clockwork import nap\nfrom wfc import workflow\n\n@workflow\ndef f():\n    nap(3)\n"


@pytest.fixture
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LintEngines:
    module = ModuleType("clockwork_engine")
    vars(module)["CLOCKWORK"] = CLOCKWORK
    monkeypatch.setitem(sys.modules, "clockwork_engine", module)
    package = tmp_path / "clockwork_rules"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "nap.py").write_text(RULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("clockwork_rules", "clockwork_rules.nap"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return LintEngines([CLOCKWORK])


def check(text: str, engines: LintEngines) -> list[Diagnostic]:
    project = Project(Texts({"flow.py": text}), engines)
    return Linter(project, Settings()).check([project.open("flow.py")])


def test_a_declaration_is_all_that_general_rules_need(engines: LintEngines) -> None:
    found = check(FLOW, engines)

    assert sites(found) == marked(FLOW)
    (clock,) = (one for one in found if one.code.code == "WFC101")
    assert clock.instead == "use clockwork.run(...)"
    fixed = apply_fixes([clock], {"flow.py": FLOW}, BOTH).texts["flow.py"]
    assert "def helper() -> float:\n    return ticks()" in fixed
    assert "from clockwork import ticks, flow, task, nap, run" in fixed


def test_a_rule_of_an_engine_is_for_its_workflows_alone(engines: LintEngines) -> None:
    assert check(OTHER, engines) == []


def test_without_an_engine_nothing_is_known_of_it() -> None:
    assert check(FLOW, LintEngines([])) == []


def test_pages_speak_of_the_engines_that_there_are(engines: LintEngines) -> None:
    pages = {code.code: code for code in codes(engines)}

    assert pages["WFC101"].fixes.startswith(
        "--fix, in Clockwork time.time() becomes ticks(). --unsafe-fixes: in Clockwork nothing, and"
    )
    assert pages["WFC113"].why.endswith("in another order: Clockwork stops.")
    assert pages["WFC199"].summary == "A nap."


def test_engines_are_listed_in_a_sentence() -> None:
    assert listed([], "and") == ""
    assert listed(["A"], "and") == "A"
    assert listed(["A", "B"], "or") == "A or B"
    assert listed(["A", "B", "C"], "and") == "A, B and C"
    assert sentences(["in a", "", "in b"]) == "in a. In b"

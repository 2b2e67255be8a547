"""A step with a heartbeat: a Task that waits for its token, and a handler that answers by it.

The service is beyond the engines, so its client is botocore's own with the answers of a stub, which
checks what is sent against the model of the service.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from wfc.backends.asl import backend
from wfc.backends.asl.engines.engine import open_engine
from wfc.backends.asl.fit.check import fitted
from wfc.backends.base import Call, Options, Outcome
from wfc.compiler.language.nodes import Module
from wfc.compiler.pipeline import read

SOURCE = '''
import logging
from dataclasses import dataclass

from sqlalchemy import text

from wfc import Connection, Heartbeat, IdempotencyKey, Retry, injected, step, transaction, workflow

logger = logging.getLogger("pages")


class Unreachable(Exception):
    """The site does not answer."""


@dataclass
class Page:
    url: str
    size: int


@step(heartbeat="10s", timeout="1h", retry=Retry(TimeoutError, attempts=2))
def load(
    url: str,
    limit: int = 2,
    TaskToken: str = "",
    key: IdempotencyKey = injected,
    beat: Heartbeat = injected,
) -> list[Page]:
    """Load the pages of a site."""
    pages = []
    for number in range(limit):
        beat(number, url)
        if limit == 9:
            raise Unreachable(f'"{url}" \\\\ é' + "x" * 40_000)
        pages.append(Page(f"{url}/{number}", number))
    logger.info("%s pages", len(pages))
    return pages


@step(heartbeat="5s")
async def measure(size: float, beat: Heartbeat = injected) -> float:
    return size * 1e308


@transaction(heartbeat="5s")
def keep(url: str, beat: Heartbeat = injected, db: Connection = injected) -> None:
    db.execute(text("create table if not exists pages (url text)"))
    db.execute(text("insert into pages values (:url)"), {"url": url})
    beat()
    if url == "bad":
        raise ValueError(url)


@step
def note(url: str, beat: Heartbeat = injected) -> str:
    beat("nobody waits")
    return url


@workflow
async def crawl(url: str) -> int:
    try:
        pages = load(url)
    except TimeoutError as error:
        note(f"{type(error).__name__}: {error}")
        return 0
    await measure(1.0)
    keep(url)
    return len(pages) + pages[0].size
'''


@pytest.fixture(scope="module")
def module() -> Module:
    reading = read("pages.py", SOURCE)
    assert reading.module is not None, reading.diagnostics
    return reading.module


def test_the_task_waits_for_its_token(module: Module) -> None:
    """Only what is invoked as an event has its heartbeats counted while it runs."""
    states = fitted(module, module.workflows[0], Options()).definition["States"]
    load = states["Load"]
    assert load["Resource"] == "arn:aws:states:::lambda:invoke.waitForTaskToken"
    assert load["Arguments"] == {
        "FunctionName": "${Load}",
        "InvocationType": "Event",
        "Payload": {
            "url": "{% $states.input.url %}",
            "limit": 2,
            "TaskToken": "",
            "key": "{% $states.context.Execution.Id & ':' & $states.context.State.Name %}",
            "TaskToken_2": "{% $states.context.Task.Token %}",
        },
    }
    assert (load["TimeoutSeconds"], load["HeartbeatSeconds"]) == (3600, 10)
    assert load["Assign"]["pages"] == "{% $states.result %}"
    (retry,) = load["Retry"]
    assert retry["ErrorEquals"] == ["TimeoutError", "States.Timeout", "States.HeartbeatTimeout"]
    assert states["Note"]["Resource"] == "arn:aws:states:::lambda:invoke"


class Script:
    """Answers with the values; ``load`` falls silent first."""

    def __init__(self, silences: int) -> None:
        self.silences = silences

    def answer(self, step: str, arguments: Mapping[str, Any]) -> Any:
        if step == "load" and self.silences:
            self.silences -= 1
            raise Silence
        return {
            "load": [{"url": "a/0", "size": 5}],
            "measure": 1.0,
            "keep": None,
            "note": "noted",
        }[step]


class Silence(Exception):
    """The service waits for a heartbeat in vain."""


@pytest.mark.parametrize("variant", ["sfnx", "ministack"])
@pytest.mark.parametrize(("silences", "result"), [(0, 6), (1, 6), (2, 0)])
def test_a_missing_heartbeat_is_a_timeout(
    module: Module, variant: str, silences: int, result: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the error that the service gives, which a script has no name for."""
    from wfc.backends.asl.engines.model import TaskFailed
    from wfc.backends.asl.engines.tasks import ScriptedTasks

    ask = ScriptedTasks._invoke

    def invoke(tasks: ScriptedTasks, *args: Any) -> Any:
        try:
            return ask(tasks, *args)
        except Silence:
            raise TaskFailed("States.HeartbeatTimeout", "") from None

    monkeypatch.setattr(ScriptedTasks, "_invoke", invoke)
    engine = open_engine(module, Options(), variant)
    assert engine.supports(module.workflows[0]) == ""
    outcome = engine.run("crawl", {"url": "a"}, Script(silences))
    load = Call("load", {"url": "a", "limit": 2, "TaskToken": ""})
    rest: tuple[Call, ...] = (Call("measure", {"size": 1.0}), Call("keep", {"url": "a"}))
    if silences == 2:
        rest = (Call("note", {"url": "TimeoutError: load timed out"}),)
    assert outcome == Outcome(result=result, calls=(*[load] * min(silences + 1, 2), *rest))


def test_the_handlers_are_good_python(module: Module, expected: Any) -> None:
    (file,) = [f for f in backend.emit(module, module.workflows, Options()).files if not f.main]
    expected(f"asl/heartbeats/{file.path}", file.text)
    ruff = [sys.executable, "-m", "ruff"]
    for command in (
        ["check", "--isolated", "--select", "F,E9,I,B,UP", "-"],
        ["format", "--isolated", "--check", "--line-length", "88", "-"],
    ):
        done = subprocess.run([*ruff, *command], input=file.text, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


# --- The handlers --------------------------------------------------------------------------------


@pytest.fixture
def handlers(module: Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/app.db")
    (file,) = [f for f in backend.emit(module, module.workflows, Options()).files if not f.main]
    path = tmp_path / file.path
    path.write_text(file.text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("pages_handlers", path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


class Service:
    """The calls that the service expects, in order, each with its token."""

    def __init__(self, handlers: ModuleType) -> None:
        self.stub = Stubber(handlers.step_functions)

    def beats(self, times: int) -> Service:
        for _ in range(times):
            self.stub.add_response("send_task_heartbeat", {}, {"taskToken": "t-1"})
        return self

    def ends(self, output: Any) -> Service:
        sent = {"taskToken": "t-1", "output": json.dumps(output)}
        self.stub.add_response("send_task_success", {}, sent)
        return self

    def fails(self, error: str, message: str) -> Service:
        cause = json.dumps({"errorMessage": message, "errorType": error}, ensure_ascii=False)
        sent = {"taskToken": "t-1", "error": error, "cause": cause}
        self.stub.add_response("send_task_failure", {}, sent)
        return self

    def is_over(self, call: str = "send_task_heartbeat", code: str = "TaskTimedOut") -> Service:
        self.stub.add_client_error(call, code)
        return self


def answered(service: Service, handler: Any, **event: Any) -> None:
    """Everything that the service expects is sent, and nothing else."""
    with service.stub:
        assert handler({**event, "TaskToken_2": "t-1"}, None) is None
        service.stub.assert_no_pending_responses()


LOAD = {"url": "a", "limit": 2, "TaskToken": "mine", "key": "k"}


def test_a_result_is_sent_behind_the_heartbeats(handlers: ModuleType) -> None:
    pages = [{"url": "a/0", "size": 0}, {"url": "a/1", "size": 1}]
    answered(Service(handlers).beats(3).ends(pages), handlers.load_handler, **LOAD)


def test_an_error_is_sent_as_lambda_reports_it(handlers: ModuleType) -> None:
    service = Service(handlers).beats(2).fails("Unreachable", '"a" \\ é' + "x" * 15_993)
    answered(service, handlers.load_handler, **{**LOAD, "limit": 9})


def test_a_number_that_json_does_not_have_is_an_error(handlers: ModuleType) -> None:
    service = Service(handlers).beats(1)
    sent = {"taskToken": "t-1", "error": "ValueError", "cause": ANY}
    service.stub.add_response("send_task_failure", {}, sent)
    answered(service, handlers.measure_handler, size=1e10)


def test_a_transaction_is_committed_before_its_end_is_sent(handlers: ModuleType) -> None:
    answered(Service(handlers).beats(2).ends(None), handlers.keep_handler, url="good")
    answered(
        Service(handlers).beats(2).fails("ValueError", "bad"), handlers.keep_handler, url="bad"
    )
    # The task is over by then: what was written is kept, for the step runs at least once.
    late = Service(handlers).beats(2).is_over("send_task_success", "TaskDoesNotExist")
    answered(late, handlers.keep_handler, url="late")
    # The heartbeat says so in the middle: nothing is written.
    answered(Service(handlers).beats(1).is_over(), handlers.keep_handler, url="stopped")
    with handlers.engine().begin() as db:
        rows = db.exec_driver_sql("select url from pages").fetchall()
    assert [row[0] for row in rows] == ["good", "late"]


def test_an_event_that_comes_late_or_twice_does_nothing(handlers: ModuleType) -> None:
    for code in ("TaskTimedOut", "TaskDoesNotExist"):
        answered(Service(handlers).is_over(code=code), handlers.keep_handler, url="again")
    with handlers.engine().begin() as db:
        assert not db.dialect.has_table(db, "pages")


def test_a_result_that_is_refused_fails_the_task(handlers: ModuleType) -> None:
    service = Service(handlers).beats(3)
    service.stub.add_client_error("send_task_success", "InvalidOutput", "too long")
    message = (
        "An error occurred (InvalidOutput) when calling the SendTaskSuccess operation: too long"
    )
    answered(service.fails("InvalidOutput", message), handlers.load_handler, **LOAD)


def test_a_heartbeat_that_nobody_waits_for(handlers: ModuleType) -> None:
    with Stubber(handlers.step_functions):
        assert handlers.note_handler({"url": "a"}, None) == "a"


def test_the_names_of_the_file_stay_its_own(handlers: ModuleType) -> None:
    assert handlers.logger.name == "pages"
    assert handlers.logger_2.name == "pages_handlers"

"""The generated worker and client, run as a user runs them, against the development server."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from wfc.backends.base import Options
from wfc.backends.temporal import backend
from wfc.compiler.pipeline import read_file

HERE = Path(__file__).parent
BINARY = Path(sys.executable).with_name("temporal")
SOURCE = HERE.parent / "data" / "temporal" / "orders.py"
WORKER_LOG = "worker.log"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Shop:
    """A package with its server, its worker and its databases."""

    folder: Path
    address: str
    worker: subprocess.Popen[bytes]

    @property
    def environment(self) -> dict[str, str]:
        return environment(self.folder, self.address)

    def client(self, workflow: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "client.py", "--workflow", workflow, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def trace(self, word: str) -> list[str]:
        lines = (self.folder / "trace.txt").read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line.split()[1] == word]


def environment(folder: Path, address: str) -> dict[str, str]:
    return {
        **os.environ,
        "TEMPORAL_ADDRESS": address,
        "TRACE": str(folder / "trace.txt"),
        "DATABASE_URL": f"sqlite:///{folder / 'shop.db'}",
    }


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("orders")
    module = read_file(str(SOURCE)).module
    assert module is not None
    for file in backend.emit(module, module.workflows, Options()).files:
        (folder / file.path).write_text(file.text, encoding="utf-8")
    (folder / "trace.txt").touch()
    port = free_port()
    address = f"127.0.0.1:{port}"
    options = ["--headless", "--ip", "127.0.0.1", "--port", str(port), "--log-level", "never"]
    server = subprocess.Popen([BINARY, "server", "start-dev", *options], stdout=subprocess.DEVNULL)
    try:
        wait_for_server(port)
        with (folder / WORKER_LOG).open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "worker.py"],
                cwd=folder,
                env=environment(folder, address),
                stderr=log,
            )
        try:
            yield Shop(folder, address, worker)
        finally:
            worker.kill()
            worker.wait()
    finally:
        server.kill()
        server.wait()


def wait_for_server(port: int) -> None:
    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(answers)


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("nothing happened within 30 seconds")


def test_a_result_is_printed_as_json(shop: Shop) -> None:
    run = shop.client("single", '{"item": "book", "amount": 7}', "--id", "order-book")
    assert (run.returncode, run.stderr) == (0, "")
    assert json.loads(run.stdout) == {"item": "book", "amount": 7.0}


def test_a_retried_step_has_one_idempotency_key(shop: Shop) -> None:
    run = shop.client("single", '{"item": "flaky"}', "--id", "order-flaky")
    assert (run.returncode, run.stderr) == (0, "")
    attempts = shop.trace("flaky")
    assert len(attempts) == 3
    assert len(set(attempts)) == 1
    assert re.fullmatch(r"charge flaky [0-9a-f-]{36}:\d+", attempts[0])


def test_an_error_that_is_not_listed_is_not_retried(shop: Shop) -> None:
    run = shop.client("single", '{"item": "declined"}', "--id", "order-declined")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "Error: declined (Declined)\n"
    assert len(shop.trace("declined")) == 1


def test_a_timeout_is_not_retried_and_has_the_name_of_the_step(shop: Shop) -> None:
    run = shop.client("single", '{"item": "slow"}', "--id", "order-slow")
    assert (run.returncode, run.stderr) == (1, "Error: late: charge timed out (ShopError)\n")
    assert len(shop.trace("slow")) == 1


def test_a_step_that_reports_may_take_longer_than_its_heartbeat(shop: Shop) -> None:
    run = shop.client("packing", '{"item": "pen"}', "--id", "order-packed")
    assert (run.returncode, run.stdout) == (0, '"10 boxes"\n')


def test_a_step_that_stops_reporting_times_out_and_is_tried_again(shop: Shop) -> None:
    run = shop.client("packing", '{"item": "stuck"}', "--id", "order-stuck")
    assert (run.returncode, run.stdout) == (0, '"pack timed out"\n')
    assert shop.trace("stuck") == ["pack stuck", "pack stuck", "refund stuck"]


def test_a_failed_transaction_leaves_nothing_behind(shop: Shop) -> None:
    run = shop.client("single", '{"item": "strange"}', "--id", "order-strange")
    assert (run.returncode, run.stderr) == (1, "Error: strange item (ValueError)\n")
    assert shop.trace("strange")[-1] == "refund strange"
    with sqlite3.connect(shop.folder / "shop.db") as database:
        rows = database.execute("select item from receipts where item = 'strange'").fetchall()
    assert rows == []


def test_child_workflows_in_a_loop(shop: Shop) -> None:
    run = shop.client("order", '{"items": ["pen", "declined", "pen"]}', "--id", "order-many")
    assert (run.returncode, run.stderr) == (0, "")
    assert json.loads(run.stdout) == {
        "pen": "5.00",
        "declined": "Declined: declined",
        "first": "5.00",
    }


@pytest.mark.parametrize("item", ["slow-to-cancel", "sleeping"])
def test_a_cancelled_workflow_is_cancelled_and_handles_nothing(shop: Shop, item: str) -> None:
    """In the middle of an activity, and while it sleeps."""
    name = f"order-{item}"
    arguments = ["--workflow", "guarded", json.dumps({"item": item}), "--id", name]
    program = [sys.executable, "client.py", *arguments]
    client = subprocess.Popen(
        program, cwd=shop.folder, env=shop.environment, stderr=subprocess.PIPE, text=True
    )
    wait_until(lambda: shop.trace(item) != [])
    cancel = ["workflow", "cancel", "--workflow-id", name, "--address", shop.address]
    subprocess.run([BINARY, *cancel], check=True, capture_output=True)
    _, message = client.communicate(timeout=60)
    assert (client.returncode, message) == (1, "Error: Workflow cancelled\n")
    assert [line.split()[0] for line in shop.trace(item)] == ["charge"]


def test_any_error_is_handled_where_the_source_says_so(shop: Shop) -> None:
    run = shop.client("guarded", '{"item": "odd"}', "--id", "order-odd")
    assert (run.returncode, run.stdout) == (0, '"refunded"\n')


def test_an_error_of_an_expression_fails_the_workflow(shop: Shop) -> None:
    run = shop.client("order", '{"items": []}', "--id", "order-none")
    assert run.returncode == 1
    assert run.stderr == "Error: list index out of range (IndexError)\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "the input is not JSON: Expecting property name"),
        ("[]", "the input is not a JSON object"),
        ("{}", "the parameter item is missing"),
        ('{"item": "x", "price": 1}', "there is no parameter price"),
        ('{"item": 5}', "item: Expected value to be str"),
    ],
)
def test_wrong_input_is_refused_before_anything_starts(shop: Shop, text: str, message: str) -> None:
    run = shop.client("single", text)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith(f"Error: {message}")
    assert "Traceback" not in run.stderr


TYPED_DICTS = '''{first_line}
from typing import NotRequired, TypedDict

from wfc import step, workflow


class Paper(TypedDict):
    """A TypedDict inside another one."""

    country: str
    number: {optional}


class Person(TypedDict, total=False):
    """A TypedDict whose own keys may all be missing."""

    papers: list[Paper]


@step
def check(person: Person) -> str:
    """Check somebody."""
    return "checked"


@workflow
def vet(person: Person) -> str:
    """Check somebody."""
    return check(person)
'''


@pytest.mark.parametrize(
    "annotations",
    [
        {"first_line": "", "optional": "NotRequired[int]"},
        {"first_line": "", "optional": '"NotRequired[int]"'},
        {"first_line": "from __future__ import annotations", "optional": "NotRequired[int]"},
    ],
    ids=["plain", "quoted", "postponed"],
)
@pytest.mark.parametrize(
    ("person", "message"),
    [
        ("{}", "Failed client connect"),
        ('{"papers": [{"country": "FR"}]}', "Failed client connect"),
        ('{"papers": [{"number": 1}]}', "person: .*: the key country of Paper is missing$"),
        ('{"papers": [{"country": 1}]}', "person: .*: Expected value to be str"),
    ],
)
def test_a_missing_key_of_a_typed_dict_is_refused(
    tmp_path: Path, annotations: dict[str, str], person: str, message: str
) -> None:
    """Before anything starts: in the workflow it would be a KeyError in its task, which Temporal
    tries again and again."""
    source = tmp_path / "people.py"
    source.write_text(TYPED_DICTS.format(**annotations), encoding="utf-8")
    module = read_file(str(source)).module
    assert module is not None
    for file in backend.emit(module, module.workflows, Options()).files:
        (tmp_path / file.path).write_text(file.text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "client.py", f'{{"person": {person}}}'],
        cwd=tmp_path,
        env={**os.environ, "TEMPORAL_ADDRESS": "127.0.0.1:1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert re.match(f"Error: {message}", done.stderr.splitlines()[0])


def test_a_missing_server_is_named(shop: Shop) -> None:
    run = subprocess.run(
        [sys.executable, "client.py", "--workflow", "single", '{"item": "x"}'],
        cwd=shop.folder,
        env=shop.environment | {"TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 1
    assert run.stderr.startswith("Error: Failed client connect")


def test_the_worker_stops_when_it_is_told_to(shop: Shop) -> None:
    wait_until(lambda: b"polling task queue" in (shop.folder / WORKER_LOG).read_bytes())
    shop.worker.send_signal(signal.SIGTERM)
    assert shop.worker.wait(timeout=40) == 0


def test_every_history_replays(shop: Shop) -> None:
    """Runs last: the runs above are the histories, those that failed among them."""
    assert replayed(shop) == {
        "order-book": None,
        "order-declined": None,
        "order-flaky": None,
        "order-many": None,
        "order-many/single/1": None,
        "order-many/single/2": None,
        "order-many/single/3": None,
        "order-none": None,
        "order-odd": None,
        "order-packed": None,
        "order-sleeping": None,
        "order-slow": None,
        "order-slow-to-cancel": None,
        "order-strange": None,
        "order-stuck": None,
    }


def test_replay_would_notice_another_order_of_steps(shop: Shop) -> None:
    path = shop.folder / "workflows.py"
    text = path.read_text(encoding="utf-8")
    changed = text.replace(
        "                refund,\n                RefundInput(item=",
        "                book,\n                BookInput(amount=1, item=",
    )
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    failed = [name for name, failure in replayed(shop).items() if failure]
    assert failed == ["order-odd", "order-strange", "order-stuck"]


def replayed(shop: Shop) -> dict[str, str | None]:
    run = subprocess.run(
        [sys.executable, str(HERE / "replay.py"), shop.address],
        cwd=shop.folder,
        env=shop.environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, str | None] = json.loads(run.stdout.splitlines()[-1])
    return dict(sorted(found.items()))


def test_a_worker_without_a_server_says_so_in_one_line(tmp_path: Path) -> None:
    reading = read_file(str(SOURCE))
    assert reading.module is not None
    for file in backend.emit(reading.module, reading.module.workflows, Options()).files:
        (tmp_path / file.path).write_text(file.text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "worker.py"],
        cwd=tmp_path,
        env={**os.environ, "TEMPORAL_ADDRESS": "localhost:1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Error: Failed client connect")
    assert len(done.stderr.splitlines()) == 1

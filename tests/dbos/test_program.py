"""``python payout_dbos.py``, as it is, on SQLite and on Postgres."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PAYOUT = Path(__file__).parents[2] / "samples" / "payout.py"
INPUT = json.dumps({"merchant_id": "m-1", "amount": 60_000})


@pytest.fixture
def payout(generated: Any) -> Any:
    """The generated payout; a step can be told to kill the process."""
    generated.write(PAYOUT.read_text(encoding="utf-8"))
    return generated


def test_it_prints_the_result_alone_and_runs_an_id_once(payout: Any) -> None:
    ended = payout.run("--id", "p-1", INPUT, driven=False)
    assert (ended.code, ended.out) == (0, '"paid 60000 to m-1"\n')
    assert "p-1:4: credited 60000 to m-1" in ended.err
    again = payout.run("--id", "p-1", INPUT)
    assert (again.code, again.out, again.err) == (0, '"paid 60000 to m-1"\n', "")


def test_it_goes_on_after_a_crash(payout: Any) -> None:
    text = payout.path.read_text()
    place = 'print(f"{key}: credited {amount} to {merchant_id}")'
    assert place in text
    kill = 'import os, signal; os.environ.get("KILL") and os.kill(os.getpid(), signal.SIGKILL)'
    payout.path.write_text(text.replace(place, f"{place}\n    sys.stdout.flush()\n    {kill}"))
    first = payout.run("--id", "p-1", INPUT, driven=False, KILL="1")
    assert first.killed
    assert "p-1:3: debited" in first.err
    second = payout.run("--id", "p-1", INPUT, driven=False)
    assert (second.code, second.out) == (0, '"paid 60000 to m-1"\n')
    # The key of the step that ran twice is the same both times.
    assert "p-1:4: credited" in first.err
    assert "p-1:4: credited" in second.err
    assert "debited" not in second.err


def test_a_failure_is_one_line(payout: Any) -> None:
    text = payout.path.read_text()
    place = 'print(f"{key}: debited {amount} for {settlement_id}")'
    payout.path.write_text(text.replace(place, 'raise KeyError("account")'))
    for _ in range(2):  # the second time it is the recorded failure
        ended = payout.run("--id", "p-1", INPUT)
        assert (ended.code, ended.out) == (1, "")
        assert ended.err.splitlines()[-1] == "PayoutFailed: platform debit failed: 'account'"
        assert "Traceback" not in ended.err


LEAVING = """
import os
import sys

from wfc import Connection, injected, step, transaction, workflow


def end(mark: str) -> None:
    with open(os.environ["MARKS"], "a") as marks:
        marks.write(f"{mark}\\n")
    if os.environ.get("KILL"):
        os._exit(7)
    sys.exit("no account")


@step
def ask() -> None:
    end("ask")


@transaction
def book(db: Connection = injected) -> None:
    end("book")


@step
async def ask_later() -> None:
    end("ask_later")


@workflow
def flow(kind: str) -> None:
    if kind == "ask":
        ask()
    book()
"""

LATER = """

@workflow
async def flow_later() -> None:
    await ask_later()
"""


@pytest.mark.parametrize("generated", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("more", "options", "kind"),
    [
        ("", (), "ask"),
        ("", (), "book"),
        (LATER, ("--workflow", "flow_later"), "ask_later"),
    ],
)
def test_a_step_that_exits_has_failed(
    generated: Any, more: str, options: tuple[str, ...], kind: str
) -> None:
    """Also in a run that DBOS recovers, in a thread of its own, as the second one."""
    generated.write(LEAVING + more)
    data = "{}" if kind == "ask_later" else json.dumps({"kind": kind})
    assert generated.run(*options, "--id", "r-1", data, KILL="1").code == 7
    ended = generated.run(*options, "--id", "r-1", data)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[-1] == "SystemExit: no account"
    assert generated.marks() == [kind, kind]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"merchant_id": "m-1"}', "missing a required argument: 'amount'"),
        ('{"merchant_id": "m-1", "amount": 1, "x": 2}', "unexpected keyword argument 'x'"),
        ("{", "the input is not JSON: Expecting property name"),
        ("[1]", "the input must be a JSON object"),
    ],
)
def test_wrong_use_starts_nothing(tmp_path: Path, generate: Any, text: str, reason: str) -> None:
    (file,) = generate(PAYOUT.read_text(encoding="utf-8"), "payout").files
    (tmp_path / file.path).write_text(file.text)
    done = subprocess.run(
        [sys.executable, file.path, text], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert reason in done.stderr
    assert not list(tmp_path.glob("*.sqlite"))


def test_names_of_the_standard_library_belong_to_the_user(generated: Any) -> None:
    source = Path(__file__).parents[1] / "data/dbos/sources/everyday_names.py"
    generated.write(source.read_text(encoding="utf-8"))
    ended = generated.run('{"items": [1, 2]}')
    assert (ended.code, ended.out) == (0, '["3!"]\n')


@pytest.mark.parametrize("name", ["arguments", "error", "parser", "result"])
def test_a_workflow_named_like_a_variable_of_main(generated: Any, name: str) -> None:
    generated.write(
        f"from wfc import workflow\n\n\n@workflow\ndef {name}() -> int:\n    return 1\n"
    )
    ended = generated.run("{}")
    assert (ended.code, ended.out) == (0, "1\n")

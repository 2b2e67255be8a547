"""``wfc runs``: reading a store, resuming and cancelling."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from typing import Any

import pytest

PAYOUT = '''
"""Pay somebody, with all kinds of operations."""
import os
import signal
from dataclasses import dataclass

from wfc import Retry, sleep, step, workflow

NAP = 0.01


class Slow(Exception):
    """Come back later."""


@dataclass(frozen=True)
class Quote:
    amount: int
    currency: str


@step(retry=Retry(Slow, attempts=3, first_delay=0.01))
def ask(amount: int) -> Quote:
    mark("ask")
    if os.environ.get("TRIES") is None:
        os.environ["TRIES"] = "1"
        raise Slow("busy")
    return Quote(amount, "EUR")


@step
def pay(quote: Quote) -> str:
    mark("pay")
    if quote.amount < 0:
        raise ValueError("less than nothing")
    return f"{quote.amount} {quote.currency}"


@workflow
def confirm(text: str) -> str:
    sleep(NAP)
    return text.upper()


@workflow
def payout(amount: int) -> str:
    paid = pay(ask(amount))
    return confirm(paid)
'''


def started(bench: Any, *args: str, source: str = PAYOUT, **env: str) -> Any:
    bench.write(source)
    return bench.wfc("run", "flow.py", "--workflow", "payout", *args, **env)


def shown(bench: Any, id: str) -> Any:
    ended = bench.wfc("runs", "show", id, "--format", "json")
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def test_a_run_is_shown_with_its_steps(bench: Any) -> None:
    assert started(bench, "--input", '{"amount": 5}', "--id", "r-1").out == '"5 EUR"\n'
    run = shown(bench, "r-1")
    assert (run["status"], run["input"], run["result"]) == ("succeeded", {"amount": 5}, "5 EUR")
    ask, pay, confirm = run["steps"]
    assert (ask["name"], ask["input"]) == ("ask", {"amount": 5})
    assert ask["output"] == {"amount": 5, "currency": "EUR"}
    assert [attempt["error"] for attempt in ask["attempts"]] == [
        {"name": "Slow", "message": "busy"},
        None,
    ]
    assert all(attempt["ended"] for attempt in ask["attempts"])
    assert pay["input"] == {"quote": {"amount": 5, "currency": "EUR"}}
    assert (confirm["kind"], confirm["input"]) == ("workflow", {"text": "5 EUR"})
    child = shown(bench, confirm["run"])
    assert (child["parent"], [step["kind"] for step in child["steps"]]) == ("r-1", ["sleep"])

    text = bench.wfc("runs", "show", "r-1").out
    assert "attempt 1 failed: Slow: busy" in text
    assert 'output   {"amount": 5, "currency": "EUR"}' in text
    listed = bench.wfc("runs").out.splitlines()
    assert listed[0].split() == ["ID", "WORKFLOW", "STATUS", "STARTED", "STEPS"]
    assert listed[1].split()[:3] == ["r-1", "payout", "succeeded"]


def test_the_inputs_of_a_killed_run_are_there(bench: Any) -> None:
    started(bench, "--input", '{"amount": 5}', "--id", "r-1", KILL="pay")
    run = shown(bench, "r-1")
    assert run["status"] == "interrupted"
    assert [(step["name"], step["status"]) for step in run["steps"]] == [
        ("ask", "succeeded"),
        ("pay", "interrupted"),
    ]
    assert run["steps"][1]["input"] == {"quote": {"amount": 5, "currency": "EUR"}}


def test_a_failed_run_shows_where(bench: Any) -> None:
    started(bench, "--input", '{"amount": -5}', "--id", "r-1")
    run = shown(bench, "r-1")
    error = {"name": "ValueError", "message": "less than nothing"}
    assert (run["status"], run["error"], run["steps"][1]["error"]) == ("failed", error, error)
    for command in ("resume", "cancel"):
        ended = bench.wfc("runs", command, "r-1")
        assert ended.code == 1
        assert "WFC616" in ended.err


def test_reading_starts_no_engine(bench: Any) -> None:
    started(bench, "--input", '{"amount": 5}', "--id", "r-1")
    code = (
        "import sys; from wfc.cli.group import cli\n"
        "cli(['runs', 'show', 'r-1'], standalone_mode=False)\n"
        "assert not {'dbos', 'sqlalchemy', 'jsonschema', 'libcst'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=bench.folder, check=True, capture_output=True)


def test_an_unknown_run_is_told_with_its_neighbour(bench: Any) -> None:
    assert bench.wfc("runs").err == "no runs in .wfc\n"
    started(bench, "--input", '{"amount": 5}', "--id", "payout-1")
    for command in ("show", "resume", "cancel"):
        ended = bench.wfc("runs", command, "payout-l")
        assert ended.code == 2
        assert "WFC614" in ended.err
        assert "did you mean payout-1?" in ended.err


def test_a_cancelled_run_can_be_taken_up_again(bench: Any) -> None:
    started(bench, "--input", '{"amount": 5}', "--id", "r-1", KILL="pay")
    assert bench.wfc("runs", "cancel", "r-1").out == "cancelled r-1\n"
    assert shown(bench, "r-1")["status"] == "cancelled"
    ended = bench.wfc("run", "flow.py", "-w", "payout", "--input", '{"amount": 5}', "--id", "r-1")
    assert ended.code == 1
    assert "WFC615" in ended.err
    resumed = bench.wfc("runs", "--format", "json", "resume", "r-1")
    assert resumed.code == 0
    document = {"id": "r-1", "status": "succeeded", "result": "5 EUR", "error": None}
    assert json.loads(resumed.out) == document
    assert bench.marks() == ["ask", "ask", "pay", "pay"]


def test_a_run_in_another_process_can_be_cancelled(bench: Any) -> None:
    bench.write(PAYOUT.replace("NAP = 0.01", "NAP = 3") + "\n\n# The last step follows the rest.\n")
    path = bench.folder / "flow.py"
    path.write_text(
        path.read_text().replace(
            "    return confirm(paid)", "    sleep(NAP)\n    return pay(ask(amount)) + paid"
        )
    )
    command = ["-w", "payout", "--input", '{"amount": 5}', "--id", "r-1"]
    with bench.start("run", "flow.py", *command) as process:
        bench.wait_for_mark("pay")
        assert shown(bench, "r-1")["status"] == "running"
        assert bench.wfc("runs", "cancel", "r-1").code == 0
        out, err = process.communicate()
    assert (process.returncode, out) == (1, "")
    assert "run r-1 was cancelled" in err
    assert bench.marks() == ["ask", "ask", "pay"]


def test_a_moved_file_is_told(bench: Any) -> None:
    started(bench, "--input", '{"amount": 5}', "--id", "r-1", KILL="pay")
    (bench.folder / "flow.py").rename(bench.folder / "moved.py")
    ended = bench.wfc("runs", "resume", "r-1")
    assert ended.code == 1
    assert "WFC617" in ended.err
    moved = bench.wfc("run", "moved.py", "-w", "payout", "--input", '{"amount": 5}', "--id", "r-1")
    assert "another version" in moved.err or moved.out == '"5 EUR"\n'


def test_options_stand_before_or_behind_the_command(bench: Any) -> None:
    started(bench, "--input", '{"amount": 5}', "--id", "r-1", "--store", "elsewhere")
    for command in (
        ("--store", "elsewhere", "list", "--format", "json"),
        ("--format", "json", "list", "--store", "elsewhere"),
        ("--store", "elsewhere", "--format", "json"),
    ):
        (run,) = json.loads(bench.wfc("runs", *command).out)
        assert run["id"] == "r-1"
    hint = bench.wfc("runs", "--store", "elsewhere", "show", "r-2").err
    assert "did you mean r-1?" in hint


def test_a_sleep_that_is_not_over_has_not_succeeded(bench: Any) -> None:
    bench.write(PAYOUT.replace("NAP = 0.01", "NAP = 8").replace("def confirm", "def rest"))
    path = bench.folder / "flow.py"
    path.write_text(path.read_text().replace("return confirm(paid)", "sleep(NAP)\n    return paid"))
    command = ["run", "flow.py", "-w", "payout", "--input", '{"amount": 5}', "--id", "r-1"]
    with bench.start(*command) as process:
        bench.wait_until(lambda: len(steps(bench)) == 3)
        nap = steps(bench)[2]
        assert (nap["kind"], nap["status"], nap["ended"]) == ("sleep", "running", None)
        assert nap["wakes"] > nap["started"]
        assert "sleep  running" in bench.look("show", "r-1").out
        process.kill()
    assert (steps(bench)[2]["status"], steps(bench)[2]["ended"]) == ("interrupted", None)
    assert " until 2" in bench.look("show", "r-1").out
    assert bench.wfc(*command).out == '"5 EUR"\n'
    nap = steps(bench)[2]
    assert (nap["status"], nap["ended"]) == ("succeeded", nap["wakes"])


def steps(bench: Any) -> Any:
    looked = bench.look("show", "r-1", "--format", "json")
    return json.loads(looked.out)["steps"] if looked.code == 0 else []


def test_a_child_goes_on_with_the_run_that_started_it(bench: Any) -> None:
    rest = '@step\ndef rest(text: str) -> None:\n    mark("rest")\n\n\n@step\ndef pay'
    source = PAYOUT.replace("    sleep(NAP)", "    rest(text)").replace("@step\ndef pay", rest)
    killed = started(bench, "--input", '{"amount": 5}', "--id", "r-1", source=source, KILL="rest")
    assert bench.killed(killed)
    child = next(step["run"] for step in steps(bench) if step["kind"] == "workflow")
    for command in (
        ["runs", "resume", child],
        ["run", "flow.py", "-w", "confirm", "--input", '{"text": "5 EUR"}', "--id", child],
    ):
        ended = bench.wfc(*command)
        assert ended.code == 1
        assert "r-1" in ended.err
    assert bench.wfc("runs", "resume", "r-1").out == '"5 EUR"\n'


def test_what_was_cancelled_with_its_child_is_taken_up_with_it(bench: Any) -> None:
    source = PAYOUT.replace("NAP = 0.01", "NAP = 4")
    bench.write(source)
    command = ["run", "flow.py", "-w", "payout", "--input", '{"amount": 5}', "--id", "r-1"]
    with bench.start(*command) as process:
        bench.wait_until(lambda: any(step["kind"] == "workflow" for step in steps(bench)))
        assert bench.wfc("runs", "cancel", "r-1").code == 0
        assert process.wait() == 1
    assert shown(bench, "r-1")["status"] == "cancelled"
    assert bench.wfc("runs", "resume", "r-1").out == '"5 EUR"\n'
    assert bench.marks() == ["ask", "ask", "pay"]


@pytest.mark.parametrize("width", [60, 50, 30])
def test_the_table_fits_a_narrow_terminal(bench: Any, width: int) -> None:
    started(bench, "--input", '{"amount": 5}', "--id", "payout-of-a-merchant-1")
    lines = bench.wfc("runs", COLUMNS=str(width)).out.splitlines()
    assert max(map(len, lines)) <= max(width, len("payout-of-a-merchant-1  succeeded"))
    assert lines[0].startswith("ID  ")
    assert lines[1].split()[0] == "payout-of-a-merchant-1"
    assert "succeeded" in lines[1]


def test_only_its_owner_reads_a_store(bench: Any) -> None:
    """Whatever the umask is, and also what SQLite adds while a run goes on."""
    bench.write(PAYOUT)
    command = "wfc run flow.py -w payout --input '{\"amount\": 5}'"
    with bench.start("run", "flow.py", "-w", "payout", "--input", '{"amount": 5}', HOLD="pay"):
        bench.wait_for_mark("pay")
        assert rights(bench) == (set(), set())
        bench.let_go()
    for umask in ("000", "077", "277"):
        (bench.folder / ".wfc").rename(bench.folder / f"old-{umask}")
        assert bench.shell(f"umask {umask}; {command}").code == 0, umask
        assert rights(bench) == (set(), set())


def test_an_earlier_store_is_closed_to_others(bench: Any) -> None:
    started(bench, "--input", '{"amount": 5}')
    store = bench.folder / ".wfc"
    for path in (store, store / "journal", store / "locks", store / "runs.sqlite"):
        path.chmod(0o777)
    assert started(bench, "--input", '{"amount": 6}').err == ""
    assert rights(bench) == (set(), set())


def test_a_folder_with_other_things_in_it_stays_open_and_is_warned_about(bench: Any) -> None:
    bench.folder.chmod(0o777)
    ended = started(bench, "--input", '{"amount": 5}', "--store", ".")
    assert ended.code == 0
    assert "wfc: others can write to . and so change the runs in it" in ended.err
    assert stat.S_IMODE(bench.folder.stat().st_mode) == 0o777
    assert stat.S_IMODE((bench.folder / "runs.sqlite").stat().st_mode) == 0o600


def rights(bench: Any) -> tuple[set[str], set[str]]:
    """The folders and files of the store that somebody else may use."""
    paths = [bench.folder / ".wfc", *(bench.folder / ".wfc").rglob("*")]
    wide = {path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077}
    folders = {path.name for path in wide if path.is_dir()}
    return folders, {path.name for path in wide} - folders


@pytest.mark.parametrize("name", ["a b?c#d%20e", os.fsdecode(b"n\xff"), "ä/ö"])
def test_a_store_may_have_any_name(bench: Any, name: str) -> None:
    assert started(bench, "--input", '{"amount": 5}', "--id", "r/?", "--store", name).code == 0
    assert bench.wfc("runs", "show", "r/?", "--store", name).code == 0
    assert (bench.folder / name / "runs.sqlite").is_file()

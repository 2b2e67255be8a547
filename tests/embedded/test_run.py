"""``wfc run``: results, failures, and what becomes of a run whose process dies."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import Any

import pytest

CHAIN = '''
"""Three steps and a rest."""
import os
import signal
import time

from wfc import sleep, step, workflow

NAP = 0


@step
def first(n: int) -> int:
    mark("first")
    return n + 1


@step
def second(n: int) -> int:
    mark("second")
    return n * 10


@step
def third(n: int) -> int:
    mark("third")
    return n - 1


@workflow
def chain(n: int) -> int:
    a = first(n)
    b = second(a)
    sleep(NAP)
    return third(b)
'''

# With a rest in which a process can be killed between two steps.
RESTFUL = CHAIN.replace("NAP = 0", "NAP = 1.5")


def run(bench: Any, *args: str, **env: str) -> Any:
    return bench.wfc("run", "flow.py", "-v", *args, **env)


def test_the_result_stands_alone_on_stdout_and_the_steps_are_shown_on_stderr(bench: Any) -> None:
    bench.write(CHAIN)
    ended = run(bench, "--input", '{"n": 2}')
    assert (ended.code, ended.out) == (0, "29\n")
    assert [line.split()[:2] for line in ended.err.splitlines()[1:]] == [
        ["→", "first"],
        ["✓", "first"],
        ["→", "second"],
        ["✓", "second"],
        ["→", "third"],
        ["✓", "third"],
    ]


def test_a_run_that_is_killed_in_a_step_goes_on_with_that_step(bench: Any) -> None:
    bench.write(CHAIN)
    command = ["--input", '{"n": 2}', "--id", "r-1"]
    for place in ("first", "second", "third"):
        assert bench.killed(run(bench, *command, KILL=place))
    assert bench.marks() == ["first", "first", "second", "second", "third"]
    ended = run(bench, *command)
    assert (ended.code, ended.out) == (0, "29\n")
    assert bench.marks() == ["first", "first", "second", "second", "third", "third"]


def test_a_run_that_is_killed_between_steps_repeats_none(bench: Any) -> None:
    bench.write(RESTFUL)
    command = ["--input", '{"n": 2}', "--id", "r-1"]
    with bench.start("run", "flow.py", "-v", *command) as process:
        bench.wait_for_line(process, "✓ second")
        process.kill()
    ended = run(bench, *command)
    assert (ended.code, ended.out) == (0, "29\n")
    assert "2 steps done before" in ended.err
    assert bench.marks() == ["first", "second", "third"]


def test_a_new_run_points_to_an_interrupted_one(bench: Any) -> None:
    bench.write(CHAIN)
    assert bench.killed(run(bench, "--input", '{"n": 2}', KILL="second"))
    ended = run(bench, "--input", '{"n": 2}')
    assert ended.out == "29\n"
    hint = ended.err.splitlines()[0]
    assert "with this input was interrupted" in hint
    id = hint.split()[1]
    assert hint.endswith(f"wfc runs resume {id}")
    assert bench.wfc("runs", "resume", id).out == "29\n"
    assert bench.marks() == ["first", "second", "first", "second", "third", "second", "third"]


def test_an_engine_that_is_not_installed_is_named(bench: Any) -> None:
    bench.write(CHAIN)
    (bench.folder / "hidden" / "dbos").mkdir(parents=True)
    (bench.folder / "hidden" / "dbos" / "__init__.py").write_text("raise ImportError('dbos')")
    path = os.pathsep.join([str(bench.folder / "hidden"), os.environ.get("PYTHONPATH", "")])
    ended = run(bench, "--input", '{"n": 2}', PYTHONPATH=path)
    assert ended.code == 2
    assert "pip install 'wfc-compiler[dbos]'" in ended.err
    assert "Traceback" not in ended.err


def test_an_id_runs_once(bench: Any) -> None:
    bench.write(CHAIN)
    command = ["--input", '{"n": 2}', "--id", "r-1"]
    run(bench, *command)
    ended = run(bench, *command)
    assert (ended.code, ended.out) == (0, "29\n")
    assert "nothing was run again" in ended.err
    assert bench.marks() == ["first", "second", "third"]


def test_an_id_belongs_to_its_input(bench: Any) -> None:
    bench.write(CHAIN)
    run(bench, "--input", '{"n": 2}', "--id", "r-1")
    ended = run(bench, "--input", '{"n": 3}', "--id", "r-1")
    assert (ended.code, ended.out) == (1, "")
    assert "WFC613" in ended.err
    assert "another input" in ended.err


def test_ctrl_c_leaves_a_run_that_can_go_on(bench: Any) -> None:
    bench.write(RESTFUL)
    with bench.start("run", "flow.py", "-v", "--input", '{"n": 2}', "--id", "r-1") as process:
        bench.wait_for_line(process, "✓ second")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert "wfc runs resume r-1" in err
    ended = bench.wfc("runs", "resume", "r-1")
    assert (ended.code, ended.out) == (0, "29\n")
    assert bench.marks() == ["first", "second", "third"]


def test_ctrl_c_before_a_run_begins_leaves_nothing(bench: Any) -> None:
    bench.write(CHAIN)
    os.mkfifo(bench.folder / "input")
    process = bench.start("run", "flow.py", "-v", "--input", "@input")
    with open(bench.folder / "input", "w", encoding="utf-8"):  # opened once the other end reads
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (130, "", "Interrupted.\n")
    assert not (bench.folder / ".wfc").exists()


def test_a_run_does_not_wake_up_another_one(bench: Any) -> None:
    bench.write(CHAIN)
    run(bench, "--input", '{"n": 2}', "--id", "r-1", KILL="second")
    run(bench, "--input", '{"n": 3}', "--id", "r-2")
    assert bench.marks() == ["first", "second", "first", "second", "third"]
    listed = json.loads(bench.wfc("runs", "list", "--format", "json").out)
    assert [(item["id"], item["status"]) for item in listed] == [
        ("r-2", "succeeded"),
        ("r-1", "interrupted"),
    ]


def test_an_unfinished_run_of_another_version_is_refused(bench: Any) -> None:
    path = bench.write(CHAIN)
    command = ["--input", '{"n": 2}', "--id", "r-1"]
    run(bench, "--input", '{"n": 2}', "--id", "r-0")
    run(bench, *command, KILL="second")
    path.write_text(path.read_text().replace("third(b)", "third(a + b)"))
    for ended in (run(bench, *command), bench.wfc("runs", "resume", "r-1")):
        assert ended.code == 1
        assert "WFC612" in ended.err
        assert "wfc runs cancel r-1" in ended.err
    # What is finished stays as it is, and another run starts with the new source.
    assert run(bench, "--input", '{"n": 2}', "--id", "r-0").out == "29\n"
    assert run(bench, "--input", '{"n": 2}', "--id", "r-2").out == "32\n"
    path.write_text(path.read_text().replace("third(a + b)", "third(b)"))
    assert run(bench, *command).out == "29\n"


def test_steps_may_change_while_a_run_waits(bench: Any) -> None:
    path = bench.write(CHAIN)
    command = ["--input", '{"n": 2}', "--id", "r-1"]
    run(bench, *command, KILL="second")
    path.write_text(path.read_text().replace("return n - 1", "return n - 2"))
    assert run(bench, *command).out == "28\n"


FAILING = '''
"""Steps that go wrong in their own ways."""
import os
import signal
import time
from decimal import Decimal
from typing import Any

from wfc import Heartbeat, Retry, injected, step, workflow


class BankDown(Exception):
    """The bank does not answer."""


class PayoutFailed(Exception):
    """Nothing was paid."""


# A class that the module does not define.
OUTSIDE = type("Outside", (Exception,), {})


@step(retry=Retry(BankDown, attempts=3, first_delay=0.01))
def ask(kind: str) -> str:
    mark("ask")
    if kind == "down" or (kind == "once" and os.environ.get("TRIES", "") == ""):
        os.environ["TRIES"] = "1"
        raise BankDown("no answer")
    return kind


@step
def misbehave(kind: str) -> Any:
    mark("misbehave")
    if kind == "exit":
        os._exit(7)
    if kind == "leave":
        raise SystemExit("bye")
    if kind == "interrupt":
        raise KeyboardInterrupt("bye")
    if kind == "torn":
        raise BankDown("caf\\udce9")
    if kind == "decimal":
        return Decimal(1)
    if kind == "zero":
        return 1 // 0
    if kind == "outside":
        raise OUTSIDE("never heard of it")
    if kind == "mute":
        raise OUTSIDE
    print("printed by a step")
    return kind


@step
def count(kind: str) -> int:
    mark("count")
    return kind  # type: ignore[return-value]


@step(timeout=0.2)
def slow(kind: str) -> str:
    mark("slow")
    time.sleep(30)
    return kind


@step(heartbeat=0.2)
def silent(kind: str, beat: Heartbeat = injected) -> str:
    mark("silent")
    beat()
    time.sleep(30)
    return kind


@workflow
def risky(kind: str) -> str:
    if kind == "slow":
        slow(kind)
    if kind == "silent":
        silent(kind)
    if kind == "text":
        count(kind)
    answer = ask(kind)
    try:
        return str(misbehave(answer))
    except ZeroDivisionError as error:
        raise PayoutFailed(f"payout failed: {error}") from error
'''


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("zero", "PayoutFailed: payout failed: integer division or modulo by zero"),
        ("down", "BankDown: no answer"),
        ("outside", "Outside: never heard of it"),
        ("leave", "SystemExit: bye"),
        (
            "torn",
            "BoundaryError: the message of BankDown: the text has a lone surrogate, which is no "
            "Unicode character",
        ),
        ("slow", "TimeoutError: slow timed out"),
        ("silent", "TimeoutError: silent timed out"),
    ],
)
def test_a_failure_is_one_line_with_a_hint(bench: Any, kind: str, error: str) -> None:
    bench.write(FAILING)
    command = ["--input", json.dumps({"kind": kind}), "--id", "r-1"]
    begin = time.monotonic()
    ended = run(bench, *command)
    assert time.monotonic() - begin < 15  # a step that hangs does not hold up the end
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[-2:] == [error, "See what happened: wfc runs show r-1"]
    marks = bench.marks()
    again = run(bench, *command)
    assert (again.code, again.err.splitlines()[0]) == (1, error)
    assert bench.marks() == marks


def test_hints_can_be_copied_into_a_shell(bench: Any) -> None:
    bench.write(FAILING)
    options = ["--id", "r 1", "--store", "my runs"]
    ended = run(bench, "--input", '{"kind": "zero"}', *options)
    assert ended.err.splitlines()[-1] == (
        "See what happened: wfc runs show 'r 1' --store 'my runs'"
    )
    other = run(bench, "--input", '{"kind": "mute"}', *options)
    assert "`wfc runs show 'r 1'` shows its input" in other.err


def test_an_error_without_a_message_is_its_name(bench: Any) -> None:
    bench.write(FAILING)
    lines = run(bench, "--input", '{"kind": "mute"}').err.splitlines()
    assert any(line.startswith("  ✗ misbehave  Outside  ") for line in lines)
    assert lines[-2] == "Outside"


def test_the_line_that_failed_is_named(bench: Any) -> None:
    path = bench.write(FAILING)
    ended = run(bench, "--input", '{"kind": "zero"}', "--id", "r-1")
    number = path.read_text().splitlines().index("        return 1 // 0") + 1
    assert f"      flow.py:{number}: return 1 // 0" in ended.err.splitlines()
    assert f"at       flow.py:{number}: return 1 // 0" in bench.wfc("runs", "show", "r-1").out


def test_retries_are_shown_with_their_errors(bench: Any) -> None:
    bench.write(FAILING)
    ended = run(bench, "--input", '{"kind": "once"}', "--id", "r-1")
    assert (ended.code, ended.out) == (0, '"once"\n')
    assert "↻ ask  BankDown: no answer; attempt 2 follows in 10 ms" in ended.err
    assert bench.marks() == ["ask", "ask", "misbehave"]


@pytest.mark.parametrize(
    ("kind", "step", "type_"), [("decimal", "misbehave", "Decimal"), ("text", "count", "int")]
)
def test_a_result_that_cannot_be_recorded_is_named(
    bench: Any, kind: str, step: str, type_: str
) -> None:
    bench.write(FAILING)
    ended = run(bench, "--input", json.dumps({"kind": kind}))
    assert (ended.code, ended.out) == (1, "")
    message = next(line for line in ended.err.splitlines() if line.startswith("BoundaryError"))
    assert f"result of step {step}" in message
    assert type_ in message
    assert "Traceback" not in ended.err


def test_what_a_step_prints_goes_to_stderr(bench: Any) -> None:
    bench.write(FAILING)
    ended = run(bench, "--input", '{"kind": "fine"}')
    assert ended.out == '"fine"\n'
    assert "printed by a step" in ended.err


def test_a_step_that_kills_the_process_can_be_resumed(bench: Any) -> None:
    bench.write(FAILING)
    ended = run(bench, "--input", '{"kind": "exit"}', "--id", "r-1")
    assert ended.code == 7
    again = bench.wfc("runs", "resume", "r-1")
    assert again.code == 7
    assert bench.marks() == ["ask", "misbehave", "misbehave"]


def test_a_step_that_ends_the_process_is_told(bench: Any) -> None:
    bench.write(FAILING)
    ended = run(bench, "--input", '{"kind": "interrupt"}', "--id", "r-1")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[-2:] == [
        "misbehave ended the process: KeyboardInterrupt: bye",
        "Go on with: wfc runs resume r-1",
    ]
    assert bench.wfc("runs", "resume", "r-1").code == 1
    assert bench.marks() == ["ask", "misbehave", "misbehave"]


def test_bad_input_starts_nothing(bench: Any) -> None:
    bench.write(CHAIN)
    for text in ("{", '{"n": "2"}', "{}", '{"n": 2, "m": 1}'):
        ended = run(bench, "--input", text)
        assert ended.code == 1
        assert "Traceback" not in ended.err
    assert bench.marks() == []
    assert not (bench.folder / ".wfc").exists()


def test_a_store_that_cannot_be_used_is_told(bench: Any) -> None:
    bench.write(CHAIN)
    (bench.folder / "broken").mkdir()
    (bench.folder / "broken" / "runs.sqlite").write_text("this is no database, " * 100)
    for store in ("broken", "/proc/nowhere"):
        ended = run(bench, "--input", '{"n": 2}', "--store", store)
        assert ended.code == 1
        assert "WFC611" in ended.err
        assert "Traceback" not in ended.err


NESTED = '''
"""A step that calls another, and a child workflow."""
import os
import signal
import time

from wfc import step, workflow


@step
def outer(n: int) -> int:
    mark("outer")
    return inner(n) + 1


@step
def inner(n: int) -> int:
    mark("inner")
    return n * 2


@workflow
def child(n: int) -> int:
    a = outer(n)
    return outer(a)


@workflow
def parent(n: int) -> int:
    return child(n) + 100
'''


def test_a_child_goes_on_after_a_crash_and_a_step_in_a_step_is_a_call(bench: Any) -> None:
    bench.write(NESTED)
    command = ["-w", "parent", "--input", '{"n": 2}', "--id", "r-1"]
    assert bench.killed(run(bench, *command, KILL="inner"))
    ended = run(bench, *command)
    assert (ended.code, ended.out) == (0, "111\n")
    assert bench.marks() == ["outer", "inner", "outer", "inner", "outer", "inner"]
    assert [line.split()[1] for line in ended.err.splitlines() if "✓" in line] == [
        "outer",
        "outer_2",
    ]


def test_imports_of_steps_are_found_beside_the_file(bench: Any) -> None:
    (bench.folder / "helper.py").write_text("def double(n):\n    return n * 2\n")
    source = CHAIN.replace("import signal\n", "import signal\n\nimport helper\n").replace(
        "return n + 1", "return helper.double(n)"
    )
    bench.write(source)
    assert run(bench, "--input", '{"n": 2}').out == "39\n"
    (bench.folder / "helper.py").unlink()
    ended = run(bench, "--input", '{"n": 2}')
    assert ended.code == 1
    assert "No module named 'helper'" in ended.err
    assert "Traceback" not in ended.err


PLACES = '''
"""Errors of steps and of the workflow itself."""
import os
import signal

from wfc import Retry, step, workflow


class Nope(Exception):
    """No."""


@step(
    retry=Retry(Nope, attempts=2, first_delay=0.01),
)
def load(n: int) -> list[int]:
    mark("load")
    if n == 1:
        raise Nope("not here")  # in a step
    return [n]


def share(total: int, parts: int) -> int:
    return total // parts  # in a helper


@workflow
def child(n: int) -> int:
    return [0, 1, 2][n - 3]  # in a child


@workflow
def flow(n: int) -> int:
    """A comment, and a call over several lines."""
    # Nothing but a comment.
    total = 10
    try:
        total += load(
            n
        )[0]
    except Nope as error:
        raise ValueError(  # in the workflow
            f"{n}: {error}"
        ) from error
    if n == 2:
        load(1)
    if n > 5:
        child(n)
    return share(total, n)


@workflow
async def alone(n: int) -> int:
    return 1 // n  # in an async workflow
'''


@pytest.mark.parametrize(
    ("workflow", "n", "comment"),
    [
        ("flow", 0, "in a helper"),
        ("flow", 1, "in the workflow"),
        ("flow", 2, "in a step"),
        ("flow", 6, "in a child"),
        ("alone", 0, "in an async workflow"),
    ],
)
def test_the_line_that_failed_a_run_is_named(
    bench: Any, workflow: str, n: int, comment: str
) -> None:
    lines = bench.write(PLACES).read_text().splitlines()
    line = next(i for i, text in enumerate(lines) if text.endswith(f"# {comment}"))
    ended = bench.wfc("run", "flow.py", "-w", workflow, "--input", json.dumps({"n": n}))
    assert ended.code == 1
    assert ended.err.splitlines()[0] == f"at flow.py:{line + 1}: {lines[line].strip()}"


def test_the_line_that_failed_a_resumed_run_is_named(bench: Any) -> None:
    bench.write(PLACES)
    command = ["-w", "flow", "--input", '{"n": 0}', "--id", "r-1"]
    assert bench.killed(run(bench, *command, KILL="load"))
    place = "return total // parts  # in a helper"
    assert place in run(bench, *command).err
    text = bench.wfc("runs", "show", "r-1").out
    assert any(line.startswith("at ") and line.endswith(place) for line in text.splitlines())

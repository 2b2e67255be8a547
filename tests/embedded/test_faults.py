"""What fails below a workflow is no error of a step: the process ends, and the run can go on."""

from __future__ import annotations

import base64
import json
import os
import pickle
import pty
import shlex
import signal
import subprocess
import sys
from typing import Any

import pytest

PAYMENT = '''
"""A charge that is compensated when it fails."""
import asyncio
import os
import signal
import subprocess
import sys

from wfc import step, workflow


@step
def charge(size: int, text: str) -> str:
    mark("charge")
    return "r" * size


@step
def compensate(reason: str) -> None:
    mark("compensate")


@workflow
def pay(size: int, length: int) -> str:
    text = "x" * length
    try:
        receipt = charge(size, text)
    except Exception as error:
        compensate(f"{error}")
        return "not charged"
    return receipt[:3]
'''

MILLION = 1_000_000


def pay(bench: Any, size: int, length: int, **options: Any) -> Any:
    text = json.dumps({"size": size, "length": length})
    return bench.wfc("run", "flow.py", "--input", text, "--id", "r-1", **options)


def shown(bench: Any, id: str) -> Any:
    return json.loads(bench.wfc("runs", "show", id, "--format", "json").out)


@pytest.mark.parametrize(
    ("size", "length", "reason"),
    [(2 * MILLION, 1, "disk I/O error"), (1, 2 * MILLION, "the journal cannot be written")],
    ids=["store", "journal"],
)
def test_a_disk_that_refuses_interrupts_the_run(
    bench: Any, size: int, length: int, reason: str
) -> None:
    bench.write(PAYMENT)
    ended = pay(bench, size, length, largest=MILLION)
    assert (ended.code, ended.out) == (130, "")
    assert ended.err.splitlines()[-2:][0].startswith(f"the store cannot be used: {reason}")
    assert ended.err.splitlines()[-1] == "Interrupted. Go on with: wfc runs resume r-1"
    assert shown(bench, "r-1")["status"] == "interrupted"

    again = pay(bench, size, length)
    assert (again.code, again.out) == (0, json.dumps("r" * min(size, 3)) + "\n")
    assert "compensate" not in bench.marks()


@pytest.mark.parametrize("largest", [0, 1000, 100_000])
def test_a_disk_that_has_no_room_for_the_store_is_told(bench: Any, largest: int) -> None:
    bench.write(PAYMENT)
    ended = pay(bench, 1, 1, largest=largest)
    assert (ended.code, ended.out) == (1, "")
    assert "WFC611" in ended.err
    assert bench.marks() == []
    assert pay(bench, 1, 1).out == '"r"\n'


def test_a_resumed_run_on_a_disk_that_refuses_stays_interrupted(bench: Any) -> None:
    bench.write(PAYMENT)
    assert bench.killed(pay(bench, 2 * MILLION, 1, KILL="charge"))
    ended = pay(bench, 2 * MILLION, 1, largest=MILLION)
    assert ended.code == 130
    assert pay(bench, 2 * MILLION, 1).out == '"rrr"\n'
    assert bench.marks() == ["charge"] * 3


# --- Streams -------------------------------------------------------------------------------------

TALKER = PAYMENT.replace(
    'mark("charge")',
    """print("from a step")
    print("to stderr", file=sys.stderr)
    sys.stderr.buffer.write(b"bytes")
    sys.stderr.flush()
    if os.environ.get("NEWS"):
        os.write(int(os.environ["NEWS"]), b".")
    mark("charge")
    child = "import sys; print('from a child', flush=True); sys.stderr.write('child')"
    subprocess.run([sys.executable, "-c", child], check=True)""",
)

RUN = """wfc run flow.py -v --input '{"size": 1, "length": 1}' --id r-1"""


@pytest.mark.parametrize(
    ("streams", "code", "out"),
    [
        (">&-", 0, ""),
        ("2>&-", 0, '"r"\n'),
        (">&- 2>&-", 0, ""),
        ("<&- >&- 2>&-", 0, ""),
        ("2>/dev/full", 0, '"r"\n'),
        (">/dev/full", 2, ""),
        (">/dev/full 2>/dev/full", 2, ""),
        ("2> >(exit)", 0, '"r"\n'),
        ("2> >(head -n 1 >&2)", 0, '"r"\n'),
    ],
)
def test_streams_may_be_closed_full_or_broken(
    bench: Any, streams: str, code: int, out: str
) -> None:
    bench.write(TALKER)
    ended = bench.shell(f"{RUN} {streams}")
    assert (ended.code, ended.out) == (code, out)
    assert "Traceback" not in ended.err
    assert bench.marks() == ["charge"]
    assert shown(bench, "r-1")["result"] == "r"


@pytest.mark.parametrize(
    ("ignored", "code", "status"),
    # The result of the run that went on cannot be printed any more.
    [(True, 2, "succeeded"), (False, -signal.SIGHUP, "interrupted")],
)
def test_a_terminal_may_hang_up(bench: Any, ignored: bool, code: int, status: str) -> None:
    bench.write(TALKER)
    process, terminal = pty.fork()
    if not process:
        os.chdir(bench.folder)
        signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
        given = ["--input", '{"size": 1, "length": 1}', "--id", "r-1"]
        command = [sys.executable, "-m", "wfc", "run", "flow.py", *given]
        os.execve(sys.executable, command, bench.environment(HOLD="charge"))
    bench.wait_for_mark("charge")
    os.close(terminal)
    bench.let_go()
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == code
    assert shown(bench, "r-1")["status"] == status
    assert bench.marks() == ["charge"]


def test_text_on_a_terminal_shows_the_steps_and_in_a_pipe_only_the_end(bench: Any) -> None:
    bench.write(PAYMENT)
    assert pay(bench, 1, 1).err == ""
    line = RUN.replace("-v ", "").replace("r-1", "r-2")
    assert " charge" in bench.shell(f"script -qec {shlex.quote(line)} /dev/null").out
    quiet = line.replace("r-2", "r-3 -q")
    assert bench.shell(f"script -qec {shlex.quote(quiet)} /dev/null").out.strip() == '"r"'


# --- Steps that do not come back -----------------------------------------------------------------

ODD = '''
"""Steps that end in other ways."""
import asyncio
import os
import signal
import subprocess
import sys
import time

from wfc import step, workflow


@step
def odd(kind: str) -> str:
    mark("odd")
    if kind == "cancelled":
        raise asyncio.CancelledError("no more")
    child = os.fork()
    if child:
        if kind != "outlives":
            os.waitpid(child, 0)
        return "parent"
    if kind == "exits":
        sys.exit(3)
    if kind == "raises":
        raise ValueError("in the child")
    if kind == "outlives":
        with open("child", "w") as file:
            file.write(str(os.getpid()))
        time.sleep(60)
    return "child"


@step
async def odd_async(kind: str) -> str:
    mark("odd")
    raise asyncio.CancelledError("no more")


@workflow
def strange(kind: str) -> str:
    return odd(kind)


@workflow
async def strange_async(kind: str) -> str:
    return await odd_async(kind)
'''


def strange(bench: Any, kind: str, workflow: str = "strange") -> Any:
    given = ["--input", json.dumps({"kind": kind}), "--id", "r-1"]
    return bench.wfc("run", "flow.py", "--workflow", workflow, *given)


@pytest.mark.parametrize("workflow", ["strange", "strange_async"])
def test_a_step_that_raises_a_cancellation_ends_the_process(bench: Any, workflow: str) -> None:
    bench.write(ODD)
    ended = strange(bench, "cancelled", workflow)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[-1] == "Go on with: wfc runs resume r-1"
    assert ended.err.splitlines()[-2].endswith("ended the process: CancelledError: no more")
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("kind", ["returns", "exits", "raises"])
def test_a_forked_process_that_comes_back_does_not_go_on_with_the_run(
    bench: Any, kind: str
) -> None:
    bench.write(ODD)
    ended = strange(bench, kind)
    assert (ended.code, ended.out) == (0, '"parent"\n')
    assert ("ValueError: in the child" in ended.err) == (kind == "raises")
    assert shown(bench, "r-1")["result"] == "parent"


def test_a_forked_process_that_lives_on_holds_up_nothing(bench: Any) -> None:
    bench.write(ODD)
    with open(bench.folder / "err", "w", encoding="utf-8") as err:
        given = ["--input", '{"kind": "outlives"}', "--id", "r-1", "--workflow", "strange"]
        command = [sys.executable, "-m", "wfc", "run", "flow.py", *given]
        done = subprocess.run(
            command,
            cwd=bench.folder,
            env=bench.environment(),
            stdout=subprocess.PIPE,
            stderr=err,
            timeout=30,
        )
    os.kill(int((bench.folder / "child").read_text()), signal.SIGKILL)
    assert (done.returncode, done.stdout) == (0, b'"parent"\n')


# --- The store -----------------------------------------------------------------------------------


class Trap:
    def __reduce__(self) -> Any:
        return os.mkdir, ("sprung",)


PICKLED = base64.b64encode(pickle.dumps(Trap())).decode()


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE operation_outputs SET serialization = 'py_pickle', output = ?"],
        ["UPDATE operation_outputs SET serialization = 'py_pickle', output = NULL, error = ?"],
        [
            "UPDATE workflow_status SET serialization = 'py_pickle'",
            "UPDATE workflow_input SET inputs = ?",
        ],
        ["UPDATE workflow_status SET serialization = 'other', inputs = ?"],
    ],
    ids=["output", "error", "input", "unknown"],
)
def test_what_something_else_has_written_is_not_read(bench: Any, statements: list[str]) -> None:
    bench.write(CHAIN)
    assert bench.killed(bench.wfc(*CHAIN_COMMAND, KILL="second"))
    for statement in statements:
        bench.database(statement, *[PICKLED] * statement.count("?"))
    for ended in (bench.wfc(*CHAIN_COMMAND), bench.look("show", "r-1")):
        assert ended.code == 1
        assert "WFC611" in ended.err
    assert "r-1" in bench.look("list").out
    bench.wfc("runs", "cancel", "r-1")
    assert not (bench.folder / "sprung").exists()
    assert bench.marks() == ["first", "second"]


def test_a_pickle_that_appears_while_a_run_goes_on_is_not_read_either(bench: Any) -> None:
    bench.write(CHAIN)
    with bench.start(*CHAIN_COMMAND, HOLD="first") as process:
        bench.wait_for_mark("first")
        bench.database(
            "INSERT INTO operation_outputs"
            " (workflow_uuid, function_id, function_name, output, serialization,"
            " retention_timestamp)"
            " VALUES ('r-1', 2, 'second', ?, 'py_pickle', 0)",
            PICKLED,
        )
        bench.let_go()
        out, err = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert "a value in it was pickled" in err
    assert not (bench.folder / "sprung").exists()


CHAIN = '''
"""Two steps."""
import os
import signal

from wfc import step, workflow


@step
def first(n: int) -> int:
    mark("first")
    return n + 1


@step
def second(n: int) -> int:
    mark("second")
    return n * 10


@workflow
def chain(n: int) -> int:
    return second(first(n))
'''

CHAIN_COMMAND = ["run", "flow.py", "--input", '{"n": 2}', "--id", "r-1"]


@pytest.mark.parametrize("status", ["PENDING", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"])
def test_a_run_may_be_interrupted_any_number_of_times(bench: Any, status: str) -> None:
    bench.write(CHAIN)
    assert bench.killed(bench.wfc(*CHAIN_COMMAND, KILL="second"))
    bench.database("UPDATE workflow_status SET status = ?, recovery_attempts = 120", status)
    assert shown(bench, "r-1")["status"] == "interrupted"
    assert bench.wfc(*CHAIN_COMMAND).out == "30\n"
    assert bench.marks() == ["first", "second", "second"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("journal", "file"),
        ("locks", "file"),
        ("locks/r-1", "folder"),
        ("locks/r-1", "pipe"),
        ("journal/r-1.jsonl", "folder"),
        ("journal/r-1.jsonl", "pipe"),
        ("runs.sqlite", "folder"),
    ],
)
def test_a_store_with_the_wrong_things_in_it_is_refused(bench: Any, name: str, kind: str) -> None:
    bench.write(CHAIN)
    path = bench.folder / ".wfc" / name
    path.parent.mkdir(parents=True)
    {"file": path.touch, "folder": path.mkdir, "pipe": lambda: os.mkfifo(path)}[kind]()
    for command in (["list"], ["show", "r-1"]):
        assert bench.look(*command).code in (0, 1, 2)
    ended = bench.wfc(*CHAIN_COMMAND)
    assert ended.code == 1
    assert "WFC611" in ended.err


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflow_status SET attributes = '[1]'",
        "UPDATE workflow_status SET attributes = 'x', name = NULL, created_at = 1e300",
        "UPDATE workflow_status SET created_at = 9223372036854775807, updated_at = -1",
        "UPDATE workflow_status SET parent_workflow_id = workflow_uuid",
        "UPDATE workflow_input SET inputs = '[]'",
        "UPDATE operation_outputs SET started_at_epoch_ms = 'x', completed_at_epoch_ms = 1e300",
        "UPDATE operation_outputs SET output = NULL, error = '1', function_name = ''",
        'UPDATE workflow_status SET attributes = \'{"source": "\\udcff\\n"}\'',
    ],
)
def test_a_damaged_store_can_be_looked_at(bench: Any, statement: str) -> None:
    bench.write(CHAIN)
    bench.wfc(*CHAIN_COMMAND, KILL="second")
    bench.database(statement)
    with open(bench.folder / ".wfc/journal/r-1.jsonl", "a", encoding="utf-8") as journal:
        journal.write('[1]\n{"w": 1}\n{"w":"r-1","i":1,"t":1e999,"s":1,"f":1,"a":1}\n\\x00{"\n')
        journal.write('{"w":"r-1","i":7,"t":99999999999999999999,"s":1,"f":1,"a":"\\ud800"}\n')
        journal.write('{"w":"r-1","i":7,"t":1,"s":1,"f":1,"a":"\\ud800"}\n' + "[" * 100_000)
    for command in (["list"], ["show", "r-1"], ["list", "--format", "json"]):
        assert bench.look(*command).code in (0, 1, 2)
    ended = bench.wfc(*CHAIN_COMMAND)
    assert ended.code in (0, 1)
    assert "Traceback" not in ended.err
    assert "internal error" not in ended.err

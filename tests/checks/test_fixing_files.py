"""``wfc lint --fix`` and ``--diff`` on files: what is written, what is left alone, what is said."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wfc.cli.fixing import Fixing
from wfc.cli.lint import command
from wfc.compiler.checks.fixes import edits

BEFORE = (
    "import time\n\nfrom wfc import workflow\n\n\n@workflow\ndef flow() -> None:\n"
    "    time.sleep(3)  # three seconds\n"
)
AFTER = (
    "from wfc import sleep, workflow\n\n\n@workflow\ndef flow() -> None:\n"
    "    sleep(3)  # three seconds\n"
)
CLOCK = (
    "from datetime import datetime\n\nfrom temporalio import workflow\n\n\n@workflow.defn\n"
    "class F:\n    @workflow.run\n    async def run(self) -> datetime:\n"
    "        return datetime.utcnow()\n"
)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.wfc]\n")
    (tmp_path / "flow.py").write_text(BEFORE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def text(path: str = "flow.py") -> str:
    return Path(path).read_bytes().decode()


def test_fixing_twice_changes_nothing_more() -> None:
    first = run("--fix")
    assert (first.exit_code, first.stdout, first.stderr, text()) == (
        0,
        "No problems found\n",
        "Fixed 1 problem\n",
        AFTER,
    )

    second = run("--fix")

    assert (second.exit_code, second.stderr, text()) == (0, "Fixed 0 problems\n", AFTER)


def test_what_remains_is_reported_with_its_new_lines() -> None:
    Path("flow.py").write_text(BEFORE + "    print('done')\n    time.monotonic()\n")

    result = run("--fix", "--format", "concise")

    assert result.exit_code == 1
    assert "flow.py:10:5: error[WFC101] `time.monotonic()`" in result.stdout


def test_the_diff_is_what_fixing_writes() -> None:
    Path("flow.py").write_text(
        BEFORE.rstrip("\n").replace("time.sleep", "x = '\x0c\u2028'; time.sleep")
    )
    before = text()

    result = run("--diff")

    assert text() == before
    assert result.exit_code == 1
    assert result.stdout == (
        "--- flow.py\n+++ flow.py\n@@ -1,8 +1,6 @@\n-import time\n-\n-from wfc import workflow\n"
        "+from wfc import sleep, workflow\n \n \n @workflow\n def flow() -> None:\n"
        "-    x = '\x0c\u2028'; time.sleep(3)  # three seconds\n\\ No newline at end of file\n"
        "+    x = '\x0c\u2028'; sleep(3)  # three seconds\n\\ No newline at end of file\n"
    )
    run("--fix")
    after = [line[1:] for line in result.stdout.split("\n")[3:] if line[:1] in ("+", " ")]
    assert text() == "\n".join(after)


def test_the_diff_has_every_round() -> None:
    Path("flow.py").write_text(
        "import asyncio\n\nfrom dbos import DBOS\n\n\n@DBOS.workflow()\nasync def f() -> None:\n"
        "    asyncio.sleep(3)\n"
    )

    result = run("--diff", "--unsafe-fixes")

    assert "+    await DBOS.sleep_async(3)\n" in result.stdout


def test_without_anything_to_fix_the_diff_is_empty() -> None:
    Path("flow.py").write_text(AFTER)

    result = run("--diff")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert run("--diff", "--unsafe-fixes").exit_code == 0


def test_only_the_asked_safety_is_fixed() -> None:
    unsafe = CLOCK.replace("utcnow", "now")
    Path("flow.py").write_text(CLOCK)
    Path("other.py").write_text(unsafe)

    assert run("--diff").stdout.count("+++") == 1
    assert run("--fix").exit_code == 1
    assert "workflow.now().replace(tzinfo=None)" in text()
    assert text("other.py") == unsafe
    assert run("--unsafe-fixes").exit_code == 0
    assert "return workflow.now()\n" in text("other.py")


@pytest.mark.parametrize(
    ("encoding", "cookie"),
    [
        ("utf-8-sig", ""),
        ("latin-1", "# -*- coding: latin-1 -*-\n\n"),
        ("cp1252", "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n\n"),
        ("shift_jis", "# coding: shift_jis\n\n"),
        ("utf-8", "# coding: utf-8\n\n"),
    ],
)
def test_a_file_keeps_its_encoding(encoding: str, cookie: str) -> None:
    name = "name = '表'\n" if encoding == "shift_jis" else "name = 'Zürich'\n"
    for source, other in (
        (BEFORE, AFTER),
        (BEFORE.replace("\n", "\r\n"), AFTER.replace("\n", "\r\n")),
    ):
        Path("flow.py").write_bytes((cookie + source + name).encode(encoding))

        run("--fix")

        assert Path("flow.py").read_bytes() == (cookie + other + name).encode(encoding)


def test_bytes_that_an_encoding_does_not_give_back_are_left_alone() -> None:
    # Shift escapes that change nothing: decoding loses them.
    content = b"# coding: iso-2022-jp\nname = '\x1b$B\x1b(B'\n" + BEFORE.encode()
    Path("flow.py").write_bytes(content)

    result = run("--fix")

    assert Path("flow.py").read_bytes() == content
    assert "flow.py: not fixed: its encoding does not give the same bytes again\n" in result.stderr
    assert result.exit_code == 1


def test_a_link_stays_a_link_and_the_mode_stays(project: Path) -> None:
    (project / "real").mkdir()
    real = project / "real" / "flow.txt"
    real.write_text(BEFORE)
    real.chmod(0o750)
    Path("flow.py").unlink()
    Path("flow.py").symlink_to(real)

    assert run("--fix").exit_code == 0

    assert Path("flow.py").is_symlink()
    assert (real.read_text(), stat.S_IMODE(real.stat().st_mode)) == (AFTER, 0o750)
    assert [path.name for path in real.parent.iterdir()] == ["flow.txt"]


def test_a_read_only_file_is_left_alone_and_the_others_are_fixed() -> None:
    Path("other.py").write_text(BEFORE)
    Path("flow.py").chmod(0o444)

    result = run("--fix")

    assert result.exit_code == 1
    assert result.stderr == "flow.py: not fixed: the file is read-only\nFixed 1 problem\n"
    assert "flow.py:8:5: error[WFC109]" in result.stdout
    assert (text(), text("other.py")) == (BEFORE, AFTER)


def test_a_file_that_changes_meanwhile_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = BEFORE + "    time.sleep(4)\n"
    original = Fixing.write

    def late(fixing: Fixing) -> bool:
        Path("flow.py").write_text(newer)
        return original(fixing)

    monkeypatch.setattr(Fixing, "write", late)

    result = run("--fix", "--format", "concise")

    assert text() == newer
    assert "flow.py: not fixed: the file was changed meanwhile\n" in result.stderr
    assert result.stdout.count("WFC109") == 2


def test_a_result_that_is_no_python_is_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = "    await nothing\n"  # in a function that is no coroutine
    monkeypatch.setattr(edits, "_rewritten", lambda statement, rewrites: (broken, Counter()))

    result = run("--fix")

    assert text() == BEFORE
    assert "flow.py:1: not fixed: the result would not be valid Python\n" in result.stderr
    assert result.exit_code == 1


def test_a_place_that_cannot_be_written_is_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)

    result = run("--fix", "--no-cache")

    assert result.exit_code == 2
    assert "flow.py: cannot be written: No space left on device" in result.stderr
    assert text() == BEFORE
    assert {path.name for path in Path().iterdir()} == {"flow.py", "pyproject.toml"}


def test_an_interruption_between_two_files_leaves_both_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("other.py").write_text(BEFORE)
    replace, done = os.replace, []

    def second_fails(source: str, target: str) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(target)
        replace(source, target)

    monkeypatch.setattr(os, "replace", second_fails)
    CliRunner().invoke(command, ["--fix", "--no-cache"])

    assert sorted([text(), text("other.py")]) == sorted([BEFORE, AFTER])
    assert {path.name for path in Path().iterdir()} == {"flow.py", "other.py", "pyproject.toml"}


def test_formats_carry_the_edits_that_fixing_makes() -> None:
    (problem,) = json.loads(run("--format", "json").stdout)
    run_ = json.loads(run("--format", "sarif").stdout)["runs"][0]

    assert problem["fix"] == {
        "title": "Use sleep() of wfc",
        "safety": "safe",
        "edits": [
            {"path": "flow.py", **place(1, 1, 3, 1), "text": ""},
            {"path": "flow.py", **place(3, 17, 3, 17), "text": "sleep, "},
            {"path": "flow.py", **place(8, 5, 8, 10), "text": ""},
        ],
    }
    (change,) = run_["results"][0]["fixes"][0]["artifactChanges"]
    assert [entry["insertedContent"]["text"] for entry in change["replacements"]] == [
        edit["text"] for edit in problem["fix"]["edits"]
    ]


def test_a_cached_result_has_the_same_edits(project: Path) -> None:
    (project / "flow.py").write_bytes(
        b"import time\r\nimport wfc\r\n\r\n@wfc.workflow\r\ndef flow(wfc: int) -> None:\r\n"
        b"    time.sleep(3)\r\n"
    )

    first = run("--format", "json").stdout

    assert "from wfc import sleep\\r\\n" in first
    assert run("--format", "json").stdout == first


def place(line: int, column: int, end_line: int, end_column: int) -> dict[str, int]:
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        (["--format", "full"], False),
        (["--format", "concise"], False),
        (["--format", "github"], False),
        (["--format", "gitlab"], False),
        (["--format", "junit"], False),
        (["--format", "json"], True),
        (["--fix"], True),
    ],
)
def test_libcst_is_imported_only_where_edits_are_wanted(arguments: list[str], loaded: bool) -> None:
    program = (
        "import sys\nfrom wfc.cli.lint import command\n"
        f"try:\n    command(['.', '--no-cache', *{arguments!r}])\nexcept SystemExit:\n    pass\n"
        "print('libcst' in sys.modules, file=sys.stderr)"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert result.stderr.splitlines()[-1] == str(loaded)


@pytest.mark.parametrize("name", ["compile", "run"])
def test_compiling_and_running_import_no_libcst(name: str) -> None:
    Path("flow.py").write_text(AFTER)
    arguments = {
        "compile": ["compile", "flow.py", "--target", "asl", "-o", "out"],
        "run": ["run", "flow.py", "--input", "{}", "--store", "runs"],
    }[name]
    program = (
        "import sys\nfrom wfc.cli import main\n"
        f"sys.argv = ['wfc', *{arguments!r}]\n"
        "code = 0\ntry:\n    main()\nexcept SystemExit as error:\n    code = error.code\n"
        "print(code, 'libcst' in sys.modules, file=sys.stderr)"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert result.stderr.splitlines()[-1] in ("0 False", "None False")


def test_what_a_fix_records_on_dbos_is_the_same_after_a_replay() -> None:
    Path("flow.py").write_text(
        "import random\nimport time\nimport uuid\n\nfrom dbos import DBOS\n\n\n"
        "@DBOS.workflow()\ndef first(xs: list[int]) -> tuple:\n"
        "    return time.time(), uuid.uuid4(), random.choice(xs)\n\n\n"
        "@DBOS.workflow()\nasync def second(xs: list[int]) -> tuple:\n"
        "    return time.time(), uuid.uuid4(), random.choice(xs)\n"
    )
    Path("main.py").write_text(
        "import asyncio\n\nfrom dbos import DBOS, SetWorkflowID\n\nimport flow\n\n"
        "DBOS(config={'name': 'fixes', 'system_database_url': 'sqlite:///system.db'})\n"
        "DBOS.launch()\n"
        "xs = list(range(1000))\n"
        "with SetWorkflowID('a'):\n    before = flow.first(xs), asyncio.run(flow.second(xs))\n"
        "again = DBOS.fork_workflow('a', 4).get_result()\n"
        "steps = [step['function_name'] for step in DBOS.list_workflow_steps('a')]\n"
        "print(before[0] == again, steps, len(before[1]))\n"
        "DBOS.destroy()\n"
    )

    assert run("--unsafe-fixes", "--select", "WFC1").exit_code == 0
    result = subprocess.run([sys.executable, "main.py"], capture_output=True, text=True)

    assert result.stdout == "True ['time', 'uuid4', 'Random.choice'] 3\n", result.stderr


def test_the_diff_of_odd_files_can_be_applied(tmp_path: Path) -> None:
    names = ["with space.py", "mark.py", "windows.py"]
    Path(names[0]).write_text(BEFORE)
    Path(names[1]).write_text(BEFORE, encoding="utf-8-sig")
    Path(names[2]).write_bytes(BEFORE.replace("\n", "\r\n").encode())
    originals = [Path(name).read_bytes() for name in names]

    diff = run(*names, "--diff").stdout_bytes
    run(*names, "--fix")
    results = [Path(name).read_bytes() for name in names]
    for name, content in zip(names, originals, strict=True):
        Path(name).write_bytes(content)
    subprocess.run(["git", "apply", "-p0", "-"], input=diff, cwd=tmp_path, check=True)

    assert [Path(name).read_bytes() for name in names] == results != originals


def test_an_interruption_inside_libcst_is_no_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    import libcst

    from wfc.cli.group import cli

    def interrupted(text: str) -> libcst.Module:
        try:
            raise KeyboardInterrupt
        finally:
            {}["position"]  # what libcst's own clean-up does

    monkeypatch.setattr("libcst.parse_module", interrupted)
    Path("flow.py").write_text(BEFORE)

    result = CliRunner().invoke(cli, ["lint", "--fix"])

    assert (result.exit_code, result.stderr) == (130, "Interrupted.\n")
    assert text() == BEFORE

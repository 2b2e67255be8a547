"""Bad input to every command: a message with a code, the right exit code, nothing lost or begun."""

from __future__ import annotations

import builtins
import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from wfc.cli.group import cli

HEAD = "from typing import Any\n\nfrom wfc import Retry, step, workflow\n\n\n"
GOOD = (
    HEAD
    + """@step
def charge(card: str, amount: int) -> str:
    raise AssertionError("bad input starts no step")


@workflow
def pay(card: str, amount: int) -> str:
    \"\"\"Charge a card.\"\"\"
    return charge(card, amount)
"""
)
TWO = GOOD + "\n\n@workflow\ndef refund(card: str) -> str:\n    return charge(card, -1)\n"
CASES = "cases:\n  - input: {card: c, amount: 1}\n    steps: {charge: {returns: r}}\n"

COMMANDS = {
    "compile": ["compile", "flow.py", "--target", "asl,temporal,dbos", "-o", "out"],
    "ir": ["ir", "flow.py"],
    "schema": ["schema", "flow.py"],
    "verify": ["verify", "flow.py", "--cases", "cases.yaml", "--target", "asl"],
    "run": ["run", "flow.py", "--input", '{"card": "c", "amount": 1}'],
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with cases; what a test adds to it is all that may be there afterwards."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases.yaml").write_text(CASES)
    return tmp_path


def wfc(*arguments: str) -> Result:
    """A command; an exception that it does not handle fails the test."""
    return CliRunner().invoke(cli, list(arguments), catch_exceptions=False)


def refused(done: Result, exit_code: int, *words: str) -> None:
    """Nothing on stdout, every word in the message."""
    assert (done.exit_code, done.stdout) == (exit_code, ""), done.output
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


# --- The file ---------------------------------------------------------------------------------


def _missing(path: Path) -> None:
    pass


def _folder(path: Path) -> None:
    path.mkdir()


def _writes(content: str | bytes) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return lambda path: path.write_bytes(data)


FILES = {
    "missing": (_missing, 2, "WFC001"),
    "folder": (_folder, 2, "WFC002"),
    "not-utf8": (_writes(b"# caf\xe9\n" + GOOD.encode()), 1, "WFC004"),
    "empty": (_writes(""), 1, "WFC005"),
    "not-python": (_writes("workflow pay:\n  charge\n"), 1, "WFC006"),
    "null-bytes": (_writes(b"\0\0\0"), 1, "WFC006"),
    "no-workflow": (_writes("def pay() -> int:\n    return 1\n"), 1, "WFC011"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_holds_no_workflow(kind: str, command: str, folder: Path) -> None:
    make, exit_code, code = FILES[kind]
    make(folder / "flow.py")
    before = names(folder)
    refused(wfc(*COMMANDS[command]), exit_code, "flow.py", f"error[{code}]")
    assert names(folder) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unreadable_file(command: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so that the refusal of the system is played here."""
    (folder / "flow.py").write_text(GOOD)
    real = builtins.open

    def refuse(file: Any, *arguments: Any, **options: Any) -> Any:
        if str(file).endswith("flow.py"):
            raise PermissionError(13, "Permission denied", str(file))
        return real(file, *arguments, **options)

    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    refused(wfc(*COMMANDS[command]), 2, "flow.py: error[WFC003]", "Permission denied")


# --- The program ------------------------------------------------------------------------------

PROGRAMS = {
    "a-type-is-needed": (
        "@step\ndef load(card: str):\n    return card\n\n\n"
        "@workflow\ndef pay(card: str, amount: int) -> str:\n    return load(card).name\n",
        "WFC204",
        "annotate",
    ),
    "a-recursive-helper": (
        "def fold(n: int) -> int:\n    return 0 if n < 1 else n + fold(n - 1)\n\n\n"
        "@workflow\ndef pay(card: str, amount: int) -> int:\n    return fold(amount)\n",
        "WFC044",
        "fold",
    ),
    "a-recursive-workflow": (
        "@workflow\ndef pay(card: str, amount: int) -> int:\n    return pay(card, amount - 1)\n",
        "WFC043",
        "pay",
    ),
    "colliding-steps": (
        "@step\ndef take() -> None: ...\n\n\n@step\ndef Take_() -> None: ...\n\n\n"
        "@workflow\ndef pay(card: str, amount: int) -> None:\n    take()\n    Take_()\n",
        "WFC012",
        "'Take_'",
    ),
    "colliding-sites": (
        "@step\ndef charge() -> None: ...\n\n\n"
        "@workflow\ndef pay(card: str, amount: int) -> None:\n"
        "    charge()  # wfc: name take_it\n    charge()  # wfc: name Take__It\n",
        "WFC031",
        "'Take__It'",
    ),
    "not-compiled-yet": (
        "@workflow\ndef pay(card: str, amount: int) -> None:\n    assert amount > 0\n",
        "WFC020",
        "not supported yet",
    ),
    "nondeterminism": (
        "import random\n\n\n@workflow\ndef pay(card: str, amount: int) -> float:\n"
        "    return random.random()\n",
        "WFC1",
        "random",
    ),
}


@pytest.mark.parametrize("command", ["compile", "verify", "run"])
@pytest.mark.parametrize("kind", PROGRAMS)
def test_a_program_that_cannot_be_compiled(kind: str, command: str, folder: Path) -> None:
    source, code, word = PROGRAMS[kind]
    (folder / "flow.py").write_text(HEAD + source)
    (folder / "cases.yaml").write_text("cases:\n  - input: {card: c, amount: 1}\n")
    before = names(folder)
    refused(wfc(*COMMANDS[command]), 1, f"error[{code}", word)
    assert names(folder) == before


def test_names_that_collide_on_one_target_only(folder: Path) -> None:
    source = (
        "@step\ndef take_it() -> None: ...\n\n\n@step\ndef takeIt() -> None: ...\n\n\n"
        "@workflow\ndef pay(card: str, amount: int) -> None:\n    take_it()\n    takeIt()\n"
    )
    (folder / "flow.py").write_text(HEAD + source)
    refused(wfc(*COMMANDS["compile"]), 1, "error[WFC328]", "${TakeIt}", "rename one of them")
    assert names(folder) == {"flow.py", "cases.yaml"}
    assert wfc("compile", "flow.py", "--target", "temporal,dbos", "-o", "out").exit_code == 0


def test_everything_wrong_is_reported_in_one_run(folder: Path) -> None:
    source = (
        "@workflow\ndef pay(card: str, amount: int) -> None:\n    assert amount\n    lod(card)\n"
    )
    (folder / "flow.py").write_text(HEAD + source)
    done = wfc(*COMMANDS["compile"])
    refused(done, 1, "flow.py:8:5: error[WFC020]", "flow.py:9:5: error[", "2 problems")


# Step Functions takes whole seconds, and DBOS has no cap for the delays.
RETRIED = (
    '@step(retry=Retry(attempts=9, first_delay="500ms", max_delay="30s"))\n'
    "def load(card: str) -> None: ...\n\n\n"
)
FETCH = RETRIED + "@workflow\ndef fetch(card: str) -> None:\n    load(card)\n"


@pytest.mark.parametrize("kind", ["not-compiled-yet", "nondeterminism", "a-recursive-workflow"])
def test_what_targets_lack_is_reported_beside_what_is_wrong_elsewhere(
    kind: str, folder: Path
) -> None:
    source, code, _ = PROGRAMS[kind]
    (folder / "flow.py").write_text(HEAD + FETCH + "\n\n" + source)
    refused(wfc(*COMMANDS["compile"]), 1, f"error[{code}", "error[WFC321]", "error[WFC352]")


def test_targets_are_not_asked_about_what_could_not_be_read(folder: Path) -> None:
    broken = FETCH.replace("    load(card)\n", "    load(card)\n    assert card\n")
    caller = "\n\n@workflow\ndef both(card: str) -> None:\n    fetch(card)\n"
    (folder / "flow.py").write_text(HEAD + broken + caller)
    done = wfc(*COMMANDS["compile"])
    refused(done, 1, "error[WFC020]", "1 problem")


def test_a_target_that_lacks_a_construct_says_so_and_writes_nothing(folder: Path) -> None:
    """The other targets are not written either: a project's targets stay together."""
    source = RETRIED + "@workflow\ndef pay(card: str, amount: int) -> None:\n    load(card)\n"
    (folder / "flow.py").write_text(HEAD + source)
    done = wfc(*COMMANDS["compile"])
    refused(done, 1, "error[WFC321]", "whole seconds", "error[WFC352]", "backoff=1.0")
    refused(wfc(*COMMANDS["run"]), 1, "error[WFC352]")
    assert names(folder) == {"flow.py", "cases.yaml"}
    done = wfc("compile", "flow.py", "--target", "temporal", "-o", "out")
    assert done.exit_code == 0


# --- How problems look ------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["compile", "ir", "schema", "verify"])
def test_problems_for_other_programs(command: str, folder: Path) -> None:
    (folder / "flow.py").write_text(HEAD + PROGRAMS["not-compiled-yet"][0])
    done = wfc(*COMMANDS[command], "--message-format", "json")
    assert (done.exit_code, done.stdout) == (1, "")
    (found,) = json.loads(done.stderr)
    assert (found["code"], found["path"], found["line"]) == ("WFC020", "flow.py", 8)
    done = wfc(*COMMANDS[command], "--message-format", "concise")
    assert done.stderr.startswith("flow.py:8:5: error[WFC020]")
    assert "|" not in done.stderr, "no excerpt of the source"
    assert "--message-format [full|concise|json]" in wfc(command, "--help").stdout


@pytest.mark.parametrize("command", ["compile", "ir", "schema"])
def test_no_problem_is_an_empty_list_for_other_programs(command: str, folder: Path) -> None:
    (folder / "flow.py").write_text(GOOD)
    done = wfc(*COMMANDS[command], "--message-format", "json")
    assert (done.exit_code, json.loads(done.stderr)) == (0, [])


def test_what_cannot_be_written_is_in_the_same_list(folder: Path) -> None:
    (folder / "flow.py").write_text(GOOD)
    (folder / "out").write_text("mine\n")
    done = wfc(*COMMANDS["compile"], "--message-format", "json")
    assert done.exit_code == 2
    assert [found["code"] for found in json.loads(done.stderr)] == ["WFC621"]


# --- Options ----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "schema"])
def test_two_workflows_and_none_chosen(command: str, folder: Path) -> None:
    (folder / "flow.py").write_text(TWO)
    refused(wfc(*COMMANDS[command]), 2, "--workflow: pay, refund [WFC625]")
    assert names(folder) == {"flow.py", "cases.yaml"}


def test_two_workflows_and_a_case_that_names_none(folder: Path) -> None:
    (folder / "flow.py").write_text(TWO)
    refused(wfc(*COMMANDS["verify"]), 1, "error[WFC632]", "say which workflow: pay, refund")


@pytest.mark.parametrize("command", ["compile", "ir", "schema", "run"])
def test_an_unknown_workflow(command: str, folder: Path) -> None:
    (folder / "flow.py").write_text(TWO)
    done = wfc(*COMMANDS[command], "--workflow", "refnud")
    refused(done, 2, "no workflow 'refnud'", "Did you mean 'refund'? It has: pay, refund.")
    assert "[WFC624]" in done.stderr


@pytest.mark.parametrize("command", ["compile", "verify"])
def test_an_unknown_target(command: str, folder: Path) -> None:
    (folder / "flow.py").write_text(GOOD)
    arguments = [*COMMANDS[command], "--target", "temporla"]
    refused(wfc(*arguments), 2, "unknown target 'temporla'. Did you mean 'temporal'?", "[WFC623]")
    assert names(folder) == {"flow.py", "cases.yaml"}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.wfc\n", "not valid TOML"),
        ('[tool.wfc]\ntargets = "asl"\n', "tool.wfc.targets must be a list of target names"),
        ('[tool.wfc]\nasl = "x"\n', "tool.wfc.asl must be a table"),
        ("[tool]\nwfc = 1\n", "tool.wfc must be a table"),
        (b"# caf\xe9\n[tool.wfc]\n", "not valid TOML"),
        ('[tool.wfc]\ntarget = ["asl"]\n', "'tool.wfc.target'. Did you mean 'targets'?"),
        ('[tool.wfc]\ntargets = ["dbso"]\n', "unknown target 'dbso'. Did you mean 'dbos'?"),
        ("[tool.wfc.als]\n", "unknown setting 'tool.wfc.als'. Did you mean 'asl'?"),
        ("[tool.wfc.asl]\nx = 1\n", "'x'; there are functions, state_machines"),
        ("[tool.wfc.asl]\nfunctions = 1\n", "'functions' must be a table of texts"),
        ("[tool.wfc.asl.functions]\npay = 1\n", "'functions' must be a table of texts"),
        ('[tool.wfc.temporal]\ntask_que = "q"\n', "'task_que'. Did you mean 'task_queue'?"),
        ('[tool.wfc.dbos]\nnam = "q"\n', "tool.wfc.dbos: unknown setting 'nam'"),
        ("[tool.wfc.dbos]\nname = 'a\" + \"'\n", "must be a name: 3 to 256 of a-z, 0-9, - and _"),
        ("[tool.wfc.lint]\nselct = []\n", "'selct'. Did you mean 'select'?"),
    ],
)
def test_a_broken_pyproject(text: str | bytes, message: str, command: str, folder: Path) -> None:
    (folder / "flow.py").write_text(GOOD)
    data = text.encode() if isinstance(text, str) else text
    (folder / "pyproject.toml").write_bytes(data)
    if command in ("ir", "schema"):
        assert wfc(*COMMANDS[command]).exit_code == 0, "these need no settings"
        return
    refused(wfc(*COMMANDS[command]), 2, "pyproject.toml", message, "[WFC626]")


# --- The input of a run -----------------------------------------------------------------------

INPUTS = {
    "malformed": ('{"card": "c", "amount": 1', "WFC601", "<input>"),
    "no-object": ("[1]", "WFC604", "object"),
    "wrong-type": ('{"card": "c", "amount": "1"}', "WFC604", "amount"),
    "bool-for-int": ('{"card": "c", "amount": true}', "WFC604", "amount"),
    "unknown-field": ('{"card": "c", "amount": 1, "amuont": 1}', "WFC603", "'amount'"),
    "missing-field": ('{"card": "c"}', "WFC602", "amount"),
    "nan": ('{"card": "c", "amount": NaN}', "WFC605", "amount"),
    "infinity": ('{"card": "c", "amount": Infinity}', "WFC605", "amount"),
    "overflow": ('{"card": "c", "amount": 1e999}', "WFC605", "amount"),
    "twice": ('{"card": "c", "card": "d", "amount": 1}', "WFC607", "card"),
    "missing-file": ("@nowhere.json", "WFC600", "nowhere.json"),
}


@pytest.mark.parametrize("kind", INPUTS)
def test_an_input_that_does_not_fit(kind: str, folder: Path) -> None:
    (folder / "flow.py").write_text(GOOD)
    text, code, word = INPUTS[kind]
    exit_code = 2 if kind == "missing-file" else 1
    refused(wfc("run", "flow.py", "--input", text), exit_code, f"error[{code}]", word)
    assert names(folder) == {"flow.py", "cases.yaml"}


def test_integers_beyond_the_limit_of_step_functions(folder: Path) -> None:
    (folder / "flow.py").write_text(GOOD)
    (folder / "pyproject.toml").write_text('[tool.wfc]\ntargets = ["asl", "dbos"]\n')
    large = json.dumps({"card": "c", "amount": 2**53})
    refused(wfc("run", "flow.py", "--input", large), 1, "error[WFC606]", "amount", str(2**53 - 1))
    assert ".wfc" not in names(folder)


@pytest.mark.parametrize("missing", ["--input", "--cases"])
def test_a_missing_option_is_named(missing: str, folder: Path) -> None:
    (folder / "flow.py").write_text(GOOD)
    command = "run" if missing == "--input" else "verify"
    refused(wfc(command, "flow.py"), 2, "Missing option", missing)


# --- The output -------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["asl", "temporal", "dbos"])
def test_a_file_in_the_place_of_the_output_folder(target: str, folder: Path) -> None:
    (folder / "flow.py").write_text(GOOD)
    (folder / "out").write_text("mine\n")
    done = wfc("compile", "flow.py", "--target", target, "-o", "out")
    refused(done, 2, "error[WFC621] cannot be written: Not a directory")
    assert (folder / "out").read_text() == "mine\n"


@pytest.mark.parametrize(
    "arguments", [["-o", "out"], ["-o", "flow.asl.json"], ["--source-map", "map.json"]]
)
def test_a_read_only_folder(
    arguments: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write everywhere, so that the refusal of the system is played here."""

    def refuse(**_: Any) -> Any:
        raise PermissionError(13, "Permission denied", "somewhere")

    (folder / "flow.py").write_text(GOOD)
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    done = wfc("compile", "flow.py", "--target", "asl", *arguments)
    assert done.exit_code == 2
    assert "error[WFC621] cannot be written: Permission denied" in done.stderr
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {"flow.py", "cases.yaml"}


@pytest.mark.parametrize("output", ["closed/out", "closed/flow.asl.json"])
def test_a_folder_that_may_not_be_entered(
    output: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may enter every folder, so that the refusal of the system is played here."""
    (folder / "flow.py").write_text(GOOD)
    (folder / "closed").mkdir()
    for name in ("stat", "open", "mkdir"):
        monkeypatch.setattr(f"pathlib.Path.{name}", _closed(getattr(Path, name)))
    monkeypatch.setattr("os.stat", _closed(os.stat))
    done = wfc("compile", "flow.py", "--target", "asl", "-o", output)
    monkeypatch.undo()
    refused(done, 2, "error[WFC621] cannot be written: Permission denied")
    assert names(folder) == {"flow.py", "cases.yaml", "closed"}


def _closed(real: Any) -> Any:
    """The same function, refused for everything in the folder ``closed``."""

    def guarded(path: Any, *arguments: Any, **options: Any) -> Any:
        if "closed" in Path(str(path)).parts[:-1]:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *arguments, **options)

    return guarded


@pytest.mark.parametrize("command", ["ir", "compile"])
def test_one_file_below_a_file(command: str, folder: Path) -> None:
    (folder / "flow.py").write_text(GOOD)
    option = "-o" if command == "ir" else "--source-map"
    done = wfc(*COMMANDS[command], option, "cases.yaml/flow.json")
    refused(done, 2, "cases.yaml/flow.json: error[WFC621] cannot be written")
    assert (folder / "cases.yaml").read_text() == CASES


def test_foreign_files_are_neither_deleted_nor_replaced(folder: Path) -> None:
    (folder / "flow.py").write_text(GOOD)
    out = folder / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine\n")
    (out / "worker.py").write_text("mine too\n")
    arguments = ["compile", "flow.py", "--target", "temporal", "-o", "out"]
    refused(wfc(*arguments), 2, "out/worker.py: error[WFC620]", "--force")
    assert {path.name: path.read_text() for path in out.iterdir()} == {
        "notes.txt": "mine\n",
        "worker.py": "mine too\n",
    }
    assert wfc(*arguments, "--force").exit_code == 0
    assert (out / "notes.txt").read_text() == "mine\n"
    assert "async def main" in (out / "worker.py").read_text()


def test_a_source_is_never_its_own_output(folder: Path) -> None:
    (folder / "flow.py").write_text(GOOD)
    done = wfc("compile", "flow.py", "--target", "dbos", "-o", "flow.py")
    refused(done, 2, "flow.py: error[WFC620]")
    assert (folder / "flow.py").read_text() == GOOD


# --- Cases ------------------------------------------------------------------------------------

BAD_CASES = {
    "malformed": ("cases: [\n", "WFC631"),
    "empty": ("", "WFC632"),
    "wrong-form": ("cases:\n  - inputs: {}\n", "WFC632"),
    "unknown-step": ("cases:\n  - input: {card: c, amount: 1}\n    steps: {x: {}}\n", "WFC633"),
}


@pytest.mark.parametrize("kind", BAD_CASES)
def test_cases_that_cannot_be_used(kind: str, folder: Path) -> None:
    text, code = BAD_CASES[kind]
    (folder / "flow.py").write_text(GOOD)
    (folder / "cases.yaml").write_text(text)
    refused(wfc(*COMMANDS["verify"]), 1, "cases.yaml", f"error[{code}")

"""``wfc lint`` from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wfc.cli.lint import command

CLEAN = "from wfc import workflow\n\n@workflow\ndef flow() -> int:\n    return 1\n"
CLOCK = (
    "import time\n\nfrom wfc import workflow\n\n@workflow\ndef flow() -> float:\n"
    "    return time.time()\n"
)
SLEEP = (
    "import time\n\nfrom wfc import workflow\n\n@workflow\ndef flow() -> None:\n"
    "    time.sleep(3)  # three seconds\n"
)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.wfc]\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def dbos(source: str) -> str:
    """The same workflow for an engine whose code is not compiled."""
    imported = source.replace("from wfc import workflow", "from dbos import DBOS")
    return imported.replace("@workflow", "@DBOS.workflow()")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def test_a_clean_tree(project: Path) -> None:
    (project / "flow.py").write_text(CLEAN)

    result = run()

    assert (result.exit_code, result.stdout) == (0, "No problems found\n")


def test_a_problem_is_shown_with_its_line_and_ends_with_exit_code_1(project: Path) -> None:
    (project / "flow.py").write_text(CLOCK)

    result = run(".")

    assert result.exit_code == 1
    assert result.stdout == (
        "flow.py:7:12: error[WFC101] `time.time()` reads the clock in workflow `flow`\n"
        "  |\n"
        "7 |     return time.time()\n"
        "  |            ^^^^^^^^^^^\n"
        "  = instead: read the clock in a @step and use its result\n"
        "  = fix: Move it into a @step, current_time() (wfc lint --unsafe-fixes)\n"
        "\n"
        "Found 1 problem (1 error)\n"
    )


def test_notes_alone_do_not_fail(project: Path) -> None:
    (project / "flow.py").write_text(dbos(CLEAN.replace("return 1", "print(1)")))

    result = run("--format", "concise")

    assert result.exit_code == 0
    assert "info[WFC117]" in result.stdout


def test_exit_zero(project: Path) -> None:
    (project / "flow.py").write_text(CLOCK)

    assert run("--exit-zero").exit_code == 0


def test_machine_formats_hold_a_document_even_when_nothing_was_found(project: Path) -> None:
    (project / "flow.py").write_text(CLEAN)

    assert json.loads(run("--format", "json").stdout) == []
    assert json.loads(run("--format", "gitlab").stdout) == []
    assert json.loads(run("--format", "sarif").stdout)["runs"][0]["results"] == []
    assert run("--format", "junit").stdout.startswith("<?xml")
    assert run("--format", "github").stdout == ""


def test_rules_are_listed() -> None:
    result = run("--list")

    assert result.exit_code == 0
    assert result.stdout.startswith("WFC101  clock ")


def test_settings_of_the_project_hold_and_options_add_to_them(project: Path) -> None:
    (project / "flow.py").write_text(dbos(CLOCK))
    settings = '[tool.wfc.lint]\nignore = ["clock"]\n'
    (project / "pyproject.toml").write_text(settings)

    assert run().exit_code == 0
    assert run("--select", "WFC101", "--ignore", "uuid").exit_code == 0


def test_excluded_files_are_not_read(project: Path) -> None:
    (project / "old").mkdir()
    (project / "old" / "flow.py").write_text(CLOCK)
    (project / "pyproject.toml").write_text('[tool.wfc.lint]\nexclude = ["old"]\n')

    assert run().exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.py"], "'missing.py' does not exist"),
        (["--select", "clokc"], "no rule 'clokc'. Did you mean 'clock'?"),
        (["--ignore", "WFC999"], "no rule 'WFC999'. `wfc lint"),
        (["--format", "xml"], "'xml' is not one of"),
        (["--baseline", "missing.json"], "'missing.json' does not exist"),
    ],
)
def test_wrong_use_ends_with_exit_code_2(arguments: list[str], message: str) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("WFC1O1", "Did you mean 'WFC101'?"),
        ("wfc10l", "Did you mean 'WFC101'?"),
        ("WFC-101", "Did you mean 'WFC101'?"),
        ("clok", "Did you mean 'clock'?"),
        ("WFC99", ""),
        ("WFC1011", ""),
    ],
)
def test_a_mistyped_code_leads_to_the_one_that_is_meant(code: str, hint: str) -> None:
    message = run("--select", code).stderr

    assert f"no rule '{code}'" in message
    assert hint in message
    assert ("Did you mean" in message) == bool(hint)


def test_wrong_settings_are_wrong_use(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.wfc.lint]\nignor = []\n")

    result = run()

    assert result.exit_code == 2
    assert "pyproject.toml: unknown setting 'ignor'. Did you mean 'ignore'?" in result.stderr


def test_safe_fixes_change_the_code_and_nothing_else(project: Path) -> None:
    (project / "flow.py").write_text(SLEEP)

    result = run("--fix")

    assert result.exit_code == 0
    assert result.stderr == "Fixed 1 problem\n"
    assert (project / "flow.py").read_text() == (
        "from wfc import sleep, workflow\n\n@workflow\ndef flow() -> None:\n"
        "    sleep(3)  # three seconds\n"
    )


def test_unsafe_fixes_are_applied_on_demand_only(project: Path) -> None:
    source = dbos(CLEAN.replace("return 1", "return [x for x in {'a', 'b'}]"))
    (project / "flow.py").write_text(source)

    assert run("--fix").exit_code == 1
    assert (project / "flow.py").read_text() == source
    assert run("--unsafe-fixes").exit_code == 0
    assert "for x in sorted({'a', 'b'})" in (project / "flow.py").read_text()


def test_diff_shows_fixes_and_changes_nothing(project: Path) -> None:
    (project / "flow.py").write_text(SLEEP)

    result = run("--diff")

    assert result.exit_code == 1
    assert "-    time.sleep(3)  # three seconds\n+    sleep(3)  # three seconds\n" in result.stdout
    assert (project / "flow.py").read_text() == SLEEP


def test_fixes_keep_the_encoding_and_the_line_ends(project: Path) -> None:
    source = "# -*- coding: latin-1 -*-\nname = 'Zürich'\n" + SLEEP
    (project / "flow.py").write_bytes(source.replace("\n", "\r\n").encode("latin-1"))

    run("--fix")

    written = (project / "flow.py").read_bytes()
    assert b"name = 'Z\xfcrich'\r\n" in written
    assert b"    sleep(3)  # three seconds\r\n" in written
    assert written.count(b"\n") == written.count(b"\r\n")


def test_an_interrupted_fix_leaves_every_file_whole(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.py", "b.py"):
        (project / name).write_text(SLEEP)

    def interrupted(source: str, target: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    CliRunner().invoke(command, ["--fix", "--no-cache"])

    assert {path.name for path in project.iterdir()} == {"a.py", "b.py", "pyproject.toml"}
    assert {(project / name).read_text() for name in ("a.py", "b.py")} == {SLEEP}


def test_a_baseline_hides_what_was_there_and_shows_what_is_new(project: Path) -> None:
    (project / "flow.py").write_text(CLOCK)

    assert run("--write-baseline", "known.json").exit_code == 0
    assert run("--baseline", "known.json").exit_code == 0
    (project / "flow.py").write_text("# a line above\n" + CLOCK)
    assert run("--baseline", "known.json").exit_code == 0
    (project / "flow.py").write_text(CLOCK.replace("time.time()", "time.time() + time.monotonic()"))
    result = run("--baseline", "known.json")
    assert result.exit_code == 1


@pytest.mark.parametrize("content", [CLOCK.encode(), b"{}", b"[]", b"\xff", b"1"])
def test_only_a_baseline_is_replaced_by_a_new_one(project: Path, content: bytes) -> None:
    (project / "flow.py").write_text(CLOCK)
    (project / "known").write_bytes(content)

    result = run("flow.py", "--write-baseline", "known")

    assert result.exit_code == 2
    assert "known: it is there already, and is no baseline that wfc wrote" in result.stderr
    assert (project / "known").read_bytes() == content


def test_a_baseline_is_replaced_by_a_new_one(project: Path) -> None:
    (project / "flow.py").write_text(CLEAN)
    (project / "known").touch()
    assert run("--write-baseline", "known").exit_code == 0
    (project / "flow.py").write_text(CLOCK)

    assert run("--write-baseline", "known").exit_code == 0
    assert run("--baseline", "known").exit_code == 0


def test_a_second_finding_of_the_same_text_is_new(project: Path) -> None:
    (project / "flow.py").write_text(CLOCK)
    run("--write-baseline", "known.json")
    second = "\n\n@workflow\ndef again() -> float:\n    return time.time()\n"
    (project / "flow.py").write_text(CLOCK + second)

    result = run("--baseline", "known.json", "--format", "json")

    assert len(json.loads(result.stdout)) == 1


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2}', '{"version": 1, "findings": [1]}'])
def test_what_is_no_baseline_is_refused(project: Path, text: str) -> None:
    (project / "known.json").write_text(text)
    (project / "flow.py").write_text(CLEAN)

    result = run("--baseline", "known.json")

    assert result.exit_code == 2
    assert "known.json: it " in result.stderr


def test_the_code_is_never_imported(project: Path) -> None:
    marker = project / "imported"
    (project / "flow.py").write_text(f"open({str(marker)!r}, 'w').close()\n{CLOCK}")

    run()

    assert not marker.exists()


def test_the_command_imports_no_engine(project: Path) -> None:
    (project / "flow.py").write_text(CLOCK)
    program = (
        "import sys\nfrom wfc.cli.lint import command\n"
        "try:\n    command(['.', '--no-cache'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'temporalio', 'dbos', 'libcst', 'lark', 'jsonschema', 'boto3', 'sfnx'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert result.stdout.splitlines()[-1] == "[]"


# --- What the compiler refuses -------------------------------------------------------------------

ORDERED = (
    "from wfc import transaction, workflow\n\n@workflow\ndef flow(x: dict[str, int]) -> str:\n"
    '    last = ""\n    for key in x:\n        last = key\n    return last\n'
)
NOWHERE = (
    ORDERED.replace("x:", "__x:").replace("return last", "return save(last)")
    + '\n@transaction(timeout="3s")\ndef save(key: str) -> str:\n    return key\n'
)


def target(project: Path, *names: str, more: str = "") -> None:
    (project / "pyproject.toml").write_text(f"[tool.wfc]\ntargets = {list(names)}\n{more}")


def found(*arguments: str) -> list[str]:
    return [entry["code"] for entry in json.loads(run("--format", "json", *arguments).stdout)]


def test_what_does_not_compile_is_reported(project: Path) -> None:
    (project / "flow.py").write_text(CLEAN.replace("return 1", "return (lambda: 1)()"))

    (code,) = found()

    assert code.startswith("WFC0")
    assert run().exit_code == 1


def test_a_refusal_that_repeats_a_rule_is_left_out(project: Path) -> None:
    (project / "flow.py").write_text(CLOCK)

    assert found() == ["WFC101"]


def test_a_note_that_repeats_a_refusal_is_left_out(project: Path) -> None:
    (project / "flow.py").write_text(CLEAN.replace("return 1", "print(1)\n    return 1"))

    assert found() == ["WFC041"]


def test_what_the_targets_of_the_project_refuse_is_reported(project: Path) -> None:
    (project / "flow.py").write_text(ORDERED)

    target(project, "dbos", "temporal")
    assert found() == []
    target(project, "asl", "dbos")
    assert found() == ["WFC317"]


def test_targets_check_the_workflows_that_can_be_read(project: Path) -> None:
    other = "\n@workflow\ndef other() -> int:\n    return (lambda: 1)()\n"
    (project / "flow.py").write_text(ORDERED + other)
    target(project, "asl")

    assert [code[:4] for code in found()] == ["WFC3", "WFC0"]


def test_without_targets_what_every_target_refuses_is_reported(project: Path) -> None:
    (project / "flow.py").write_text(ORDERED)
    (project / "nowhere.py").write_text(NOWHERE)

    codes = found("--no-cache")

    assert {code[:5] for code in codes} == {"WFC31", "WFC34", "WFC35"}
    assert "flow.py" not in run().stdout


def test_refusals_obey_select_and_ignore(project: Path) -> None:
    (project / "flow.py").write_text(ORDERED)
    target(project, "asl")

    assert found("--select", "WFC3") == ["WFC317"]
    assert found("--select", "WFC1") == []
    assert found("--ignore", "asl-dict-order") == []
    target(project, "asl", more='[tool.wfc.lint.per-path-ignores]\n"flow.py" = ["WFC317"]\n')
    assert found() == []


def test_a_refusal_cannot_be_suppressed(project: Path) -> None:
    (project / "flow.py").write_text(
        ORDERED.replace("for key in x:", "for key in x:  # wfc: ignore[WFC317] any will do")
    )
    target(project, "asl")

    result = run("--format", "concise")

    assert "WFC317" in result.stdout
    assert "WFC191" in result.stdout
    assert "`WFC317` is no rule; no comment can allow what the compiler refuses" in result.stdout


def test_an_unknown_target_is_wrong_use(project: Path) -> None:
    (project / "flow.py").write_text(ORDERED)
    target(project, "aws")

    result = run()

    assert result.exit_code == 2
    assert "unknown target 'aws'" in result.stderr


def test_the_compiler_is_imported_for_workflows_of_wfc_only(project: Path) -> None:
    (project / "flow.py").write_text(dbos(CLOCK))
    program = (
        "import sys\nfrom wfc.cli.lint import command\n"
        "try:\n    command(['.', '--no-cache'])\nexcept SystemExit:\n    pass\n"
        "print('wfc.compiler.pipeline' in sys.modules, 'wfc.backends.asl' in sys.modules)"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert result.stdout.splitlines()[-1] == "False False"


def test_settings_and_the_baseline_mean_paths_of_the_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("old", "src", "src/made"):
        (project / folder).mkdir()
        (project / folder / "flow.py").write_text(CLOCK)
    (project / "src" / "other.py").write_text(CLOCK)
    (project / "pyproject.toml").write_text(
        '[tool.wfc.lint]\nbaseline = "known.json"\nexclude = ["src/made"]\n'
        'per-path-ignores = {"src/other.py" = ["clock"]}\n'
    )

    assert run("--write-baseline", "known.json").exit_code == 0
    assert run().stdout == "No problems found\n"
    monkeypatch.chdir(project / "src")
    assert run().stdout == "No problems found\n"
    (project / "src" / "other.py").write_text(SLEEP)
    assert "other.py:7:5: error[WFC109]" in run("--format", "concise").stdout


def test_a_missing_baseline_is_named(project: Path) -> None:
    (project / "flow.py").write_text(CLOCK)
    (project / "pyproject.toml").write_text('[tool.wfc.lint]\nbaseline = "gone.json"\n')

    result = run()

    assert result.exit_code == 2
    assert f"{project / 'gone.json'}: the baseline cannot be read: No such file" in result.stderr


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('select = ["clokc"]', "'select': no rule 'clokc'. Did you mean 'clock'?"),
        ('extend-ignore = ["WFC999"]', "'extend-ignore': no rule 'WFC999'"),
        ('per-path-ignores = {"a/*" = ["uid"]}', "'a/*': no rule 'uid'. Did you mean 'uuid'?"),
        ('per-path-ignores = {"a/*" = "uuid"}', "per-path-ignores: 'a/*' must be a list of texts"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(project: Path, setting: str, message: str) -> None:
    (project / "pyproject.toml").write_text(f"[tool.wfc.lint]\n{setting}\n")

    result = run()

    assert result.exit_code == 2
    assert f"[tool.wfc.lint] in {project / 'pyproject.toml'}: {message}" in result.stderr


def test_rules_are_listed_as_json() -> None:
    rules = {rule["code"]: rule for rule in json.loads(run("--list", "--format", "json").stdout)}

    assert rules["WFC101"]["name"] == "clock"
    assert rules["WFC101"]["default"] is True
    assert rules["WFC121"]["default"] is False


def test_what_cannot_be_read_is_ignored_by_its_code_only(project: Path) -> None:
    (project / "plain.py").write_text("def f(:\n")
    (project / "flow.py").write_text("from wfc import workflow\ndef f(:\n")

    assert run("--select", "uuid", "--format", "concise").stdout.count("WFC006") == 2
    assert run("--ignore", "syntax-error").stdout == "No problems found\n"
    (project / "pyproject.toml").write_text(
        '[tool.wfc.lint]\nper-path-ignores = {"plain.py" = ["WFC006"]}\n'
    )
    assert "plain.py" not in run("--format", "concise").stdout

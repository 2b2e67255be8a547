"""``wfc compile`` as a user meets it: where output goes, what leads back to the source, and how
the project sets it up."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from wfc.backends import registry
from wfc.backends.emission import BrokenEmission
from wfc.cli.group import COMMANDS, cli

SAMPLES = Path(__file__).parents[2] / "samples"

SHOP = '''"""A shop."""

from wfc import Retry, sleep, step, workflow


class Busy(Exception):
    pass


@step(retry=Retry(Busy, attempts=2))
def charge(card: str, amount: int) -> str:
    """Charge a card."""
    return f"{card}-{amount}"


@step
def ship(receipt: str) -> None:
    print(receipt)


@workflow
def pay(card: str, amount: int) -> str:
    """Charge a card, later once more."""
    first = charge(card, amount)
    sleep("1 day")
    charge(card, 0)
    return first


@workflow
def order(card: str) -> str:
    receipt = pay(card, 5)
    ship(receipt)
    return receipt


@workflow
def look(card: str) -> str:
    return card.upper()
'''
PLACES = {
    "charge": "first = charge(card, amount)",
    "sleep": 'sleep("1 day")',
    "charge_2": "charge(card, 0)",
    "pay": "receipt = pay(card, 5)",
    "ship": "ship(receipt)",
}
"""Sites, and the text of their lines."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.py").write_text(SHOP)
    return tmp_path


def wfc(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), catch_exceptions=False, env=environment)


def compiled(*arguments: str) -> Result:
    done = wfc("compile", "shop.py", *arguments)
    assert done.exit_code == 0, done.stderr
    return done


def below(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(folder)) for path in files)


# --- Where output goes ------------------------------------------------------------------------


def test_one_file_goes_to_stdout_and_nothing_else(folder: Path) -> None:
    done = compiled("--target", "asl", "--workflow", "pay")
    assert json.loads(done.stdout)["Comment"] == "Charge a card, later once more."
    assert (done.stderr, below(folder)) == ("", ["shop.py"])
    done = compiled("--target", "dbos")
    assert ast.get_docstring(ast.parse(done.stdout)) == "A shop."
    assert (done.stderr, below(folder)) == ("", ["shop.py"])


@pytest.mark.parametrize(
    ("target", "files", "or_else"),
    [
        (
            "asl",
            "pay.asl.json, order.asl.json, look.asl.json",
            ", or choose one workflow with --workflow",
        ),
        ("asl,dbos", "pay.asl.json, order.asl.json, look.asl.json, shop_dbos.py", ""),
    ],
)
def test_several_files_need_a_folder(target: str, files: str, or_else: str, folder: Path) -> None:
    done = wfc("compile", "shop.py", "--target", target)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"({files}); give a folder with -o{or_else} [WFC622]" in done.stderr
    assert below(folder) == ["shop.py"]


def test_a_folder_for_one_target(folder: Path) -> None:
    done = compiled("--target", "asl", "-o", "out")
    names = ["look.asl.json", "order.asl.json", "pay.asl.json", "shop_handlers.py"]
    assert below(folder / "out") == [".wfc-manifest.json", *names]
    assert done.stdout == ""
    assert sorted(done.stderr.splitlines()) == [f"wrote out/{name}" for name in names]


def test_a_folder_for_each_of_several_targets(folder: Path) -> None:
    compiled("--target", "asl", "--target", "temporal, dbos", "-o", "out")
    assert below(folder / "out") == [
        ".wfc-manifest.json",
        "asl/look.asl.json",
        "asl/order.asl.json",
        "asl/pay.asl.json",
        "asl/shop_handlers.py",
        "dbos/shop_dbos.py",
        "temporal/activities.py",
        "temporal/client.py",
        "temporal/requirements.txt",
        "temporal/shared.py",
        "temporal/worker.py",
        "temporal/workflows.py",
    ]


@pytest.mark.parametrize(
    ("target", "output"), [("asl", "deploy/machine.json"), ("dbos", "src/payments.py")]
)
def test_a_name_for_the_main_file(target: str, output: str, folder: Path) -> None:
    compiled("--target", target, "--workflow", "pay", "-o", output)
    alone = compiled("--target", target, "--workflow", "pay").stdout
    assert (folder / output).read_text() == alone


def test_a_name_for_the_main_file_of_several(folder: Path) -> None:
    done = wfc("compile", "shop.py", "--target", "asl", "-o", "machine.json")
    assert (done.exit_code, below(folder)) == (2, ["shop.py"])
    assert "[WFC622]" in done.stderr


def test_a_workflow_comes_with_its_children_into_a_folder(folder: Path) -> None:
    compiled("--target", "asl", "--workflow", "order", "-o", "out")
    assert [name for name in below(folder / "out") if name.endswith(".asl.json")] == [
        "order.asl.json",
        "pay.asl.json",
    ]
    compiled("--target", "dbos", "--workflow", "look", "-o", "alone")
    assert "charge" not in (folder / "alone" / "shop_dbos.py").read_text()


def test_what_wfc_wrote_is_replaced_what_was_edited_is_kept(folder: Path) -> None:
    arguments = ["compile", "shop.py", "--target", "dbos", "-o", "out"]
    written = folder / "out" / "shop_dbos.py"
    assert wfc(*arguments).exit_code == 0
    (folder / "shop.py").write_text(SHOP.replace('"1 day"', '"2 days"'))
    assert wfc(*arguments).exit_code == 0
    newer = written.read_text()
    written.write_text(newer + "# edited\n")
    done = wfc(*arguments)
    assert done.exit_code == 2
    assert "out/shop_dbos.py: error[WFC620]" in done.stderr
    assert written.read_text() == newer + "# edited\n"
    assert wfc(*arguments, "--force").exit_code == 0
    assert written.read_text() == newer


@pytest.mark.parametrize("name", ["shop.py", "notes.json"])
def test_a_source_map_replaces_nobodys_file(name: str, folder: Path) -> None:
    (folder / "notes.json").write_text("mine\n")
    before = (folder / name).read_text()
    arguments = ["compile", "shop.py", "-t", "dbos", "-o", "out", "--source-map", name]
    done = wfc(*arguments)
    assert (done.exit_code, (folder / name).read_text()) == (2, before)
    assert f"{name}: error[WFC620]" in done.stderr
    assert not (folder / "out").exists(), "nothing else is written either"
    assert wfc("compile", "shop.py", "-t", "dbos", "--source-map", name).stdout == ""


def test_a_source_map_of_its_own_is_replaced(folder: Path) -> None:
    compiled("-t", "dbos", "-o", "out", "--source-map", "map.json")
    (folder / "shop.py").write_text("# Moved a line down.\n" + SHOP)
    before = (folder / "map.json").read_text()
    compiled("-t", "dbos", "-o", "out", "--source-map", "map.json")
    assert (folder / "map.json").read_text() != before


def test_a_source_map_is_no_artefact(folder: Path) -> None:
    target = ["-t", "dbos", "-o", "out"]
    done = wfc("compile", "shop.py", *target, "--source-map", "out/shop_dbos.py")
    assert (done.exit_code, below(folder)) == (2, ["shop.py"])
    done = wfc("compile", "shop.py", *target, "--source-map", "-")
    assert (done.exit_code, below(folder)) == (2, ["shop.py"])


def test_a_dash_is_stdout(folder: Path) -> None:
    assert compiled("-t", "dbos", "-o", "-").stdout == compiled("-t", "dbos").stdout
    assert below(folder) == ["shop.py"]


# --- What leads back to the source ------------------------------------------------------------


def test_the_source_map_leads_to_every_operation(folder: Path) -> None:
    compiled("--target", "asl,temporal,dbos", "-o", "out", "--source-map", "out/map.json")
    document = json.loads((folder / "out" / "map.json").read_text())
    assert document["version"] == 1
    lines = SHOP.splitlines()
    by_target: dict[str, dict[str, str]] = {"asl": {}, "temporal": {}, "dbos": {}}
    for origin in document["origins"]:
        assert origin["path"] == "shop.py"
        assert origin["artefact"].startswith(origin["target"] + "/")
        assert (folder / "out" / origin["artefact"]).is_file()
        text = lines[origin["line"] - 1]
        assert text[origin["column"] - 1].strip(), "a column points at code"
        by_target[origin["target"]][origin["name"]] = text.strip()
    for site, text in PLACES.items():
        state = site.replace("_", " ").capitalize()
        assert by_target["asl"][state] == text
        assert by_target["temporal"][site] == text
    # DBOS gives sleeps and child workflows names of its own.
    steps = {"charge", "charge_2", "ship"}
    assert by_target["dbos"] == {site: PLACES[site] for site in steps}


def test_the_source_map_tells_equal_names_of_two_workflows_apart(folder: Path) -> None:
    again = "\n\n@workflow\ndef again(card: str) -> str:\n    return charge(card, 1)\n"
    (folder / "shop.py").write_text(SHOP + again)
    compiled("-t", "asl,temporal,dbos", "-o", "out", "--source-map", "map.json")
    origins = json.loads((folder / "map.json").read_text())["origins"]
    lines = {(one["target"], one["workflow"], one["name"]): one["line"] for one in origins}
    assert len(lines) == len(origins)
    for target, name in (("asl", "Charge"), ("temporal", "charge"), ("dbos", "charge")):
        assert lines[target, "again", name] == len((SHOP + again).splitlines())


def test_the_source_map_has_the_name_that_was_given_to_the_file(folder: Path) -> None:
    compiled("-t", "asl", "-w", "look", "-o", "machine.json", "--source-map", "map.json")
    origins = json.loads((folder / "map.json").read_text())["origins"]
    assert {origin["artefact"] for origin in origins} == {"machine.json"}


def test_every_state_is_in_the_source_map(folder: Path) -> None:
    for name in ("fulfilment", "polling", "payout", "reconciliation"):
        source = str(SAMPLES / f"{name}.py")
        done = wfc("compile", source, "-t", "asl", "-o", name, "--source-map", f"{name}.json")
        assert done.exit_code == 0, done.stderr
        found: dict[str, set[str]] = {}
        for origin in json.loads((folder / f"{name}.json").read_text())["origins"]:
            found.setdefault(origin["artefact"], set()).add(origin["name"])
        for path in (folder / name).glob("*.asl.json"):
            assert found[path.name] == set(json.loads(path.read_text())["States"])


def test_source_locations_stand_in_the_comments_of_states() -> None:
    arguments = ["--target", "asl", "--workflow", "pay"]
    plain = json.loads(compiled(*arguments).stdout)
    located = json.loads(compiled(*arguments, "--source-locations").stdout)
    lines = SHOP.splitlines()
    for name, state in located["States"].items():
        comment = state.pop("Comment")
        place = comment.rpartition("source: ")[2]
        assert comment.startswith(plain["States"][name].pop("Comment", ""))
        path, _, line = place.rpartition(":")
        assert path == "shop.py"
        site = "_".join(name.lower().split())
        assert lines[int(line) - 1].strip() == PLACES.get(site, "return first")
    assert located == plain


@pytest.mark.parametrize("target", ["temporal", "dbos"])
def test_source_locations_leave_python_what_it_is(target: str, folder: Path) -> None:
    """Only texts that people read differ."""
    compiled("--target", target, "-o", "plain")
    compiled("--target", target, "-o", "located", "--source-locations")
    assert below(folder / "plain") == below(folder / "located")
    for path in (folder / "plain").glob("*.py"):
        located = (folder / "located" / path.name).read_text()
        assert shape(located) == shape(path.read_text())


def shape(source: str) -> str:
    """The syntax tree without the texts in it."""

    class Blank(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> Any:
            return ast.Constant("") if isinstance(node.value, str) else node

        def visit_JoinedStr(self, node: ast.JoinedStr) -> Any:
            return ast.Constant("")

    return ast.dump(Blank().visit(ast.parse(source)))


def test_check_validates_against_the_schema_of_asl() -> None:
    assert compiled("--target", "asl", "--workflow", "pay", "--check").stdout


def test_check_would_notice_a_wrong_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a schema rejects after the reference checker let it pass is a defect of wfc."""
    from wfc.backends.asl.checker import schema

    problem = schema.validate({"StartAt": 1, "States": {}})[0]
    monkeypatch.setattr(schema, "validate", lambda definition: [problem])
    with pytest.raises(BrokenEmission, match="does not match the schema of ASL"):
        compiled("--target", "asl", "--workflow", "pay", "--check")


def test_output_is_the_same_in_every_process(folder: Path) -> None:
    """Byte for byte, whatever the order of sets and dicts in that process."""
    outputs: list[dict[str, bytes]] = []
    for seed in ("1", "2"):
        out = folder / f"out{seed}"
        for name in ("payout", "fulfilment"):
            command = ["compile", str(SAMPLES / f"{name}.py"), "--target", "asl,temporal,dbos"]
            places = ["-o", str(out / name), "--source-map", str(out / f"{name}.json")]
            subprocess.run(
                [sys.executable, "-m", "wfc", *command, *places],
                env={**os.environ, "PYTHONHASHSEED": seed},
                check=True,
                capture_output=True,
            )
        outputs.append({name: (out / name).read_bytes() for name in below(out)})
    assert outputs[0] == outputs[1]


# --- Settings ---------------------------------------------------------------------------------


def test_the_targets_of_the_project_are_the_default(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.wfc]\ntargets = ["dbos", "temporal"]\n')
    compiled("-o", "out")
    assert {path.name for path in (folder / "out").iterdir() if path.is_dir()} == {
        "dbos",
        "temporal",
    }
    compiled("-o", "machines", "--target", "asl")
    assert (folder / "machines" / "pay.asl.json").is_file()


def test_without_any_target_the_installed_ones_are_named() -> None:
    done = wfc("compile", "shop.py")
    assert done.exit_code == 2
    assert "give a target with --target: asl, dbos, temporal [WFC623]" in done.stderr


def test_a_misspelt_target_of_the_project(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.wfc]\ntargets = ["dbso"]\n')
    done = wfc("compile", "shop.py")
    assert done.exit_code == 2
    assert "unknown target 'dbso'. Did you mean 'dbos'?" in done.stderr


def test_arns_come_from_the_settings_of_asl(folder: Path) -> None:
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:charge"
    (folder / "pyproject.toml").write_text(f'[tool.wfc.asl.functions]\ncharge = "{arn}"\n')
    states = json.loads(compiled("-t", "asl", "-w", "pay").stdout)["States"]
    functions = [
        state["Arguments"]["FunctionName"] for state in states.values() if state["Type"] == "Task"
    ]
    assert functions == [arn, arn]
    (folder / "pyproject.toml").unlink()
    states = json.loads(compiled("-t", "asl", "-w", "pay").stdout)["States"]
    assert states["Charge"]["Arguments"]["FunctionName"] == "${Charge}"


# --- The command line itself ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "colored"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
    ids=["piped", "forced", "none"],
)
def test_colours(environment: dict[str, str], colored: bool, folder: Path) -> None:
    (folder / "shop.py").write_text(SHOP.replace("card.upper()", "crad.upper()"))
    unset = {name: value for name, value in os.environ.items() if not name.endswith("_COLOR")}
    done = subprocess.run(
        [sys.executable, "-m", "wfc", "compile", "shop.py", "--target", "asl"],
        env=unset | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert ("\x1b[" in done.stderr) is colored


def test_help_lists_every_command_with_its_purpose() -> None:
    done = wfc("--help")
    assert done.exit_code == 0
    for name, (_, purpose) in COMMANDS.items():
        assert f"  {name} " in done.stdout
        assert purpose.split(",")[0] in " ".join(done.stdout.split())
    assert "Examples:" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_examples_that_use_its_options(command: str) -> None:
    done = wfc(command, "--help")
    assert done.exit_code == 0
    _, _, rest = done.stdout.partition("Examples:\n")
    examples = rest.partition("\n\n")[0]
    assert f"wfc {command}" in examples
    for word in examples.split():
        if word.startswith("--") and "wfc" not in word:
            assert word in done.stdout.replace(examples, ""), word


@pytest.mark.parametrize("command", ["list", "show", "resume", "cancel"])
def test_every_command_for_runs_has_an_example_and_a_whole_summary(command: str) -> None:
    assert f"\n  wfc runs {command} " in wfc("runs", command, "--help").stdout.replace("    ", "  ")
    listed = wfc("runs", "--help").stdout
    assert f"\n  {command} " in listed
    assert "..." not in listed.replace("[ARGS]...", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_for_each_shell(shell: str) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("wfc")],
        env={**os.environ, "_WFC_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
        check=False,
    )
    if shell == "bash" and "Bash version" in done.stderr:
        pytest.fail(done.stderr)
    assert done.returncode == 0
    assert "_WFC_COMPLETE" in done.stdout


def test_a_misspelt_command() -> None:
    done = wfc("compil", "shop.py")
    assert done.exit_code == 2
    assert "No such command 'compil'. Did you mean 'compile'?" in done.stderr


def test_a_full_disk_is_no_defect_of_wfc() -> None:
    """Linux plays one: https://man7.org/linux/man-pages/man4/full.4.html"""
    with open("/dev/full", "w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "wfc", "explain", "WFC101"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "wfc: cannot write: No space left on device\n"


def test_the_version_is_the_one_of_the_distribution() -> None:
    from importlib.metadata import version

    assert wfc("--version").stdout == f"wfc, version {version('wfc-compiler')}\n"


def test_targets_are_the_installed_backends() -> None:
    assert set(registry.names()) >= {"asl", "temporal", "dbos"}

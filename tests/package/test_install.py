"""A plain install, without any extra, compiles; nothing heavy is imported on the way."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("dbos", "temporalio", "boto3", "botocore", "jsonschema", "sfnx", "sqlalchemy", "yaml")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder), "."]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    (built,) = folder.glob("wfc_compiler-*.whl")
    return built


def test_the_wheel_holds_the_wfc_package_and_nothing_beside_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"wfc"}
    for needed in ("wfc/compiler/pipeline.py", "wfc/grammar/ir.lark", "wfc/py.typed"):
        assert needed in names


def test_a_plain_install_compiles(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    pip = [str(environment / "bin/pip"), "install", "--quiet", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    source = tmp_path / "payout.py"
    shutil.copy(ROOT / "samples/payout.py", source)
    for target in ("asl", "temporal", "dbos"):
        command = [str(environment / "bin/wfc"), "compile", str(source), "-t", target, "-o", "out"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        shutil.rmtree(tmp_path / "out")


@pytest.mark.parametrize("target", ["asl", "temporal", "dbos"])
def test_compile_imports_no_engine(target: str, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from wfc.cli.group import cli\n"
        f"cli(['compile', {str(ROOT / 'samples/payout.py')!r}, '-t', {target!r}, "
        f"'-o', {str(tmp_path)!r}], standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_compile_to_stdout_imports_nothing_that_only_files_and_misspellings_need() -> None:
    command = ["compile", str(ROOT / "samples" / "payout.py"), "--target", "asl"]
    code = (
        "import sys\n"
        "from wfc.cli.group import cli\n"
        f"cli({command!r}, standalone_mode=False)\n"
        "print([n for n in ('difflib', 'hashlib', 'tempfile') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_command_group_imports_no_parser_and_no_templates() -> None:
    code = (
        "import sys\n"
        "from wfc.cli.group import cli\n"
        "print([n for n in ('lark', 'jinja2') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

"""Source -> Temporal package, compared with the files under tests/data/temporal. What the samples
compile to is compared in tests/samples."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wfc.backends.base import Emission, Options
from wfc.backends.temporal import backend
from wfc.compiler.pipeline import read_file

DATA = Path(__file__).parents[1] / "data" / "temporal"
SAMPLES = Path(__file__).parents[2] / "samples"
PROGRAMS = [DATA / f"{name}.py" for name in ("booking", "collisions", "hidden_names", "orders")]
SOURCES = [*sorted(SAMPLES.glob("*.py")), *PROGRAMS]


def emitted(source: Path, **settings: object) -> Emission:
    reading = read_file(str(source))
    assert reading.module is not None, reading.diagnostics
    emission = backend.emit(reading.module, reading.module.workflows, Options(settings=settings))
    assert not emission.diagnostics
    return emission


@pytest.mark.parametrize("source", PROGRAMS, ids=lambda path: path.stem)
def test_the_package_of_a_module(source: Path, expected: Callable[[str, str], None]) -> None:
    for file in emitted(source).files:
        expected(f"temporal/{source.stem}/{file.path}", file.text)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_generated_code_satisfies_the_usual_tools(source: Path, tmp_path: Path) -> None:
    for file in emitted(source).files:
        (tmp_path / file.path).write_text(file.text, encoding="utf-8")
    programs = Path(sys.executable).parent
    modules = sorted(path.name for path in tmp_path.glob("*.py"))
    for command in (
        ["ruff", "check", "--isolated", "."],
        ["ruff", "format", "--isolated", "--diff", "."],
        ["mypy", "--cache-dir", str(DATA.parents[2] / ".mypy_cache" / "generated"), *modules],
    ):
        run = subprocess.run(
            [programs / command[0], *command[1:]], cwd=tmp_path, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stdout + run.stderr


def test_output_is_the_same_every_time() -> None:
    assert emitted(SAMPLES / "payout.py") == emitted(SAMPLES / "payout.py")


def test_nothing_generated_needs_wfc() -> None:
    for source in SOURCES:
        for file in emitted(source).files:
            assert "wfc" not in file.text


def test_settings_decide_on_queue_and_default_timeout() -> None:
    emission = emitted(SAMPLES / "payout.py", task_queue="money", step_timeout="90s")
    shared = next(file.text for file in emission.files if file.path == "shared.py")
    assert 'TASK_QUEUE = "money"' in shared
    assert "DEFAULT_STEP_TIMEOUT = timedelta(seconds=90)" in shared


def test_source_locations_go_into_the_summaries() -> None:
    module = read_file(str(SAMPLES / "payout.py")).module
    assert module is not None
    emission = backend.emit(module, module.workflows, Options(source_locations=True))
    workflows = next(file.text for file in emission.files if file.path == "workflows.py")
    call = next(node for node in emission.origins if node.name == "write_audit")
    assert call.kind == "activity"
    assert f'summary="write_audit (payout.py:{call.line})"' in workflows


def test_child_workflows_come_along(tmp_path: Path) -> None:
    module = read_file(str(DATA / "booking.py")).module
    assert module is not None
    (booking,) = (item for item in module.workflows if item.name == "booking")
    emission = backend.emit(module, [booking], Options())
    texts = {file.path: file.text for file in emission.files}
    assert "class HoldWorkflow:" in texts["workflows.py"]
    assert "HoldWorkflow" not in texts["client.py"]
    kinds = {origin.kind for origin in emission.origins}
    assert kinds == {"activity", "child", "timer"}

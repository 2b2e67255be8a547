"""Nothing is written that Python would not read, or whose imports lead nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from wfc.backends import registry
from wfc.backends.base import Backend, Emission, Engine, File, Options, SettingKind, Variant
from wfc.backends.emission import BrokenEmission, emitted
from wfc.cli.group import cli
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.limits import WIDEST, Limits
from wfc.compiler.pipeline import read

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "samples").glob("*.py"), *(ROOT / "tests/data/verify").glob("*.py")]
SOURCE = """import numpy
from wfc import step, workflow


@step
def double(n: int) -> int:
    import pandas

    return 2 * n


@workflow
def main(n: int) -> int:
    return double(n)
"""


@dataclass
class Fake:
    """A backend that emits what a test says."""

    files: tuple[File, ...]
    name: str = "fake"
    summary: str = "a backend of a test"
    settings: dict[str, SettingKind] = field(default_factory=dict)
    provides: frozenset[str] = frozenset({"engine"})
    limits: Limits = WIDEST
    variants: tuple[Variant, ...] = ()

    def check(
        self, module: ir.Module, workflow: ir.Workflow, options: Options
    ) -> Sequence[Diagnostic]:
        return ()

    def emit(
        self, module: ir.Module, workflows: Sequence[ir.Workflow], options: Options
    ) -> Emission:
        return Emission(self.files)

    def validate(self, emission: Emission) -> str:
        return ""

    def engine(self, module: ir.Module, options: Options, variant: str = "") -> Engine:
        raise NotImplementedError


def module() -> ir.Module:
    found = read("flow.py", SOURCE).module
    assert found is not None
    return found


def gate(*files: tuple[str, str]) -> Emission:
    backend: Backend = Fake(tuple(File(*file) for file in files))
    return emitted(backend, module(), module().workflows, Options())


@pytest.mark.parametrize("target", registry.OWN)
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_what_our_own_backends_emit_passes(path: Path, target: str) -> None:
    found = read(str(path)).module
    assert found is not None
    backend = registry.load(target)
    fitting = [one for one in found.workflows if not backend.check(found, one, Options())]
    emitted(backend, found, fitting, Options())


@pytest.mark.parametrize(
    "text",
    [
        "import json, engine.parts",
        "import numpy.linalg",
        "def f():\n    import pandas",
        "import beside, pack.inner",
        "from . import beside",
        "from .pack import inner",
        "from .pack.inner import x",
    ],
)
def test_imports_of_what_is_there(text: str) -> None:
    gate(("main.py", text), ("beside.py", ""), ("pack/__init__.py", ""), ("pack/inner.py", ""))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("f(x for x in y,)", "main.py is no Python"),
        ("def f(:", "main.py is no Python"),
        ("x = '\0'", "main.py is no Python"),
        ("import wfc", "main.py imports wfc, which nothing brings along"),
        ("def f():\n    from temporalio import activity", "main.py imports temporalio"),
        ("from . import gone", "main.py imports gone, which is not written"),
        ("from .pack import x", "main.py imports pack, which is not written"),
    ],
)
def test_what_cannot_be_right_is_a_defect(text: str, message: str) -> None:
    with pytest.raises(BrokenEmission, match=message):
        gate(("main.py", text))


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        (("a.py", "a.py"), "a.py is emitted twice"),
        (("pack/a.py", "pack/./a.py"), "pack/a.py is emitted twice"),
        (("../a.py",), r"\.\./a.py is no file below the output folder"),
        (("/etc/a.py",), "/etc/a.py is no file below the output folder"),
        (("",), "is no file below the output folder"),
    ],
)
def test_each_file_has_a_place_of_its_own_in_the_output_folder(
    paths: tuple[str, ...], message: str
) -> None:
    with pytest.raises(BrokenEmission, match=message):
        gate(*((path, "") for path in paths))


@pytest.mark.filterwarnings("error")
def test_the_code_of_steps_causes_no_warnings() -> None:
    """Since Python 3.12 reading it warns on the terminal of whoever compiles."""
    gate(("main.py", r'digits = "\d+"'))


def test_json_is_read_too() -> None:
    gate(("machine.json", "{}"))
    with pytest.raises(BrokenEmission, match=r"machine\.json is no JSON"):
        gate(("machine.json", "{,}"))


def test_a_defect_ends_the_command_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("flow.py").write_text(SOURCE.replace("import numpy\n", ""))
    fake = Fake((File("a.py", "x = 1"), File("b.py", "import wfc")))
    monkeypatch.setattr(registry, "names", lambda: ["fake"])
    monkeypatch.setattr(registry, "exists", lambda name: name == "fake")
    monkeypatch.setattr(registry, "load", lambda name: fake)
    done = CliRunner().invoke(cli, ["compile", "flow.py", "--target", "fake", "-o", "out"])
    assert isinstance(done.exception, BrokenEmission) or done.exit_code == 3
    assert not Path("out").exists()

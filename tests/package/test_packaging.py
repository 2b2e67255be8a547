"""The packages that pyproject.toml lists by hand are the packages that exist."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("wfc", "compiler", "grammar", "backends")


def _pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _sources() -> list[Path]:
    """Every file of the packages, seen through the real folders and not through the links."""
    found = []
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            parts = path.relative_to(ROOT).parts
            if "__pycache__" in parts or (parts[0] == "wfc" and parts[1] in FOLDERS):
                continue
            found.append(path)
    return found


def _module_name(folder: Path) -> str:
    parts = folder.relative_to(ROOT).parts
    return ".".join(parts if parts[0] == "wfc" else ("wfc", *parts))


def test_every_package_is_listed() -> None:
    exist = {_module_name(path.parent) for path in _sources() if path.name == "__init__.py"}
    assert set(_pyproject()["tool"]["setuptools"]["packages"]) == exist


def test_every_data_file_is_shipped() -> None:
    suffixes = {".lark", ".json", ".j2", ".typed"}
    data = [path for path in _sources() if path.suffix in suffixes]
    assert data
    for path in data:
        relative = path.relative_to(ROOT).as_posix()
        inside = relative.removeprefix("wfc/")
        assert files("wfc").joinpath(inside).is_file(), f"{relative} is not below the wfc package"


def test_data_files_match_the_patterns_of_pyproject() -> None:
    patterns = _pyproject()["tool"]["setuptools"]["package-data"]["*"]
    for path in _sources():
        if path.is_dir() or path.suffix == ".py" or path.is_symlink():
            continue
        package = next(p for p in path.parents if (p / "__init__.py").exists())
        relative = path.relative_to(package).as_posix()
        assert any(Path(relative).match(pattern) for pattern in patterns), path


def test_bare_names_are_not_importable_outside_the_checkout(tmp_path: Path) -> None:
    code = (
        "from importlib.util import find_spec\n"
        "print([find_spec(name) for name in ('compiler', 'grammar', 'backends')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[None, None, None]"


def test_core_dependencies_are_few() -> None:
    names = [entry.split(">")[0] for entry in _pyproject()["project"]["dependencies"]]
    assert names == ["lark", "jinja2", "click", "jsonschema", "libcst"]

"""The gate of everything that is emitted: no file is written that Python would not read or whose
imports lead nowhere."""

from __future__ import annotations

import ast
import json
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from wfc.backends.base import Backend, Emission, File, Options
from wfc.compiler.data.collector import collector_paused
from wfc.compiler.language import nodes as ir


class BrokenEmission(Exception):
    """A defect: a backend has emitted a file that cannot be right; the message says which."""


def emitted(
    backend: Backend, module: ir.Module, workflows: Sequence[ir.Workflow], options: Options
) -> Emission:
    """What a backend emits for workflows of a module, checked.

    Raises:
        BrokenEmission: a file is no Python or no JSON, or imports what is neither in the standard
            library, among the files, required by the backend, nor imported by the module; or two
            files have one place, or one has its place outside of the output folder.
    """
    with collector_paused(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the code of steps, which is as their author has it
        emission = backend.emit(module, workflows, options)
        known = {*sys.stdlib_module_names, *backend.provides, *_imported(module)}
        known.discard("wfc")  # generated code never imports it
        paths = _paths(emission.files)
        known |= {path.parts[0].removesuffix(".py") for path in paths}
        for file in emission.files:
            _check(file, known, paths)
    return emission


def _paths(files: Sequence[File]) -> set[PurePosixPath]:
    paths: set[PurePosixPath] = set()
    for file in files:
        path = PurePosixPath(file.path)
        if path in paths:
            raise BrokenEmission(f"{path} is emitted twice")
        if path.is_absolute() or not path.parts or ".." in path.parts:
            raise BrokenEmission(f"{path} is no file below the output folder")
        paths.add(path)
    return paths


def _imported(module: ir.Module) -> Iterator[str]:
    """The packages that the user's module imports: its steps bring them along."""
    sources = [one.source for one in module.imports]
    sources += [one.source for one in (*module.steps, *module.support)]
    for source in sources:
        for found in _imports(ast.parse(source)):
            yield from _packages(found)


def _imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """The import statements in all blocks of a module."""
    pending: list[ast.AST] = list(tree.body)
    for node in pending:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        for field in ("body", "handlers", "orelse", "finalbody", "cases"):
            pending += getattr(node, field, ())


def _packages(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    return [node.module.partition(".")[0]] if node.module and not node.level else []


def _check(file: File, known: set[str], paths: set[PurePosixPath]) -> None:
    if file.path.endswith(".json"):
        try:
            json.loads(file.text)
        except ValueError as error:
            raise BrokenEmission(f"{file.path} is no JSON: {error}") from error
    if not file.path.endswith(".py"):
        return
    try:
        tree = ast.parse(file.text)
    except (SyntaxError, ValueError) as error:
        raise BrokenEmission(f"{file.path} is no Python: {error}") from error
    for node in _imports(tree):
        for name in _packages(node):
            if name not in known:
                raise BrokenEmission(f"{file.path} imports {name}, which nothing brings along")
        if isinstance(node, ast.ImportFrom) and node.level:
            _check_relative(file, node, paths)


def _check_relative(file: File, node: ast.ImportFrom, paths: set[PurePosixPath]) -> None:
    folder = PurePosixPath(file.path)
    for _ in range(node.level):
        folder = folder.parent
    names = [node.module] if node.module else [alias.name for alias in node.names]
    for name in names:
        place = folder.joinpath(*name.split("."))
        if place.with_suffix(".py") not in paths and place / "__init__.py" not in paths:
            raise BrokenEmission(f"{file.path} imports {place}, which is not written")

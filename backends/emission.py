"""The gate of everything that is emitted: no file is written that Python would not read or whose
imports lead nowhere."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from wfc.backends.base import Backend, Emission, File, Options
from wfc.compiler.language import nodes as ir


class BrokenEmission(Exception):
    """A defect: a backend has emitted a file that cannot be right; the message says which."""


def emitted(
    backend: Backend, module: ir.Module, workflows: Sequence[ir.Workflow], options: Options
) -> Emission:
    """What a backend emits for workflows of a module, checked.

    Raises:
        BrokenEmission: a file is no Python or no JSON, or imports what is neither in the standard
            library, among the files, required by the backend, nor imported by the module.
    """
    emission = backend.emit(module, workflows, options)
    known = {*sys.stdlib_module_names, *backend.provides, *_imported(module)}
    known.discard("wfc")  # generated code never imports it
    paths = {PurePosixPath(file.path) for file in emission.files}
    known |= {path.parts[0].removesuffix(".py") for path in paths}
    for file in emission.files:
        _check(file, known, paths)
    return emission


def _imported(module: ir.Module) -> Iterator[str]:
    """The packages that the user's module imports: its steps bring them along."""
    for one in module.imports:
        yield from _packages(ast.walk(ast.parse(one.source)))
    for step in module.steps:
        yield from _packages(ast.walk(ast.parse(step.source)))
    for support in module.support:
        yield from _packages(ast.walk(ast.parse(support.source)))


def _packages(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(name), level=0):
                yield name.partition(".")[0]


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
    nodes = list(ast.walk(tree))
    for name in _packages(nodes):
        if name not in known:
            raise BrokenEmission(f"{file.path} imports {name}, which nothing brings along")
    for node in nodes:
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

"""How the code at a place in a file may call what another module defines."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from wfc.compiler.checks.engines.requests import Need
from wfc.compiler.checks.reading.patterns import is_type_checking
from wfc.compiler.data.struct import MutableStruct, Struct, field

_OTHER: Final = "?"
FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Binding(Struct):
    """``name`` is what the code writes; ``missing`` is the import that must be added for it, as
    module and name, with no name for ``import module``."""

    name: str
    missing: tuple[str, str] | None = None


class Names(MutableStruct):
    """What names stand for at a place: ``module:name``, a module, or something else. ``dotted`` are
    the modules that are imported by their whole name."""

    origins: defaultdict[str, set[str]] = field(factory=lambda: defaultdict(set))
    dotted: set[str] = field(factory=set)

    def inside(self, scope: FunctionNode) -> Names:
        """What they stand for in a function of the file."""
        names = Names(dotted=set(self.dotted))
        for name, origins in self.origins.items():
            names.origins[name] = set(origins)
        for node in ast.walk(scope):
            _bind(node, names)
        return names


def binding(names: Names, need: Need) -> Binding | None:
    """The way to write what is needed where names stand for this.

    Returns:
        None where every way is taken by something else.
    """
    module, name = need.module, need.name
    whole = f"{module}.{name}"
    for local, origins in names.origins.items():
        if origins in ({f"{module}:{name}"}, {whole}):
            return Binding(local)
    # A module inside a package is there only when somebody imports it.
    owner = whole if need.submodule else module
    for local, origins in names.origins.items():
        if origins == {module} and local != module and owner == module:
            return Binding(f"{local}.{name}")
    root = module.partition(".")[0]
    free = names.origins.get(root, {root}) == {root}
    if owner in names.dotted and free:
        return Binding(whole)
    if name not in names.origins:
        return Binding(name, (module, name))
    return Binding(whole, (owner, "")) if free else None


def names_of(tree: ast.Module) -> Names:
    """What names stand for in a file, outside its functions. One that a function declares global
    may be anything."""
    names = Names()
    for node in _at_run_time(tree.body):
        _bind(node, names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            for name in node.names:
                names.origins[name].add(_OTHER)
    return names


def _at_run_time(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """What runs at import, itself and inside: neither bodies of definitions nor blocks for type
    checkers, nor what stands in for a package that is not installed."""
    stack = list(statements)
    while stack:
        node = stack.pop()
        yield node
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda() | ast.ClassDef():
                continue
            case ast.If(test=test) if is_type_checking(test):
                stack += node.orelse
            case ast.ExceptHandler(type=ast.Name("ImportError" | "ModuleNotFoundError")):
                continue
            case _:
                stack += ast.iter_child_nodes(node)


def _bind(node: ast.AST, names: Names) -> None:
    match node:
        case ast.Import(aliases):
            for alias in aliases:
                if alias.asname:
                    names.origins[alias.asname].add(alias.name)
                else:
                    root = alias.name.partition(".")[0]
                    names.origins[root].add(root)
                    names.dotted.add(alias.name)
        case ast.ImportFrom(module, aliases, level):
            for alias in aliases:
                origin = f"{module}:{alias.name}" if module and not level else _OTHER
                names.origins[alias.asname or alias.name].add(origin)
        case _:
            for name in _bound(node):
                names.origins[name].add(_OTHER)


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that a node itself binds, imports apart."""
    match node:
        case ast.Name(name, ast.Store() | ast.Del()):
            yield name
        case (
            ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name) | ast.arg(name)
        ):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name


def names_in(tree: ast.AST) -> Iterator[str]:
    """Every mention of a name, those in strings that are expressions too: annotations and
    ``__all__``."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(name):
                yield name
            case ast.Constant(str(text)) if len(text) <= _LONGEST_ANNOTATION:
                yield from _names_in_text(text)


_LONGEST_ANNOTATION: Final = 500
_ANNOTATION: Final = re.compile(r"[\w.,|\[\]()'\" ]+")


def _names_in_text(text: str) -> set[str]:
    if not _ANNOTATION.fullmatch(text):
        return set()
    try:
        inner = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {node.id for node in ast.walk(inner) if isinstance(node, ast.Name)}

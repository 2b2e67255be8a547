"""Finds the places in the house that decide by the class of a node, and says which of them could
pass over a class that somebody adds.

A family is a set of classes that share a base of the house (``Node``, ``Stmt``, ``Type``, ...): the
classes of the IR, its types, the trees of JSONata, the state graph, the parts of a flow. A dispatch
over a family is total when it ends in ``assert_never``; otherwise a comment ``# partial: why`` says
why the other classes are of no concern.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = ("compiler", "backends", "grammar", "wfc")
ROOTS_OF_FAMILIES = frozenset({"Struct", "MutableStruct"})
PARTIAL = re.compile(r"#\s*partial:\s*\S")


@dataclass(frozen=True)
class Dispatch:
    """A place: file, line, and the classes that it names."""

    path: str
    line: int
    classes: frozenset[str]
    total: bool
    excused: bool


def sources() -> Iterator[tuple[str, str]]:
    """Every module of the house with its text."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            relative = path.relative_to(ROOT)
            if not any((ROOT / part).is_symlink() for part in (relative, *relative.parents)):
                yield relative.as_posix(), path.read_text(encoding="utf-8")


@cache
def families() -> frozenset[str]:
    """The names of the classes that belong to a closed set: members of a union alias
    (``Expr: TypeAlias = A | B``) that are data classes of the house."""
    bases: dict[str, set[str]] = {}
    unions: list[set[str]] = []
    for _, text in sources():
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.ClassDef(name=name):
                    bases.setdefault(name, set()).update(map(_last, node.bases))
                case ast.AnnAssign(annotation=annotation, value=ast.expr() as value) if (
                    _last(annotation) == "TypeAlias"
                ):
                    unions.append(set(_members(value)))
    data = set(ROOTS_OF_FAMILIES)
    while True:
        more = {name for name, found in bases.items() if found & data} - data
        if not more:
            break
        data |= more
    return frozenset().union(*({one for one in union if one in data} for union in unions))


def _members(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from _members(left)
            yield from _members(right)
        case ast.Name() | ast.Attribute():
            yield _last(value)
        case ast.Constant(value=str() as text):
            yield from _members(ast.parse(text, mode="eval").body)


def _last(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def dispatches(path: str, text: str) -> Iterator[Dispatch]:
    """The dispatches over families in a module."""
    lines = text.splitlines()
    tree = ast.parse(text)
    inner = {
        id(node.orelse[0]) for node in ast.walk(tree) if isinstance(node, ast.If) and _elif(node)
    }
    for block in _blocks(tree):
        for index, node in enumerate(block):
            match node:
                case ast.Match():
                    named = _patterns(node)
                case ast.If() if id(node) not in inner:
                    named = _tests(node)
                    if len(_branches(node)) < 2:
                        continue
                case _:
                    continue
            found = frozenset(named & families())
            if len(found) < 2:
                continue
            behind = block[index + 1] if index + 1 < len(block) else None
            last = node.cases[-1].body if isinstance(node, ast.Match) else _branches(node)[-1]
            total = _never(behind) or any(map(_never, last))
            around = lines[max(0, node.lineno - 3) : node.end_lineno]
            yield Dispatch(path, node.lineno, found, total, any(map(PARTIAL.search, around)))


def _blocks(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


def _patterns(node: ast.Match) -> set[str]:
    return {
        _own(pattern.cls)
        for case in node.cases
        for pattern in _alternatives(case.pattern)
        if isinstance(pattern, ast.MatchClass)
    }


def _alternatives(pattern: ast.pattern) -> Iterator[ast.pattern]:
    """The patterns that decide about the subject itself, not about what is inside it."""
    match pattern:
        case ast.MatchOr(patterns=patterns):
            for one in patterns:
                yield from _alternatives(one)
        case ast.MatchAs(pattern=ast.pattern() as inner):
            yield from _alternatives(inner)
        case _:
            yield pattern


def _own(node: ast.expr) -> str:
    """The name of a class of the house; nothing for one of the syntax trees of Python."""
    match node:
        case ast.Attribute(value=ast.Name(id="ast" | "cst")):
            return ""
    return _last(node)


def _elif(node: ast.If) -> bool:
    return len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)


def _branches(node: ast.If) -> list[list[ast.stmt]]:
    """The blocks of an ``if`` whose tests ask for classes, and of its ``elif`` and ``else``."""
    found: list[list[ast.stmt]] = []
    while True:
        if _classes(node.test):
            found.append(node.body)
        if not _elif(node):
            return [*found, node.orelse] if node.orelse and found else found
        (following,) = node.orelse
        assert isinstance(following, ast.If)
        node = following


def _tests(node: ast.If) -> set[str]:
    found = _classes(node.test)
    while _elif(node):
        (following,) = node.orelse
        assert isinstance(following, ast.If)
        node = following
        found |= _classes(node.test)
    return found


def _classes(test: ast.expr) -> set[str]:
    match test:
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, given]):
            return {
                _own(one) for one in ast.walk(given) if isinstance(one, ast.Name | ast.Attribute)
            }
    return set()


def _never(node: ast.stmt | None) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=function)):
            return _last(function) == "assert_never"
    return False

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
    """The dispatches over families in a module: a ``match``, a chain of ``if``s that ask for the
    class of one value, or a dict with classes as keys."""
    lines = text.splitlines()
    tree = ast.parse(text)

    def dispatch(
        place: ast.expr | ast.stmt, named: set[str], total: bool, heads: list[int]
    ) -> Iterator[Dispatch]:
        found = frozenset(named & families())
        if len(found) > 1:
            around = [
                *lines[max(0, place.lineno - 3) : place.lineno],
                *(lines[h - 1] for h in heads),
            ]
            yield Dispatch(path, place.lineno, found, total, any(map(PARTIAL.search, around)))

    seen: set[int] = set()
    for block in _blocks(tree):
        for index, node in enumerate(block):
            if isinstance(node, ast.Match):
                total = _never(node.cases[-1].body) or _never(block[index + 1 :])
                heads = [case.pattern.lineno for case in node.cases]
                yield from dispatch(node, _patterns(node), total, heads)
            elif isinstance(node, ast.If) and id(node) not in seen:
                chain, behind = _chain(block, index)
                seen.update(map(id, chain))
                asking = [_classes(one.test) for one in chain if _classes(one.test)]
                if len(asking) + bool(chain[-1].orelse) > 1:
                    heads = [one.lineno for one in chain]
                    yield from dispatch(node, set().union(*asking), _never(behind), heads)
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from dispatch(node, {_own(key) for key in node.keys if key}, False, [])


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


def _alternatives(pattern: ast.pattern, *, top: bool = True) -> Iterator[ast.pattern]:
    """The patterns that decide about the subject itself, not about what is inside it."""
    match pattern:
        case ast.MatchOr(patterns=patterns):
            for one in patterns:
                yield from _alternatives(one, top=top)
        case ast.MatchAs(pattern=ast.pattern() as inner):
            yield from _alternatives(inner, top=top)
        case ast.MatchSequence(patterns=patterns) if top:
            for one in patterns:
                yield from _alternatives(one, top=False)
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


def _chain(block: list[ast.stmt], index: int) -> tuple[list[ast.If], list[ast.stmt]]:
    """An ``if`` with its ``elif``s, or with the ``if``s behind it that ask about the same value
    when it leaves the block; and the statements for what none of them takes."""
    node = block[index]
    assert isinstance(node, ast.If)
    found = [node]
    while _elif(found[-1]):
        (following,) = found[-1].orelse
        assert isinstance(following, ast.If)
        found.append(following)
    if found[-1].orelse:
        return found, found[-1].orelse
    behind = block[index + 1 :]
    while behind and _leaves(found[-1]) and _subject(behind[0]) == _subject(node) != "":
        following = behind.pop(0)
        assert isinstance(following, ast.If)
        found.append(following)
    return found, behind


def _leaves(node: ast.stmt | None) -> bool:
    match node:
        case ast.If(body=[*_, ast.Return() | ast.Continue() | ast.Raise()], orelse=[]):
            return True
    return False


def _subject(node: ast.stmt | None) -> str:
    """The value whose class an ``if`` asks for."""
    match node:
        case ast.If(test=ast.Call(func=ast.Name(id="isinstance"), args=[value, _])):
            return ast.unparse(value)
    return ""


def _classes(test: ast.expr) -> set[str]:
    match test:
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, given]):
            return {
                _own(one) for one in ast.walk(given) if isinstance(one, ast.Name | ast.Attribute)
            }
    return set()


def _never(block: list[ast.stmt]) -> bool:
    """Whether a block begins with ``assert_never``."""
    match block:
        case [ast.Expr(value=ast.Call(func=function)), *_]:
            return _last(function) == "assert_never"
    return False

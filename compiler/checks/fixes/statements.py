"""A text cut into its statements, so that a fix touches only those it changes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.model import Edit
from wfc.compiler.diagnostics.span import Span


class CannotFix(Exception):
    """A fix that was offered cannot be made; the message says why."""


DEEPEST: Final = 250
"""libcst visits a syntax tree by recursion, and its parser takes more than linear time in depth."""
LARGEST: Final = 100_000
"""libcst needs some seconds for so many characters of a statement."""
TOO_DEEP: Final = "the statement is nested too deeply"
LINE_END: Final = re.compile(r"\r\n|\r|\n")


def lines_of(text: str) -> list[str]:
    """The lines with their ends, as Python counts them; the last one may be empty."""
    starts = [0, *(match.end() for match in LINE_END.finditer(text))]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def newline_of(text: str) -> str:
    """The first line end of a text."""
    found = LINE_END.search(text)
    return found[0] if found else "\n"


class Statement(Struct):
    """The lines ``first`` to ``last`` with the nodes that stand on them: one statement, or several
    that share a line."""

    first: int
    last: int
    text: str
    nodes: tuple[ast.stmt, ...]


def statements_of(body: Sequence[ast.stmt], lines: Sequence[str]) -> list[Statement]:
    """The statements of a block. What shares its first line with something outside is left out."""
    groups: list[tuple[int, int, list[ast.stmt]]] = []
    for node in body:
        decorators = getattr(node, "decorator_list", [])
        start = min((node, *decorators), key=lambda part: part.lineno)
        first, last = start.lineno, node.end_lineno or node.lineno
        if groups and first <= groups[-1][1]:
            begin, end, nodes = groups.pop()
            groups.append((begin, max(end, last), [*nodes, node]))
        elif not lines[first - 1].encode()[: start.col_offset].strip(b" \t\f@"):
            groups.append((first, last, [node]))
    return [
        Statement(first, last, "".join(lines[first - 1 : last]), tuple(nodes))
        for first, last, nodes in groups
    ]


def smallest_around(tree: ast.Module, lines: Sequence[str], span: Span) -> Statement | None:
    """The smallest statement that has all lines of a place."""
    found = None
    bodies: list[Sequence[ast.stmt]] = [tree.body]
    while bodies:
        near = [[node for node in body if _touches(node, span)] for body in bodies]
        inner = [statement for body in near for statement in statements_of(body, lines)]
        around = [s for s in inner if s.first <= span.line and span.end_line <= s.last]
        if not around:
            break
        found = around[0]
        bodies = [body for node in found.nodes for body in _bodies(node)]
    return found


def _touches(node: ast.stmt, span: Span) -> bool:
    first = min(part.lineno for part in (node, *getattr(node, "decorator_list", ())))
    return first <= span.end_line and span.line <= (node.end_lineno or node.lineno)


def _bodies(node: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
    for owner in (node, *getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        for name in ("body", "orelse", "finalbody"):
            yield getattr(owner, name, ())


def differences(path: str, first: int, before: str, after: str) -> Iterator[Edit]:
    """Small edits that make one text of another; the texts start at a line."""
    old, new = lines_of(before), lines_of(after)
    head, tail = _common(old, new)
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    for start, end, left, right in _blocks(old, new):
        for removed, added in _aligned(old[start:end], new[left:right]):
            yield from _change(path, first + head + start, removed, added)
            start += len(removed)


def _common(old: Sequence[object], new: Sequence[object]) -> tuple[int, int]:
    """How much two sequences share at their starts and at their ends."""
    shortest = min(len(old), len(new))
    head = next((n for n in range(shortest) if old[n] != new[n]), shortest)
    rest = shortest - head
    return head, next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where lines differ: from and to in each."""
    if len(old) <= 1 and len(new) <= 1:
        yield 0, len(old), 0, len(new)
        return
    import difflib

    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, left, right in matcher.get_opcodes():
        if kind != "equal":
            yield start, end, left, right


def _aligned(old: list[str], new: list[str]) -> Iterator[tuple[list[str], str]]:
    """Old lines and what comes in their place: each line its own where one fits, the lines that
    have no counterpart before or behind those that do."""
    count = min(len(old), len(new))
    shifts = range(max(len(old), len(new)) - count + 1)

    def paired(shift: int) -> tuple[int, int]:
        return (shift, 0) if len(old) > len(new) else (0, shift)

    def likeness(shift: int) -> int:
        left, right = paired(shift)
        return sum(sum(_common(old[left + n], new[right + n])) for n in range(count))

    left, right = paired(max(shifts, key=likeness))
    yield old[:left], "".join(new[:right])
    for number in range(count):
        yield [old[left + number]], new[right + number]
    yield old[left + count :], "".join(new[right + count :])


def _change(path: str, line: int, lines: list[str], new: str) -> Iterator[Edit]:
    """One edit of some lines, without what is the same at both ends."""
    old = "".join(lines)
    if old == new:
        return
    head, tail = _common(old, new)
    start, end = _place(line, old, head), _place(line, old, len(old) - tail)
    yield Edit(path, Span(*start, *end), new[head : len(new) - tail])


def _place(line: int, text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset in a text that starts at the beginning of a line."""
    before = lines_of(text[:offset])
    return line + len(before) - 1, len(before[-1]) + 1


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits that do not overlap."""
    starts = [0, *(match.end() for match in LINE_END.finditer(text))]

    def offset(line: int, column: int) -> int:
        return min(starts[line - 1] + column - 1, len(text)) if line <= len(starts) else len(text)

    order = sorted(edits, key=lambda edit: (edit.span.line, edit.span.column), reverse=True)
    for edit in order:
        span = edit.span
        start, end = offset(span.line, span.column), offset(span.end_line, span.end_column)
        text = text[:start] + edit.text + text[end:]
    return text


def check_size(statement: Statement) -> None:
    """Raises:
    CannotFix: the statement is more than libcst can take.
    """
    if len(statement.text) > LARGEST:
        raise CannotFix("the statement is too long")
    level: list[ast.AST] = list(statement.nodes)
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise CannotFix(TOO_DEEP)


def without_lines(lines: Sequence[str], first: int, last: int) -> Span:
    """The place to remove lines; of the blank lines before and behind, the longer run stays."""
    above = _blanks(lines, range(first - 1, 0, -1))
    below = _blanks(lines, range(last + 1, len(lines) + 1))
    if first - above == 1:
        last += below
    elif above and below:
        last += min(above, below)
    return Span(first, 1, last + 1, 1)


def _blanks(lines: Sequence[str], numbers: Iterable[int]) -> int:
    count = 0
    for number in numbers:
        if lines[number - 1].strip():
            break
        count += 1
    return count

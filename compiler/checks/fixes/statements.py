"""A text cut into its statements at module level, so that a fix touches only those it changes."""

from __future__ import annotations

import ast
import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from wfc.compiler.diagnostics.model import Edit
from wfc.compiler.ir.span import Span


class CannotFix(Exception):
    """A fix that was offered cannot be made; the message says why."""


LINE_END: Final = re.compile(r"\r\n|\r|\n")


def lines_of(text: str) -> list[str]:
    """The lines with their ends, as Python counts them; the last one may be empty."""
    starts = [0, *(match.end() for match in LINE_END.finditer(text))]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def newline_of(text: str) -> str:
    """The first line end of a text."""
    found = LINE_END.search(text)
    return found[0] if found else "\n"


@dataclass(frozen=True, slots=True)
class Statement:
    """The lines ``first`` to ``last`` with the nodes that stand on them: one statement, or several
    that share a line."""

    first: int
    last: int
    text: str
    nodes: tuple[ast.stmt, ...]


def statements_of(tree: ast.Module, lines: list[str]) -> list[Statement]:
    groups: list[tuple[int, int, list[ast.stmt]]] = []
    for node in tree.body:
        decorators = getattr(node, "decorator_list", [])
        first = min(part.lineno for part in (node, *decorators))
        last = node.end_lineno or first
        if groups and first <= groups[-1][1]:
            start, end, nodes = groups.pop()
            groups.append((start, max(end, last), [*nodes, node]))
        else:
            groups.append((first, last, [node]))
    return [
        Statement(first, last, "".join(lines[first - 1 : last]), tuple(nodes))
        for first, last, nodes in groups
    ]


def statement_at(statements: list[Statement], line: int) -> Statement | None:
    """The statement that has a line."""
    number = bisect.bisect_right(statements, line, key=lambda statement: statement.first)
    found = statements[number - 1] if number else None
    return found if found is not None and line <= found.last else None


def differences(path: str, first: int, before: str, after: str) -> Iterator[Edit]:
    """The smallest edits that make one text of another; the texts start at a line."""
    old, new = lines_of(before), lines_of(after)
    if len(old) == len(new):
        blocks: Iterable[tuple[str, int, int, int, int]] = [("replace", 0, len(old), 0, len(new))]
    else:
        import difflib

        blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for kind, start, end, left, right in blocks:
        if kind == "equal":
            continue
        if end - start == right - left:
            for number in range(end - start):
                yield from _change(
                    path, first + start + number, [old[start + number]], new[left + number]
                )
        else:
            yield from _change(path, first + start, old[start:end], "".join(new[left:right]))


def _change(path: str, line: int, old_lines: list[str], new: str) -> Iterator[Edit]:
    """One edit of some lines, without what is the same at both ends."""
    old = "".join(old_lines)
    if old == new:
        return
    shortest = min(len(old), len(new))
    head = next((n for n in range(shortest) if old[n] != new[n]), shortest)
    rest = shortest - head
    tail = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
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

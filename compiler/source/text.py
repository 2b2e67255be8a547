"""The text of a source file: its lines, its comments, and places in characters.

``ast`` counts columns in UTF-8 bytes; a :class:`Span` counts characters from 1.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize

from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.span import Span

_DIRECTIVE = re.compile(r"wfc\s*:\s*(.*)", re.DOTALL)
# Comments that speak to tools; they have no meaning in generated code.
_TOOLS = re.compile(r"(type:\s*ignore|noqa|pragma:|fmt:|isort:|ruff:|pylint:|mypy:|pyright:)")
# Tokens of f-strings, in Python 3.12 and later.
_FSTRING_START = getattr(tokenize, "FSTRING_START", -1)
_FSTRING_END = getattr(tokenize, "FSTRING_END", -1)


class Comment(Struct):
    """One comment; ``text`` has neither ``#`` nor the following blank. ``alone`` says that nothing
    else stands on its line. ``directive`` is what follows ``wfc:``, if it is one."""

    column: int
    text: str
    alone: bool
    directive: str | None = None

    @property
    def kept(self) -> bool:
        """Whether generated code carries this comment."""
        return self.directive is None and not _TOOLS.match(self.text)


class SourceText:
    """A source file that Python accepts.

    Args:
        text: the whole file, without a byte order mark.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = re.split(r"\r\n|\r|\n", text) if "\r" in text else text.split("\n")
        self.comments: dict[int, Comment] = {}
        self.directives: dict[int, Comment] = {}
        self._ascii = text.isascii()
        self._scanned = False
        self._inside: set[int] = set()

    def read_comments(self) -> None:
        """Find the comments. The text must be syntactically right."""
        if "#" in self.text:
            self._scan()

    def string_lines(self) -> set[int]:
        """The lines that begin inside a string: blanks at their start belong to a value."""
        self._scan()
        return self._inside

    def _scan(self) -> None:
        if self._scanned:
            return
        self._scanned = True
        f_strings: list[int] = []
        for kind, string, (line, column), (end_line, _), whole in tokenize.generate_tokens(
            io.StringIO(self.text).readline
        ):
            if kind == tokenize.COMMENT:
                comment = _comment(string, column, whole[:column])
                self.comments[line] = comment
                if comment.directive is not None:
                    self.directives[line] = comment
            elif kind == tokenize.STRING:
                self._inside.update(range(line + 1, end_line + 1))
            elif kind == _FSTRING_START:
                f_strings.append(line)
            elif kind == _FSTRING_END:
                self._inside.update(range(f_strings.pop() + 1, end_line + 1))

    def column(self, line: int, offset: int) -> int:
        """The 1-based character column of a UTF-8 byte offset in a line."""
        if self._ascii or line > len(self.lines):
            return offset + 1
        text = self.lines[line - 1]
        if text.isascii():
            return offset + 1
        return len(text.encode()[:offset].decode(errors="replace")) + 1

    def span(self, node: ast.AST) -> Span:
        """The place of an AST node that has one."""
        line: int = node.lineno  # type: ignore[attr-defined]
        end_line: int = node.end_lineno  # type: ignore[attr-defined]
        return Span(
            line,
            self.column(line, node.col_offset),  # type: ignore[attr-defined]
            end_line,
            self.column(end_line, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def segment(self, node: ast.AST) -> str:
        """The text of a node as written."""
        span = self.span(node)
        first = span.column - 1
        last = span.end_column - 1
        if span.line == span.end_line:
            return self.lines[span.line - 1][first:last]
        middle = self.lines[span.line : span.end_line - 1]
        parts = [self.lines[span.line - 1][first:], *middle, self.lines[span.end_line - 1][:last]]
        return "\n".join(parts)

    def whole_lines(self, first: int, last: int) -> str:
        """Lines first to last as written."""
        return "\n".join(self.lines[first - 1 : last])

    def starts_line(self, node: ast.stmt) -> bool:
        """Whether nothing but blanks stands before the statement on its line."""
        before = self.lines[node.lineno - 1].encode()[: node.col_offset]
        return not before.strip()

    def ends_line(self, node: ast.stmt) -> bool:
        """Whether nothing but a comment stands after the statement on its line."""
        line = node.end_lineno or node.lineno
        rest = self.lines[line - 1].encode()[node.end_col_offset or 0 :].decode(errors="replace")
        return not rest.strip() or rest.strip().startswith("#")

    def blank(self, line: int) -> bool:
        return not self.lines[line - 1].strip()

    def comment_start(self, line: int) -> int:
        """The first line of the comment block that stands directly above a line."""
        column = len(self.lines[line - 1]) - len(self.lines[line - 1].lstrip())
        while (above := self.comments.get(line - 1)) and above.alone and above.column == column:
            line -= 1
        return line

    def comments_above(self, line: int, column: int) -> str:
        """The comment lines above a statement that starts at a line and column; blank lines between
        them do not matter, another column does."""
        found: list[str] = []
        above = line - 1
        while above >= 1:
            comment = self.comments.get(above)
            if comment is None or not comment.alone:
                if not self.blank(above):
                    break
            elif comment.column == column and comment.kept:
                found.append(comment.text)
            above -= 1
        return "\n".join(reversed(found))

    def comments_of_else(self, first_line: int, column: int) -> str:
        """The comments above and at the end of the ``else:`` whose block starts at a line; the
        ``else`` stands at a column."""
        line = first_line - 1
        while line > 1 and (self.blank(line) or self.alone(line)):
            line -= 1
        if not self.lines[line - 1][column:].startswith("else"):
            return ""
        found = [self.comments_above(line, column), self.comment_at(line)]
        return "\n".join(filter(None, found))

    def alone(self, line: int) -> bool:
        """Whether a line holds a comment and nothing else."""
        comment = self.comments.get(line)
        return comment is not None and comment.alone

    def last_line(self, node: ast.stmt) -> int:
        """The last line of a definition, with the comments that stand in its body after the last
        statement."""
        last = node.end_lineno or node.lineno
        line = last + 1
        while line <= len(self.lines):
            comment = self.comments.get(line)
            if comment is not None and comment.alone and comment.column > node.col_offset:
                last = line
            elif not self.blank(line):
                break
            line += 1
        return last

    def comments_within(self, first: int, last: int) -> str:
        """The comments inside a statement that spans several lines, its last line apart."""
        kept = (self.comments.get(line) for line in range(first, last))
        return "\n".join(comment.text for comment in kept if comment and comment.kept)

    def comment_at(self, line: int) -> str:
        """The comment at the end of a line of code."""
        comment = self.comments.get(line)
        return comment.text if comment and not comment.alone and comment.kept else ""


def _comment(token: str, column: int, before: str) -> Comment:
    text = token[1:].removeprefix(" ").rstrip()
    directive = _DIRECTIVE.fullmatch(text.strip())
    return Comment(column, text, not before.strip(), directive[1].strip() if directive else None)

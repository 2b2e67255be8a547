"""Python text: string literals, indentation of source that is kept as written, comments."""

from __future__ import annotations

import ast
import io
import keyword
import textwrap
import token
import tokenize
from collections.abc import Collection


def quote(text: str) -> str:
    """A string literal in double quotes, unless that takes more escapes."""
    literal = repr(text)
    if literal[0] == "'" and '"' not in text and "'" not in text:
        return f'"{literal[1:-1]}"'
    return literal


def comment_lines(comment: str, indent: int = 0) -> list[str]:
    """A comment, each line behind ``#``."""
    pad = " " * indent
    return [f"{pad}# {line}".rstrip() for line in comment.splitlines()]


def docstring_lines(docstring: str, indent: int = 0) -> list[str]:
    """A docstring in triple double quotes, its lines indented."""
    if not docstring:
        return []
    pad = " " * indent
    text = docstring.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if text.endswith('"'):
        text = text[:-1] + '\\"'
    first, *rest = text.splitlines()
    if not rest:
        return [f'{pad}"""{first}"""']
    return [
        f'{pad}"""{first}',
        *(f"{pad}{line}".rstrip() for line in rest),
        f'{pad}"""',
    ]


def indented(source: str, indent: int) -> list[str]:
    """The lines of a piece of source, moved to the right; the inside of a string that goes over
    several lines stays as it is, because blanks there are part of its value."""
    inside = _string_lines(source)
    pad = " " * indent
    return [
        line if number in inside or not line.strip() else pad + line
        for number, line in enumerate(source.splitlines(), start=1)
    ]


def split_docstring(body: str) -> tuple[list[str], str]:
    """The lines of a docstring at the start of a function's body, without the indentation of their
    old place, and the rest."""
    match ast.parse(body).body:
        case [ast.Expr(value=ast.Constant(value=str())) as node, *_]:
            lines = body.splitlines()
            first, *more = lines[: node.end_lineno]
            more = textwrap.dedent("\n".join(more)).splitlines()
            return [first, *more], "\n".join(lines[node.end_lineno or 0 :])
    return [], body


def body_lines(body: str, indent: int) -> list[str]:
    """The lines of a function's body, moved to the right; its docstring moves as a whole."""
    docstring, rest = split_docstring(body)
    pad = " " * indent
    return [*(f"{pad}{line}".rstrip() for line in docstring), *indented(rest, indent)]


def _string_lines(source: str) -> set[int]:
    """The numbers of the lines that begin inside a string."""
    inside: set[int] = set()
    starts: list[int] = []
    fstring_start = getattr(token, "FSTRING_START", -1)  # Python 3.12 and later
    fstring_end = getattr(token, "FSTRING_END", -1)
    try:
        for item in tokenize.generate_tokens(io.StringIO(source).readline):
            if item.type == fstring_start:
                starts.append(item.start[0])
            elif item.type == fstring_end:
                inside.update(range(starts.pop() + 1, item.end[0] + 1))
            elif item.type == token.STRING:
                inside.update(range(item.start[0] + 1, item.end[0] + 1))
    except (tokenize.TokenError, IndentationError):
        return set()
    return inside


def camel_case(name: str) -> str:
    """``pull_settlement`` as a class name: ``PullSettlement``."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_") if part) or "_"


def fresh(name: str, taken: Collection[str]) -> str:
    """The name, or the name with the first free number behind it."""
    if name not in taken and not keyword.iskeyword(name):
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"

"""Leads from an error in the generated module, which is not written to disk, to the user's line."""

from __future__ import annotations

import ast
import difflib
import traceback
from collections.abc import Iterator
from pathlib import Path

from wfc.compiler.source.content import content_of
from wfc.compiler.source.encoding import decode


def place(error: BaseException, generated: str, file: str, source: Path) -> str:
    """The place that an error of a step or a workflow comes from: ``payout.py:31: return 1 / n``;
    empty when it is not known.

    Args:
        error: with its traceback.
        generated: the text of the generated module.
        file: what its tracebacks call it.
        source: the user's file.
    """
    error = _first(error)
    numbers = [
        (frame.name, frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == file and frame.lineno
    ]
    try:
        text = decode(content_of(str(source)))
        ours, theirs = ast.parse(generated), ast.parse(text)
    except (OSError, SyntaxError, ValueError):
        return ""
    for name, number in reversed(numbers):
        line = _line(generated, ours, text, theirs, name, number)
        if line:
            return f"{source.name}:{line}: {text.splitlines()[line - 1].strip()}"
    return ""


def _first(error: BaseException) -> BaseException:
    """What a step raised, of which its workflow sees a copy."""
    cause = error.__cause__
    while cause is not None and _told(cause) == _told(error):
        error, cause = cause, cause.__cause__
    return error


def _told(error: BaseException) -> tuple[str, str]:
    return type(error).__name__, str(error)


def _line(
    generated: str, ours: ast.Module, text: str, theirs: ast.Module, name: str, number: int
) -> int | None:
    """The line of the user's function that a line of the generated one was made from. Bodies of
    steps are the same line by line, and those of workflows but for their operations."""
    function = next(
        (item for item in _functions(ours, name) if _lines(item)[0] <= number <= _lines(item)[1]),
        None,
    )
    original = next(_functions(theirs, name), None)
    if function is None or original is None:
        return None
    start, end = _lines(function)
    made = [line.strip() for line in generated.splitlines()[start - 1 : end]]
    first, last = _lines(original)
    written = [line.strip() for line in text.splitlines()[first - 1 : last]]
    wanted = number - start
    for tag, a, b, c, d in difflib.SequenceMatcher(None, made, written, False).get_opcodes():
        if not a <= wanted < b or c == d:
            continue
        if tag == "equal" or b - a == d - c:
            return first + c + wanted - a
        close = difflib.get_close_matches(made[wanted], written[c:d], 1, 0)
        return first + c + written[c:d].index(close[0])
    return None


def _functions(module: ast.Module, name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            yield node


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[int, int]:
    return function.lineno, function.end_lineno or function.lineno

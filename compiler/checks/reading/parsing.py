"""From the text of a file to its syntax tree. Light to import."""

from __future__ import annotations

import ast
import warnings
from symtable import symtable


def parse(text: str) -> ast.Module:
    """Parse without showing the warnings that Python has about the text.

    Raises:
        SyntaxError: it is not valid Python.
        RecursionError: it is nested too deeply.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except ValueError as error:  # null bytes, before Python 3.12
            raise SyntaxError(str(error)) from None


def check_syntax(text: str) -> None:
    """Let Python read a text without making its tree, which takes a third less time.

    Raises:
        SyntaxError: it is not valid Python.
        RecursionError: it is nested too deeply.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            symtable(text, "<source>", "exec")
        except ValueError as error:  # null bytes, before Python 3.12
            raise SyntaxError(str(error)) from None


def place_of(error: SyntaxError) -> tuple[int, int, int, int]:
    """The place that Python names in an error: line, column, end line, end column."""
    line = error.lineno or 1
    column = max(1, error.offset or 1)
    end_line = max(line, error.end_lineno or line)
    end_column = error.end_offset or 0
    if end_line == line and end_column <= column:
        end_column = column + 1
    return line, column, end_line, max(1, end_column)

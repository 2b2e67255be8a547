"""Reads JSONPath fields as far as the checker needs: which variable a path starts at, whether it is
a reference path, and which intrinsic functions are called."""

from __future__ import annotations

import re
from typing import Final

from wfc.compiler.data.struct import MutableStruct, field

_NAME: Final = re.compile(r"[A-Za-z_][\w.]*")
_VARIABLE: Final = re.compile(r"\$[^\W\d]\w*")
_TEXT: Final = re.compile(r"'(?:[^'\\]|\\.)*'", re.DOTALL)
_LITERAL: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null")
_GAP: Final = re.compile(r"\s*")
# One step: .name, .*, ..name, .length(), ['name'], [0], [*], [1:2], [?(...)]; brackets are matched
# by hand because a filter may hold brackets itself.
_DOT_STEP: Final = re.compile(r"\.{1,2}(?:\*|[^\s.,\[\]()'\"*?@]+(?:\(\))?)?")
_REFERENCE_STEP: Final = re.compile(r"\.[^.*]+|\[(?:\d+|'[^']*'|\"[^\"]*\")\]")


class PathError(ValueError):
    """The text is no path and no intrinsic call."""


class Reading(MutableStruct):
    """``variables`` are the ``$name`` that paths start at, without the dollar sign; ``intrinsics``
    are calls, outermost first; ``depth`` is how deeply they nest."""

    variables: list[str] = field(factory=list)
    intrinsics: list[str] = field(factory=list)
    depth: int = 0


def read(text: str) -> Reading:
    """What a path or an intrinsic call refers to.

    Raises:
        PathError: the text is neither.
    """
    reading = Reading()
    end = _value(text, 0, reading, 0)
    if end != len(text):
        raise PathError(f"unexpected {text[end:]!r}")
    return reading


def read_path(text: str) -> Reading:
    """What a path refers to; an intrinsic call is refused.

    Raises:
        PathError: the text is no path.
    """
    if not text.startswith("$"):
        raise PathError("a path starts with $")
    return read(text)


def is_reference(text: str) -> bool:
    """Whether a path names exactly one node: only names and indexes."""
    rest = text[1:]
    while rest:
        match = _REFERENCE_STEP.match(rest)
        if match is None:
            return False
        rest = rest[match.end() :]
    return True


def _skip(text: str, start: int) -> int:
    match = _GAP.match(text, start)
    return match.end() if match is not None else start


def _value(text: str, start: int, reading: Reading, depth: int) -> int:
    if text.startswith("$", start):
        return _path(text, start, reading)
    match = _NAME.match(text, start)
    if match is None or not text.startswith("(", match.end()):
        raise PathError("expected a path ($...) or an intrinsic function (States.Name(...))")
    reading.intrinsics.append(match[0])
    reading.depth = max(reading.depth, depth + 1)
    return _arguments(text, match.end() + 1, reading, depth + 1)


def _arguments(text: str, start: int, reading: Reading, depth: int) -> int:
    position = _skip(text, start)
    if text.startswith(")", position):
        return position + 1
    while True:
        literal = _TEXT.match(text, position) or _LITERAL.match(text, position)
        end = literal.end() if literal is not None else _value(text, position, reading, depth)
        position = _skip(text, end)
        if text.startswith(")", position):
            return position + 1
        if not text.startswith(",", position):
            raise PathError("expected , or ) after an argument")
        position = _skip(text, position + 1)


def _path(text: str, start: int, reading: Reading) -> int:
    position = start + 1
    if text.startswith("$", position):
        position += 1
    elif (variable := _VARIABLE.match(text, start)) is not None:
        reading.variables.append(variable[0][1:])
        position = variable.end()
    while position < len(text):
        if text[position] == "[":
            position = _bracket(text, position, reading)
            continue
        match = _DOT_STEP.match(text, position)
        if match is None:
            break
        position = match.end()
        if match[0] in (".", "..") and not text.startswith("[", position):
            raise PathError("a path ends with a dot")
    return position


def _bracket(text: str, start: int, reading: Reading) -> int:
    """Step over ``[...]``; a filter in it may read variables of its own."""
    depth = 0
    position = start
    while position < len(text):
        char = text[position]
        if char in "'\"":
            position = _quoted(text, position)
            continue
        if char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
            if depth == 0:
                return position + 1
        elif char == "$" and (variable := _VARIABLE.match(text, position)) is not None:
            reading.variables.append(variable[0][1:])
        position += 1
    raise PathError("a bracket is not closed")


def _quoted(text: str, start: int) -> int:
    quote = text[start]
    position = start + 1
    while position < len(text):
        if text[position] == "\\":
            position += 1
        elif text[position] == quote:
            return position + 1
        position += 1
    raise PathError("a quote is not closed")

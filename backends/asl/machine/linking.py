"""Puts in place what is known only when all states are written: names of states, the parts of
errors that are read, the last names of variables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import Final

from wfc.backends.asl.machine.flow import Vertex
from wfc.backends.asl.machine.formulas import Json
from wfc.backends.asl.machine.scope import AssignedError

State = dict[str, Json]

_RULES: Final = ("Choices", "Catch")
# Texts, quoted names and the references outside of them.
_TOKEN: Final = re.compile(r"'[^']*'|`[^`]*`|\$([^\W\d]\w*)")


def linked(
    state: Mapping[str, Json], names: Mapping[int, str], reads: Mapping[str, Set[str]]
) -> State:
    """The state as JSON data.

    Args:
        state: with vertices where it leads to others, with errors where it assigns one.
        names: the names of the vertices' states, by identity.
        reads: the parts that are read of the errors that variables hold.
    """
    found: State = {}
    for key, value in state.items():
        if isinstance(value, Vertex):
            found[key] = names[id(value)]
        elif key in _RULES:
            found[key] = [linked(one, names, reads) for one in value]
        elif key == "Assign":
            found[key] = {name: _assigned(one, reads) for name, one in value.items()}
        else:
            found[key] = value
    return found


def _assigned(value: Json, reads: Mapping[str, Set[str]]) -> Json:
    if not isinstance(value, AssignedError):
        return value
    parts = {"type": value.type, "message": value.message}
    read = reads.get(value.variable) or parts.keys()
    return {part: one for part, one in parts.items() if part in read}


def with_variables(definition: Mapping[str, Json], names: Mapping[str, str]) -> dict[str, Json]:
    """The definition with other names for variables."""
    states = definition["States"]
    return {**definition, "States": {key: _respelled(one, names) for key, one in states.items()}}


def _respelled(state: Mapping[str, Json], names: Mapping[str, str]) -> State:
    found: State = {}
    for key, value in state.items():
        if key in _RULES:
            found[key] = [_respelled(one, names) for one in value]
        elif key == "Assign":
            found[key] = {names.get(n, n): _with_names(one, names) for n, one in value.items()}
        else:
            found[key] = _with_names(value, names)
    return found


def _with_names(value: Json, names: Mapping[str, str]) -> Json:
    if isinstance(value, dict):
        return {key: _with_names(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_names(one, names) for one in value]
    if not isinstance(value, str) or not value.startswith("{%"):
        return value

    def new(match: re.Match[str]) -> str:
        return f"${names[match[1]]}" if match[1] in names else match[0]

    return _TOKEN.sub(new, value)

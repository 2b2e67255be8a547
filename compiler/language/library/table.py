"""Python's builtins, library functions and methods that a workflow or helper may use.

The rows are in ``library.functions`` and ``library.methods``; ``language.inference.rules`` applies
them to the expressions of a program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from wfc.compiler.language.library.functions import FUNCTION_ROWS
from wfc.compiler.language.library.methods import METHOD_ROWS
from wfc.compiler.language.library.signatures import Row
from wfc.compiler.language.nodes import types as t

# The values of a library that an expression may name, as a GlobalName with the full name. UTC has
# no type of the language: it is only handed to functions of datetime.
CONSTANTS: Final[Mapping[str, t.Type]] = {
    "datetime.UTC": t.ANY,
    "datetime.timezone.utc": t.ANY,
    "math.e": t.FLOAT,
    "math.pi": t.FLOAT,
    "math.tau": t.FLOAT,
}

# What the second argument of isinstance may be, as a GlobalName, beside the records and enums of
# the module. Several stand in a TupleDisplay.
CLASSES: Final = frozenset(
    {"bool", "dict", "float", "int", "list", "set", "str", "tuple"}
    | {"datetime.datetime", "datetime.timedelta", "types.NoneType"}
)

# Functions whose ``key=`` is a lambda.
KEYED: Final = frozenset({"sorted", "min", "max"})


def _grouped(rows: Iterable[Row]) -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    for row in rows:
        found[row.name] = (*found.get(row.name, ()), row)
    return found


# The rows of each function by its full name, and of each method by the kind of its object and its
# name. Several rows of one name are overloads.
FUNCTIONS: Final[Mapping[str, tuple[Row, ...]]] = _grouped(FUNCTION_ROWS)
METHODS: Final[Mapping[str, Mapping[str, tuple[Row, ...]]]] = {
    kind: _grouped(rows) for kind, rows in METHOD_ROWS.items()
}


def function(name: str) -> tuple[Row, ...]:
    """The rows of a function by its full name; empty when the language has none of that name."""
    return FUNCTIONS.get(name, ())


def methods(name: str) -> dict[str, tuple[Row, ...]]:
    """The rows of a method by the kind of its object: ``str``, ``list``, ``dict``, ..."""
    return {kind: table[name] for kind, table in METHODS.items() if name in table}


def mutates(name: str) -> bool:
    """Whether any method of that name changes its object."""
    return any(row.mutates for rows in methods(name).values() for row in rows)

"""What the targets of a loop stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from wfc.compiler.checks.reading import terms
from wfc.compiler.checks.reading.terms import Term


def bindings(target: ast.expr, iterable: ast.expr, term: Term) -> Iterator[tuple[ast.expr, Term]]:
    """The parts of a target with their values: of ``for key, value in table.items()``, ``for place,
    name in enumerate(names)``, ``for left, right in zip(a, b)`` each part by itself.

    Args:
        term: what ``iterable`` stands for.
    """
    match target, iterable, term:
        case (
            ast.Tuple(elts=[key, value]),
            ast.Call(func=ast.Attribute(attr="items"), args=[]),
            ("call", ("attr", table, "items"), _),
        ):
            yield key, None
            yield value, terms.item(table)
        case (
            ast.Tuple(elts=[place, value]),
            ast.Call(func=ast.Name(id="enumerate")),
            ("call", _, (counted, *_)),
        ):
            yield place, None
            yield value, terms.item(counted)
        case (
            ast.Tuple(elts=parts),
            ast.Call(func=ast.Name(id="zip"), args=zipped),
            ("call", _, tuple() as values),
        ) if len(parts) == len(zipped) == len(values):
            for part, value in zip(parts, values, strict=True):
                yield part, terms.item(value)
        case _:
            yield target, terms.item(term)

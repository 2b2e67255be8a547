"""The upper floor asks backends; it compares no target with a name."""

from __future__ import annotations

import ast

import pytest

from tests.house.dispatch import sources
from wfc.backends import registry

EMBEDDED = "wfc/embedded/"
"""``wfc run`` is built on one engine: it may name it once, and import from its folder."""


def named(text: str) -> list[int]:
    """The lines of a module that name a backend, as a text or by importing its folder."""
    folders = tuple(f"wfc.backends.{name}" for name in registry.OWN)
    lines = []
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Constant(value=str() as value) if value in registry.OWN:
                lines.append(node.lineno)
            case ast.ImportFrom(module="wfc.backends", names=names) if any(
                one.name in registry.OWN for one in names
            ):
                lines.append(node.lineno)
            case ast.ImportFrom(module=str(module)) if f"{module}.".startswith(
                tuple(f"{folder}." for folder in folders)
            ):
                lines.append(node.lineno)
    return lines


def test_the_upper_floor_names_no_backend() -> None:
    found = [
        f"{path}:{line}"
        for path, text in sources()
        if path.startswith("wfc/") and not path.startswith(EMBEDDED)
        for line in named(text)
    ]
    assert not found


def test_the_embedded_engine_is_named_once() -> None:
    constants = [
        node.lineno
        for path, text in sources()
        if path.startswith(EMBEDDED)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and node.value in registry.OWN
    ]
    assert len(constants) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('if target == "asl": pass', 1),
        ('match target:\n    case "dbos" | "temporal": pass', 2),
        ('known = {"asl": 1}', 1),
        ("from wfc.backends.asl.checker import schema", 1),
        ("from wfc.backends import dbos", 1),
        ('"""Compile to asl."""', 0),
        ("from wfc.backends import registry", 0),
    ],
)
def test_what_counts_as_naming(text: str, count: int) -> None:
    assert len(named(text)) == count

"""The JSON Schema of Amazon States Language: a second check of a definition's form.

It knows fields and values. What needs more than one place at once (graphs, variables, expressions)
is :mod:`wfc.backends.asl.checker.machine`'s.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from wfc.backends.asl.checker.report import Problem, step

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

    from wfc.backends.base import File


def schema_text() -> str:
    """The schema as text."""
    return files("wfc.backends.asl.checker").joinpath("asl.schema.json").read_text(encoding="utf-8")


def first_problem(emitted: Iterable[File]) -> str:
    """What the schema has against the first wrong machine among the files; empty when none is."""
    for file in emitted:
        if file.path.endswith(".asl.json"):
            for problem in validate(json.loads(file.text)):
                return f"{file.path} does not match the schema of ASL at {problem}"
    return ""


def validate(machine: Any) -> list[Problem]:
    """What the schema has against a definition."""
    found = sorted(_validator().iter_errors(machine), key=lambda error: error.json_path)
    return [_problem(error) for error in found]


@cache
def _validator() -> Validator:
    import jsonschema

    return jsonschema.Draft202012Validator(json.loads(schema_text()))


def _problem(error: ValidationError) -> Problem:
    """Of alternatives that all fail, the one that fits best says what is wrong."""
    from jsonschema.exceptions import best_match

    best = best_match([error]) or error
    return Problem("ASL-SCHEMA", step("", *best.absolute_path), best.message)

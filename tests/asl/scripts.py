"""Random inputs and answers by type; a seed gives the same ones again."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from wfc.backends.base import StepFailure
from wfc.compiler.language.nodes import Module, Workflow
from wfc.compiler.language.nodes.types import (
    BOOL,
    FLOAT,
    INT,
    NONE,
    STR,
    DictType,
    EnumType,
    ListType,
    LiteralType,
    RecordType,
    TupleType,
    Type,
    UnionType,
)

TEXTS = ("", "a", "b", "it's", '"q"', "é😀", "{%x%}")
MESSAGES = ("", "boom", 'it\'s "so"', "{not json", "é")


def value_of(module: Module, type_: Type, choose: random.Random) -> Any:
    """Some JSON data of a type."""
    scalars = {
        BOOL: lambda: choose.random() < 0.5,
        INT: lambda: choose.randint(-2, 12),
        FLOAT: lambda: choose.choice((0.0, 1.5, -2.25)),
        STR: lambda: choose.choice(TEXTS),
        NONE: lambda: None,
    }
    if type_ in scalars:
        return scalars[type_]()  # type: ignore[index]
    match type_:
        case ListType(inner):
            return [value_of(module, inner, choose) for _ in range(choose.randint(0, 3))]
        case DictType(inner):
            keys = choose.sample(("a", "b", "10", "it's"), choose.randint(0, 3))
            return {key: value_of(module, inner, choose) for key in keys}
        case TupleType(items):
            return [value_of(module, item, choose) for item in items]
        case LiteralType(values):
            return choose.choice(values)
        case UnionType(members):
            return value_of(module, choose.choice(members), choose)
        case RecordType(name):
            record = next(one for one in module.records if one.name == name)
            return {one.name: value_of(module, one.type, choose) for one in record.fields}
        case EnumType(name):
            enum = next(one for one in module.enums if one.name == name)
            return choose.choice(enum.members)[1]
    return choose.choice((1, "x", [], {}))


def input_of(module: Module, workflow: Workflow, choose: random.Random) -> dict[str, Any]:
    """Arguments of a workflow; one with a default is sometimes left out."""
    return {
        p.name: value_of(module, p.type, choose)
        for p in workflow.parameters
        if p.default is None or choose.random() < 0.6
    }


class TypedScript:
    """Answers every step by its type, or with an error; the n-th call of a run gets the n-th
    answer."""

    def __init__(self, module: Module, seed: int, failures: float) -> None:
        self.module = module
        self.choose = random.Random(seed)
        self.failures = failures
        self.errors = [error.name for error in module.errors]
        self.errors += ["ValueError", "TimeoutError", "ConnectionError", "Undeclared"]

    def answer(self, step: str, arguments: Mapping[str, Any]) -> Any:
        if self.choose.random() < self.failures:
            name, message = self.choose.choice(self.errors), self.choose.choice(MESSAGES)
            raise StepFailure(name, message)
        definition = next(one for one in self.module.steps if one.name == step)
        return value_of(self.module, definition.returns, self.choose)

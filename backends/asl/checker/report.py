"""What the checker says, and how it writes places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

from wfc.compiler.data.struct import MutableStruct, Struct, field

Language: TypeAlias = Literal["JSONata", "JSONPath"]
JsonObject: TypeAlias = Mapping[str, Any]

# Rules of the specification that have no number of their own: a field's value has the wrong type
# or lies out of range; a required field is missing; a path or an intrinsic call does not parse.
VALUE: Final = "ASL-VALUE"
MISSING: Final = "ASL-MISSING"
SYNTAX: Final = "ASL-SYNTAX"


class Problem(Struct):
    """``rule`` is its key, ``path`` a JSON Pointer (RFC 6901) into the machine. A warning is for
    what the documentation forbids or calls useless but the service may accept."""

    rule: str
    path: str
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.message} [{self.rule}]"


class Report(MutableStruct):
    """Collects problems."""

    problems: list[Problem] = field(factory=list)

    def add(self, rule: str, path: str, message: str) -> None:
        self.problems.append(Problem(rule, path, message))

    def warn(self, rule: str, path: str, message: str) -> None:
        self.problems.append(Problem(rule, path, message, "warning"))


def step(path: str, *keys: str | int) -> str:
    """The pointer that goes on from ``path`` by these keys."""
    escaped = (str(key).replace("~", "~0").replace("/", "~1") for key in keys)
    return "/".join((path, *escaped))


def is_placeholder(value: object) -> bool:
    """Whether the value is filled in at deployment: text with ``${Name}`` in it, or an intrinsic
    function object of CloudFormation."""
    if isinstance(value, str):
        start = value.find("${")
        return start >= 0 and value.find("}", start) > 0
    if isinstance(value, Mapping) and len(value) == 1:
        key = next(iter(value))
        return isinstance(key, str) and (key == "Ref" or key.startswith("Fn::"))
    return False


def is_expression(value: object) -> bool:
    """Whether the value is a JSONata expression: ``{% ... %}``."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")


def objects(value: object, path: str) -> list[tuple[JsonObject, str]]:
    """The objects of a list with their pointers; nothing for anything else."""
    if not isinstance(value, list):
        return []
    return [(item, step(path, i)) for i, item in enumerate(value) if isinstance(item, Mapping)]

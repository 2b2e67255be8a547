"""What all nodes share: a place in the source, equality and representation."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final

from wfc.compiler.diagnostics.span import NOWHERE, Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Node:
    """Equality and representation are written out here once, for all nodes: generated for every
    class, they would double the time that importing this module takes."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _compared(type(self)))

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in _compared(type(self)))))

    def __repr__(self) -> str:
        shown = (field.name for field in fields(self) if field.repr)
        pairs = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__name__}({pairs})"


_COMPARED: Final[dict[type[Node], tuple[str, ...]]] = {}


def _compared(cls: type[Node]) -> tuple[str, ...]:
    """The fields that make two nodes of a class the same."""
    names = _COMPARED.get(cls)
    if names is None:
        names = tuple(field.name for field in fields(cls) if field.compare)
        _COMPARED[cls] = names
    return names

"""What variables hold at one place of a machine: a variable of the machine, or a value that has not
been assigned yet and is written where it is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from wfc.backends.asl.jsonata.extras import Changed, Deleted, Extended, Stored, Taken, Unpacked
from wfc.backends.asl.jsonata.fragment import Fragment
from wfc.compiler.data.struct import MutableStruct, Struct, field
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import operands, referred
from wfc.compiler.language.walk import expressions, free_names


class Pending(Struct):
    """A value computed from what the variables held when it was assigned. ``size`` counts its
    expressions, those of values it is computed from included."""

    expr: Extended
    scope: Mapping[str, Value]
    size: int


class ErrorValue(Struct):
    """An error that no variable holds yet: its class name and its message."""

    name: Fragment | Pending
    message: Fragment | Pending


class AssignedError(Struct):
    """An error that a variable of the machine is to hold, as fields of a state. Which of its parts
    it needs is known when all states are written."""

    variable: str
    type: Any
    message: Any


Value: TypeAlias = Fragment | Pending | ErrorValue


class Scope(MutableStruct):
    """Variables that are not simply themselves."""

    values: dict[str, Value] = field(factory=dict)

    def copy(self) -> Scope:
        return Scope(dict(self.values))

    def pending(self, expr: Extended) -> Pending:
        """The expression as a value in this scope."""
        seen = {name: self.values[name] for name in reads(expr) if name in self.values}
        inner = {id(v): v.size for v in seen.values() if isinstance(v, Pending)}
        return Pending(expr, seen, size(expr) + sum(inner.values()))


def parts(expr: Extended) -> tuple[ir.Expr, ...]:
    """The expressions that an extended expression is made of."""
    # partial: an expression is its only part
    match expr:
        case Unpacked(value):
            return (value,)
        case Stored(value, path, new):
            return (value, *_subscripts(path), new)
        case Deleted(value, path):
            return (value, *_subscripts(path))
        case Changed(value, path, _, args) | Taken(value, path, _, args):
            return (value, *_subscripts(path), *args)
    return (expr,)


def _subscripts(path: tuple[ir.FieldKey | ir.Expr, ...]) -> tuple[ir.Expr, ...]:
    return tuple(key for key in path if not isinstance(key, ir.FieldKey))


def reads(expr: Extended) -> set[str]:
    """The variables that an expression reads."""
    return free_names(*parts(expr))


def strict_names(*roots: ir.Expr) -> set[str]:
    """The variables that are evaluated in any case when the expressions are."""
    found: set[str] = set()
    pending = list(roots)
    while pending:
        expr = pending.pop()
        # partial: operands() is total
        match expr:
            case ir.Name(name):
                found.add(name)
            case ir.Boolean(_, (first, *_)):
                pending.append(first)
            case ir.Conditional(test):
                pending.append(test)
            case ir.Comprehension(clauses=(first_clause, *_)):
                pending.append(first_clause.iterable)
            case ir.Lambda():
                pass
            case _:
                pending += operands(expr)
    return found


def size(expr: Extended) -> int:
    return sum(1 for _ in expressions(*parts(expr)))


def occurrences(expr: Extended) -> Iterator[str]:
    """Every place where a variable's name occurs."""
    for inner in expressions(*parts(expr)):
        yield from referred(inner)

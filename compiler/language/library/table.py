"""Python's builtins, library functions and methods that a workflow or helper may use.

The rows are in ``library.functions`` and ``library.methods``; ``language.inference.rules`` applies
them to the expressions of a program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library.functions import FUNCTION_ROWS
from wfc.compiler.language.library.methods import METHOD_ROWS
from wfc.compiler.language.library.row import Laziness, Operands, Row, bind, formals
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.kinds import is_mapping, plain

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


_LAZY_FUNCTIONS: Final = {row.name: row.result.lazy for row in FUNCTION_ROWS}
_LAZY_METHODS: Final[dict[str, Laziness]] = {
    row.name: row.result.lazy for rows in METHOD_ROWS.values() for row in rows if row.result.lazy
}
_CHANGING: Final = frozenset(
    row.name for rows in METHOD_ROWS.values() for row in rows if row.mutates
)


def function(name: str) -> tuple[Row, ...]:
    """The rows of a function by its full name; empty when the language has none of that name."""
    return FUNCTIONS.get(name, ())


def methods(name: str) -> dict[str, tuple[Row, ...]]:
    """The rows of a method by the kind of its object: ``str``, ``list``, ``dict``, ..."""
    return {kind: table[name] for kind, table in METHODS.items() if name in table}


def mutates(name: str) -> bool:
    """Whether any method of that name changes its object."""
    return name in _CHANGING


def demands(rows: Iterable[Row], demand: str) -> frozenset[str]:
    """The parameters of which these rows demand something."""
    return frozenset(
        one.name for row in rows for one in formals(row.signature) if one.demand == demand
    )


def lazy(expr: ir.Expr) -> Laziness:
    """Whether an expression gives no list but something to iterate over, and which."""
    # partial: a value stands behind every other expression
    match expr:
        case ir.Comprehension(kind="generator"):
            return "iterator"
        case ir.Call(function=name):
            return _LAZY_FUNCTIONS.get(name, "")
        case ir.Method(name=name):
            return _LAZY_METHODS.get(name, "")
    return ""


def kind_of(module: ir.Module, type_: t.Type) -> str:
    """The kind of a type that the table of methods is ordered by; empty where it has none."""
    # partial: scalars have methods under their own name
    match type_:
        case t.ListType():
            return "list"
        case t.TupleType():
            return "tuple"
        case t.SetType():
            return "set"
        case _ if is_mapping(module, type_):
            return "dict"
    return "int" if type_ == t.BOOL else str(type_) if str(type_) in METHODS else ""


def called(expr: ir.Expr) -> Operands | None:
    """A call of a function, by the parameters of its row; None for every other expression, and for
    a call that no row takes."""
    if not isinstance(expr, ir.Call):
        return None
    found = bind(function(expr.function), expr.args, expr.keywords)
    return found if isinstance(found, Operands) else None


def method_calls(module: ir.Module, expr: ir.Method) -> Iterator[Operands]:
    """The call of a method as each of those that it may be, by what its object may be."""
    table = methods(expr.name)
    kinds = {kind_of(module, one) for one in plain(module, expr.value.type)}
    for kind, rows in table.items():
        if kind in kinds or not kinds <= set(METHODS):
            found = bind(rows, expr.args, expr.keywords, expr.value)
            if isinstance(found, Operands):
                yield found


def mutations(statement: ir.Mutate) -> Iterator[Operands]:
    """The call of a method that changes its object as each of those that it may be; the variable
    stands for the object."""
    owner = ir.Name(statement.name, span=statement.span)
    for rows in methods(statement.method).values():
        found = bind(rows, statement.args, (), owner)
        if isinstance(found, Operands) and found.row.mutates:
            yield found


def counted(expr: ir.Expr) -> ir.Expr | None:
    """The value whose items an expression counts."""
    operands = called(expr)
    counts = operands.row.counts if operands is not None else ""
    return operands.bound[counts] if operands is not None and counts else None

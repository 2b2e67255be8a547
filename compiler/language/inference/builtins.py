"""What a call of a builtin gives, may raise, and why it certainly fails: its row applied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.words import a, did_you_mean
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library.row import Operands, Row, bind, formals
from wfc.compiler.language.library.table import METHODS, function, kind_of, lazy, methods
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing import kinds
from wfc.compiler.language.typing.judgement import NOTHING, TYPE_ERROR, Judgement, either, fails
from wfc.compiler.language.typing.kinds import Fit, fit

_WORDS: Final = {
    "any": "a value",
    "none": "None",
    "flag": "an int",
    "sized": "a list, dict, tuple, set or str",
    "iterable": "something to iterate over",
    "reversible": "a list, tuple, dict, range or str",
    "hashable": "a value that can be hashed",
    "hashables": "values that can be hashed",
    "json": "JSON data",
    "texts": "an iterable of str",
    "numbers": "an iterable of numbers",
    "dataclass": "a dataclass record",
}
# Which demands something lazy meets, beside that its elements have to fit.
_LAZY_FITS: Final[Mapping[str, frozenset[str]]] = {
    "iterator": frozenset({"iterable", "texts", "numbers", "hashables"}),
    "view": frozenset({"iterable", "texts", "numbers", "hashables", "sized", "reversible"}),
}
# What a method of an unknown object may raise, beside what its rows say.
_OF_ANYTHING: Final = frozenset({"AttributeError", "TypeError"})
_OF_RULES: Final = frozenset({"KeyError", "OverflowError", "ValueError"})


def call(module: ir.Module, expr: ir.Call) -> Judgement:
    """The rule of ``function(args)``; nothing is known of a function without a row."""
    rows = function(expr.function)
    if not rows:
        return Judgement(t.ANY)
    return _judged(module, bind(rows, expr.args, expr.keywords))


def method(module: ir.Module, receiver: t.Type, expr: ir.Method) -> Judgement:
    """The rule of ``value.name(args)`` for a value of the given type."""
    return either([_method(module, one, expr) for one in kinds.plain(module, receiver)])


def _method(module: ir.Module, receiver: t.Type, expr: ir.Method) -> Judgement:
    # partial: of other types the table tells
    if isinstance(receiver, t.NeverType):
        return Judgement(t.NEVER)
    if isinstance(receiver, t.AnyType):
        rows = [row for overloads in methods(expr.name).values() for row in overloads]
        raises = NOTHING.union(*(row.raises.split() for row in rows))
        more = _OF_RULES if any(callable(row.returns) for row in rows) else NOTHING
        return Judgement(t.ANY, raises | more | _OF_ANYTHING)
    known = METHODS.get(kind_of(module, receiver), {})
    if expr.name not in known:
        hint = did_you_mean(expr.name, known)
        return fails(f"{receiver} has no method '{expr.name}'{hint}", "AttributeError")
    value = replace(expr.value, type=receiver)
    return _judged(module, bind(known[expr.name], expr.args, expr.keywords, value))


def _judged(module: ir.Module, operands: Operands | str) -> Judgement:
    if isinstance(operands, str):
        return fails(operands)
    row = operands.row
    raises = frozenset(row.raises.split())
    for parameter in formals(row.signature):
        for expr in operands.of(parameter):
            problem, more = _demanded(module, row, parameter.demand, expr)
            if problem:
                return fails(problem)
            raises |= more
    if not callable(row.returns):
        return Judgement(row.returns, raises)
    found = row.returns(module, operands)
    return Judgement(found.type, found.raises | raises, found.problem)


def _demanded(
    module: ir.Module, row: Row, demand: str, expr: ir.Expr
) -> tuple[str, frozenset[str]]:
    match demand:
        case "class":
            return "", NOTHING
        case "fields":
            demand = "any"
        case "lambda":
            none = isinstance(expr, ir.Constant) and expr.value is None
            fine = none or isinstance(expr, ir.Lambda)
            return ("" if fine else f"{row.name}() needs a lambda as its key"), NOTHING
    kind = lazy(expr)
    if kind and not set(demand.split("|")) & _LAZY_FITS[kind]:
        return f"{row.name}() cannot use {a(kind)}; make a list of it first", NOTHING
    match fit(module, expr.type, demand):
        case Fit.YES:
            return "", NOTHING
        case Fit.MAYBE:
            return "", TYPE_ERROR
    wanted = " or ".join(_WORDS.get(name, a(name)) for name in demand.split("|"))
    return f"{row.name}() needs {wanted}, not {expr.type}", NOTHING

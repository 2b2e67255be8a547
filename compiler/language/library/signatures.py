"""Signatures of builtins: how a row of the tables is written, and how a call is matched with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final, Literal, TypeAlias

from wfc.compiler.data.struct import Struct, field
from wfc.compiler.diagnostics.words import a, did_you_mean
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.judgement import NOTHING, TYPE_ERROR, Judgement, fails
from wfc.compiler.language.typing.kinds import Fit, fit

Laziness: TypeAlias = Literal["", "view", "iterator"]
Way: TypeAlias = Literal["", "~", "=", "*", "**"]
_WAYS: Final[Mapping[str, Way]] = {"": "", "~": "~", "=": "=", "*": "*", "**": "**"}


class Operands(Struct):
    """The operands of one call. ``bound`` has the arguments by parameter, ``rest`` those of a
    parameter ``*name``, ``named`` those of ``**name``; ``receiver`` is the object of a method."""

    module: ir.Module
    bound: Mapping[str, ir.Expr]
    rest: tuple[ir.Expr, ...] = ()
    named: Mapping[str, ir.Expr] = field(factory=dict)
    receiver: t.Type = t.NEVER

    def type(self, name: str, default: t.Type = t.NEVER) -> t.Type:
        """The type of an argument, or the default where the call leaves it out."""
        return self.bound[name].type if name in self.bound else default


Rule: TypeAlias = Callable[[Operands], Judgement]


class Row(Struct):
    """A function or method of the language.

    ``signature`` lists its parameters, ``name:demand`` each, separated by blanks: a demand is one
    of ``language.typing.kinds``, or several separated by ``|``, or ``lambda`` or ``class``. A
    trailing ``?`` makes it optional. A bare name is given by position, ``~name`` by position or
    name, ``=name`` by name only; ``*name`` and ``**name`` take any number.

    ``returns`` is the type, or the rule that finds it with what else the call may raise; ``raises``
    are the errors that any call may raise, beside the TypeError of an argument that may not fit.
    """

    name: str
    signature: str
    returns: t.Type | Rule
    raises: str = ""
    mutates: bool = False


class Formal(Struct):
    """A parameter of a row."""

    name: str
    demand: str
    required: bool
    way: Way


@cache
def formals(signature: str) -> tuple[Formal, ...]:
    """The parameters that a signature lists."""
    return tuple(_formal(part) for part in signature.split())


def _formal(part: str) -> Formal:
    name, _, demand = part.partition(":")
    bare = name.lstrip("~=*")
    way = _WAYS[name.removesuffix(bare)]
    required = not demand.endswith("?") and way not in ("*", "**")
    return Formal(bare, demand.removesuffix("?"), required, way)


_WORDS: Final = {
    "any": "a value",
    "none": "None",
    "sized": "a list, dict, tuple, set or str",
    "iterable": "something to iterate over",
    "reversible": "a list, tuple, dict, range or str",
    "hashable": "a value that can be hashed",
    "hashables": "values that can be hashed",
    "json": "JSON data",
    "texts": "an iterable of str",
    "numbers": "an iterable of numbers",
    "dataclass": "a dataclass record",
    "class": "a class",
    "lambda": "a lambda",
}
# Which demands something lazy meets, beside that its elements have to fit.
_LAZY_FITS: Final[Mapping[str, frozenset[str]]] = {
    "iterator": frozenset({"iterable", "texts", "numbers", "hashables"}),
    "view": frozenset({"iterable", "texts", "numbers", "hashables", "sized", "reversible"}),
}


# The results that no list stands behind, as their type has it: an iterator can be iterated once, a
# view as often as wanted.
_LAZY_FUNCTIONS: Final[Mapping[str, Laziness]] = {
    "enumerate": "iterator",
    "range": "view",
    "reversed": "iterator",
    "zip": "iterator",
}
_VIEWS: Final = frozenset({"items", "keys", "values"})


def lazy(expr: ir.Expr) -> Laziness:
    """Whether an expression gives no list but something to iterate over, and which."""
    # partial: a value stands behind every other expression
    match expr:
        case ir.Comprehension(kind="generator"):
            return "iterator"
        case ir.Call(function=name):
            return _LAZY_FUNCTIONS.get(name, "")
        case ir.Method(name=name) if name in _VIEWS:
            return "view"
    return ""


def judged(
    module: ir.Module,
    rows: Sequence[Row],
    args: tuple[ir.Expr, ...],
    keywords: Sequence[tuple[str, ir.Expr]],
    receiver: t.Type = t.NEVER,
) -> Judgement:
    """What the rows of one name, its overloads, say about a call: the first that matches counts."""
    problem = ""
    for row in rows:
        operands = _bind(module, row, args, keywords, receiver)
        if isinstance(operands, Operands):
            return _judge(row, operands)
        problem = problem or operands
    return fails(problem)


def _bind(
    module: ir.Module,
    row: Row,
    args: tuple[ir.Expr, ...],
    keywords: Sequence[tuple[str, ir.Expr]],
    receiver: t.Type,
) -> Operands | str:
    parameters = formals(row.signature)
    positional = [one for one in parameters if one.way in ("", "~")]
    bound = {one.name: arg for one, arg in zip(positional, args, strict=False)}
    rest = args[len(positional) :]
    if rest and not any(one.way == "*" for one in parameters):
        count = len(positional)
        return f"{row.name}() takes {count or 'no'} argument{'s' * (count != 1)}, not {len(args)}"
    named: dict[str, ir.Expr] = {}
    by_name = {one.name for one in parameters if one.way in ("~", "=")}
    for name, value in keywords:
        if name in by_name and name in bound:
            return f"{row.name}() gets '{name}' twice"
        if name in by_name:
            bound[name] = value
        elif any(one.way == "**" for one in parameters):
            named[name] = value
        else:
            return f"{row.name}() has no parameter '{name}'{did_you_mean(name, by_name)}"
    for one in parameters:
        if one.required and one.name not in bound:
            return f"{row.name}() needs an argument '{one.name}'"
    return Operands(module, bound, rest, named, receiver)


def _judge(row: Row, operands: Operands) -> Judgement:
    raises = frozenset(row.raises.split())
    for parameter in formals(row.signature):
        match parameter.way:
            case "*":
                given = operands.rest
            case "**":
                given = tuple(operands.named.values())
            case _:
                given = tuple(filter(None, [operands.bound.get(parameter.name)]))
        for expr in given:
            problem, more = _demanded(operands.module, row, parameter.demand, expr)
            if problem:
                return fails(problem)
            raises |= more
    if not callable(row.returns):
        return Judgement(row.returns, raises)
    found = row.returns(operands)
    return Judgement(found.type, found.raises | raises, found.problem)


def _demanded(
    module: ir.Module, row: Row, demand: str, expr: ir.Expr
) -> tuple[str, frozenset[str]]:
    if demand == "class":
        return "", NOTHING
    if demand == "lambda":
        fine = isinstance(expr, ir.Lambda) or (isinstance(expr, ir.Constant) and expr.value is None)
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

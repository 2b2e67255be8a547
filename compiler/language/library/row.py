"""How a row of the tables of builtins is written, and how a call is bound to one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, Literal, TypeAlias, cast

from wfc.compiler.data.struct import Struct, field
from wfc.compiler.diagnostics.words import did_you_mean
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.judgement import Judgement

Laziness: TypeAlias = Literal["", "view", "iterator"]
Share: TypeAlias = Literal["itself", "inside", "parts", "held"]
Way: TypeAlias = Literal["", "~", "=", "*", "**"]
_WAYS: Final[Mapping[str, Way]] = {"": "", "~": "~", "=": "=", "*": "*", "**": "**"}

# The name under which the object of a method is bound.
SELF: Final = "self"


class Result(Struct):
    """What the value of a call has in common with the objects that the call is given.

    ``shares`` says so by parameter, ``name:share`` each, separated by blanks: the value may be that
    object ``itself``, something ``inside`` it, a new object with the same ``parts``, or a new one
    that has it ``held`` in itself. ``lazy`` says that no list stands behind the value, as its type
    has it: an iterator can be iterated once, a view as often as wanted. ``keeps`` says like
    ``shares`` what a method that changes its object puts into it; it is None for all others.
    """

    shares: str
    lazy: Laziness
    keeps: str | None


def value(shares: str) -> Result:
    """A value that is there when the call ends; the call changes nothing."""
    return Result(shares, "", None)


def view(shares: str) -> Result:
    """What can be iterated, as often as wanted, while nothing changes."""
    return Result(shares, "view", None)


def iterator(shares: str) -> Result:
    """What can be iterated once."""
    return Result(shares, "iterator", None)


def change(keeps: str, shares: str = "") -> Result:
    """The object of the method changes, and keeps what the arguments give it."""
    return Result(shares, "", keeps)


# A value that has nothing in common with what the call is given.
NEW: Final = value("")


@cache
def shares(text: str) -> Mapping[str, Share]:
    """``Result.shares`` and ``Result.keeps`` by parameter."""
    pairs = (part.split(":") for part in text.split())
    return {name: cast("Share", share) for name, share in pairs}


class Operands(Struct):
    """The operands of one call, by parameter.

    ``bound`` has the object of a method under ``self``; ``rest`` are those of a parameter
    ``*name``, ``named`` those of ``**name``. ``given`` are all of them as they are evaluated.
    """

    row: Row
    bound: Mapping[str, ir.Expr]
    rest: tuple[ir.Expr, ...]
    named: Mapping[str, ir.Expr]
    given: tuple[ir.Expr, ...]

    def type(self, name: str, default: t.Type = t.NEVER) -> t.Type:
        """The type of an argument, or the default where the call leaves it out."""
        return self.bound[name].type if name in self.bound else default

    def of(self, parameter: Formal) -> tuple[ir.Expr, ...]:
        """What the call gives to a parameter."""
        match parameter.way:
            case "*":
                return self.rest
            case "**":
                return tuple(self.named.values())
        return (self.bound[parameter.name],) if parameter.name in self.bound else ()

    def named_in(self, table: Mapping[str, Share]) -> Iterator[tuple[ir.Expr, Share]]:
        """The operands of the parameters that a table names."""
        if SELF in table:
            yield self.bound[SELF], table[SELF]
        for parameter in formals(self.row.signature):
            if parameter.name in table:
                yield from ((one, table[parameter.name]) for one in self.of(parameter))

    def demanding(self, demand: str) -> Iterator[ir.Expr]:
        """The operands of which a demand is made."""
        for parameter in formals(self.row.signature):
            if demand in parameter.demand.split("|"):
                yield from self.of(parameter)


Rule: TypeAlias = Callable[[ir.Module, Operands], Judgement]
Fact: TypeAlias = Callable[[Operands, Callable[[ir.Expr], bool]], bool]


def always(_: Operands, __: Callable[[ir.Expr], bool]) -> bool:
    """The value has the property."""
    return True


def each(*names: str) -> Fact:
    """The value has the property if all operands of these parameters have it."""

    def holds(operands: Operands, has: Callable[[ir.Expr], bool]) -> bool:
        return all(map(has, _of_names(operands, names)))

    return holds


def some(*names: str) -> Fact:
    """The value has the property if one operand of these parameters has it."""

    def holds(operands: Operands, has: Callable[[ir.Expr], bool]) -> bool:
        return any(map(has, _of_names(operands, names)))

    return holds


def _of_names(operands: Operands, names: Sequence[str]) -> Iterator[ir.Expr]:
    return (one for one, _ in operands.named_in(dict.fromkeys(names, "itself")))


LoopForm: TypeAlias = Literal["", "range", "enumerated", "zipped", "reversed"]


class Row(Struct):
    """A function or method of the language.

    ``signature`` lists its parameters, ``name:demand`` each, separated by blanks: a demand is one
    of ``language.typing.kinds``, or several separated by ``|``, or one of ``flag`` (an int that
    says yes or no), ``lambda``, ``class`` and ``fields`` (those of a record, by name). A trailing
    ``?`` makes it optional. A bare name is given by position, ``~name`` by position or name,
    ``=name`` by name only; ``*name`` and ``**name`` take any number.

    ``returns`` is the type, or the rule that finds it with what else the call may raise; ``raises``
    are the errors that any call may raise, beside the TypeError of an argument that may not fit.

    ``form`` tells the overloads of a name apart. ``loop`` is the way in which a ``for`` over the
    value can be counted. ``counts`` is the parameter whose items the value counts. ``sign`` says
    when the value is never negative, ``finite`` when it holds no infinity and no NaN. ``orderless``
    says that the order of a dict or set that is given has no influence. ``text`` is the function
    that makes the text which the value is.
    """

    name: str
    signature: str
    returns: t.Type | Rule
    result: Result
    raises: str = ""
    form: str = field(default="", kw_only=True)
    loop: LoopForm = field(default="", kw_only=True)
    counts: str = field(default="", kw_only=True)
    sign: Fact | None = field(default=None, kw_only=True)
    finite: Fact | None = field(default=None, kw_only=True)
    orderless: bool = field(default=False, kw_only=True)
    text: Literal["", "str", "repr"] = field(default="", kw_only=True)

    @property
    def id(self) -> str:
        """The name, and for an overload its form."""
        return f"{self.name}/{self.form}" if self.form else self.name

    @property
    def mutates(self) -> bool:
        """Whether it changes its object."""
        return self.result.keeps is not None


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


def bind(
    rows: Sequence[Row],
    args: Sequence[ir.Expr],
    keywords: Sequence[tuple[str, ir.Expr]] = (),
    receiver: ir.Expr | None = None,
) -> Operands | str:
    """The operands of a call for the first row, of those of one name, that takes them; else what is
    wrong with the call, as the first row has it."""
    problem = ""
    for row in rows:
        found = _bind(row, args, keywords, receiver)
        if isinstance(found, Operands):
            return found
        problem = problem or found
    return problem


def _bind(
    row: Row,
    args: Sequence[ir.Expr],
    keywords: Sequence[tuple[str, ir.Expr]],
    receiver: ir.Expr | None,
) -> Operands | str:
    parameters = formals(row.signature)
    positional = [one.name for one in parameters if one.way in ("", "~")]
    bound = dict(zip(positional, args, strict=False))
    rest = tuple(args[len(positional) :])
    if rest and not any(one.way == "*" for one in parameters):
        count = len(positional)
        return f"{row.name}() takes {count or 'no'} argument{'s' * (count != 1)}, not {len(args)}"
    named: dict[str, ir.Expr] = {}
    by_name = {one.name for one in parameters if one.way in ("~", "=")}
    for name, expr in keywords:
        if name in by_name and name in bound:
            return f"{row.name}() gets '{name}' twice"
        if name in by_name:
            bound[name] = expr
        elif any(one.way == "**" for one in parameters):
            named[name] = expr
        else:
            return f"{row.name}() has no parameter '{name}'{did_you_mean(name, by_name)}"
    for one in parameters:
        if one.required and one.name not in bound:
            return f"{row.name}() needs an argument '{one.name}'"
    given = (*args, *(expr for _, expr in keywords))
    if receiver is not None:
        bound[SELF], given = receiver, (receiver, *given)
    return Operands(row, bound, rest, named, given)

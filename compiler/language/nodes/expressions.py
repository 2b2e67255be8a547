"""Pure, typed expressions."""

from __future__ import annotations

from typing import Literal, TypeAlias

from wfc.compiler.language.nodes.base import (
    Node,
    aside,
    binds,
    derived,
    operand,
    refers,
    uses,
    wording,
)
from wfc.compiler.language.nodes.types import ANY, Type


class Typed(Node, kw_only=True):
    """What all expressions share: the type of their value."""

    type: Type = derived(default=ANY)


class Constant(Typed):
    """A literal. Text, numbers, True, False and None."""

    value: str | int | float | bool | None


class Name(Typed):
    """A local variable or parameter of the function. ``type`` is its type here, after narrowing."""

    id: str = refers()


class GlobalName(Typed):
    """A module constant, by name (see ``Module.constants``)."""

    id: str = uses()


class EnumMember(Typed):
    """``Color.RED``; ``type`` is the enum. Its value stands in ``Module.enums``."""

    enum: str = uses()
    member: str


class Attribute(Typed):
    """A field of a dataclass record, ``.value``/``.name`` of an enum, ``.total_seconds()`` has its
    own :class:`Method`."""

    value: Expr = operand()
    name: str


class Subscript(Typed):
    """``value[index]``: a list, tuple or str by int, a dict or TypedDict record by str."""

    value: Expr = operand()
    index: Expr = operand()


class Slice(Typed):
    """``value[lower:upper:step]`` of a list or str."""

    value: Expr = operand()
    lower: Expr | None = operand()
    upper: Expr | None = operand()
    step: Expr | None = operand()


UnaryOperator: TypeAlias = Literal["-", "+", "~", "not"]
BinaryOperator: TypeAlias = Literal["+", "-", "*", "/", "//", "%", "**", "|", "&", "^", "<<", ">>"]
ComparisonOperator: TypeAlias = Literal[
    "==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"
]


class Unary(Typed):
    """``-a``, ``not a``"""

    operator: UnaryOperator
    operand: Expr = operand()


class Binary(Typed):
    """``left + right``"""

    operator: BinaryOperator
    left: Expr = operand()
    right: Expr = operand()


class Compare(Typed):
    """``left op1 right1 op2 right2 ...``: each operand is evaluated once, left to right."""

    left: Expr = operand()
    rest: tuple[tuple[ComparisonOperator, Expr], ...] = operand()


class Boolean(Typed):
    """``a and b and c``, with Python's values and short circuit."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...] = operand()


class Conditional(Typed):
    """``then if test else orelse``"""

    test: Expr = operand()
    then: Expr = operand()
    orelse: Expr = operand()


class Formatted(Node):
    """``{value!conversion:spec}`` of an f-string; the spec is constant text."""

    value: Expr = operand()
    conversion: Literal["", "s", "r", "a"] = ""
    spec: str = ""


class FString(Typed):
    """An f-string: literal text, braces not doubled, and formatted values in turn."""

    parts: tuple[str | Formatted, ...] = operand()


class Starred(Node):
    """``*value`` in a list, tuple or set display."""

    value: Expr = operand()


class ListDisplay(Typed):
    """``[a, *b]``"""

    items: tuple[Expr | Starred, ...] = operand()


class TupleDisplay(Typed):
    """``(a, *b)``"""

    items: tuple[Expr | Starred, ...] = operand()


class SetDisplay(Typed):
    """``{a, *b}``"""

    items: tuple[Expr | Starred, ...] = operand()


class DictDisplay(Typed):
    """Entries in order; a key of None spreads the value (``**value``)."""

    entries: tuple[tuple[Expr | None, Expr], ...] = operand()


class Lambda(Typed):
    """``lambda p: body``, only as ``key=`` of sorted/min/max. ``type`` is the body's type."""

    parameters: tuple[str, ...] = binds()
    body: Expr = operand(turn=1)


class Call(Typed):
    """A builtin or a portable library function, by its full name: ``len``, ``str``, ``sorted``,
    ``math.floor``, ``json.loads``, ``datetime.timedelta``. See ``language.library``."""

    function: str
    args: tuple[Expr, ...] = operand()
    keywords: tuple[tuple[str, Expr], ...] = operand(default=())


class Method(Typed):
    """A method of a str, list, dict, ... that returns a value and changes nothing."""

    value: Expr = operand()
    name: str
    args: tuple[Expr, ...] = operand()
    keywords: tuple[tuple[str, Expr], ...] = operand(default=())


class Argument(Node):
    """A value bound to a parameter. ``implied`` values are the parameter's default, filled in by
    the reader so that every engine sends the same payload; ``positional`` ones had no name in the
    source."""

    name: str
    value: Expr = operand()
    implied: bool = aside(default=False, repr=True)
    positional: bool = aside(default=False, repr=True)


class HelperCall(Typed):
    """A call of a pure helper function of the module (see ``Module.helpers``). Arguments are bound
    to parameters, in the order of the call; a parameter that is left out keeps its default."""

    helper: str = uses()
    args: tuple[Argument, ...] = operand()


class Construct(Typed):
    """``Record(a, b=c)``; every given field by name, in the order of the call. ``type`` is the
    record; ``positional`` says how many were written without their name."""

    record: str = uses()
    fields: tuple[tuple[str, Expr], ...] = operand()
    positional: int = wording(default=0)


class Target(Node):
    """The variables that a loop or comprehension binds: one name, or a flat tuple of names."""

    names: tuple[str, ...] = binds(types="types")
    types: tuple[Type, ...] = derived()
    unpack: bool = False


class Clause(Node):
    """``for target in iterable if c1 if c2``"""

    target: Target = binds(turn=1)
    iterable: Expr = operand()
    conditions: tuple[Expr, ...] = operand(turn=2, default=())


class Comprehension(Typed):
    """``kind`` is list, set, dict or generator; ``key`` is given for a dict only."""

    kind: Literal["list", "set", "dict", "generator"]
    key: Expr | None = operand(turn=1)
    element: Expr = operand(turn=1)
    clauses: tuple[Clause, ...] = operand()


class ErrorMessage(Typed):
    """``str(error)`` or ``f"{error}"`` of a caught error: its message."""

    name: str = refers()


class ErrorName(Typed):
    """``type(error).__name__`` of a caught error: the name of its class."""

    name: str = refers()


Expr: TypeAlias = (
    Constant
    | Name
    | GlobalName
    | EnumMember
    | Attribute
    | Subscript
    | Slice
    | Unary
    | Binary
    | Compare
    | Boolean
    | Conditional
    | FString
    | ListDisplay
    | TupleDisplay
    | SetDisplay
    | DictDisplay
    | Lambda
    | Call
    | Method
    | HelperCall
    | Construct
    | Comprehension
    | ErrorMessage
    | ErrorName
)

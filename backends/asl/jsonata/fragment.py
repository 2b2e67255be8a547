"""A piece of JSONata text with what is needed to combine it: how tightly it binds, how deep its
evaluation nests, what it needs in front of it.

Depth counts nested calls of the evaluator as the reference implementation 2.0.6 makes them; Step
Functions stops at about 100. Binding powers are those of the reference parser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Final

from wfc.compiler.data.struct import Struct, replace

ATOM: Final = 90
PATH: Final = 75
NEGATED: Final = 70
PRODUCT: Final = 60
SUM: Final = 50
COMPARISON: Final = 40
AND: Final = 30
OR: Final = 25
CONDITION: Final = 20

_POWERS: Final = {
    "*": PRODUCT,
    "/": PRODUCT,
    "%": PRODUCT,
    "+": SUM,
    "-": SUM,
    "&": SUM,
    "=": COMPARISON,
    "!=": COMPARISON,
    "<": COMPARISON,
    "<=": COMPARISON,
    ">": COMPARISON,
    ">=": COMPARISON,
    "in": COMPARISON,
    "and": AND,
    "or": OR,
}
_ASSOCIATIVE: Final = frozenset({"&", "and", "or"})

# Deeper than this, the left operand of an operator gets a variable of its own.
SPLIT_DEPTH: Final = 24


class Binding(Struct):
    """``$name := fragment``, to stand in front of the expression that uses it."""

    name: str
    fragment: Fragment


class Fragment(Struct):
    """An expression.

    ``bindings`` stand in front of it in the nearest block, in this order; ``needs`` are the helper
    functions it calls. ``raises`` says that its evaluation may fail. ``array`` marks an array
    constructor, which another array constructor takes as one item.
    """

    text: str
    power: int = ATOM
    depth: int = 1
    bindings: tuple[Binding, ...] = ()
    needs: frozenset[str] = frozenset()
    raises: bool = False
    array: bool = False

    @property
    def simple(self) -> bool:
        """Whether writing it twice costs nothing: a variable, a short path or a literal."""
        return not self.bindings and not self.needs and self.power >= PATH and len(self.text) <= 48


def text_literal(value: str) -> str:
    """A text in single quotes; an apostrophe and other unsafe characters as ``\\u`` escapes:
    JSONata has no ``\\'``."""
    body = json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\u0027")
    # The end mark of an expression must not stand inside one, nor what a deployer would take for a
    # placeholder.
    body = body.replace("%}", "%\\u007D").replace("${", "$\\u007B")
    return f"'{_UNPRINTABLE.sub(_escape, body)}'"


_UNPRINTABLE: Final = re.compile("[\x7f-\xa0\xad\u2028\u2029\ufeff\ud800-\udfff]")


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04X}"


def number_literal(value: int | float) -> str:
    """A number as JSON has it; a whole one without a fraction."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return repr(value)


def literal(value: str | int | float | bool | None) -> Fragment:
    """A constant. A negative number binds and nests as an operator does."""
    match value:
        case None:
            return Fragment("null")
        case bool():
            return Fragment("true" if value else "false")
        case str():
            return Fragment(text_literal(value))
    text = number_literal(value)
    return Fragment(
        text, NEGATED if text.startswith("-") else ATOM, 2 if text.startswith("-") else 1
    )


def variable(name: str) -> Fragment:
    """``$name``"""
    return Fragment(f"${name}")


def grouped(fragment: Fragment, power: int) -> Fragment:
    """The fragment in parentheses if it binds less tightly than ``power``."""
    if fragment.power >= power:
        return fragment
    return replace(
        fragment, text=f"({fragment.text})", power=ATOM, depth=fragment.depth + 1, array=False
    )


def joined_bindings(fragments: Iterable[Fragment]) -> tuple[Binding, ...]:
    """The bindings of several fragments, each name once."""
    seen: dict[str, Binding] = {}
    for fragment in fragments:
        for binding in fragment.bindings:
            seen.setdefault(binding.name, binding)
    return tuple(seen.values())


def combine(
    text: str, parts: Sequence[Fragment], *, power: int = ATOM, raises: bool = False, extra: int = 1
) -> Fragment:
    """A fragment made of parts that are all evaluated."""
    return Fragment(
        text,
        power,
        extra + max((part.depth for part in parts), default=0),
        joined_bindings(parts),
        frozenset().union(*(part.needs for part in parts)),
        raises or any(part.raises for part in parts),
    )


def binary(operator: str, left: Fragment, right: Fragment) -> Fragment:
    """``left operator right``. What only the right side of a logical operator needs is bound
    there."""
    power = _POWERS[operator]
    associative = operator in _ASSOCIATIVE
    left = grouped(left, power if power != COMPARISON else power + 1)
    right = grouped(right, power if associative else power + 1)
    if operator in ("and", "or"):
        right = grouped(closed(_after(left, right)), power)
    return combine(f"{left.text} {operator} {right.text}", (left, right), power=power)


def call(function: str, *args: Fragment, raises: bool = False) -> Fragment:
    """``$function(args)``"""
    return combine(f"${function}({', '.join(arg.text for arg in args)})", args, raises=raises)


def conditional(test: Fragment, then: Fragment, orelse: Fragment) -> Fragment:
    """``test ? then : orelse``; what only one branch needs is bound in that branch."""
    test = grouped(test, CONDITION + 1)
    then = grouped(closed(_after(test, then)), CONDITION + 1)
    orelse = closed(_after(test, orelse))
    return combine(
        f"{test.text} ? {then.text} : {orelse.text}", (test, then, orelse), power=CONDITION
    )


def _after(first: Fragment, second: Fragment) -> Fragment:
    """The second fragment without the bindings that the first one brings."""
    known = {binding.name for binding in first.bindings}
    rest = tuple(binding for binding in second.bindings if binding.name not in known)
    return replace(second, bindings=rest)


def array(items: Sequence[Fragment]) -> Fragment:
    """``[items]``"""
    text = ", ".join(item.text for item in items)
    return replace(combine(f"[{text}]", items), array=True)


def record(entries: Sequence[tuple[Fragment, Fragment]]) -> Fragment:
    """``{key: value, ...}``"""
    text = ", ".join(f"{key.text}: {value.text}" for key, value in entries)
    return combine(f"{{{text}}}", [part for entry in entries for part in entry])


_PLAIN_FIELD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_WORDS: Final = frozenset({"and", "or", "in", "true", "false", "null", "function"})


def field(fragment: Fragment, name: str) -> Fragment:
    """``fragment.name``; the name in backticks unless it is a plain word."""
    step = name if _PLAIN_FIELD.match(name) and name not in _WORDS else f"`{name}`"
    fragment = grouped(fragment, PATH)
    return combine(
        f"{fragment.text}.{step}", (fragment,), power=PATH, extra=1 if fragment.depth == 1 else 0
    )


_COMPUTED_ITEM: Final = re.compile(r"\[(?!-?[0-9]+\]|\]).*\]\Z", re.DOTALL)


def item(fragment: Fragment, index: Fragment) -> Fragment:
    """``fragment[index]``. Of an item at a computed position JSONata would take the item's own
    list, as long as there are no parentheses."""
    fragment = grouped(fragment, PATH)
    if fragment.power == PATH and _COMPUTED_ITEM.search(fragment.text):
        fragment = combine(f"({fragment.text})", (fragment,))
    return combine(f"{fragment.text}[{index.text}]", (fragment, index), power=PATH)


def function(parameters: Sequence[str], body: Fragment) -> Fragment:
    """A function literal; the body's bindings become a block inside it."""
    body = closed(body)
    names = ", ".join(f"${name}" for name in parameters)
    return combine(f"function({names}){{ {body.text} }}", (body,))


def sequence_of(fragment: Fragment) -> Fragment:
    """``fragment[]``: a sequence that stays one, even of one item."""
    fragment = grouped(fragment, PATH)
    return combine(f"{fragment.text}[]", (fragment,))


def as_list(fragment: Fragment) -> Fragment:
    """A list of what a function returns as a JSONata sequence: nothing, an item, or items."""
    fragment = grouped(fragment, PATH)
    return combine(f"$append([], {fragment.text}[])", (fragment,), extra=2)


def mapped(items: Fragment, parameters: Sequence[str], body: Fragment) -> Fragment:
    """A list of what the body comes to for each item."""
    return as_list(call("map", items, function(parameters, body)))


def filtered(items: Fragment, parameters: Sequence[str], test: Fragment) -> Fragment:
    """A list of the items for which the test holds."""
    return as_list(call("filter", items, function(parameters, test)))


def negated(fragment: Fragment) -> Fragment:
    """``$not(fragment)``"""
    return call("not", fragment)


def error(name: str, message: str) -> Fragment:
    """``$error(...)`` with an error of Python: its name, and its message if it has one."""
    return call("error", literal(f"{name}: {message}" if message else name), raises=True)


def bound(name: str, fragment: Fragment) -> Fragment:
    """The variable ``name``, with the fragment bound to it in front."""
    bare = replace(fragment, bindings=())
    return Fragment(
        f"${name}", bindings=(*fragment.bindings, Binding(name, bare)), raises=fragment.raises
    )


def closed(fragment: Fragment) -> Fragment:
    """The fragment with its bindings in a block of its own."""
    if not fragment.bindings:
        return fragment
    return block([(b.name, b.fragment) for b in fragment.bindings], fragment)


def block(bindings: Sequence[tuple[str, Fragment]], result: Fragment) -> Fragment:
    """``( $a := ..; $b := ..; result )``"""
    steps = [f"${name} := {fragment.text}" for name, fragment in bindings]
    depth = max([result.depth, *(fragment.depth + 1 for _, fragment in bindings)]) + 1
    parts = [result, *(fragment for _, fragment in bindings)]
    return Fragment(
        f"( {'; '.join([*steps, result.text])} )",
        ATOM,
        depth,
        (),
        frozenset().union(*(part.needs for part in parts)),
        any(part.raises for part in parts),
    )

"""Fits generated code into a line width, in the layout that Black and ``ruff format`` produce.

A piece of code is a :data:`Doc`: text, a sequence, a bracket whose items may stand one per line, or
a chain of operands that may break before its operators. :func:`lay_out` chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias, assert_never

from wfc.compiler.data.struct import Struct

WIDTH: Final = 88
INDENT: Final = 4


class Sequential(Struct):
    """Pieces that follow each other without a break."""

    parts: tuple[Doc, ...]


class Bracket(Struct):
    """``opening item, item closing``. ``exploded`` brackets always stand one item per line;
    ``comma`` says whether a comma may follow the last item; the marks of a ``bare`` one are only
    written where it is broken, as those of a tuple behind ``return``; the items of a ``packed``
    one, the arguments of a call, share a line where they fit on one."""

    opening: str
    items: tuple[Doc, ...]
    closing: str
    exploded: bool = False
    comma: bool = True
    bare: bool = False
    packed: bool = False


class Chain(Struct):
    """``first op operand op operand``: breaks before each operator. ``rest`` holds the operators
    with the blanks around them as they stand on one line."""

    first: Doc
    rest: tuple[tuple[str, Doc], ...]


Doc: TypeAlias = str | Sequential | Bracket | Chain


def join(*parts: Doc) -> Doc:
    """The parts one after another."""
    return parts[0] if len(parts) == 1 else Sequential(parts)


def call(function: str, items: Sequence[Doc], *, exploded: bool = False) -> Doc:
    """``function(items)``"""
    return join(function, arguments(items, exploded=exploded))


def arguments(items: Sequence[Doc], *, exploded: bool = False) -> Bracket:
    """``(items)`` behind the name of a function."""
    return Bracket("(", tuple(items), ")", exploded=exploded and bool(items), packed=True)


def parenthesised(doc: Doc) -> Bracket:
    """``(doc)`` around an expression, which is no tuple however it is broken."""
    return Bracket("(", (doc,), ")", comma=False)


def conditional(then: Doc, test: Doc, orelse: Doc) -> Chain:
    """``then if test else orelse``; parentheses keep apart one that stands in ``then``."""
    first = parenthesised(then) if isinstance(then, Chain) else then
    return Chain(first, ((" if ", test), (" else ", orelse)))


def flat(doc: Doc) -> str:
    """The text on one line."""
    match doc:
        case str():
            return doc
        case Sequential(parts):
            return "".join(map(flat, parts))
        case Bracket(opening, items, closing):
            inside = ", ".join(map(flat, items))
            return inside if doc.bare else f"{opening}{inside}{closing}"
        case Chain(first, rest):
            return flat(first) + "".join(operator + flat(operand) for operator, operand in rest)
        case _:
            assert_never(doc)


def lay_out(prefix: str, doc: Doc, suffix: str = "", indent: int = 0) -> list[str]:
    """The lines of ``prefix doc suffix``, indented.

    A statement that is too long is broken at its last bracket; where that does not help, the whole
    expression is put into parentheses, as Black does.
    """
    if not _explodes(doc):
        line = " " * indent + prefix + flat(doc) + suffix
        if len(line) <= WIDTH:
            return [line]
    if isinstance(doc, Chain):
        return _broken_chain(prefix, doc, suffix, indent)
    atoms = list(_atoms(doc))
    if isinstance(atoms[-1], Chain):
        atoms[-1] = parenthesised(atoms[-1])
    split = _last_bracket(atoms)
    if split is None:
        return _in_parentheses(prefix, doc, suffix, indent)
    head = prefix + "".join(map(flat, atoms[:split]))
    tail = "".join(map(flat, atoms[split + 1 :])) + suffix
    bracket = atoms[split]
    assert isinstance(bracket, Bracket)
    return _explode(head, bracket, tail, indent)


def _broken_chain(prefix: str, doc: Chain, suffix: str, indent: int) -> list[str]:
    """An operator whose last operand ends in a bracket is broken there, where what stands before
    fits; any other chain goes into parentheses."""
    if len(doc.rest) == 1:
        ((operator, operand),) = doc.rest
        *front, last = _atoms(operand)
        head = prefix + flat(doc.first) + operator + "".join(map(flat, front))
        if isinstance(last, Bracket) and last.items and indent + len(head) < WIDTH:
            return _explode(head, last, suffix, indent)
    return _explode(prefix, parenthesised(doc), suffix, indent)


def _in_parentheses(prefix: str, doc: Doc, suffix: str, indent: int) -> list[str]:
    """Parentheses around text that cannot be broken, if that makes the line short enough."""
    text = flat(doc)
    if prefix and indent + INDENT + len(text) <= WIDTH and not prefix.endswith("("):
        pad = " " * indent
        return [f"{pad}{prefix}(", f"{pad}{' ' * INDENT}{text}", f"{pad}){suffix}"]
    return [" " * indent + prefix + text + suffix]


def _explode(head: str, bracket: Bracket, tail: str, indent: int) -> list[str]:
    """Open the bracket: its items on one indented line if they fit, else one per line."""
    pad, inner = " " * indent, indent + INDENT
    lines = [f"{pad}{head}{bracket.opening}"]
    together = ", ".join(map(flat, bracket.items))
    single = len(bracket.items) == 1 and not bracket.comma
    forced = bracket.exploded or any(map(_explodes, bracket.items))
    packed = bracket.packed or single
    if packed and not forced and inner + len(together) <= WIDTH:
        lines.append(" " * inner + together)
    else:
        for item in bracket.items:
            lines += _item(item, "" if single else ",", inner)
    return [*lines, f"{pad}{bracket.closing}{tail}"]


def _item(doc: Doc, suffix: str, indent: int) -> list[str]:
    """One item of an open bracket; a chain breaks here without parentheses of its own."""
    if isinstance(doc, Chain) and indent + len(flat(doc)) + len(suffix) > WIDTH:
        lines = _item(doc.first, "", indent)
        for operator, operand in doc.rest:
            lines += lay_out(operator.lstrip(), operand, "", indent)
        lines[-1] += suffix
        return lines
    return lay_out("", doc, suffix, indent)


def _atoms(doc: Doc) -> Iterator[Doc]:
    if isinstance(doc, Sequential):
        for part in doc.parts:
            yield from _atoms(part)
    else:
        yield doc


def _last_bracket(atoms: Sequence[Doc]) -> int | None:
    """The bracket to open: one that must be open, else the last one with something in it."""
    for index, atom in enumerate(atoms):
        if isinstance(atom, Bracket) and _explodes(atom):
            return index
    for index in range(len(atoms) - 1, -1, -1):
        atom = atoms[index]
        if isinstance(atom, Bracket) and atom.items:
            return index
    return None


def _explodes(doc: Doc) -> bool:
    match doc:
        case Sequential(parts):
            return any(map(_explodes, parts))
        case Bracket():
            return doc.exploded or any(map(_explodes, doc.items))
        case Chain(first, rest):
            return _explodes(first) or any(_explodes(operand) for _, operand in rest)
        case str():
            return False
        case _:
            assert_never(doc)

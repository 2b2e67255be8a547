"""Terms: what an expression may stand for, as far as one file can tell.

A term is a tuple whose first item names its kind; ``None`` is an unknown value. Terms are made by
the hundred thousand and cached on disk, hence tuples instead of classes. Look at one with
``match``.

=====================================  =============================================================
``("name", id)``                       a name of the module, or a builtin
``("def", qualname)``                  a function, lambda or class of this file, by qualified name
``("module", name)``                   a module; a relative one keeps its leading dots
``("attr", base, name)``               ``base.name``
``("call", callee, args)``             what a call returns
``("instance", annotation)``           a value of an annotated type
``("generic", base, args)``            ``base[args]`` in an annotation
``("item", container)``                an element of a container
``("display", items, keys)``           a list, tuple or dict display, by its elements; a dict by its
                                       values, with the keys that are text
``("set",)``                           a set or frozenset
``("self", qualname)``                 the receiver of a method of that class
``("class", qualname)``                ``cls`` in a class method
``("super", qualname)``                ``super()`` in a method of that class
``("constant", value)``                a literal number, text, True, False or None
``("default", parameter, term)``       a parameter that the caller left out
``("one of", terms)``                  one of several
=====================================  =============================================================
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

Term: TypeAlias = tuple[Any, ...] | None

SET: Final[Term] = ("set",)
DEPTH = 10
"""Deeper terms become unknown; it bounds what a long chain of assignments can build up."""
WIDTH = 8
"""At most so many alternatives are followed."""
_AROUND_ONE: Final = frozenset({"attr", "item", "instance", "generic"})
_AROUND_SEVERAL: Final = frozenset({"one of", "display"})


def attr(base: Term, name: str) -> Term:
    return None if base is None or depth(base) >= DEPTH else ("attr", base, name)


def call(callee: Term, args: tuple[Term, ...]) -> Term:
    if callee is None or depth(callee) >= DEPTH:
        return None
    short = tuple(arg if depth(arg) < DEPTH // 2 else None for arg in args[:4])
    return ("call", callee, short)


def item(container: Term) -> Term:
    if container is None or container == SET or depth(container) >= DEPTH:
        return None
    return ("item", container)


def display(items: Iterable[Term], keys: Iterable[str] = ()) -> Term:
    """A display, with the elements that may be a function or an object of the project."""
    kept = tuple(dict.fromkeys(item for item in items if worth_following(item)))
    return ("display", kept[: 4 * WIDTH], tuple(keys)[: 4 * WIDTH])


def one_of(terms: Iterable[Term]) -> Term:
    flat: dict[Term, None] = {}
    for term in terms:
        if term is None:
            continue
        if term[0] == "one of":
            flat.update(dict.fromkeys(term[1]))
        else:
            flat[term] = None
    known = tuple(flat)[:WIDTH]
    if not known:
        return None
    return known[0] if len(known) == 1 else ("one of", known)


def worth_following(term: Term) -> bool:
    return term is not None and term[0] not in ("constant", "set") and depth(term) < DEPTH


def depth(term: Term) -> int:
    """How deep terms lie in one another; what a call is given counts."""
    # Asked about every term: comparing the kind takes a third of the time that patterns take.
    if term is None:
        return 0
    kind = term[0]
    if kind in _AROUND_ONE:
        return 1 + depth(term[1])
    if kind in _AROUND_SEVERAL:
        return 1 + max(map(depth, term[1]), default=0)
    if kind == "call":
        return 1 + max(depth(term[1]), max(map(depth, term[2]), default=0))
    return 0


def supplied(term: Term, parameters: frozenset[str]) -> Term:
    """What a term stands for where the caller passed these parameters."""
    match term:
        case ("default", parameter, _) if parameter in parameters:
            return None
        case ("attr", base, name):
            return attr(supplied(base, parameters), name)
        case ("item", base):
            return item(supplied(base, parameters))
        case ("call", callee, args):
            return call(supplied(callee, parameters), args)
        case ("one of", options):
            return one_of([supplied(option, parameters) for option in options])
    return term


def root_kind(term: Term) -> str:
    """The kind of what an attribute or element is taken from, or of the term itself."""
    while term is not None and term[0] in ("attr", "item"):
        term = term[1]
    return "" if term is None else str(term[0])


def alternatives(term: Term) -> tuple[Term, ...]:
    return term[1] if term is not None and term[0] == "one of" else (term,)


def may_be_set(term: Term) -> bool:
    """Whether this file alone shows that the value may be a set."""
    return any(option == SET for option in alternatives(term))

"""What the fields of nodes and types hold: their annotations as data, and whether values fit."""

from __future__ import annotations

import types as python
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, Final, Literal, TypeAlias, Union, get_args, get_origin

from wfc.compiler.data.struct import Struct, fields
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

Fit: TypeAlias = Callable[[Any], bool]


class Shape(Struct):
    """``classes`` are those that a value may be an instance of, subclasses left out; ``words`` the
    texts that it may be; ``items`` is what each item of a tuple holds, or of a set when
    ``unordered``; ``row`` what a tuple of that length holds."""

    classes: frozenset[type] = frozenset()
    words: tuple[str, ...] = ()
    items: Shape | None = None
    unordered: bool = False
    row: tuple[Shape, ...] = ()

    @property
    def single(self) -> bool:
        """Whether a value is never a word, tuple or set."""
        return not (self.words or self.items or self.row)

    @cached_property
    def held(self) -> frozenset[type]:
        """The classes of all that a value may hold, what is in tuples included."""
        inner = [one.held for one in (self.items, *self.row) if one is not None]
        return self.classes.union(*inner)


_NAMES: Final[dict[str, Any]] = {**vars(ir), **vars(t), "Literal": Literal, "Span": Span}


@cache
def shape(annotation: str) -> Shape:
    """What a field of a node or type may hold that has this annotation."""
    return _shape(eval(annotation, _NAMES))


def _shape(hint: Any) -> Shape:
    if isinstance(hint, str):
        return shape(hint)
    if hint is None:
        return Shape(frozenset({python.NoneType}))
    args = get_args(hint)
    origin = get_origin(hint)
    if origin is None:
        return Shape(frozenset({hint}))
    if origin is Literal:
        return Shape(words=args)
    if origin in (Union, python.UnionType):
        return _either([_shape(one) for one in args])
    assert origin in (tuple, frozenset), hint
    if args[-1] is Ellipsis or origin is frozenset:
        return Shape(items=_shape(args[0]), unordered=origin is frozenset)
    return Shape(row=tuple([_shape(one) for one in args]))


def _either(shapes: list[Shape]) -> Shape:
    """One of several; not more than one of them is a tuple or set."""
    sequences = [one for one in shapes if one.items or one.row]
    rest = sequences[0] if sequences else Shape()
    return Shape(
        frozenset().union(*[one.classes for one in shapes]),
        tuple([word for one in shapes for word in one.words]),
        rest.items,
        rest.unordered,
        rest.row,
    )


# --- Values that fit -----------------------------------------------------------------------------


_MALFORMED: Final[dict[type, tuple[tuple[str, Fit], ...]]] = {}


def malformed(node: Struct) -> list[str]:
    """The fields of a node or type that hold what they cannot; the nodes inside it are not looked
    into."""
    class_ = type(node)
    checks = _MALFORMED.get(class_)
    if checks is None:
        found = [(one.name, _fit(one.annotation)) for one in fields(class_)]
        checks = _MALFORMED[class_] = tuple(found)
    return [name for name, fits in checks if not fits(getattr(node, name))]


@cache
def _fit(annotation: str) -> Fit:
    return fit(shape(annotation))


def fit(of: Shape) -> Fit:
    """A function that says whether a value has a shape, nodes inside it not looked into."""
    classes, words = of.classes, of.words
    if float in classes:
        classes |= {int}
    if of.single:
        return lambda value: type(value) in classes
    if of.items is not None:
        sequence, inner = frozenset if of.unordered else tuple, of.items
        fits = fit(inner)
        if inner.single:
            all_ = inner.classes.issuperset
            return lambda value: (
                all_(map(type, value)) if type(value) is sequence else type(value) in classes
            )
        return lambda value: (
            all(map(fits, value)) if type(value) is sequence else type(value) in classes
        )
    if of.row:
        row = [fit(one) for one in of.row]
        return lambda value: (
            type(value) is tuple
            and len(value) == len(row)
            and all(fits(one) for fits, one in zip(row, value, strict=True))
        )
    return lambda value: value in words if type(value) is str else type(value) in classes

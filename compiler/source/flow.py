"""What is known about the local variables at a place: their types, and whether they have a value.

Knowledge is kept in layers. A branch works on a layer of its own above the common knowledge, and
joining branches looks only at what they changed; so the cost of a join does not depend on how many
variables a function has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from wfc.compiler.data.struct import Struct, replace
from wfc.compiler.language.nodes import types as t


class Variable(Struct):
    """``bound`` is False where the variable may have no value; ``declared`` is the type of its
    annotation. What a test said about a part of a variable (``order.note``) is kept in the same
    way; there ``bound`` is False when it holds no more."""

    type: t.Type
    bound: bool = True
    declared: t.Type | None = None


class Layer:
    """Changes above a parent layer. ``live`` is False after a jump: the end cannot be reached."""

    __slots__ = ("changes", "live", "parent")

    def __init__(self, parent: Layer | None = None) -> None:
        self.parent = parent
        self.changes: dict[str, Variable] = {}
        self.live = True

    def get(self, name: str) -> Variable | None:
        """The variable as known here; None when nothing assigned it."""
        layer: Layer | None = self
        while layer is not None:
            if name in layer.changes:
                return layer.changes[name]
            layer = layer.parent
        return None

    def set(self, name: str, variable: Variable) -> None:
        self.changes[name] = variable

    def narrow(self, facts: Iterable[tuple[str, t.Type]]) -> None:
        """Take over what a test says about the types of variables."""
        for name, type_ in facts:
            variable = self.get(name)
            if variable is not None:
                self.changes[name] = replace(variable, type=type_, bound=True)
            elif not name.isidentifier():
                self.changes[name] = Variable(type_)

    def child(self, facts: Iterable[tuple[str, t.Type]] = ()) -> Layer:
        """A layer for a branch."""
        layer = Layer(self)
        layer.live = self.live
        layer.narrow(facts)
        return layer

    def snapshot(self) -> Layer:
        """The knowledge at a jump, which later statements do not change."""
        copy = Layer(self.parent)
        copy.changes = dict(self.changes)
        return copy

    def changed_since(self, base: Layer) -> dict[str, Variable]:
        """What the layers above a base changed, the newest knowledge of each variable."""
        layers: list[Layer] = []
        layer: Layer | None = self
        while layer is not None and layer is not base:
            layers.append(layer)
            layer = layer.parent
        if len(layers) == 1:
            return layers[0].changes
        changes: dict[str, Variable] = {}
        for layer in reversed(layers):
            changes.update(layer.changes)
        return changes

    def merge(self, ends: Iterable[Layer]) -> None:
        """Go on from several ends of branches that began at this layer; dead ones do not count."""
        live = [end.changed_since(self) for end in ends if end.live]
        if not live:
            self.live = False
            return
        if len(live) == 1:
            self.changes.update(live[0])
            return
        merged = {name: self._joined(name, live) for name in _all_names(live)}
        self.changes.update(merged)

    def _joined(self, name: str, live: list[dict[str, Variable]]) -> Variable:
        before = self.get(name)
        found = [changes.get(name, before) for changes in live]
        known = [variable for variable in found if variable is not None]
        return Variable(
            join((variable.type for variable in known), before.type if before else None),
            bound=len(known) == len(found) and all(variable.bound for variable in known),
            declared=next((v.declared for v in known if v.declared is not None), None),
        )


def _all_names(changes: list[dict[str, Variable]]) -> Iterator[str]:
    return iter(dict.fromkeys(name for change in changes for name in change))


def join(types: Iterable[t.Type], known: t.Type | None = None) -> t.Type:
    """The type that holds all the given ones. Lists of different elements become one list.

    Args:
        types: the types at the ends of the branches.
        known: a type already written down for the variable; it is preferred to an equal union.
    """
    joined = _none_last(_combine(list(types)))
    if known is not None and set(t.members(joined)) == set(t.members(known)):
        return known
    return joined


def merged(type_: t.Type) -> t.Type:
    """A union whose lists of different elements are one list."""
    return _combine([type_])


def _none_last(type_: t.Type) -> t.Type:
    """``int | None`` rather than ``None | int``."""
    if isinstance(type_, t.UnionType) and t.NONE in type_.members[:-1]:
        others = tuple(member for member in type_.members if member != t.NONE)
        return t.UnionType((*others, t.NONE))
    return type_


def _combine(types: list[t.Type]) -> t.Type:
    flat = [member for type_ in types for member in t.members(type_)]
    result: list[t.Type] = []
    for member in flat:
        for index, other in enumerate(result):
            combined = _same_container(other, member)
            if combined is not None:
                result[index] = combined
                break
        else:
            result.append(member)
    return t.union(*result)


def _same_container(left: t.Type, right: t.Type) -> t.Type | None:
    # partial: other pairs stay apart in a union
    match left, right:
        case _ if left == right:
            return left
        case t.ListType(element=a), t.ListType(element=b):
            return t.ListType(_combine([a, b]))
        case t.SetType(element=a), t.SetType(element=b):
            return t.SetType(_combine([a, b]))
        case t.DictType(value=a), t.DictType(value=b):
            return t.DictType(_combine([a, b]))
        case t.LiteralType(values=a), t.LiteralType(values=b) if type(a[0]) is type(b[0]):
            return t.LiteralType(tuple(dict.fromkeys((*a, *b))))
    return None


def depth(type_: t.Type) -> int:
    """How deeply a type is nested; one that grows in a loop is cut at a limit."""
    match type_:
        case t.ListType(element=inner) | t.SetType(element=inner) | t.DictType(value=inner):
            return 1 + depth(inner)
        case t.TupleType(items=items) | t.UnionType(members=items):
            return 1 + max(map(depth, items), default=0)
        case (
            t.Scalar()
            | t.AnyType()
            | t.NeverType()
            | t.LiteralType()
            | t.RecordType()
            | t.EnumType()
            | t.ErrorType()
        ):
            return 0
        case _:
            assert_never(type_)


def assigned(value: t.Type, declared: t.Type | None) -> t.Type:
    """The type of a variable after an assignment: its declared one, narrowed where the value is
    one of the declared alternatives."""
    if declared is None:
        return value
    alternatives = t.members(declared)
    if len(alternatives) > 1 and value in alternatives and value != t.ANY:
        return value
    if len(alternatives) > 1 and not t.optional(value):
        return t.without_none(declared)
    return declared

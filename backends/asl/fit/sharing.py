"""Which variables may share lists, dicts or records."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final, assert_never

from wfc.backends.asl.jsonata.kinds import Kinds, element
from wfc.compiler.data.struct import MutableStruct, Struct, field
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import operands
from wfc.compiler.language.library.row import Operands, shares
from wfc.compiler.language.library.table import called, method_calls


class Heap(Enum):
    """How a value relates to a variable's object."""

    SAME = "the object itself"
    PART = "something inside the object"
    HOLDS = "something that holds the object"
    OVERLAPS = "something that shares a part with the object"


class Tie(Struct):
    """A value and a variable that may share data. ``repeated``: at several places of the value."""

    name: str
    heap: Heap
    repeated: bool = False


# Stands for an object that no variable holds.
ANONYMOUS = ""


def ties(kinds: Kinds, expr: ir.Expr) -> list[Tie]:
    """What the value of an expression may share data with."""
    if not kinds.mutable(expr.type):
        return []
    # partial: any other value holds what its operands hold
    match expr:
        case ir.Name(name):
            return [Tie(name, Heap.SAME)]
        case ir.Attribute(value) | ir.Subscript(value):
            return inside(ties(kinds, value))
        case ir.Conditional(_, then, orelse):
            return ties(kinds, then) + ties(kinds, orelse)
        case ir.Boolean(_, parts):
            return [tie for part in parts for tie in ties(kinds, part)]
        case ir.ListDisplay(items) | ir.TupleDisplay(items) | ir.SetDisplay(items):
            return _displayed(kinds, items)
        case ir.DictDisplay(entries):
            return _marked(
                [
                    tie
                    for key, value in entries
                    for tie in (
                        _overlapping(ties(kinds, value))
                        if key is None
                        else _holding(ties(kinds, value))
                    )
                ]
            )
        case ir.Construct(_, fields):
            return _marked([tie for _, value in fields for tie in _holding(ties(kinds, value))])
        case ir.Comprehension():
            return _comprehended(kinds, expr)
        case ir.Slice(value):
            return _overlapping(ties(kinds, value))
        case ir.Binary(operator, left, right):
            found = _overlapping(ties(kinds, left)) + _overlapping(ties(kinds, right))
            if operator == "*":
                found = [Tie(tie.name, tie.heap, True) for tie in found]
                if kinds.mutable(element(expr.type)):
                    found.append(Tie(ANONYMOUS, Heap.OVERLAPS, True))
            return _marked(found)
        case ir.Call():
            operands_ = called(expr)
            assert operands_ is not None
            return shared(kinds, operands_, operands_.row.result.shares)
        case ir.Method():
            rows = method_calls(kinds.module, expr)
            return [tie for one in rows for tie in shared(kinds, one, one.row.result.shares)]
        case ir.HelperCall():
            found = [tie for part in operands(expr) for tie in ties(kinds, part)]
            return found + inside(found) + _holding(found)
    return [tie for part in operands(expr) for tie in ties(kinds, part)]


def shared(kinds: Kinds, given: Operands, table: str) -> list[Tie]:
    """What a value shares with the operands of a call, which a row says by parameter."""
    found: list[Tie] = []
    for expr, share in given.named_in(shares(table)):
        of = ties(kinds, expr)
        match share:
            case "itself":
                found += of
            case "inside":
                found += inside(of)
            case "parts":
                found += _overlapping(of)
            case "held":
                found += _holding(of)
            case _:
                assert_never(share)
    return _marked(found)


# What something inside a value may be: of a value that holds the object, the object itself.
_INSIDE: Final = {
    Heap.SAME: (Heap.PART,),
    Heap.PART: (Heap.PART,),
    Heap.HOLDS: (Heap.SAME,),
    Heap.OVERLAPS: (Heap.PART, Heap.OVERLAPS),
}


def inside(found: Iterable[Tie]) -> list[Tie]:
    """Of something inside those values."""
    return [Tie(tie.name, heap) for tie in found for heap in _INSIDE[tie.heap]]


def _holding(found: Iterable[Tie]) -> list[Tie]:
    """Of something that holds those values."""
    return [
        Tie(
            tie.name,
            Heap.HOLDS if tie.heap in (Heap.SAME, Heap.HOLDS) else Heap.OVERLAPS,
            tie.repeated,
        )
        for tie in found
    ]


def _overlapping(found: Iterable[Tie]) -> list[Tie]:
    """Of a new object with the same parts."""
    return [
        tie if tie.heap == Heap.HOLDS else Tie(tie.name, Heap.OVERLAPS, tie.repeated)
        for tie in found
    ]


def _displayed(kinds: Kinds, items: Iterable[ir.Expr | ir.Starred]) -> list[Tie]:
    found: list[Tie] = []
    for item in items:
        if isinstance(item, ir.Starred):
            found += _overlapping(ties(kinds, item.value))
        else:
            found += _holding(ties(kinds, item))
    return _marked(found)


def _marked(found: list[Tie]) -> list[Tie]:
    """Ties to one variable from several places."""
    names = [tie.name for tie in found]
    return [Tie(tie.name, tie.heap, tie.repeated or names.count(tie.name) > 1) for tie in found]


def _comprehended(kinds: Kinds, expr: ir.Comprehension) -> list[Tie]:
    """The loop's variables are parts of what the loop runs over; others occur in every turn."""
    bound = {name for clause in expr.clauses for name in clause.target.names}
    found: list[Tie] = []
    for tie in ties(kinds, expr.element):
        if tie.name not in bound:
            found += [Tie(one.name, one.heap, True) for one in _holding([tie])]
    if kinds.mutable(expr.element.type):
        for clause in expr.clauses:
            found += _overlapping(
                tie for tie in ties(kinds, clause.iterable) if tie.name not in bound
            )
    return found


class State(MutableStruct):
    """``holds`` says which objects can be reached from a variable's; ``shares`` which variables'
    objects have a part in common; ``repeated`` are those with one object at several places."""

    holds: dict[str, set[str]] = field(factory=dict)
    shares: dict[str, set[str]] = field(factory=dict)
    repeated: set[str] = field(factory=set)

    def copy(self) -> State:
        return State(
            {name: set(found) for name, found in self.holds.items()},
            {name: set(found) for name, found in self.shares.items()},
            set(self.repeated),
        )

    def join(self, other: State) -> None:
        for mine, theirs in ((self.holds, other.holds), (self.shares, other.shares)):
            for name, found in theirs.items():
                mine.setdefault(name, set()).update(found)
        self.repeated |= other.repeated

    def assign(self, name: str, found: list[Tie]) -> None:
        self.assign_together([(name, found)])

    def assign_together(self, bindings: list[tuple[str, list[Tie]]]) -> None:
        """All values are taken before a name changes."""
        for name, found in bindings:
            self._tie(f"={name}", found)
        for name, _ in bindings:
            self._forget(name)
        for name, _ in bindings:
            self._rename(f"={name}", name)

    def hold(self, name: str, found: list[Tie]) -> None:
        """A value is put into the variable's object."""
        for tie in found:
            if tie.name in self.holds.get(name, ()) or tie.repeated or tie.name == name:
                self.repeated.add(name)
        self._tie(name, _holding(found))

    def seen_by(self, name: str, *, nested: bool) -> set[str]:
        """The variables through which a change of the object, or of something inside it, shows."""
        if nested:
            return self.shares.get(name, set()) - {name}
        return {other for other, held in self.holds.items() if name in held} - {name}

    def _tie(self, name: str, found: list[Tie]) -> None:
        for tie in found:
            if tie.repeated or tie.name in self.repeated:
                self.repeated.add(name)
            if tie.name in (name, ANONYMOUS):
                continue
            if tie.heap in (Heap.SAME, Heap.HOLDS):
                self._add_holds(name, tie.name)
            if tie.heap in (Heap.SAME, Heap.PART):
                self._add_holds(tie.name, name)
            if tie.heap in (Heap.PART, Heap.OVERLAPS):
                # What both have may be an object of another variable, or what holds it.
                for held in self.holds.get(tie.name, set()) - {name}:
                    self._add_holds(name, held)
                    if tie.heap == Heap.PART:
                        self._add_holds(held, name)
            self._add_shares(name, tie.name)

    def _add_holds(self, outer: str, inner: str) -> None:
        above = {outer, *(n for n, held in self.holds.items() if outer in held)}
        below = {inner, *self.holds.get(inner, ())}
        for name in above:
            self.holds.setdefault(name, set()).update(below - {name})

    def _add_shares(self, one: str, other: str) -> None:
        left = {one, *self.shares.get(one, ())}
        right = {other, *self.shares.get(other, ())}
        for name in left:
            self.shares.setdefault(name, set()).update(right - {name})
        for name in right:
            self.shares.setdefault(name, set()).update(left - {name})

    def _forget(self, name: str) -> None:
        for relation in (self.holds, self.shares):
            relation.pop(name, None)
            for found in relation.values():
                found.discard(name)
        self.repeated.discard(name)

    def _rename(self, before: str, after: str) -> None:
        for relation in (self.holds, self.shares):
            if before in relation:
                relation[after] = relation.pop(before)
            for found in relation.values():
                if before in found:
                    found.discard(before)
                    found.add(after)
        if before in self.repeated:
            self.repeated.discard(before)
            self.repeated.add(after)

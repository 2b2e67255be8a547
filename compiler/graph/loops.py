"""``for`` as a test, assignments before the loop, and assignments at the start of each turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.graph.model import ITEM_AT, Action
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import bound
from wfc.compiler.language.library.table import called, counted
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.walk import statements

NewName = Callable[[str, t.Type], str]


class Loop(Struct):
    """``before`` runs once, ``test`` decides on each turn, and ``step`` begins it: the loop's
    variables get their values and the counter moves on."""

    before: tuple[Action, ...]
    test: ir.Expr
    step: tuple[Action, ...]


def loop_over(statement: ir.For, name: NewName) -> Loop:
    """How to run a ``for`` with a counter.

    Args:
        statement: the loop.
        name: makes a variable of a type; the name given is a proposal.
    """
    return _Loops(statement, name).loop()


def element(type_: t.Type) -> t.Type:
    """The type of the items of a list, tuple or text; ``Any`` when it is something else."""
    found: list[t.Type] = []
    for member in t.members(t.widen(type_)):
        # partial: the elements of anything else are of any type
        match member:
            case t.ListType(inner):
                found.append(inner)
            case t.TupleType(items):
                found.extend(items)
            case _ if member == t.STR:
                found.append(t.STR)
            case _:
                return t.ANY
    return t.union(*found)


class _Loops:
    def __init__(self, statement: ir.For, name: NewName) -> None:
        self.statement = statement
        self.span: Span = statement.iterable.span
        self.new = name
        words = [word.strip("_") for word in statement.target.names]
        self.stem = "_".join(filter(None, words)) or "turn"
        self.before: list[Action] = []

    def loop(self) -> Loop:
        target = self.statement.target
        operands = called(self.statement.iterable)
        if operands is not None:
            lists, given = operands.rest, operands.bound
            match operands.row.loop:
                case "range" if not target.unpack:
                    return self.over_range(given)
                case "enumerated" if target.unpack and len(target.names) == 2:
                    return self.enumerated(given["iterable"], given.get("start"))
                case "zipped" if target.unpack and 2 <= len(lists) == len(target.names):
                    if "strict" not in given:
                        return self.zipped(lists)
                case "reversed":
                    return self.backwards(given["iterable"])
        items = self.fixed(self.statement.iterable)
        counter = self.counter()
        return self.finish(
            self.below(counter, self.length(items)),
            self.bind(self.item(items, counter, element(items.type))),
            counter,
        )

    # Pieces

    def counter(self, start: ir.Expr | None = None) -> ir.Name:
        name = ir.Name(self.new(f"{self.stem}_index", t.INT), type=t.INT, span=self.span)
        self.set(name.id, start or self.number(0), t.INT)
        return name

    def number(self, value: int) -> ir.Constant:
        return ir.Constant(value, type=t.INT, span=self.span)

    def set(self, name: str, value: ir.Expr, type_: t.Type) -> None:
        self.before.append(ir.Assign(name, value, type_, span=self.span))

    def fixed(self, items: ir.Expr) -> ir.Expr:
        """The iterable as a list that can be looked at in every turn: itself when it is a variable,
        or a field of one, that the loop does not assign; else a copy."""
        if not all(
            isinstance(member, t.ListType | t.TupleType) for member in t.members(items.type)
        ):
            inner = t.ListType(element(items.type))
            return self.kept(ir.Call("list", (items,), type=inner, span=items.span))
        return items if self.lasting(items) else self.kept(items)

    def kept(self, items: ir.Expr) -> ir.Name:
        name = self.new(f"{self.stem}_items", items.type)
        self.set(name, items, items.type)
        return ir.Name(name, type=items.type, span=items.span)

    def lasting(self, items: ir.Expr) -> bool:
        root = items
        while isinstance(root, ir.Attribute):
            root = root.value
        if not isinstance(root, ir.Name):
            return False
        changed = {name for inner in statements(self.statement.body) for name in bound(inner)}
        if root is not items:
            changed |= {name for i in statements(self.statement.body) for name in _mutated(i)}
        return root.id not in {*changed, *self.statement.target.names}

    def item(self, items: ir.Expr, index: ir.Expr, type_: t.Type) -> ir.Expr:
        return ir.Call(ITEM_AT, (items, index), type=type_, span=self.span)

    def length(self, items: ir.Expr) -> ir.Expr:
        return ir.Call("len", (items,), type=t.INT, span=self.span)

    def below(self, left: ir.Expr, right: ir.Expr) -> ir.Expr:
        return ir.Compare(left, (("<", right),), type=t.BOOL, span=self.span)

    def plus(self, left: ir.Expr, right: ir.Expr) -> ir.Expr:
        # partial: other sums are computed at run time
        match left, right:
            case ir.Constant(int() as one), ir.Constant(int() as other):
                return self.number(one + other)
            case _, ir.Unary("-", step):
                return ir.Binary("-", left, step, type=t.INT, span=self.span)
        return ir.Binary("+", left, right, type=t.INT, span=self.span)

    def bind(self, value: ir.Expr) -> list[Action]:
        """The loop's variables get one value, taken apart when there are several."""
        target = self.statement.target
        if target.unpack:
            if isinstance(value.type, t.TupleType) and len(value.type.items) == len(target.names):
                return self.bind_each(
                    [
                        self.item(value, self.number(position), type_)
                        for position, type_ in enumerate(value.type.items)
                    ]
                )
            return [ir.Unpack(target.names, value, target.types, span=target.span)]
        return self.bind_each([value])

    def bind_each(self, values: list[ir.Expr]) -> list[Action]:
        target = self.statement.target
        return [
            ir.Assign(name, value, type_, span=target.span)
            for name, value, type_ in zip(target.names, values, target.types, strict=True)
        ]

    def finish(
        self, test: ir.Expr, bindings: list[Action], counter: ir.Name, by: ir.Expr | None = None
    ) -> Loop:
        following = self.plus(counter, by or self.number(1))
        advance = ir.Assign(counter.id, following, t.INT, span=self.span)
        return Loop(tuple(self.before), test, (*bindings, advance))

    # Kinds of loops

    def over_range(self, given: Mapping[str, ir.Expr]) -> Loop:
        start = given.get("start") or self.number(0)
        if not isinstance(start, ir.Name) and not _is_constant(start):
            # It is evaluated before the others.
            start = self.steady(start, "start")
        stop = self.steady(given["stop"], "stop")
        step = self.steady(given["step"], "step") if "step" in given else self.number(1)
        counter = ir.Name(self.new(f"next_{self.stem}", t.INT), type=t.INT, span=self.span)
        self.set(counter.id, start, t.INT)
        test = self.below(counter, stop)
        # partial: any other step is found out at run time
        match step:
            case ir.Constant(int() as value) if value > 0:
                pass
            case ir.Unary("-", ir.Constant()):
                test = ir.Compare(counter, ((">", stop),), type=t.BOOL, span=self.span)
            case _:
                test = self.either_way(step, counter, stop)
        return self.finish(test, self.bind(counter), counter, step)

    def either_way(self, step: ir.Expr, counter: ir.Expr, stop: ir.Expr) -> ir.Expr:
        """The test of a range whose direction is only known when it runs."""
        up = self.below(self.number(0), step)
        down = self.below(step, self.number(0))
        upwards = ir.Boolean("and", (up, self.below(counter, stop)), type=t.BOOL, span=self.span)
        downwards = ir.Boolean(
            "and", (down, self.below(stop, counter)), type=t.BOOL, span=self.span
        )
        return ir.Boolean("or", (upwards, downwards), type=t.BOOL, span=self.span)

    def steady(self, value: ir.Expr, what: str) -> ir.Expr:
        """A number that is computed once, before the loop."""
        if _is_constant(value) or (isinstance(value, ir.Name) and self.lasting(value)):
            return value
        items = counted(value)
        if items is not None and self.unchanged(items):
            return value
        name = self.new(f"{self.stem}_{what}", t.INT)
        self.set(name, value, t.INT)
        return ir.Name(name, type=t.INT, span=value.span)

    def unchanged(self, items: ir.Expr) -> bool:
        mutated = {name for i in statements(self.statement.body) for name in _mutated(i)}
        return isinstance(items, ir.Name) and self.lasting(items) and items.id not in mutated

    def enumerated(self, items: ir.Expr, start: ir.Expr | None) -> Loop:
        items = self.fixed(items)
        self.stem = self.statement.target.names[1].strip("_") or "turn"
        counter = self.counter()
        number: ir.Expr = counter
        if start is not None and not (isinstance(start, ir.Constant) and start.value == 0):
            number = self.plus(counter, self.steady(start, "start"))
        item = self.item(items, counter, element(items.type))
        test = self.below(counter, self.length(items))
        return self.finish(test, self.bind_each([number, item]), counter)

    def zipped(self, lists: tuple[ir.Expr, ...]) -> Loop:
        fixed = [self.fixed(items) for items in lists]
        counter = self.counter()
        tests = tuple(self.below(counter, self.length(items)) for items in fixed)
        test = ir.Boolean("and", tests, type=t.BOOL, span=self.span)
        items: list[ir.Expr] = [self.item(one, counter, element(one.type)) for one in fixed]
        return self.finish(test, self.bind_each(items), counter)

    def backwards(self, items: ir.Expr) -> Loop:
        if not self.unchanged(items):
            turned = ir.Call(
                "reversed", (items,), type=t.ListType(element(items.type)), span=self.span
            )
            items = self.kept(turned)
            counter = self.counter()
            found = self.item(items, counter, element(items.type))
            return self.finish(self.below(counter, self.length(items)), self.bind(found), counter)
        counter = self.counter()
        last = ir.Binary("-", self.length(items), self.number(1), type=t.INT, span=self.span)
        position = ir.Binary("-", last, counter, type=t.INT, span=self.span)
        item = self.item(items, position, element(items.type))
        test = self.below(counter, self.length(items))
        return self.finish(test, self.bind(item), counter)


def _is_constant(value: ir.Expr) -> bool:
    """Whether a number is the same in every turn because it is made of constants."""
    # partial: what anything else stands for may change
    match value:
        case ir.Constant() | ir.GlobalName():
            return True
        case ir.Unary("-", operand):
            return _is_constant(operand)
        case ir.Binary("+" | "-" | "*", left, right):
            return _is_constant(left) and _is_constant(right)
    return False


def _mutated(statement: ir.Statement) -> tuple[str, ...]:
    match statement:
        case ir.Store(name=name) | ir.Mutate(name=name) | ir.Delete(name=name):
            return (name,)
        case (
            ir.Assign()
            | ir.AugmentedAssign()
            | ir.Unpack()
            | ir.StepCall()
            | ir.WorkflowCall()
            | ir.Sleep()
            | ir.If()
            | ir.While()
            | ir.For()
            | ir.Break()
            | ir.Continue()
            | ir.Try()
            | ir.Raise()
            | ir.Return()
            | ir.Pass()
        ):
            return ()
        case _:
            assert_never(statement)

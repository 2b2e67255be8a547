"""``for`` as a test, assignments before the loop, and assignments at the start of each turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from wfc.compiler.data.struct import Struct
from wfc.compiler.graph.model import ITEM_AT, Action
from wfc.compiler.language.derive import bound
from wfc.compiler.language.nodes import (
    Assign,
    Attribute,
    AugmentedAssign,
    Binary,
    Boolean,
    Break,
    Call,
    Compare,
    Constant,
    Continue,
    Delete,
    Expr,
    For,
    GlobalName,
    If,
    Mutate,
    Name,
    Pass,
    Raise,
    Return,
    Sleep,
    Span,
    Statement,
    StepCall,
    Store,
    Try,
    Unary,
    Unpack,
    While,
    WorkflowCall,
)
from wfc.compiler.language.nodes.types import (
    ANY,
    BOOL,
    INT,
    STR,
    ListType,
    TupleType,
    Type,
    members,
    union,
    widen,
)
from wfc.compiler.language.walk import statements

NewName = Callable[[str, Type], str]


class Loop(Struct):
    """``before`` runs once, ``test`` decides on each turn, and ``step`` begins it: the loop's
    variables get their values and the counter moves on."""

    before: tuple[Action, ...]
    test: Expr
    step: tuple[Action, ...]


def loop_over(statement: For, name: NewName) -> Loop:
    """How to run a ``for`` with a counter.

    Args:
        statement: the loop.
        name: makes a variable of a type; the name given is a proposal.
    """
    return _Loops(statement, name).loop()


def element(type_: Type) -> Type:
    """The type of the items of a list, tuple or text; ``Any`` when it is something else."""
    found: list[Type] = []
    for member in members(widen(type_)):
        # partial: the elements of anything else are of any type
        match member:
            case ListType(inner):
                found.append(inner)
            case TupleType(items):
                found.extend(items)
            case _ if member == STR:
                found.append(STR)
            case _:
                return ANY
    return union(*found)


class _Loops:
    def __init__(self, statement: For, name: NewName) -> None:
        self.statement = statement
        self.span: Span = statement.iterable.span
        self.new = name
        words = [word.strip("_") for word in statement.target.names]
        self.stem = "_".join(filter(None, words)) or "turn"
        self.before: list[Action] = []

    def loop(self) -> Loop:
        target = self.statement.target
        match self.statement.iterable:
            case Call("range", args) if not target.unpack:
                return self.over_range(args)
            case Call("enumerate", (items, *start), keywords) if (
                target.unpack and len(target.names) == 2
            ):
                given = [*start, *(value for _, value in keywords)]
                return self.enumerated(items, given[0] if given else None)
            case Call("zip", (_, _, *_) as lists, ()) if target.unpack and len(target.names) == len(
                lists
            ):
                return self.zipped(lists)
            case Call("reversed", (items,)):
                return self.backwards(items)
        items = self.fixed(self.statement.iterable)
        counter = self.counter()
        return self.finish(
            self.below(counter, self.length(items)),
            self.bind(self.item(items, counter, element(items.type))),
            counter,
        )

    # Pieces

    def counter(self, start: Expr | None = None) -> Name:
        name = Name(self.new(f"{self.stem}_index", INT), type=INT, span=self.span)
        self.set(name.id, start or self.number(0), INT)
        return name

    def number(self, value: int) -> Constant:
        return Constant(value, type=INT, span=self.span)

    def set(self, name: str, value: Expr, type_: Type) -> None:
        self.before.append(Assign(name, value, type_, span=self.span))

    def fixed(self, items: Expr) -> Expr:
        """The iterable as a list that can be looked at in every turn: itself when it is a variable,
        or a field of one, that the loop does not assign; else a copy."""
        if not all(isinstance(member, ListType | TupleType) for member in members(items.type)):
            inner = ListType(element(items.type))
            return self.kept(Call("list", (items,), type=inner, span=items.span))
        return items if self.lasting(items) else self.kept(items)

    def kept(self, items: Expr) -> Name:
        name = self.new(f"{self.stem}_items", items.type)
        self.set(name, items, items.type)
        return Name(name, type=items.type, span=items.span)

    def lasting(self, items: Expr) -> bool:
        root = items
        while isinstance(root, Attribute):
            root = root.value
        if not isinstance(root, Name):
            return False
        changed = {name for inner in statements(self.statement.body) for name in bound(inner)}
        if root is not items:
            changed |= {name for i in statements(self.statement.body) for name in _mutated(i)}
        return root.id not in {*changed, *self.statement.target.names}

    def item(self, items: Expr, index: Expr, type_: Type) -> Expr:
        return Call(ITEM_AT, (items, index), type=type_, span=self.span)

    def length(self, items: Expr) -> Expr:
        return Call("len", (items,), type=INT, span=self.span)

    def below(self, left: Expr, right: Expr) -> Expr:
        return Compare(left, (("<", right),), type=BOOL, span=self.span)

    def plus(self, left: Expr, right: Expr) -> Expr:
        match left, right:
            case Constant(int() as one), Constant(int() as other):
                return self.number(one + other)
            case _, Unary("-", step):
                return Binary("-", left, step, type=INT, span=self.span)
        return Binary("+", left, right, type=INT, span=self.span)

    def bind(self, value: Expr) -> list[Action]:
        """The loop's variables get one value, taken apart when there are several."""
        target = self.statement.target
        if target.unpack:
            if isinstance(value.type, TupleType) and len(value.type.items) == len(target.names):
                return self.bind_each(
                    [
                        self.item(value, self.number(position), type_)
                        for position, type_ in enumerate(value.type.items)
                    ]
                )
            return [Unpack(target.names, value, target.types, span=target.span)]
        return self.bind_each([value])

    def bind_each(self, values: list[Expr]) -> list[Action]:
        target = self.statement.target
        return [
            Assign(name, value, type_, span=target.span)
            for name, value, type_ in zip(target.names, values, target.types, strict=True)
        ]

    def finish(
        self, test: Expr, bindings: list[Action], counter: Name, by: Expr | None = None
    ) -> Loop:
        following = self.plus(counter, by or self.number(1))
        advance = Assign(counter.id, following, INT, span=self.span)
        return Loop(tuple(self.before), test, (*bindings, advance))

    # Kinds of loops

    def over_range(self, args: tuple[Expr, ...]) -> Loop:
        start = args[0] if len(args) > 1 else self.number(0)
        stop = self.steady(args[1] if len(args) > 1 else args[0], "stop")
        step = self.steady(args[2], "step") if len(args) > 2 else self.number(1)
        counter = Name(self.new(f"next_{self.stem}", INT), type=INT, span=self.span)
        self.set(counter.id, start, INT)
        test = self.below(counter, stop)
        # partial: any other step is found out at run time
        match step:
            case Constant(int() as value) if value > 0:
                pass
            case Unary("-", Constant()):
                test = Compare(counter, ((">", stop),), type=BOOL, span=self.span)
            case _:
                test = self.either_way(step, counter, stop)
        return self.finish(test, self.bind(counter), counter, step)

    def either_way(self, step: Expr, counter: Expr, stop: Expr) -> Expr:
        """The test of a range whose direction is only known when it runs."""
        up = self.below(self.number(0), step)
        down = self.below(step, self.number(0))
        upwards = Boolean("and", (up, self.below(counter, stop)), type=BOOL, span=self.span)
        downwards = Boolean("and", (down, self.below(stop, counter)), type=BOOL, span=self.span)
        return Boolean("or", (upwards, downwards), type=BOOL, span=self.span)

    def steady(self, value: Expr, what: str) -> Expr:
        """A number that is computed once, before the loop."""
        if _is_constant(value) or (isinstance(value, Name) and self.lasting(value)):
            return value
        if isinstance(value, Call) and value.function == "len" and self.unchanged(value.args[0]):
            return value
        name = self.new(f"{self.stem}_{what}", INT)
        self.set(name, value, INT)
        return Name(name, type=INT, span=value.span)

    def unchanged(self, items: Expr) -> bool:
        mutated = {name for i in statements(self.statement.body) for name in _mutated(i)}
        return isinstance(items, Name) and self.lasting(items) and items.id not in mutated

    def enumerated(self, items: Expr, start: Expr | None) -> Loop:
        items = self.fixed(items)
        self.stem = self.statement.target.names[1].strip("_") or "turn"
        counter = self.counter()
        number: Expr = counter
        if start is not None and not (isinstance(start, Constant) and start.value == 0):
            number = self.plus(counter, self.steady(start, "start"))
        item = self.item(items, counter, element(items.type))
        test = self.below(counter, self.length(items))
        return self.finish(test, self.bind_each([number, item]), counter)

    def zipped(self, lists: tuple[Expr, ...]) -> Loop:
        fixed = [self.fixed(items) for items in lists]
        counter = self.counter()
        tests = tuple(self.below(counter, self.length(items)) for items in fixed)
        test = Boolean("and", tests, type=BOOL, span=self.span)
        items: list[Expr] = [self.item(one, counter, element(one.type)) for one in fixed]
        return self.finish(test, self.bind_each(items), counter)

    def backwards(self, items: Expr) -> Loop:
        if not self.unchanged(items):
            turned = Call("reversed", (items,), type=ListType(element(items.type)), span=self.span)
            items = self.kept(turned)
            counter = self.counter()
            found = self.item(items, counter, element(items.type))
            return self.finish(self.below(counter, self.length(items)), self.bind(found), counter)
        counter = self.counter()
        last = Binary("-", self.length(items), self.number(1), type=INT, span=self.span)
        position = Binary("-", last, counter, type=INT, span=self.span)
        item = self.item(items, position, element(items.type))
        test = self.below(counter, self.length(items))
        return self.finish(test, self.bind(item), counter)


def _is_constant(value: Expr) -> bool:
    """Whether a number is the same in every turn because it is made of constants."""
    # partial: what anything else stands for may change
    match value:
        case Constant() | GlobalName():
            return True
        case Unary("-", operand):
            return _is_constant(operand)
        case Binary("+" | "-" | "*", left, right):
            return _is_constant(left) and _is_constant(right)
    return False


def _mutated(statement: Statement) -> tuple[str, ...]:
    match statement:
        case Store(name=name) | Mutate(name=name) | Delete(name=name):
            return (name,)
        case (
            Assign()
            | AugmentedAssign()
            | Unpack()
            | StepCall()
            | WorkflowCall()
            | Sleep()
            | If()
            | While()
            | For()
            | Break()
            | Continue()
            | Try()
            | Raise()
            | Return()
            | Pass()
        ):
            return ()
        case _:
            assert_never(statement)

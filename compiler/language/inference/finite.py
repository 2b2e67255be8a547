"""Which numbers of a function are finite, as far as its text shows: JSON has no other ones.

Data is finite: parameters, the results of operations and what stands in them. Arithmetic on floats
may leave the finite numbers, and ``float("inf")`` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from wfc.compiler.language.derive import bound
from wfc.compiler.language.inference.inductive import Property
from wfc.compiler.language.nodes import (
    Assign,
    Attribute,
    AugmentedAssign,
    Binary,
    Boolean,
    Break,
    Call,
    Conditional,
    Constant,
    Continue,
    Delete,
    EnumMember,
    Expr,
    For,
    Function,
    GlobalName,
    HelperCall,
    If,
    Method,
    Module,
    Mutate,
    Name,
    Pass,
    Raise,
    Return,
    Sleep,
    Statement,
    StepCall,
    Store,
    Subscript,
    Try,
    Unary,
    Unpack,
    While,
    WorkflowCall,
)
from wfc.compiler.language.nodes.types import BOOL, FLOAT, INT, STR
from wfc.compiler.language.typing.kinds import parts
from wfc.compiler.language.walk import statements


class Finite(Property):
    """Knows which expressions of a function are finite numbers, or hold no others."""

    def __init__(self, module: Module, function: Function) -> None:
        super().__init__()
        self._module = module
        body = list(statements(function.body))
        self._unchanged = not any(map(_changes, body))
        parameters = [parameter.name for parameter in function.parameters]
        bindings = [pair for statement in body for pair in _bindings(statement)]
        self.settle([*((name, ()) for name in parameters), *bindings])

    def __contains__(self, expr: Expr) -> bool:
        if expr.type in (INT, BOOL):
            return True
        # partial: what is not known to be finite is checked
        match expr:
            case Constant() | GlobalName() | EnumMember():
                return True
            case Name(id=name, type=type_):
                # Another name may be used to put something into a list.
                return name in self._names and (self._unchanged or type_ == FLOAT)
            case Attribute(value=value) | Subscript(value=value) | Unary(operand=value):
                return value in self
            case Method(value=value, name="get", args=args):
                return value in self and self.all(args)
            case Binary(operator="/" | "**", left=left, right=right):
                # Of whole numbers, Python has a finite result or an OverflowError.
                return left.type == right.type == INT
            case Binary(operator="%", left=left, right=right):
                return left in self and right in self
            case Conditional(then=then, orelse=orelse):
                return then in self and orelse in self
            case Boolean(operands=operands):
                return self.all(operands)
            case Call(function="float", args=args):
                return bool(args) and args[0].type == INT
            case HelperCall(helper=name, args=args):
                return self.all(argument.value for argument in args) and self._helper(name)
            case Call(function="abs" | "round" | "max" | "min", args=args):
                return self.all(args)
        return False

    def _helper(self, name: str) -> bool:
        """Whether a helper gives finite numbers for finite numbers."""
        helper = next(one for one in self._module.helpers if one.name == name)
        finite = Finite(self._module, helper)
        ends = (node for node in statements(helper.body) if isinstance(node, Return))
        return finite.all(end.value for end in ends)


def may_leave_json(module: Module, function: Function) -> bool:
    """Whether a workflow may return, or hand to a step or a child, a number that JSON does not
    have: that is a ValueError."""
    finite = Finite(module, function)
    return any(
        value not in finite and FLOAT in parts(module, value.type)
        for statement in statements(function.body)
        for value in _leaving(statement)
    )


def _leaving(statement: Statement) -> Iterator[Expr]:
    match statement:
        case Return(value=value):
            yield value
        case StepCall(args=args) | WorkflowCall(args=args):
            for argument in args:
                yield argument.value
        case (
            Assign()
            | AugmentedAssign()
            | Unpack()
            | Store()
            | Delete()
            | Mutate()
            | Sleep()
            | If()
            | While()
            | For()
            | Break()
            | Continue()
            | Try()
            | Raise()
            | Pass()
        ):
            pass
        case _:
            assert_never(statement)


def _changes(statement: Statement) -> bool:
    """Whether a statement changes a list, a dict or a record in place."""
    match statement:
        case Store() | Mutate():
            return True
        case AugmentedAssign(type=type_):
            return type_ not in (INT, FLOAT, STR)
        case (
            Assign()
            | Unpack()
            | Delete()
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
            return False
        case _:
            assert_never(statement)


def _bindings(statement: Statement) -> Iterator[tuple[str, tuple[Expr, ...] | None]]:
    # partial: what is bound in another way is not known to be finite
    match statement:
        case StepCall(target=str() as target) | WorkflowCall(target=str() as target):
            yield target, ()
        case Assign(target=target, value=value):
            yield target, (value,)
        case AugmentedAssign(target=target, operator=operator, value=value, type=type_):
            yield target, (Binary(operator, Name(target), value, type=type_),)
        case Unpack(targets=targets, value=value):
            for name in targets:
                yield name, (value,)
        case For(target=target, iterable=iterable):
            for name in target.names:
                yield name, (iterable,)
        case _:
            for name in bound(statement):
                yield name, None

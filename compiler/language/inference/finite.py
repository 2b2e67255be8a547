"""Which numbers of a function are finite, as far as its text shows: JSON has no other ones.

Data is finite: parameters, the results of operations and what stands in them. Arithmetic on floats
may leave the finite numbers, and ``float("inf")`` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import bound
from wfc.compiler.language.inference.inductive import Property
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.kinds import parts
from wfc.compiler.language.walk import statements


class Finite(Property):
    """Knows which expressions of a function are finite numbers, or hold no others."""

    def __init__(self, module: ir.Module, function: ir.Function) -> None:
        super().__init__(module)
        body = list(statements(function.body))
        self._unchanged = not any(map(_changes, body))
        parameters = [parameter.name for parameter in function.parameters]
        bindings = [pair for statement in body for pair in _bindings(statement)]
        self.settle([*((name, ()) for name in parameters), *bindings])

    def __contains__(self, expr: ir.Expr) -> bool:
        if expr.type in (t.INT, t.BOOL):
            return True
        # partial: what is not known to be finite is checked
        match expr:
            case ir.Constant() | ir.GlobalName() | ir.EnumMember():
                return True
            case ir.Name(id=name, type=type_):
                # Another name may be used to put something into a list.
                return name in self._names and (self._unchanged or type_ == t.FLOAT)
            case ir.Attribute(value=value) | ir.Subscript(value=value) | ir.Unary(operand=value):
                return value in self
            case ir.Binary(operator="/" | "**", left=left, right=right):
                # Of whole numbers, Python has a finite result or an OverflowError.
                return left.type == right.type == t.INT
            case ir.Binary(operator="%", left=left, right=right):
                return left in self and right in self
            case ir.Conditional(then=then, orelse=orelse):
                return then in self and orelse in self
            case ir.Boolean(operands=operands):
                return self.all(operands)
            case ir.HelperCall(helper=name, args=args):
                return self.all(argument.value for argument in args) and self._helper(name)
            case ir.Call() | ir.Method():
                return self.told(expr, lambda row: row.finite)
        return False

    def _helper(self, name: str) -> bool:
        """Whether a helper gives finite numbers for finite numbers."""
        helper = next(one for one in self._module.helpers if one.name == name)
        finite = Finite(self._module, helper)
        ends = (node for node in statements(helper.body) if isinstance(node, ir.Return))
        return finite.all(end.value for end in ends)


def may_leave_json(module: ir.Module, function: ir.Function) -> bool:
    """Whether a workflow may return, or hand to a step or a child, a number that JSON does not
    have: that is a ValueError."""
    finite = Finite(module, function)
    return any(
        value not in finite and t.FLOAT in parts(module, value.type)
        for statement in statements(function.body)
        for value in _leaving(statement)
    )


def _leaving(statement: ir.Statement) -> Iterator[ir.Expr]:
    match statement:
        case ir.Return(value=value):
            yield value
        case ir.StepCall(args=args) | ir.WorkflowCall(args=args):
            for argument in args:
                yield argument.value
        case (
            ir.Assign()
            | ir.AugmentedAssign()
            | ir.Unpack()
            | ir.Store()
            | ir.Delete()
            | ir.Mutate()
            | ir.Sleep()
            | ir.If()
            | ir.While()
            | ir.For()
            | ir.Break()
            | ir.Continue()
            | ir.Try()
            | ir.Raise()
            | ir.Pass()
        ):
            pass
        case _:
            assert_never(statement)


def _changes(statement: ir.Statement) -> bool:
    """Whether a statement changes a list, a dict or a record in place."""
    match statement:
        case ir.Store() | ir.Mutate():
            return True
        case ir.AugmentedAssign(type=type_):
            return type_ not in (t.INT, t.FLOAT, t.STR)
        case (
            ir.Assign()
            | ir.Unpack()
            | ir.Delete()
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
            return False
        case _:
            assert_never(statement)


def _bindings(statement: ir.Statement) -> Iterator[tuple[str, tuple[ir.Expr, ...] | None]]:
    # partial: what is bound in another way is not known to be finite
    match statement:
        case ir.StepCall(target=str() as target) | ir.WorkflowCall(target=str() as target):
            yield target, ()
        case ir.Assign(target=target, value=value):
            yield target, (value,)
        case ir.AugmentedAssign(target=target, operator=operator, value=value, type=type_):
            yield target, (ir.Binary(operator, ir.Name(target), value, type=type_),)
        case ir.Unpack(targets=targets, value=value):
            for name in targets:
                yield name, (value,)
        case ir.For(target=target, iterable=iterable):
            for name in target.names:
                yield name, (iterable,)
        case _:
            for name in bound(statement):
                yield name, None

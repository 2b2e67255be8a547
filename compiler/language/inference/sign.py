"""Which numbers and durations of a function are never negative, as far as its text shows."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import bound
from wfc.compiler.language.inference.inductive import Property
from wfc.compiler.language.library.table import called
from wfc.compiler.language.walk import statements


class NeverNegative(Property):
    """Knows which expressions of a function are zero or more whenever they have a value.

    Nothing is known about parameters and the results of operations.
    """

    def __init__(self, module: ir.Module, function: ir.Function) -> None:
        super().__init__(module)
        self._constants = {constant.name: constant.value for constant in module.constants}
        parameters = [parameter.name for parameter in function.parameters]
        bindings = [
            pair for statement in statements(function.body) for pair in _bindings(statement)
        ]
        self.settle([*((name, None) for name in parameters), *bindings])

    def __contains__(self, expr: ir.Expr) -> bool:
        # partial: what is not known to be positive may be negative
        match expr:
            case ir.Constant(value=int() | float() as value):
                return value >= 0
            case ir.Name(id=name):
                return name in self._names
            case ir.GlobalName(id=name):
                return self._constants[name] in self
            case ir.Binary(operator="+" | "*" | "/" | "//", left=left, right=right):
                return left in self and right in self
            case ir.Binary(operator="**", left=left):
                return left in self
            case ir.Binary(operator="%", right=right):
                return right in self
            case ir.Conditional(then=then, orelse=orelse):
                return then in self and orelse in self
            case ir.Boolean(operands=operands):
                return self.all(operands)
            case ir.Call() | ir.Method():
                return self.told(expr, lambda row: row.sign)
        return False


def _bindings(statement: ir.Statement) -> Iterator[tuple[str, tuple[ir.Expr, ...] | None]]:
    """The variables that a statement binds, each with expressions that must not be negative for it
    to be so; None when nothing can be said."""
    # partial: what is bound in another way may be negative
    match statement:
        case ir.Assign(target=target, value=value):
            yield target, (value,)
        case ir.AugmentedAssign(target=target, operator=operator, value=value):
            yield target, (ir.Binary(operator, ir.Name(target), value),)
        case ir.For(target=target, iterable=iterable) if (
            operands := called(iterable)
        ) is not None and operands.row.loop == "range":
            # Up from the start, or from 0; with a step it may go down to the stop.
            ends = ("start", "stop") if "step" in operands.bound else ("start",)
            found = tuple(operands.bound[one] for one in ends if one in operands.bound)
            yield target.names[0], None if target.unpack else found
        case ir.Try(handlers=handlers):
            for handler in handlers:
                if handler.name is not None:
                    yield handler.name, None
        case _:
            for name in bound(statement):
                yield name, None

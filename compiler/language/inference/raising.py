"""Which errors evaluating an expression, running a statement or calling a helper may raise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, assert_never

from wfc.compiler.data.struct import MutableStruct, field
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import bindings, blocks, own_expressions
from wfc.compiler.language.inference.builtins import method
from wfc.compiler.language.inference.rules import iteration, judge, unpacking
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.hierarchy import caught_by
from wfc.compiler.language.typing.judgement import NOTHING, Judgement
from wfc.compiler.language.typing.kinds import is_mapping
from wfc.compiler.language.typing.operators import combine
from wfc.compiler.language.walk import expressions, statements

Variables = Mapping[str, t.Type]
_KEY_ERROR: Final = frozenset({"KeyError"})


def may_raise(expr: ir.Expr, module: ir.Module) -> frozenset[str]:
    """The names of the errors that evaluating an expression may raise, its operands and the helpers
    that it calls included, given the static types."""
    return _Raising(module).expression(expr)


def statement_may_raise(
    statement: ir.Statement, module: ir.Module, variables: Variables
) -> frozenset[str]:
    """The names of the errors that a statement itself may raise by evaluating and storing: blocks
    inside it, the operation that it starts, and a ``raise`` are not counted.

    ``variables`` are the types of the variables in front of it; one that is missing is ``Any``.
    """
    return _Raising(module).statement(statement, variables)


def variable_types(function: ir.Function) -> dict[str, t.Type]:
    """Each variable of a function with the union of the types that it is given."""
    found: dict[str, t.Type] = {one.name: one.type for one in function.parameters}
    for statement in statements(function.body):
        for name, type_ in bindings(statement):
            found[name] = t.union(found[name], type_) if name in found else type_
    return found


class _Raising(MutableStruct):
    """Remembers the helpers, so that each body is looked at once."""

    module: ir.Module
    helpers: dict[str, frozenset[str]] = field(factory=dict)

    def expression(self, root: ir.Expr) -> frozenset[str]:
        found: set[str] = set()
        for expr in expressions(root):
            found |= judge(expr, self.module).raises
            if isinstance(expr, ir.HelperCall):
                found |= self.helper(expr.helper)
        return frozenset(found)

    def helper(self, name: str) -> frozenset[str]:
        if name not in self.helpers:
            # A helper that calls itself adds nothing to what it raises.
            self.helpers[name] = NOTHING
            definition = next((one for one in self.module.helpers if one.name == name), None)
            if definition is not None:
                variables = variable_types(definition)
                self.helpers[name] = self.block(definition.body, variables, NOTHING)
        return self.helpers[name]

    def block(
        self, block: ir.Block, variables: Variables, caught: frozenset[str]
    ) -> frozenset[str]:
        """What a block of a helper may raise; ``caught`` is what a bare ``raise`` raises."""
        found: set[str] = set()
        pending = list(block)
        while pending:
            statement = pending.pop()
            found |= self.statement(statement, variables)
            # partial: anything else raises what its blocks raise
            match statement:
                case ir.Raise(error=str(error)):
                    found.add(error)
                case ir.Raise():
                    found |= caught
                case ir.Try():
                    found |= self.attempt(statement, variables, caught)
                case _:
                    pending += [one for inner in blocks(statement) for one in inner]
        return frozenset(found)

    def attempt(
        self, statement: ir.Try, variables: Variables, caught: frozenset[str]
    ) -> frozenset[str]:
        pending = self.block(statement.body, variables, caught)
        found: set[str] = set()
        for handler in statement.handlers:
            here = {one for one in pending if caught_by(self.module, handler.errors, one)}
            pending -= here
            if here:
                found |= self.block(handler.body, variables, frozenset(here))
        after = (*statement.orelse, *statement.finalbody)
        return pending | found | self.block(after, variables, caught)

    def statement(self, statement: ir.Statement, variables: Variables) -> frozenset[str]:
        found = NOTHING.union(*(self.expression(one) for one in own_expressions(statement)))
        return found | self.own(statement, variables)

    def own(self, statement: ir.Statement, variables: Variables) -> frozenset[str]:
        module = self.module
        match statement:
            case ir.AugmentedAssign(target, operator, value):
                before = variables.get(target, t.ANY)
                return combine(module, operator, before, value.type, None, value).raises
            case ir.Unpack(targets, value):
                return unpacking(module, value.type, len(targets)).raises
            case ir.For(target, iterable):
                return iteration(module, iterable, len(target.names), target.unpack).raises
            case ir.Store(name, path):
                return self.store(statement, self.owner(name, path, variables))
            case ir.Delete(name, path):
                owner = self.owner(name, path, variables)
                return owner.raises | self.step_into(owner.type, path[-1]).raises
            case ir.Mutate(name, path, called, args):
                owner = self.owner(name, (*path, ir.FieldKey("")), variables)
                call = ir.Method(ir.Name(name, type=owner.type), called, args)
                return owner.raises | method(module, owner.type, call).raises
            case (
                ir.Assign()
                | ir.StepCall()
                | ir.WorkflowCall()
                | ir.Sleep()
                | ir.If()
                | ir.While()
                | ir.Break()
                | ir.Continue()
                | ir.Try()
                | ir.Raise()
                | ir.Return()
                | ir.Pass()
            ):
                return NOTHING
            case _:
                assert_never(statement)

    def owner(
        self, name: str, path: tuple[ir.FieldKey | ir.Expr, ...], variables: Variables
    ) -> Judgement:
        """The object that the last key of a path is looked up in."""
        type_ = variables.get(name, t.ANY)
        raises = NOTHING
        for key in path[:-1]:
            found = self.step_into(type_, key)
            type_, raises = found.type, raises | found.raises
        return Judgement(type_, raises)

    def step_into(self, type_: t.Type, key: ir.FieldKey | ir.Expr) -> Judgement:
        value = ir.Name("", type=type_)
        if isinstance(key, ir.FieldKey):
            return judge(ir.Attribute(value, key.name), self.module)
        return judge(ir.Subscript(value, key), self.module)

    def store(self, statement: ir.Store, owner: Judgement) -> frozenset[str]:
        lookup = self.step_into(owner.type, statement.path[-1])
        raises = owner.raises | lookup.raises
        if statement.operator is None:
            # A dict takes any key.
            mapping = all(is_mapping(self.module, one) for one in t.members(owner.type))
            return raises - _KEY_ERROR if mapping else raises
        value = statement.value
        changed = combine(self.module, statement.operator, lookup.type, value.type, None, value)
        return raises | changed.raises

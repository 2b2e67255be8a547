"""Which errors evaluating an expression, running a statement or calling a helper may raise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, assert_never

from wfc.compiler.data.struct import MutableStruct, field
from wfc.compiler.language.derive import bindings, blocks, own_expressions
from wfc.compiler.language.inference.rules import iteration, judge, method, unpacking
from wfc.compiler.language.nodes import (
    Assign,
    Attribute,
    AugmentedAssign,
    Block,
    Break,
    Continue,
    Delete,
    Expr,
    FieldKey,
    For,
    Function,
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
    Unpack,
    While,
    WorkflowCall,
)
from wfc.compiler.language.nodes.types import ANY, Type, members, union
from wfc.compiler.language.typing.hierarchy import caught_by
from wfc.compiler.language.typing.judgement import NOTHING, Judgement
from wfc.compiler.language.typing.kinds import is_mapping
from wfc.compiler.language.typing.operators import combine
from wfc.compiler.language.walk import expressions, statements

Variables = Mapping[str, Type]
_KEY_ERROR: Final = frozenset({"KeyError"})


def may_raise(expr: Expr, module: Module) -> frozenset[str]:
    """The names of the errors that evaluating an expression may raise, its operands and the helpers
    that it calls included, given the static types."""
    return _Raising(module).expression(expr)


def statement_may_raise(
    statement: Statement, module: Module, variables: Variables
) -> frozenset[str]:
    """The names of the errors that a statement itself may raise by evaluating and storing: blocks
    inside it, the operation that it starts, and a ``raise`` are not counted.

    ``variables`` are the types of the variables in front of it; one that is missing is ``Any``.
    """
    return _Raising(module).statement(statement, variables)


def variable_types(function: Function) -> dict[str, Type]:
    """Each variable of a function with the union of the types that it is given."""
    found: dict[str, Type] = {one.name: one.type for one in function.parameters}
    for statement in statements(function.body):
        for name, type_ in bindings(statement):
            found[name] = union(found[name], type_) if name in found else type_
    return found


class _Raising(MutableStruct):
    """Remembers the helpers, so that each body is looked at once."""

    module: Module
    helpers: dict[str, frozenset[str]] = field(factory=dict)

    def expression(self, root: Expr) -> frozenset[str]:
        found: set[str] = set()
        for expr in expressions(root):
            found |= judge(expr, self.module).raises
            if isinstance(expr, HelperCall):
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

    def block(self, block: Block, variables: Variables, caught: frozenset[str]) -> frozenset[str]:
        """What a block of a helper may raise; ``caught`` is what a bare ``raise`` raises."""
        found: set[str] = set()
        pending = list(block)
        while pending:
            statement = pending.pop()
            found |= self.statement(statement, variables)
            # partial: anything else raises what its blocks raise
            match statement:
                case Raise(error=str(error)):
                    found.add(error)
                case Raise():
                    found |= caught
                case Try():
                    found |= self.attempt(statement, variables, caught)
                case _:
                    pending += [one for inner in blocks(statement) for one in inner]
        return frozenset(found)

    def attempt(
        self, statement: Try, variables: Variables, caught: frozenset[str]
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

    def statement(self, statement: Statement, variables: Variables) -> frozenset[str]:
        found = NOTHING.union(*(self.expression(one) for one in own_expressions(statement)))
        return found | self.own(statement, variables)

    def own(self, statement: Statement, variables: Variables) -> frozenset[str]:
        module = self.module
        match statement:
            case AugmentedAssign(target, operator, value):
                before = variables.get(target, ANY)
                return combine(module, operator, before, value.type, None, value).raises
            case Unpack(targets, value):
                return unpacking(module, value.type, len(targets)).raises
            case For(target, iterable):
                return iteration(module, iterable, len(target.names), target.unpack).raises
            case Store(name, path):
                return self.store(statement, self.owner(name, path, variables))
            case Delete(name, path):
                owner = self.owner(name, path, variables)
                return owner.raises | self.step_into(owner.type, path[-1]).raises
            case Mutate(name, path, called, args):
                owner = self.owner(name, (*path, FieldKey("")), variables)
                call = Method(Name(name, type=owner.type), called, args)
                return owner.raises | method(module, owner.type, call).raises
            case (
                Assign()
                | StepCall()
                | WorkflowCall()
                | Sleep()
                | If()
                | While()
                | Break()
                | Continue()
                | Try()
                | Raise()
                | Return()
                | Pass()
            ):
                return NOTHING
            case _:
                assert_never(statement)

    def owner(
        self, name: str, path: tuple[FieldKey | Expr, ...], variables: Variables
    ) -> Judgement:
        """The object that the last key of a path is looked up in."""
        type_ = variables.get(name, ANY)
        raises = NOTHING
        for key in path[:-1]:
            found = self.step_into(type_, key)
            type_, raises = found.type, raises | found.raises
        return Judgement(type_, raises)

    def step_into(self, type_: Type, key: FieldKey | Expr) -> Judgement:
        value = Name("", type=type_)
        if isinstance(key, FieldKey):
            return judge(Attribute(value, key.name), self.module)
        return judge(Subscript(value, key), self.module)

    def store(self, statement: Store, owner: Judgement) -> frozenset[str]:
        lookup = self.step_into(owner.type, statement.path[-1])
        raises = owner.raises | lookup.raises
        if statement.operator is None:
            # A dict takes any key.
            mapping = all(is_mapping(self.module, one) for one in members(owner.type))
            return raises - _KEY_ERROR if mapping else raises
        value = statement.value
        changed = combine(self.module, statement.operator, lookup.type, value.type, None, value)
        return raises | changed.raises

"""One walk over a function: its local names, and which expressions contain operations."""

from __future__ import annotations

import ast
from typing import Final

from wfc.compiler.data.struct import MutableStruct, field
from wfc.compiler.language.library import table as builtins
from wfc.compiler.source.names import FunctionNode, ModuleScope, root_of

# What an expression is made of.
_INSIDE: Final = (ast.expr, ast.keyword, ast.comprehension)


class FunctionFacts(MutableStruct, eq=False):
    """What one walk over a function finds out.

    ``effectful`` holds the ids of the expressions that contain an operation or a changing method,
    ``mutating`` those with a changing method alone.
    """

    locals: set[str] = field(factory=set)
    operations: list[ast.Call] = field(factory=list)
    effectful: set[int] = field(factory=set)
    mutating: set[int] = field(factory=set)


def operation_name(call: ast.Call, scope: ModuleScope, locals_: set[str]) -> str | None:
    """The name of the step or workflow that a call starts, or ``sleep``."""
    function = call.func
    root = root_of(function)
    if not isinstance(root, ast.Name) or root.id in locals_:
        return None
    name = root.id
    if root is function and (name in scope.steps or name in scope.workflows):
        return name
    return "sleep" if scope.qualified(function) == "wfc.sleep" else None


def gather_facts(node: FunctionNode, scope: ModuleScope) -> FunctionFacts:
    """The facts of a function, nested functions not entered."""
    facts = FunctionFacts()
    arguments = node.args
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        facts.locals.add(argument.arg)
    parents: dict[int, ast.AST] = {}
    calls: list[ast.Call] = []
    stack: list[ast.AST] = list(reversed(node.body))
    while stack:
        current = stack.pop()
        match current:
            case ast.Name(id=name, ctx=ast.Store()):
                facts.locals.add(name)
            case ast.ExceptHandler(name=str() as name):
                facts.locals.add(name)
            case ast.Call():
                calls.append(current)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                facts.locals.add(current.name)
                continue
        nested = isinstance(current, _INSIDE)
        for child in reversed(list(ast.iter_child_nodes(current))):
            if nested:
                parents[id(child)] = current
            if isinstance(current, ast.comprehension) and child is current.target:
                continue
            stack.append(child)
    for call in calls:
        _mark(call, scope, facts, parents)
    facts.operations.sort(key=lambda call: (call.lineno, call.col_offset))
    return facts


def _mark(
    call: ast.Call, scope: ModuleScope, facts: FunctionFacts, parents: dict[int, ast.AST]
) -> None:
    mutates = isinstance(call.func, ast.Attribute) and builtins.mutates(call.func.attr)
    if operation_name(call, scope, facts.locals) is not None:
        facts.operations.append(call)
    elif not mutates:
        return
    current: ast.AST | None = call
    while current is not None:
        known = id(current) in facts.effectful and (not mutates or id(current) in facts.mutating)
        if known:
            return
        facts.effectful.add(id(current))
        if mutates:
            facts.mutating.add(id(current))
        current = parents.get(id(current))

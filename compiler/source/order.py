"""The order of definitions: what Python evaluates when it imports the module is there by then."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from wfc.compiler.source import codes
from wfc.compiler.source.problems import Problems


def check_order(tree: ast.Module, problems: Problems) -> None:
    """Report names that a decorator, default, base class or constant reads above the statement
    that defines them: Python raises NameError there. Annotations are left to Python: since 3.14 it
    evaluates none on import."""
    lines: dict[str, int] = {}
    for node in reversed(tree.body):
        for name in _defined(node):
            lines[name] = node.lineno
    bound = set(vars(builtins))
    for node in tree.body:
        for read in _evaluated(node):
            if read.id in lines and read.id not in bound:
                problems.add(
                    codes.DEFINED_LATER,
                    read,
                    f"'{read.id}' is needed to import the module, and is defined in line "
                    f"{lines[read.id]} only",
                    "move its definition up",
                )
        bound.update(_bound(node))


def _defined(node: ast.stmt) -> Iterator[str]:
    """The names that a statement defines for certain."""
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            yield name


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement may bind in the module."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.name
        return
    for one in ast.walk(node):
        match one:
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]


def _evaluated(node: ast.stmt) -> Iterator[ast.Name]:
    """The names that a statement reads for certain when it is executed."""
    match node:
        case ast.FunctionDef(args=args) | ast.AsyncFunctionDef(args=args):
            defaults = [*args.defaults, *(one for one in args.kw_defaults if one is not None)]
            for expr in (*node.decorator_list, *defaults):
                yield from _names(expr)
        case ast.ClassDef(bases=bases, keywords=keywords, body=body):
            for expr in (*node.decorator_list, *bases, *(one.value for one in keywords)):
                yield from _names(expr)
            own = {name for statement in body for name in _bound(statement)}
            for statement in body:
                yield from (read for read in _evaluated(statement) if read.id not in own)
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            yield from _names(value)


def _names(expr: ast.expr) -> Iterator[ast.Name]:
    match expr:
        case ast.Name():
            yield expr
        case ast.BoolOp(values=[first, *_]) | ast.IfExp(test=first):
            yield from _names(first)
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return  # with names of their own
        case _:
            for inner in ast.iter_child_nodes(expr):
                if isinstance(inner, ast.keyword):
                    yield from _names(inner.value)
                elif isinstance(inner, ast.expr):
                    yield from _names(inner)

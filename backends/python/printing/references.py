"""Which names a piece of Python source refers to."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache
from symtable import symtable
from textwrap import indent


@lru_cache(maxsize=4096)
def used_names(source: str) -> frozenset[str]:
    """The names that the source reads, those in annotations written as strings included. Local
    names of functions are among them: the caller keeps what the module defines.

    Args:
        source: statements or an expression.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return frozenset()
    return frozenset(_names(tree))


def global_names(source: str, parameters: Iterable[str] | None = None) -> frozenset[str]:
    """The names of the module that the source refers to: names that are local to a function do not
    count. It takes longer than :func:`used_names`.

    Args:
        source: a definition, or the body of a function.
        parameters: those of the function whose body it is.
    """
    found: set[str] = set()
    if parameters is None:
        pending = [symtable(source, "source", "exec")]
    else:
        source = f"def function({', '.join(parameters)}):\n{indent(source, ' ')}"
        pending = symtable(source, "source", "exec").get_children()
    while pending:
        table = pending.pop()
        names = table.get_symbols()
        outer = table.get_type() == "module"
        found |= {n.get_name() for n in names if n.is_global() or (outer and n.is_referenced())}
        pending += table.get_children()
    return frozenset(found)


@lru_cache(maxsize=4096)
def identifiers(source: str) -> frozenset[str]:
    """The names that a piece of source binds or reads, parameters included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name):
                found.add(name)
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                found.add(name)
            case ast.ExceptHandler(name=str(name)):
                found.add(name)
            case ast.alias(name=name, asname=asname):
                found.add(asname or name.partition(".")[0])
    return frozenset(found)


def _names(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.AugAssign(target=ast.Name(id=name)):
                found.add(name)
            case ast.Global(names=names):
                found.update(names)
            case ast.arg(annotation=ast.expr() as hint) | ast.AnnAssign(annotation=hint):
                found |= _quoted(hint)
            case (
                ast.FunctionDef(returns=ast.expr() as hint)
                | ast.AsyncFunctionDef(returns=ast.expr() as hint)
            ):
                found |= _quoted(hint)
    return found


def _quoted(hint: ast.expr) -> set[str]:
    """The names in the string parts of an annotation."""
    found: set[str] = set()
    for node in ast.walk(hint):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= used_names(node.value)
    return found

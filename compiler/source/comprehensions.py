"""Comprehensions, generators and the lambdas of ``key=``: expressions with names of their own."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.inference.rules import iteration
from wfc.compiler.language.nodes import types as t
from wfc.compiler.source import codes
from wfc.compiler.source.frame import Frame
from wfc.compiler.source.narrowing import facts_of

ComprehensionNode = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def read_target(frame: Frame, target: ast.expr, iterable: ir.Expr) -> ir.Target:
    """The variables that iterating over an expression binds, with their types."""
    mark = frame.problems.mark()
    names = target_names(frame, target)
    if frame.problems.mark() > mark:
        return ir.Target(names, (t.NEVER,) * len(names), True, span=frame.span(target))
    unpack = not isinstance(target, ast.Name)
    found = iteration(frame.module, iterable, len(names), unpack)
    if found.problem:
        frame.problems.add(codes.TYPE_ERROR, iterable.span, found.problem)
    if unpack and isinstance(found.type, t.TupleType) and len(found.type.items) == len(names):
        types = found.type.items
    elif unpack:
        types = (t.ANY,) * len(names)
    else:
        types = (found.type,)
    return ir.Target(names, types, unpack, span=frame.span(target))


def target_names(frame: Frame, target: ast.expr) -> tuple[str, ...]:
    """The names of a loop's target; anything but names or a flat tuple of names is refused."""
    match target:
        case ast.Name(id=name):
            return (name,)
        case ast.Tuple(elts=elements) | ast.List(elts=elements) if elements and all(
            isinstance(element, ast.Name) for element in elements
        ):
            return tuple(element.id for element in elements if isinstance(element, ast.Name))
    frame.refuse(
        codes.STATEMENT_NOT_YET,
        target,
        f"the target '{frame.written(target)}' is not supported yet",
        "bind plain names, and take the value apart in a statement",
    )
    return tuple(part.id for part in ast.walk(target) if isinstance(part, ast.Name)) or ("_",)


def read_comprehension(frame: Frame, node: ComprehensionNode) -> ir.Expr:
    """A comprehension; an operation inside is refused."""
    parts: list[ast.AST] = [*node.generators[1:], *node.generators[0].ifs]
    parts += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    if any(map(frame.effectful, parts)):
        return frame.refuse(
            codes.OPERATION_PLACE,
            node,
            "an operation inside a comprehension is not supported yet",
            "write a for loop that appends the results to a list",
        )
    frame.bound_names.append({})
    base = frame.layer
    try:
        return _comprehension(frame, node)
    finally:
        frame.bound_names.pop()
        frame.layer = base


def _comprehension(frame: Frame, node: ComprehensionNode) -> ir.Expr:
    mark = frame.problems.mark()
    clauses = tuple(_clause(frame, generator) for generator in node.generators)
    refused = frame.problems.mark() > mark
    key = frame.read(node.key) if isinstance(node, ast.DictComp) else None
    element = frame.read(node.value if isinstance(node, ast.DictComp) else node.elt)
    kinds = {ast.ListComp: "list", ast.SetComp: "set", ast.DictComp: "dict"}
    comprehension = ir.Comprehension(
        kinds.get(type(node), "generator"),  # type: ignore[arg-type]
        key,
        element,
        clauses,
        span=frame.span(node),
    )
    if refused:
        return frame.nothing(node)
    inner = [element, *(clause.iterable for clause in clauses)]
    inner += [condition for clause in clauses for condition in clause.conditions]
    return frame.typed(comprehension, inner if key is None else [key, *inner])


def _clause(frame: Frame, generator: ast.comprehension) -> ir.Clause:
    if generator.is_async:
        frame.refuse(
            codes.EXPRESSION_NEVER,
            generator.target,
            "an async comprehension cannot be supported",
            "write a for loop",
        )
    iterable = frame.read(generator.iter)
    target = read_target(frame, generator.target, iterable)
    frame.bound_names[-1].update(zip(target.names, target.types, strict=True))
    conditions: list[ir.Expr] = []
    for test in generator.ifs:
        condition = frame.read(test)
        conditions.append(condition)
        _narrow_names(frame, condition)
    return ir.Clause(target, iterable, tuple(conditions), span=target.span)


def _narrow_names(frame: Frame, condition: ir.Expr) -> None:
    facts = facts_of(frame, condition, True)
    own = frame.bound_names[-1]
    own.update((name, type_) for name, type_ in facts if name in own)
    frame.layer = frame.layer.child(fact for fact in facts if fact[0] not in own)


def read_lambda(frame: Frame, node: ast.Lambda, types: Sequence[t.Type]) -> ir.Expr:
    """A ``key=`` function with parameters of the given types."""
    arguments = node.args
    plain = [argument.arg for argument in arguments.args]
    if (
        len(plain) != len(types)
        or arguments.defaults
        or arguments.vararg
        or arguments.kwarg
        or arguments.kwonlyargs
        or arguments.posonlyargs
    ):
        return frame.refuse(
            codes.SIGNATURE, node, f"this lambda must have {len(types)} plain parameter"
        )
    if frame.effectful(node.body):
        return frame.refuse(
            codes.OPERATION_PLACE,
            node,
            "an operation inside a lambda is not supported yet",
            "run the operations first, in a for loop",
        )
    frame.bound_names.append(dict(zip(plain, types, strict=True)))
    try:
        body = frame.read(node.body)
    finally:
        frame.bound_names.pop()
    return frame.typed(ir.Lambda(tuple(plain), body, span=frame.span(node)), [body])

"""Ways through whole blocks and expressions: everything inside, names read and bound.

Nothing here recurses over the length of a block, an ``elif`` chain or a chain of operators.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import (
    binds_names,
    blocks,
    bound,
    caught,
    operands,
    own_expressions,
    referred,
    scoped,
    with_operands,
)


def expressions(*roots: ir.Expr) -> Iterator[ir.Expr]:
    """Every expression in and below the given ones, each before its operands."""
    pending = list(reversed(roots))
    while pending:
        expr = pending.pop()
        yield expr
        pending += reversed(operands(expr))


def statements(block: ir.Block) -> Iterator[ir.Statement]:
    """Every statement in a block and in the blocks inside it, in the order of the source."""
    pending = list(reversed(block))
    while pending:
        statement = pending.pop()
        yield statement
        for inner in reversed(blocks(statement)):
            pending += reversed(inner)


def operations(block: ir.Block) -> Iterator[ir.Operation]:
    """Every operation in a block and in the blocks inside it, in the order of the source."""
    for statement in statements(block):
        if isinstance(statement, ir.Operation):
            yield statement


def arms(statement: ir.If) -> tuple[list[ir.If], ir.Block]:
    """An ``if`` with its ``elif``s as a list, and the block of the final ``else``."""
    found = [statement]
    while len(found[-1].orelse) == 1 and isinstance(found[-1].orelse[0], ir.If):
        found.append(found[-1].orelse[0])
    return found, found[-1].orelse


def read(statement: ir.Statement) -> set[str]:
    """The variables that a statement itself reads or changes in place, those of the blocks inside
    it left out. Caught errors count as variables."""
    return free_names(*own_expressions(statement)).union(referred(statement))


def bound_names(block: ir.Block) -> set[str]:
    """Every variable that a block binds, the names of caught errors included."""
    found: set[str] = set()
    for statement in statements(block):
        found.update(bound(statement))
        found.update(caught(statement))
    return found


def read_names(block: ir.Block) -> set[str]:
    """Every variable that a block reads or changes in place."""
    return {name for statement in statements(block) for name in read(statement)}


def used_names(block: ir.Block) -> set[str]:
    """Every local name that occurs in a block, those of comprehensions and lambdas included."""
    return bound_names(block) | read_names(block) | inner_names(block)


def inner_names(block: ir.Block) -> set[str]:
    """The names that expressions in a block bind for their operands, as comprehensions do."""
    return {
        name
        for statement in statements(block)
        for expr in expressions(*own_expressions(statement))
        if binds_names(expr)
        for name in _own_names(expr)
    }


def _own_names(expr: ir.Expr) -> set[str]:
    """The names that an expression binds for its operands."""
    return {name for _, names in scoped(expr) for name in names}


def free_names(*roots: ir.Expr) -> set[str]:
    """The variables that expressions read, without those that a comprehension or lambda inside them
    binds. Caught errors count as variables."""
    found: set[str] = set()
    pending: list[tuple[ir.Expr, frozenset[str]]] = [(root, frozenset()) for root in roots]
    while pending:
        expr, hidden = pending.pop()
        found.update([name for name in referred(expr) if name not in hidden])
        if binds_names(expr):
            pending += [(operand, hidden | names) for operand, names in scoped(expr)]
        else:
            pending += [(operand, hidden) for operand in operands(expr)]
    return found


def transform(expr: ir.Expr, change: Callable[[ir.Expr], ir.Expr]) -> ir.Expr:
    """The expression with ``change`` applied to every part of it, operands first."""
    return change(with_operands(expr, lambda operand: transform(operand, change)))


def substitute(expr: ir.Expr, values: Mapping[str, ir.Expr]) -> ir.Expr:
    """The expression with each free variable replaced by the value given for it.

    Raises:
        ValueError: a comprehension or lambda would capture a variable of a value.
    """
    if isinstance(expr, ir.Name):
        return values.get(expr.id, expr)
    if not binds_names(expr):
        return with_operands(expr, lambda operand: substitute(operand, values))
    visible = _not_captured(expr, _own_names(expr), values)
    new = [
        substitute(part, {name: one for name, one in visible.items() if name not in hidden})
        for part, hidden in scoped(expr)
    ]
    changed = iter(new)
    return with_operands(expr, lambda _: next(changed))


def _not_captured(
    expr: ir.Expr, own: Iterable[str], values: Mapping[str, ir.Expr]
) -> Mapping[str, ir.Expr]:
    free = free_names(expr)
    needed = {name: value for name, value in values.items() if name in free}
    captured = set(own) & free_names(*needed.values())
    if captured:
        raise ValueError(f"'{min(captured)}' would change its meaning")
    return needed

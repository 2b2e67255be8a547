"""Puts operations back into the place where the source has them.

The reader gives every operation a statement of its own, ``charge_result = charge(order)``, before
the statement that uses the value. Where nothing between the two can tell the difference, code reads
better with the call in its place: ``return charge(order)``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import assert_never

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import operands, own_expressions
from wfc.compiler.language.walk import expressions, statements

OperationCall = ir.StepCall | ir.WorkflowCall


def used_once(workflow: ir.Workflow) -> frozenset[str]:
    """The variables that the reader made and the workflow uses exactly once."""
    uses = Counter(
        expr.id
        for statement in statements(workflow.body)
        for expr in expressions(*own_expressions(statement))
        if isinstance(expr, ir.Name) and expr.id in workflow.temporaries
    )
    return frozenset(name for name, count in uses.items() if count == 1)


def is_temporary(statement: ir.Statement, temporaries: frozenset[str]) -> bool:
    """Whether the statement is an operation whose variable the reader made."""
    return isinstance(statement, OperationCall) and statement.target in temporaries


def groups(
    block: ir.Block, temporaries: frozenset[str]
) -> Iterator[tuple[tuple[ir.Statement, ...], ir.Statement]]:
    """The statements of a block, each with the operations that the reader took out of it."""
    pending: list[ir.Statement] = []
    for statement in block:
        if is_temporary(statement, temporaries):
            pending.append(statement)
        else:
            yield tuple(pending), statement
            pending = []
    for statement in pending:  # a result that nobody uses
        yield (), statement


def whole(operations: Sequence[ir.Statement], statement: ir.Statement) -> frozenset[str]:
    """The temporary that is all of the statement's value: ``return result``."""
    if not operations or not isinstance(statement, ir.Return | ir.Assign | ir.Unpack):
        return frozenset()
    (*_, last), value = _targets(operations), statement.value
    return frozenset({last}) if isinstance(value, ir.Name) and value.id == last else frozenset()


def anywhere(operations: Sequence[ir.Statement], statement: ir.Statement) -> frozenset[str]:
    """The temporaries whose operation may stand where the value is used: in the order of the
    operations, with nothing before them that could raise or be skipped."""
    targets = _targets(operations)
    places = _places(_values(statement), frozenset(targets))
    for start in range(len(targets)):
        if _nests(operations[start:], targets[start:], places):
            return frozenset(targets[start:])
    return frozenset()


def conjuncts(test: ir.Expr) -> tuple[ir.Expr, ...]:
    """The operands of ``a and b``; another test alone."""
    if isinstance(test, ir.Boolean) and test.operator == "and":
        return test.operands
    return (test,)


def second_test(
    then: ir.Block, temporaries: frozenset[str]
) -> tuple[tuple[OperationCall, ...], ir.If] | None:
    """The operations and the ``if`` that the reader made of ``step()`` in ``if a and step():``,
    given the block below ``if a``; None where the source has two statements, or where the
    operations do not fit into the test."""
    *operations, inner = then
    if not isinstance(inner, ir.If) or inner.orelse or not _is_part(inner):
        return None
    calls = tuple(one for one in operations if isinstance(one, OperationCall))
    fitting = all(is_temporary(one, temporaries) and not one.comment for one in operations)
    if not fitting or len(anywhere(calls, inner)) < len(operations):
        return None
    return calls, inner


def _is_part(inner: ir.If) -> bool:
    """Whether an ``if`` starts where its test does, so that the source has no word of its own for
    it."""
    test = inner.test.span
    return bool(test.line) and (test.line, test.column) == (inner.span.line, inner.span.column)


def _targets(operations: Sequence[ir.Statement]) -> list[str]:
    return [op.target or "" for op in operations if isinstance(op, OperationCall)]


def _nests(operations: Sequence[ir.Statement], targets: list[str], places: list[str]) -> bool:
    """Whether each operation is used, in order, by the statement or by an operation behind it."""
    wanted = frozenset(targets)
    open_values: list[str] = []
    for operation, target in zip(operations, targets, strict=True):
        arguments = _values(operation)
        found = [name for value in arguments for name in _uses(value, wanted)]
        if found:
            newest = open_values[-len(found) :]
            if found != newest or _places(arguments, wanted) != found:
                return False
            del open_values[-len(found) :]
        open_values.append(target)
    return [name for name in places if name in wanted] == open_values


def _values(statement: ir.Statement) -> list[ir.Expr]:
    """What a statement evaluates, once, before it does anything."""
    match statement:
        case ir.Return(value=value) | ir.Assign(value=value) | ir.Unpack(value=value):
            return [value]
        case ir.StepCall(args=args) | ir.WorkflowCall(args=args):
            return [argument.value for argument in args]
        case ir.If(test=test):
            return [test]
        case ir.Raise(message=message) if message is not None:
            return [message]
        case ir.For(iterable=iterable):
            return [iterable]
        case ir.Sleep(seconds=seconds):
            return [seconds]
        case (
            ir.AugmentedAssign()
            | ir.Store()
            | ir.Delete()
            | ir.Mutate()
            | ir.While()
            | ir.Break()
            | ir.Continue()
            | ir.Try()
            | ir.Raise()
            | ir.Pass()
        ):
            return []
        case _:
            assert_never(statement)


def _uses(value: ir.Expr, temporaries: frozenset[str]) -> list[str]:
    """Every use, in the order of evaluation."""
    names = [expr.id for expr in expressions(value) if isinstance(expr, ir.Name)]
    return [name for name in names if name in temporaries]


class _Stop(Exception):
    """What comes now could raise or be skipped: nothing behind it may move."""


def _places(values: Sequence[ir.Expr], temporaries: frozenset[str]) -> list[str]:
    """The temporaries in what always runs, in order of evaluation, up to the first thing that could
    raise."""
    found: list[str] = []
    try:
        for value in values:
            _walk(value, temporaries, found)
    except _Stop:
        pass
    return found


def _walk(value: ir.Expr, temporaries: frozenset[str], found: list[str]) -> None:
    """Collect uses in order of evaluation while everything passed so far cannot fail."""
    # partial: operands() is total
    match value:
        case ir.Name(id=name):
            if name in temporaries:
                found.append(name)
        case ir.Constant() | ir.GlobalName() | ir.EnumMember() | ir.ErrorMessage() | ir.ErrorName():
            pass
        case ir.Boolean(operands=(first, *_)):
            _walk(first, temporaries, found)
            raise _Stop
        case ir.Conditional(test=test):
            _walk(test, temporaries, found)
            raise _Stop
        case ir.Comprehension(clauses=clauses):
            _walk(clauses[0].iterable, temporaries, found)
            raise _Stop
        case ir.Compare(left=left, rest=rest):
            _walk(left, temporaries, found)
            _walk(rest[0][1], temporaries, found)
            raise _Stop
        case ir.Lambda():
            raise _Stop
        case _:
            for child in operands(value):
                _walk(child, temporaries, found)
            if not _cannot_fail(value):
                raise _Stop


def _cannot_fail(value: ir.Expr) -> bool:
    # partial: what is not known may fail
    match value:
        case ir.ListDisplay(items=items) | ir.TupleDisplay(items=items):
            return not any(isinstance(item, ir.Starred) for item in items)
        case ir.Attribute():
            return True
        case ir.FString(parts=parts):
            return all(isinstance(part, str) or not part.spec for part in parts)
        case ir.DictDisplay(entries=entries):
            return all(isinstance(key, ir.Constant) for key, _ in entries)
    return False

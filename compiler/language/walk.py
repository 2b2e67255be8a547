"""Ways through the IR: children, all expressions, all statements, names read and bound.

Nothing here recurses over the length of a block, an ``elif`` chain or a chain of operators.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import assert_never

from wfc.compiler.data.struct import replace
from wfc.compiler.language.nodes import (
    Argument,
    Assign,
    Attribute,
    AugmentedAssign,
    Binary,
    Block,
    Boolean,
    Break,
    Call,
    Clause,
    Compare,
    Comprehension,
    Conditional,
    Constant,
    Construct,
    Continue,
    Delete,
    DictDisplay,
    EnumMember,
    ErrorMessage,
    ErrorName,
    Expr,
    FieldKey,
    For,
    Formatted,
    FString,
    GlobalName,
    HelperCall,
    If,
    Lambda,
    ListDisplay,
    Method,
    Mutate,
    Name,
    Operation,
    Pass,
    Raise,
    Return,
    SetDisplay,
    Sleep,
    Slice,
    Starred,
    Statement,
    StepCall,
    Store,
    Subscript,
    Try,
    TupleDisplay,
    Unary,
    Unpack,
    While,
    WorkflowCall,
)


def operands(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside an expression, in the order of evaluation."""
    match expr:
        case Constant() | Name() | GlobalName() | EnumMember() | ErrorMessage() | ErrorName():
            return ()
        case Attribute(value):
            return (value,)
        case Subscript(value, index):
            return (value, index)
        case Slice(value, lower, upper, step):
            return (value, *_given(lower, upper, step))
        case Unary(_, operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Compare(left, rest):
            return (left, *(right for _, right in rest))
        case Boolean(_, found):
            return found
        case Conditional(test, then, orelse):
            return (test, then, orelse)
        case FString(parts):
            return tuple(part.value for part in parts if isinstance(part, Formatted))
        case ListDisplay(items) | TupleDisplay(items) | SetDisplay(items):
            return tuple(item.value if isinstance(item, Starred) else item for item in items)
        case DictDisplay(entries):
            return tuple(one for entry in entries for one in _given(*entry))
        case Lambda(_, body):
            return (body,)
        case Call(_, args, keywords):
            return (*args, *(value for _, value in keywords))
        case Method(value, _, args, keywords):
            return (value, *args, *(value for _, value in keywords))
        case HelperCall(_, arguments):
            return tuple(argument.value for argument in arguments)
        case Construct(_, fields):
            return tuple(value for _, value in fields)
        case Comprehension(_, key, element, clauses):
            inner = [one for clause in clauses for one in (clause.iterable, *clause.conditions)]
            return (*inner, *_given(key), element)
        case _:
            assert_never(expr)


def _given(*found: Expr | None) -> tuple[Expr, ...]:
    return tuple(one for one in found if one is not None)


def expressions(*roots: Expr) -> Iterator[Expr]:
    """Every expression in and below the given ones, each before its operands."""
    pending = list(reversed(roots))
    while pending:
        expr = pending.pop()
        yield expr
        pending += reversed(operands(expr))


def own_expressions(statement: Statement) -> tuple[Expr, ...]:
    """The expressions of a statement itself, those of the blocks inside it left out."""
    match statement:
        case Assign(value=value) | AugmentedAssign(value=value) | Unpack(value=value):
            return (value,)
        case Store(_, path, value):
            return (*_subscripts(path), value)
        case Delete(_, path):
            return _subscripts(path)
        case Mutate(_, path, _, args):
            return (*_subscripts(path), *args)
        case StepCall(args=arguments) | WorkflowCall(args=arguments):
            return tuple(argument.value for argument in arguments)
        case Sleep(seconds=seconds):
            return (seconds,)
        case If(test=test) | While(test=test):
            return (test,)
        case For(iterable=iterable):
            return (iterable,)
        case Raise(message=message):
            return _given(message)
        case Return(value=value):
            return (value,)
        case Try() | Break() | Continue() | Pass():
            return ()
        case _:
            assert_never(statement)


def _subscripts(path: Iterable[FieldKey | Expr]) -> tuple[Expr, ...]:
    return tuple(key for key in path if not isinstance(key, FieldKey))


def blocks(statement: Statement) -> tuple[Block, ...]:
    """The blocks directly inside a statement, in the order of the source."""
    match statement:
        case If(_, then, orelse):
            return (then, orelse)
        case While(_, body, orelse, prelude):
            return (prelude, body, orelse)
        case For(_, _, body, orelse):
            return (body, orelse)
        case Try(body, handlers, orelse, finalbody):
            return (body, *(handler.body for handler in handlers), orelse, finalbody)
        case (
            Assign()
            | AugmentedAssign()
            | Unpack()
            | Store()
            | Delete()
            | Mutate()
            | StepCall()
            | WorkflowCall()
            | Sleep()
            | Break()
            | Continue()
            | Raise()
            | Return()
            | Pass()
        ):
            return ()
        case _:
            assert_never(statement)


def statements(block: Block) -> Iterator[Statement]:
    """Every statement in a block and in the blocks inside it, in the order of the source."""
    pending = list(reversed(block))
    while pending:
        statement = pending.pop()
        yield statement
        for inner in reversed(blocks(statement)):
            pending += reversed(inner)


def operations(block: Block) -> Iterator[Operation]:
    """Every operation in a block and in the blocks inside it, in the order of the source."""
    for statement in statements(block):
        if isinstance(statement, StepCall | WorkflowCall | Sleep):
            yield statement


def arms(statement: If) -> tuple[list[If], Block]:
    """An ``if`` with its ``elif``s as a list, and the block of the final ``else``."""
    found = [statement]
    while len(found[-1].orelse) == 1 and isinstance(found[-1].orelse[0], If):
        found.append(found[-1].orelse[0])
    return found, found[-1].orelse


def bound(statement: Statement) -> tuple[str, ...]:
    """The variables that a statement itself binds, those of the blocks inside it left out."""
    match statement:
        case Assign(target=target) | AugmentedAssign(target=target):
            return (target,)
        case Unpack(targets=targets):
            return targets
        case Mutate(target=str(target)):
            return (target,)
        case StepCall(target=str(target)) | WorkflowCall(target=str(target)):
            return (target,)
        case For(target=target):
            return target.names
        case (
            Store()
            | Delete()
            | Mutate()
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
            return ()
        case _:
            assert_never(statement)


def read(statement: Statement) -> set[str]:
    """The variables that a statement itself reads or changes in place, those of the blocks inside
    it left out. Caught errors count as variables."""
    found = free_names(*own_expressions(statement))
    match statement:
        case AugmentedAssign(target=name):
            found.add(name)
        case Store(name=name) | Delete(name=name) | Mutate(name=name):
            found.add(name)
        case Raise(again=again, cause=cause):
            found |= {name for name in (again, cause) if name is not None}
        case (
            Assign()
            | Unpack()
            | StepCall()
            | WorkflowCall()
            | Sleep()
            | If()
            | While()
            | For()
            | Break()
            | Continue()
            | Try()
            | Return()
            | Pass()
        ):
            pass
        case _:
            assert_never(statement)
    return found


def bound_names(block: Block) -> set[str]:
    """Every variable that a block binds, the names of caught errors included."""
    found: set[str] = set()
    for statement in statements(block):
        found.update(bound(statement))
        if isinstance(statement, Try):
            found.update(handler.name for handler in statement.handlers if handler.name)
    return found


def read_names(block: Block) -> set[str]:
    """Every variable that a block reads or changes in place."""
    return {name for statement in statements(block) for name in read(statement)}


def used_names(block: Block) -> set[str]:
    """Every local name that occurs in a block, those of comprehensions and lambdas included."""
    found = bound_names(block) | read_names(block)
    for statement in statements(block):
        for expr in expressions(*own_expressions(statement)):
            found.update(_own_names(expr))
    return found


def _own_names(expr: Expr) -> tuple[str, ...]:
    match expr:
        case Lambda(parameters):
            return parameters
        case Comprehension(clauses=clauses):
            return tuple(name for clause in clauses for name in clause.target.names)
        case (
            Constant()
            | Name()
            | GlobalName()
            | EnumMember()
            | Attribute()
            | Subscript()
            | Slice()
            | Unary()
            | Binary()
            | Compare()
            | Boolean()
            | Conditional()
            | FString()
            | ListDisplay()
            | TupleDisplay()
            | SetDisplay()
            | DictDisplay()
            | Call()
            | Method()
            | HelperCall()
            | Construct()
            | ErrorMessage()
            | ErrorName()
        ):
            return ()
        case _:
            assert_never(expr)


def free_names(*roots: Expr) -> set[str]:
    """The variables that expressions read, without those that a comprehension or lambda inside them
    binds. Caught errors count as variables."""
    found: set[str] = set()
    pending: list[tuple[Expr, frozenset[str]]] = [(root, frozenset()) for root in roots]
    while pending:
        expr, hidden = pending.pop()
        # partial: operands() is total
        match expr:
            case Name(name) | ErrorMessage(name) | ErrorName(name):
                if name not in hidden:
                    found.add(name)
            case Lambda(parameters, body):
                pending.append((body, hidden.union(parameters)))
            case Comprehension():
                pending += _scoped(expr, hidden)
            case _:
                pending += [(operand, hidden) for operand in operands(expr)]
    return found


def _scoped(expr: Comprehension, hidden: frozenset[str]) -> Iterator[tuple[Expr, frozenset[str]]]:
    """The operands of a comprehension, with the names that each cannot see from outside."""
    for clause in expr.clauses:
        yield clause.iterable, hidden
        hidden = hidden.union(clause.target.names)
        for condition in clause.conditions:
            yield condition, hidden
    for one in _given(expr.key, expr.element):
        yield one, hidden


def transform(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with ``change`` applied to every part of it, operands first."""
    return change(with_operands(expr, lambda operand: transform(operand, change)))


def with_operands(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with each operand changed, in the order of evaluation; the same object if
    none of them differs."""
    before = operands(expr)
    after = [change(operand) for operand in before]
    if all(one is other for one, other in zip(before, after, strict=True)):
        return expr
    return _rebuilt(expr, iter(after))


def _rebuilt(expr: Expr, new: Iterator[Expr]) -> Expr:
    def if_given(value: Expr | None) -> Expr | None:
        return None if value is None else next(new)

    match expr:
        case Attribute():
            return replace(expr, value=next(new))
        case Subscript():
            return replace(expr, value=next(new), index=next(new))
        case Slice(_, lower, upper, step):
            value = next(new)
            bounds = [if_given(bound) for bound in (lower, upper, step)]
            return replace(expr, value=value, lower=bounds[0], upper=bounds[1], step=bounds[2])
        case Unary():
            return replace(expr, operand=next(new))
        case Binary():
            return replace(expr, left=next(new), right=next(new))
        case Compare(_, rest):
            left = next(new)
            return replace(expr, left=left, rest=tuple((name, next(new)) for name, _ in rest))
        case Boolean():
            return replace(expr, operands=tuple(new))
        case Conditional():
            return replace(expr, test=next(new), then=next(new), orelse=next(new))
        case FString(parts):
            changed = [
                replace(part, value=next(new)) if isinstance(part, Formatted) else part
                for part in parts
            ]
            return replace(expr, parts=tuple(changed))
        case ListDisplay(items) | TupleDisplay(items) | SetDisplay(items):
            displayed = [
                replace(item, value=next(new)) if isinstance(item, Starred) else next(new)
                for item in items
            ]
            return replace(expr, items=tuple(displayed))
        case DictDisplay(entries):
            pairs = tuple((if_given(key), next(new)) for key, _ in entries)
            return replace(expr, entries=pairs)
        case Lambda():
            return replace(expr, body=next(new))
        case Call(_, args, keywords):
            given = tuple(next(new) for _ in args)
            return replace(expr, args=given, keywords=_named(keywords, new))
        case Method(_, _, args, keywords):
            value = next(new)
            given = tuple(next(new) for _ in args)
            return replace(expr, value=value, args=given, keywords=_named(keywords, new))
        case HelperCall(_, arguments):
            return replace(expr, args=with_values(arguments, new))
        case Construct(_, fields):
            return replace(expr, fields=_named(fields, new))
        case Comprehension():
            return _rebuilt_comprehension(expr, new)
        case Constant() | Name() | GlobalName() | EnumMember() | ErrorMessage() | ErrorName():
            return expr
        case _:
            assert_never(expr)


def _named(
    pairs: tuple[tuple[str, Expr], ...], new: Iterator[Expr]
) -> tuple[tuple[str, Expr], ...]:
    return tuple((name, next(new)) for name, _ in pairs)


def _rebuilt_comprehension(expr: Comprehension, new: Iterator[Expr]) -> Comprehension:
    clauses: list[Clause] = []
    for clause in expr.clauses:
        iterable = next(new)
        conditions = tuple(next(new) for _ in clause.conditions)
        clauses.append(replace(clause, iterable=iterable, conditions=conditions))
    key = None if expr.key is None else next(new)
    return replace(expr, clauses=tuple(clauses), key=key, element=next(new))


def with_values(arguments: tuple[Argument, ...], new: Iterator[Expr]) -> tuple[Argument, ...]:
    """The arguments with other values."""
    return tuple(replace(argument, value=next(new)) for argument in arguments)


def substitute(expr: Expr, values: Mapping[str, Expr]) -> Expr:
    """The expression with each free variable replaced by the value given for it.

    Raises:
        ValueError: a comprehension or lambda would capture a variable of a value.
    """
    if isinstance(expr, Name):
        return values.get(expr.id, expr)
    own = _own_names(expr)
    if own:
        values = _below(expr, own, values)
    if isinstance(expr, Comprehension):
        return _substituted(expr, values)
    return with_operands(expr, lambda operand: substitute(operand, values))


def _below(expr: Expr, own: Iterable[str], values: Mapping[str, Expr]) -> Mapping[str, Expr]:
    free = free_names(expr)
    needed = {name: value for name, value in values.items() if name in free}
    captured = set(own) & free_names(*needed.values())
    if captured:
        raise ValueError(f"'{min(captured)}' would change its meaning")
    return needed


def _substituted(expr: Comprehension, values: Mapping[str, Expr]) -> Expr:
    new: list[Expr] = []
    for part, hidden in _scoped(expr, frozenset()):
        visible = {name: value for name, value in values.items() if name not in hidden}
        new.append(substitute(part, visible))
    return _rebuilt(expr, iter(new))

"""Statements, operations among them."""

from __future__ import annotations

from typing import TypeAlias

from wfc.compiler.language.nodes.base import (
    Node,
    aside,
    binds,
    block,
    derived,
    operand,
    path,
    refers,
    uses,
    wording,
)
from wfc.compiler.language.nodes.expressions import Argument, BinaryOperator, Expr, Target
from wfc.compiler.language.nodes.types import ANY, Type


class Stmt(Node, kw_only=True):
    """``comment`` holds the comment lines above the statement, ``trailing`` the comment at its end,
    both without ``#`` and the following blank; ``# wfc:`` comments are not kept."""

    comment: str = aside(default="")
    trailing: str = aside(default="")


Block: TypeAlias = "tuple[Statement, ...]"


class Assign(Stmt):
    """``target = value``. ``type`` is the variable's type; ``annotation`` is its text where the
    author wrote one."""

    target: str = binds(types="type")
    value: Expr = operand()
    type: Type = derived()
    annotation: str = wording(default="")


class AugmentedAssign(Stmt):
    """``target op= value`` on a variable. On a list ``+=`` extends it in place."""

    target: str = binds(types="type", changes=True)
    operator: BinaryOperator
    value: Expr = operand()
    type: Type = derived()


class Unpack(Stmt):
    """``a, b = value``: flat, no star. The value is evaluated before any name is bound, so
    ``a, b = b, a`` swaps."""

    targets: tuple[str, ...] = binds(types="types")
    value: Expr = operand()
    types: tuple[Type, ...] = derived()


class Store(Stmt):
    """``name.path = value`` or, with an operator, ``name.path op= value``. The path is made of
    field names (``FieldKey``) and subscripts (expressions)."""

    name: str = refers()
    path: tuple[FieldKey | Expr, ...] = path()
    value: Expr = operand()
    operator: BinaryOperator | None = None


class FieldKey(Node):
    """An attribute in the path of a :class:`Store`, :class:`Mutate` or :class:`Delete`."""

    name: str


class Delete(Stmt):
    """``del name.path``; the path is not empty."""

    name: str = refers()
    path: tuple[FieldKey | Expr, ...] = path()


class Mutate(Stmt):
    """A method that changes its object: ``name.path.method(args)``. ``target`` gets its result
    (``x = xs.pop()``), if anyone wants it."""

    name: str = refers()
    path: tuple[FieldKey | Expr, ...] = path()
    method: str
    args: tuple[Expr, ...] = operand()
    target: str | None = binds(types="type", default=None)
    type: Type = derived(default=ANY)


class StepCall(Stmt):
    """``target = step(args)``. ``site`` is the unique, stable name of this place. Arguments stand
    in the order of the step's parameters, injected ones left out."""

    site: str
    step: str = uses()
    args: tuple[Argument, ...] = operand()
    target: str | None = binds(types="type")
    type: Type = derived()


class WorkflowCall(Stmt):
    """``target = workflow(args)``: a child workflow, run to its end."""

    site: str
    workflow: str = uses()
    args: tuple[Argument, ...] = operand()
    target: str | None = binds(types="type")
    type: Type = derived()


class Sleep(Stmt):
    """A durable timer. ``seconds`` is a number; a duration text is turned into one by the reader
    and kept in ``text``. A timedelta expression is read as its ``total_seconds()``."""

    site: str
    seconds: Expr = operand()
    text: str = wording(default="")


class If(Stmt):
    """``elif`` is an If alone in ``orelse``."""

    test: Expr = operand()
    then: Block = block()
    orelse: Block = block(default=())


class While(Stmt):
    """``prelude`` runs before each test: the operations that the source has inside the
    condition."""

    test: Expr = operand()
    body: Block = block()
    orelse: Block = block(default=())
    prelude: Block = block(turn=-1, default=())


class For(Stmt):
    """``for target in iterable``. ``iterable`` is a list, tuple or str, or a :class:`Call` of
    ``range``, ``enumerate``, ``zip``, ``reversed`` or ``sorted``, or a dict view."""

    target: Target = binds()
    iterable: Expr = operand()
    body: Block = block()
    orelse: Block = block(default=())


class Break(Stmt):
    """``break``"""


class Continue(Stmt):
    """``continue``"""


class Handler(Stmt):
    """``except errors as name``. ``errors`` are class names as declared; subclasses are implied."""

    errors: tuple[str, ...] = uses()
    name: str | None = binds()
    body: Block = block()


class Try(Stmt):
    """``try`` with the blocks of its ``else`` and ``finally``, empty where there is none."""

    body: Block = block()
    handlers: tuple[Handler, ...] = block()
    orelse: Block = block(default=())
    finalbody: Block = block(default=())


class Raise(Stmt):
    """``raise error(message)``. Without ``error`` it raises the error bound to ``again`` once more
    (bare ``raise``, or ``raise name`` in its handler). ``cause`` is the name after ``from``;
    ``suppress`` is ``from None``."""

    error: str | None = uses()
    message: Expr | None = operand(default=None)
    again: str | None = refers(default=None)
    cause: str | None = refers(default=None)
    suppress: bool = False


class Return(Stmt):
    """``return value``; without a value in the source it is ``Constant(None)`` with ``bare``."""

    value: Expr = operand()
    bare: bool = False


class Pass(Stmt):
    """``pass``"""


Operation: TypeAlias = StepCall | WorkflowCall | Sleep
Simple: TypeAlias = (
    Assign
    | AugmentedAssign
    | Unpack
    | Store
    | Delete
    | Mutate
    | Operation
    | Break
    | Continue
    | Raise
    | Return
    | Pass
)
"""Statements without statements inside."""
Compound: TypeAlias = If | While | For | Try
Statement: TypeAlias = Simple | Compound

"""Statements, operations among them."""

from __future__ import annotations

from typing import TypeAlias

from wfc.compiler.data.struct import field
from wfc.compiler.language.nodes.base import Node
from wfc.compiler.language.nodes.expressions import Argument, BinaryOperator, Expr, Target
from wfc.compiler.language.nodes.types import ANY, Type


class Stmt(Node, kw_only=True):
    """``comment`` holds the comment lines above the statement, ``trailing`` the comment at its end,
    both without ``#`` and the following blank; ``# wfc:`` comments are not kept."""

    comment: str = field(default="", compare=False, repr=False)
    trailing: str = field(default="", compare=False, repr=False)


Block: TypeAlias = "tuple[Statement, ...]"


class Assign(Stmt):
    """``target = value``. ``type`` is the variable's type; ``annotation`` is its text where the
    author wrote one."""

    target: str
    value: Expr
    type: Type
    annotation: str = ""


class AugmentedAssign(Stmt):
    """``target op= value`` on a variable. On a list ``+=`` extends it in place."""

    target: str
    operator: BinaryOperator
    value: Expr
    type: Type


class Unpack(Stmt):
    """``a, b = value``: flat, no star. The value is evaluated before any name is bound, so
    ``a, b = b, a`` swaps."""

    targets: tuple[str, ...]
    value: Expr
    types: tuple[Type, ...]


class Store(Stmt):
    """``name.path = value`` or, with an operator, ``name.path op= value``. The path is made of
    field names (``FieldKey``) and subscripts (expressions)."""

    name: str
    path: tuple[FieldKey | Expr, ...]
    value: Expr
    operator: BinaryOperator | None = None


class FieldKey(Node):
    """An attribute in the path of a :class:`Store`, :class:`Mutate` or :class:`Delete`."""

    name: str


class Delete(Stmt):
    """``del name.path``; the path is not empty."""

    name: str
    path: tuple[FieldKey | Expr, ...]


class Mutate(Stmt):
    """A method that changes its object: ``name.path.method(args)``. ``target`` gets its result
    (``x = xs.pop()``), if anyone wants it."""

    name: str
    path: tuple[FieldKey | Expr, ...]
    method: str
    args: tuple[Expr, ...]
    target: str | None = None
    type: Type = ANY


class StepCall(Stmt):
    """``target = step(args)``. ``site`` is the unique, stable name of this place. Arguments stand
    in the order of the step's parameters, injected ones left out."""

    site: str
    step: str
    args: tuple[Argument, ...]
    target: str | None
    type: Type


class WorkflowCall(Stmt):
    """``target = workflow(args)``: a child workflow, run to its end."""

    site: str
    workflow: str
    args: tuple[Argument, ...]
    target: str | None
    type: Type


class Sleep(Stmt):
    """A durable timer. ``seconds`` is a number; a duration text is turned into one by the reader
    and kept in ``text``. A timedelta expression is read as its ``total_seconds()``."""

    site: str
    seconds: Expr
    text: str = ""


class If(Stmt):
    """``elif`` is an If alone in ``orelse``."""

    test: Expr
    then: Block
    orelse: Block = ()


class While(Stmt):
    """``prelude`` runs before each test: the operations that the source has inside the
    condition."""

    test: Expr
    body: Block
    orelse: Block = ()
    prelude: Block = ()


class For(Stmt):
    """``for target in iterable``. ``iterable`` is a list, tuple or str, or a :class:`Call` of
    ``range``, ``enumerate``, ``zip``, ``reversed`` or ``sorted``, or a dict view."""

    target: Target
    iterable: Expr
    body: Block
    orelse: Block = ()


class Break(Stmt):
    """``break``"""


class Continue(Stmt):
    """``continue``"""


class Handler(Stmt):
    """``except errors as name``. ``errors`` are class names as declared; subclasses are implied."""

    errors: tuple[str, ...]
    name: str | None
    body: Block


class Try(Stmt):
    """``try`` with the blocks of its ``else`` and ``finally``, empty where there is none."""

    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block = ()
    finalbody: Block = ()


class Raise(Stmt):
    """``raise error(message)``. Without ``error`` it raises the error bound to ``again`` once more
    (bare ``raise``, or ``raise name`` in its handler). ``cause`` is the name after ``from``;
    ``suppress`` is ``from None``."""

    error: str | None
    message: Expr | None = None
    again: str | None = None
    cause: str | None = None
    suppress: bool = False


class Return(Stmt):
    """``return value``; without a value in the source it is ``Constant(None)`` with ``bare``."""

    value: Expr
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

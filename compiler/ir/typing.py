"""The types of expressions, what evaluating them may raise, and what is certainly wrong.

``judge`` says all three about one expression and looks at the ``type`` of its operands only: the
reader builds a tree bottom-up and asks at each node.
"""

from __future__ import annotations

from wfc.compiler.ir.judgement import Judgement
from wfc.compiler.ir.nodes import Expr, Module
from wfc.compiler.ir.raising import helper_may_raise, may_raise, statement_may_raise
from wfc.compiler.ir.rules import iteration, judge, unpacking
from wfc.compiler.ir.types import Type

__all__ = [
    "Judgement",
    "helper_may_raise",
    "iteration",
    "judge",
    "may_raise",
    "problem",
    "statement_may_raise",
    "type_of",
    "unpacking",
]


def type_of(expr: Expr, module: Module) -> Type:
    """The type of an expression, from the types of its operands; ``Any`` where it is unknown."""
    return judge(expr, module).type


def problem(expr: Expr, module: Module) -> str | None:
    """Why evaluating an expression certainly fails, its operands not counted; else None."""
    return judge(expr, module).problem or None

"""Translates one expression of the IR into JSONata.

What few workflows need is imported when it occurs, so that compiling a small one starts fast.
"""

from __future__ import annotations

from typing import assert_never

from wfc.backends.asl.jsonata import displays, kinds, operators, subscripts, text
from wfc.backends.asl.jsonata.constants import integer
from wfc.backends.asl.jsonata.context import Context
from wfc.backends.asl.jsonata.extras import (
    Changed,
    Deleted,
    Extended,
    Stored,
    Taken,
    Unpacked,
)
from wfc.backends.asl.jsonata.fragment import Fragment, combine, literal
from wfc.compiler.data.struct import replace
from wfc.compiler.language import nodes as ir


def translate(c: Context, expr: Extended) -> Fragment:
    """The expression as JSONata that is exact wherever it stands.

    Raises:
        Unfit: it has no exact form.
    """
    if isinstance(expr, ir.Binary | ir.Call):
        known = integer(expr, c.constants)
        if known is not None:
            return literal(known)
    match expr:
        case ir.Constant(value):
            if is_too_large(value):
                c.inexact(expr, "an integer beyond 2**53-1", "use a text, or a smaller number")
            return literal(value)
        case ir.Name(name):
            return c.lookup(name)
        case ir.GlobalName(name):
            return global_value(c, expr, name)
        case ir.EnumMember(enum, member):
            return literal(dict(c.kinds.enum(enum).members)[member])
        case ir.Attribute():
            return subscripts.attribute(c, expr)
        case ir.Subscript():
            return subscripts.subscript(c, expr, whole=False)
        case ir.Slice():
            return subscripts.slice_(c, expr)
        case ir.Unary():
            return _unary(c, expr)
        case ir.Binary():
            return operators.binary_expression(c, expr)
        case ir.Compare():
            return operators.compare(c, expr)
        case ir.Boolean():
            return operators.boolean(c, expr)
        case ir.Conditional(test, then, orelse):
            return operators.choice(c, test, then, orelse)
        case ir.FString():
            return text.f_string(c, expr)
        case ir.ListDisplay() | ir.TupleDisplay():
            return displays.list_display(c, expr)
        case ir.SetDisplay():
            return displays.set_display(c, expr)
        case ir.DictDisplay():
            return displays.dict_display(c, expr)
        case ir.Construct():
            return displays.construct(c, expr)
        case ir.Comprehension():
            from wfc.backends.asl.jsonata import comprehensions

            return comprehensions.comprehension(c, expr)
        case ir.Call():
            from wfc.backends.asl.jsonata import calls

            return calls.builtin(c, expr)
        case ir.Method():
            from wfc.backends.asl.jsonata import methods

            return methods.method(c, expr)
        case ir.HelperCall():
            return _helper_call(c, expr)
        case ir.ErrorMessage(name):
            return c.error_part(name, "message")
        case ir.ErrorName(name):
            return c.error_part(name, "type")
        case Unpacked() | Stored() | Deleted() | Changed() | Taken():
            from wfc.backends.asl.jsonata import changes

            return changes.extra(c, expr)
        case ir.Lambda():
            return c.not_yet(expr, "a lambda here", "use it as key= of sorted, min or max")
        case _:
            assert_never(expr)


def is_too_large(value: object) -> bool:
    """Whether a number is an integer that JSONata would round."""
    return isinstance(value, int) and abs(value) > 2**53 - 1


def whole_value(c: Context, expr: Extended) -> Fragment:
    """The expression as a whole field of a state, where a missing entry fails the execution."""
    if isinstance(expr, ir.Subscript):
        return subscripts.subscript(c, expr, whole=True)
    return translate(c, expr)


def _unary(c: Context, expr: ir.Unary) -> Fragment:
    if expr.operator == "not" or kinds.is_int(expr.type):
        return operators.unary(c, expr)
    return operators.guarded(c, expr)


def global_value(c: Context, expr: ir.GlobalName, name: str) -> Fragment:
    value = c.constants.get(name)
    if value is None:
        return c.not_yet(expr, f"'{name}'", "define the value as a constant of the module")
    return c.value(value)


def _helper_call(c: Context, expr: ir.HelperCall) -> Fragment:
    function, arguments = c.helper_call(expr)
    fragments: list[Fragment] = []
    for argument in arguments:
        fragment = c.value(argument)
        if fragments:
            fragments[-1], fragment = c.ordered(fragments[-1], fragment)
        fragments.append(fragment)
    text_ = f"${function.name}({', '.join(fragment.text for fragment in fragments)})"
    fragment = combine(text_, fragments, raises=function.raises)
    return replace(
        fragment,
        depth=max(fragment.depth, 1 + function.depth),
        needs=fragment.needs | {function.name},
    )

"""IR expressions as Python: each text, parsed by Python, is the expression again."""

from __future__ import annotations

import ast

import pytest

from wfc.backends.python.printing.expressions import PlainExpressions
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import flat
from wfc.compiler.language import nodes as ir

X, Y, Z = ir.Name("x"), ir.Name("y"), ir.Name("z")
ONE = ir.Constant(1)


def printed(node: ir.Expr, *imports: ir.Import) -> str:
    module = ir.Module(name="m", imports=imports)
    return flat(PlainExpressions(module, Imports()).expression(node))


def binary(left: ir.Expr, operator: ir.BinaryOperator, right: ir.Expr) -> ir.Expr:
    return ir.Binary(operator, left, right)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (binary(binary(X, "+", Y), "+", Z), "x + y + z"),
        (binary(X, "-", binary(Y, "-", Z)), "x - (y - z)"),
        (binary(binary(X, "+", Y), "*", Z), "(x + y) * z"),
        (binary(X, "+", binary(Y, "*", Z)), "x + y * z"),
        (binary(binary(X, "**", Y), "**", Z), "(x**y) ** z"),
        (binary(X, "**", ir.Unary("-", Y)), "x**-y"),
        (binary(ir.Constant(-2), "**", ir.Constant(2)), "(-2) ** 2"),
        (ir.Unary("-", binary(X, "**", Y)), "-x**y"),
        (ir.Unary("not", ir.Compare(X, (("==", Y),))), "not x == y"),
        (ir.Compare(ir.Unary("not", X), (("==", Y),)), "(not x) == y"),
        (ir.Compare(X, (("<", Y), ("<=", Z))), "x < y <= z"),
        (ir.Compare(ir.Compare(X, (("<", Y),)), (("in", Z),)), "(x < y) in z"),
        (ir.Boolean("and", (ir.Boolean("or", (X, Y)), Z)), "(x or y) and z"),
        (ir.Boolean("or", (ir.Boolean("and", (X, Y)), Z)), "x and y or z"),
        (ir.Boolean("and", (ir.Boolean("and", (X, Y)), Z)), "(x and y) and z"),
        (ir.Conditional(X, Y, Z), "y if x else z"),
        (ir.Conditional(X, ir.Conditional(X, Y, Z), Z), "(y if x else z) if x else z"),
        (ir.Attribute(ir.Attribute(X, "y"), "z"), "x.y.z"),
        (ir.Attribute(ir.Unary("-", X), "real"), "(-x).real"),
        (ir.Subscript(X, ir.Constant("key")), 'x["key"]'),
        (ir.Slice(X, ONE, None, None), "x[1:]"),
        (ir.Slice(X, None, binary(Y, "+", ONE), None), "x[: y + 1]"),
        (ir.Slice(X, ir.Constant(-3), None, ir.Constant(2)), "x[-3::2]"),
        (ir.Constant(float("inf")), 'float("inf")'),
        (ir.Constant("it's"), '"it\'s"'),
        (ir.Constant('say "hi"'), "'say \"hi\"'"),
        (ir.Constant("a\nb\\c\0\ud800"), '"a\\nb\\\\c\\x00\\ud800"'),
        (ir.TupleDisplay((X,)), "(x,)"),
        (ir.TupleDisplay(()), "()"),
        (ir.ListDisplay((X, ir.Starred(Y))), "[x, *y]"),
        (ir.DictDisplay(((ir.Constant("a"), X), (None, Y))), '{"a": x, **y}'),
        (ir.EnumMember("Color", "RED"), "Color.RED"),
        (ir.Construct("Order", (("id", X), ("total", Y)), 1), "Order(x, total=y)"),
        (ir.ErrorMessage("error"), "str(error)"),
        (ir.ErrorName("error"), "type(error).__name__"),
        (
            ir.Call(
                "sum",
                (
                    _generator := ir.Comprehension(
                        "generator", None, X, (ir.Clause(ir.Target(("x",), ()), Y, (X,)),)
                    ),
                ),
            ),
            "sum(x for x in y if x)",
        ),
        (ir.Call("sum", (_generator, ONE)), "sum((x for x in y if x), 1)"),
        (
            ir.Comprehension("dict", X, Y, (ir.Clause(ir.Target(("x", "y"), (), unpack=True), Z),)),
            "{x: y for x, y in z}",
        ),
        (
            ir.Call("sorted", (X,), (("key", ir.Lambda(("o",), ir.Attribute(ir.Name("o"), "n"))),)),
            "sorted(x, key=lambda o: o.n)",
        ),
    ],
)
def test_precedence_and_literals(node: ir.Expr, text: str) -> None:
    assert printed(node) == text
    ast.parse(text)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("paid ", ir.Formatted(X), " to ", ir.Formatted(Y)), 'f"paid {x} to {y}"'),
        ((ir.Formatted(X, "r", ">10"),), 'f"{x!r:>10}"'),
        (("{", ir.Formatted(X), "}"), 'f"{{{x}}}"'),
        (('"', ir.Formatted(X), "'\n"), 'f"\\"{x}\'\\n"'),
        ((ir.Formatted(ir.Subscript(X, ir.Constant("k"))),), "f\"{x['k']}\""),
        (
            (ir.Formatted(ir.Subscript(X, ir.Constant("it's"))),),
            'f"""{x["it\'s"]}"""',
        ),
        (
            (ir.Formatted(ir.Call("len", (ir.Constant("a\nb"),))), "!"),
            '"{}!".format(len("a\\nb"))',
        ),
        ((ir.Formatted(ir.ErrorMessage("error")),), 'f"{error}"'),
        ((ir.Formatted(ir.ErrorMessage("error"), "", ">9"),), 'f"{str(error):>9}"'),
        ((ir.Formatted(ir.DictDisplay(((None, X),))),), 'f"{({**x})}"'),
    ],
)
def test_f_strings_hold_their_values_on_python_3_11(
    parts: tuple[str | ir.Formatted, ...], text: str
) -> None:
    assert printed(ir.FString(parts)) == text
    ast.parse(text)


def test_the_value_of_an_f_string_is_kept() -> None:
    text = "both \"kinds\" of 'quotes', {braces}, a \\ and a\ttab"
    node = ir.FString((text, ir.Formatted(ir.Subscript(X, ir.Constant("k")))))
    assert eval(printed(node), {"x": {"k": 7}}) == f"{text}7"


def test_library_functions_are_called_as_the_source_imports_them() -> None:
    floor = ir.Call("math.floor", (X,))
    assert printed(floor) == "math.floor(x)"
    assert (
        printed(floor, ir.Import(source="import math as m", names=(("m", "math"),))) == "m.floor(x)"
    )
    by_name = ir.Import(source="from math import floor", names=(("floor", "math.floor"),))
    assert printed(floor, by_name) == "floor(x)"

"""Ways through the IR: what is inside, which names are read and bound, substitution."""

from __future__ import annotations

import pytest

from wfc.compiler.data.struct import replace
from wfc.compiler.language import nodes as n
from wfc.compiler.language.derive import operands, own_expressions, with_operands
from wfc.compiler.language.nodes import Assign, Comprehension, Constant, Expr, If, Name, Return
from wfc.compiler.language.nodes.types import INT, NONE, ListType
from wfc.compiler.language.text.parse import from_text
from wfc.compiler.language.text.printer import to_text
from wfc.compiler.language.walk import (
    arms,
    bound_names,
    expressions,
    free_names,
    operations,
    read,
    read_names,
    statements,
    substitute,
    transform,
    used_names,
)


def body(text: str) -> n.Block:
    lines = "".join(f"  {line}\n" for line in text.strip().splitlines())
    definitions = "step pay(a: int) -> int\nerror Late(Exception)\n"
    signature = "workflow w(x: int, y: int, xs: list[int])"
    return from_text(f"module m\n{definitions}{signature} -> None {{\n{lines}}}").workflows[0].body


def expr(text: str) -> Expr:
    (statement,) = body(f"return {text}")
    assert isinstance(statement, Return)
    return statement.value


def shown(found: Expr) -> str:
    parameters = tuple(
        n.Parameter(name=name, type=type_, annotation=str(type_))
        for name, type_ in (("x", INT), ("y", INT), ("xs", ListType(INT)))
    )
    main = n.Workflow(name="w", parameters=parameters, returns=NONE, body=(Return(found),))
    return to_text(n.Module(name="m", workflows=(main,))).splitlines()[-2].strip()[7:]


SHAPES = [
    "x.total",
    "xs[x]",
    "xs[x:y:1]",
    "-x",
    "x + y",
    "x < y < 3",
    "x and y and 3",
    "x if y else 3",
    'f"{x}{y!r}"',
    "[x, *xs]",
    "(x, *xs)",
    "{x, *xs}",
    '{"a": x, **y}',
    "sorted(xs, key=lambda i: int -> i + x)",
    "xs.index(x, y)",
    "round(x, ndigits=y)",
    "[i + x for i in xs if i > y]",
    "{i: x for i in xs for j in (i,) if j}",
]


@pytest.mark.parametrize("text", SHAPES)
def test_an_expression_can_be_taken_apart_and_put_together(text: str) -> None:
    found = expr(text)
    assert with_operands(found, lambda one: one) is found
    copied = with_operands(found, lambda one: replace(one))
    assert copied == found
    assert copied is not found
    assert transform(found, lambda one: replace(one)) == found
    seen: list[Expr] = []

    def note(one: Expr) -> Expr:
        seen.append(one)
        return one

    with_operands(found, note)
    assert tuple(seen) == operands(found)


def test_expressions_come_before_their_operands_from_left_to_right() -> None:
    names = [one.id for one in expressions(expr("x + y * x")) if isinstance(one, Name)]
    assert names == ["x", "y", "x"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x + y", {"x", "y"}),
        ("[i for i in xs if i > x]", {"xs", "x"}),
        ("[x for x in xs]", {"xs"}),
        ("[j for i in xs for j in (i, y)]", {"xs", "y"}),
        ("sorted(xs, key=lambda x: int -> x + y)", {"xs", "y"}),
        ("1", set()),
    ],
)
def test_free_names_leave_out_what_the_expression_binds(text: str, names: set[str]) -> None:
    assert free_names(expr(text)) == names


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("x + y", "1 + 2 + y"),
        ("x * y", "(1 + 2) * y"),
        ("[x + i for i in xs]", "[1 + 2 + i for i in xs]"),
        ("[x for x in (x, y)]", "[x for x in (1 + 2, y)]"),
        ("max(xs, key=lambda x: int -> x)", "max(xs, key=lambda x: int -> x)"),
    ],
)
def test_substitution_leaves_what_a_comprehension_binds(text: str, result: str) -> None:
    value = expr("1 + 2")
    assert shown(substitute(expr(text), {"x": value})) == result


def test_substitution_never_changes_what_a_name_means() -> None:
    with pytest.raises(ValueError, match="'i' would change its meaning"):
        substitute(expr("[x + i for i in xs]"), {"x": Name("i", type=INT)})


BODY = """
a: int = x
b: int, c: int = (a, a)
c += y
d: int = step pay(c) @pay
mutate xs.append(d)
e: int = mutate xs.pop(x)
xs[a] = 1
del xs[b]
for i in xs {
  sleep i @sleep
} else {
  pass
}
try {
  step pay(1) @pay_2
} except Late as error {
  raise Late(str(error)) from error
} finally {
  f: list[int] = [z for z in xs]
}
if x {
  return a
} elif y {
  return b
} else {
  return
}
"""


def test_statements_and_operations_come_in_the_order_of_the_source() -> None:
    kinds = [type(one).__name__ for one in statements(body(BODY))]
    assert kinds[8:14] == ["For", "Sleep", "Pass", "Try", "StepCall", "Raise"]
    assert [one.site for one in operations(body(BODY))] == ["pay", "sleep", "pay_2"]


def test_names_of_a_block() -> None:
    block = body(BODY)
    assert bound_names(block) == {"a", "b", "c", "d", "e", "i", "f", "error"}
    assert read_names(block) == {"a", "b", "c", "d", "i", "x", "y", "xs", "error"}
    assert used_names(block) == bound_names(block) | read_names(block) | {"z"}


def test_a_change_in_place_reads_the_variable() -> None:
    changes = body("xs[x] = y\ndel xs[0]\nmutate xs.append(y)\nx += 1")
    assert [read(one) for one in changes] == [{"xs", "x", "y"}, {"xs"}, {"xs", "y"}, {"x"}]


def test_arms_of_an_if() -> None:
    last = body(BODY)[-1]
    assert isinstance(last, If)
    chain, orelse = arms(last)
    assert [own_expressions(one) for one in chain] == [
        (Name("x", type=INT),),
        (Name("y", type=INT),),
    ]
    assert len(orelse) == 1


def test_long_chains_are_walked_without_recursion() -> None:
    chain: n.Block = (n.Pass(),)
    for _ in range(5_000):
        chain = (If(Constant(True), (Assign("x", Constant(1), INT),), chain),)
    assert sum(1 for _ in statements(chain)) == 10_001
    assert bound_names(chain) == {"x"}
    deep: Expr = Name("x")
    for _ in range(5_000):
        deep = n.Binary("+", deep, Name("y"))
    assert free_names(deep) == {"x", "y"}
    assert sum(1 for _ in expressions(deep)) == 10_001
    assert not isinstance(deep, Comprehension)

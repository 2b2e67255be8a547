"""What follows from the roles of fields: no field of a node escapes them, no node a walk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wfc.compiler.language import derive, walk
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.form.codec import encode
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.nodes.base import Node, NodeMeta, Role, block, operand
from wfc.compiler.language.shapes import shape
from wfc.compiler.language.text.parse import from_text
from wfc.compiler.pipeline import read

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "samples").glob("*.py"), *(ROOT / "tests" / "data").rglob("*.py")]
CLASSES = [one for one in vars(ir).values() if isinstance(one, NodeMeta) and one is not Node]


def kind(field: object) -> str:
    return field.kind if isinstance(field, Role) else ""


SIGNED = (ir.Field, ir.ConstantDefinition, ir.Parameter, ir.Step, ir.Function)
"""Here a type is what the author says, not what the reader infers."""


@pytest.mark.parametrize("class_", CLASSES)
def test_a_field_has_the_role_that_its_type_asks_for(class_: type[ir.Node]) -> None:
    for field in class_.__fields__:
        held = shape(field.annotation).held
        if held & derive.STATEMENTS or ir.Handler in held:
            assert kind(field) == "block"
        elif held & derive.EXPRESSIONS:
            assert kind(field) == "operand"
        elif t.AnyType in held:
            assert kind(field) == ("" if issubclass(class_, SIGNED) else "derived")
        elif kind(field) in ("binds", "refers", "uses"):
            assert str in held or ir.Target in held


def test_what_binds_names_says_their_types() -> None:
    for class_ in (*derive.STATEMENTS, ir.Target):
        for role in derive.roles(class_, "binds"):
            assert role.types or shape(role.annotation).classes == {ir.Target}


# --- Nothing is passed over ----------------------------------------------------------------------


def functions() -> Iterator[Any]:
    for path in SOURCES:
        found = read(str(path))
        module = found.module or found.partial
        for one in (*module.helpers, *module.workflows) if module is not None else ():
            yield pytest.param(one, id=f"{path.stem}.{one.name}")
    everything = (ROOT / "tests" / "data" / "ir" / "everything.ir").read_text(encoding="utf-8")
    for one in from_text(everything).workflows:
        yield pytest.param(one, id=f"everything.{one.name}")


def kinds(data: Any) -> Iterator[str]:
    """The kinds of all nodes in JSON data."""
    pending = [data]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            pending += one
        elif isinstance(one, dict):
            yield one["node"]
            pending += one.values()


@pytest.mark.parametrize("function", list(functions()))
def test_walks_come_to_every_statement_and_expression(function: ir.Function) -> None:
    body = list(walk.statements(function.body))
    roots = [root for statement in body for root in derive.own_expressions(statement)]
    seen = Counter(type(one).__name__ for one in (*body, *walk.expressions(*roots)))
    known = {one.__name__ for one in derive.STATEMENTS | derive.EXPRESSIONS}
    there = Counter(name for name in kinds(encode(function.body)) if name in known)
    assert seen == there


# --- What is no node is refused ------------------------------------------------------------------


class Async(ir.Stmt):
    """A statement that no union lists."""

    body: ir.Block = block()


class Await(ir.Typed):
    """An expression that no union lists."""

    value: ir.Expr = operand()


STATEMENT_WALKS: list[Callable[[Any], Any]] = [
    derive.own_expressions,
    derive.blocks,
    derive.bound,
    derive.bindings,
    derive.caught,
    derive.referred,
    lambda one: derive.with_blocks(one, lambda block: block),
    lambda one: list(walk.statements((one,))),
    lambda one: list(walk.operations((ir.If(ir.Constant(True), (one,)),))),
    lambda one: walk.read(one),
    lambda one: walk.bound_names((one,)),
    lambda one: walk.read_names((one,)),
    lambda one: walk.used_names((one,)),
]
EXPRESSION_WALKS: list[Callable[[Any], Any]] = [
    derive.operands,
    derive.referred,
    derive.binds_names,
    lambda one: list(derive.scoped(one)),
    lambda one: derive.with_operands(one, lambda operand: operand),
    lambda one: list(walk.expressions(ir.Unary("-", one))),
    lambda one: walk.free_names(ir.Call("len", (one,))),
    lambda one: walk.used_names((ir.Return(one),)),
    lambda one: walk.transform(ir.Unary("-", one), lambda operand: operand),
    lambda one: walk.substitute(ir.Unary("-", one), {}),
]


@pytest.mark.parametrize("value", [Async(()), ir.Constant(1), ir.Module(name="m"), t.INT, None, 3])
@pytest.mark.parametrize("way", STATEMENT_WALKS)
def test_no_walk_passes_over_what_is_no_statement(way: Callable[[Any], Any], value: Any) -> None:
    if way is derive.referred and isinstance(value, ir.Constant):
        return
    with pytest.raises(derive.UnknownNode, match=f"{type(value).__name__} is no node of"):
        way(value)


@pytest.mark.parametrize("value", [Await(ir.Constant(1)), ir.Pass(), ir.Starred(ir.Name("x")), 3])
@pytest.mark.parametrize("way", EXPRESSION_WALKS)
def test_no_walk_passes_over_what_is_no_expression(way: Callable[[Any], Any], value: Any) -> None:
    if way is derive.referred and isinstance(value, ir.Pass):
        return
    with pytest.raises(derive.UnknownNode, match=f"{type(value).__name__} is no node of"):
        way(value)


@pytest.mark.parametrize(
    "expr",
    [
        ir.Call("f", (ir.Constant(1), Await(ir.Constant(1)))),  # type: ignore[arg-type]
        ir.HelperCall("f", (ir.Starred(ir.Constant(1)),)),  # type: ignore[arg-type]
        ir.ListDisplay((Await(ir.Constant(1)),)),  # type: ignore[arg-type]
        ir.FString(("a", Await(ir.Constant(1)))),  # type: ignore[arg-type]
        ir.Slice(ir.Name("xs"), Await(ir.Constant(1)), None, None),  # type: ignore[arg-type]
    ],
    ids=lambda expr: type(expr).__name__,
)
def test_no_walk_passes_over_a_foreign_part(expr: ir.Expr) -> None:
    with pytest.raises(derive.UnknownNode):
        list(walk.expressions(expr))
    with pytest.raises(derive.UnknownNode):
        walk.transform(expr, lambda operand: operand)


def test_blocks_are_changed_in_the_order_in_which_python_comes_to_them() -> None:
    names = iter("abcdefg")

    def change(block: ir.Block) -> ir.Block:
        return (ir.Delete(next(names), (ir.Constant(1),)),)

    passing = (ir.Pass(),)
    loop = ir.While(ir.Constant(True), body=passing, orelse=passing, prelude=passing)
    handler = ir.Handler(("A",), None, passing)
    attempt = ir.Try(passing, (handler,), passing, passing)
    found = [derive.blocks(derive.with_blocks(one, change)) for one in (loop, attempt)]
    assert [[walk.read_names(block) for block in one] for one in found] == [
        [{"a"}, {"b"}, {"c"}],
        [{"d"}, {"e"}, {"f"}, {"g"}],
    ]
    assert derive.with_blocks(attempt, lambda block: block) is attempt

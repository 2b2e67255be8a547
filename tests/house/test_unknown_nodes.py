"""A node that a pass does not know stops the pass: nothing of a workflow vanishes.

A statement and an expression that no union of the language lists are put into a module. Every
function of the house that takes a module, a workflow, a block, a statement or an expression is
called with them, found by its annotations: a new pass is tried the day it is written.
"""

from __future__ import annotations

import importlib
import inspect
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FunctionType
from typing import Any

import pytest

from tests.house.dispatch import sources
from wfc.backends import registry
from wfc.backends.base import Options
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import UnknownNode
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.nodes.base import block, operand


class Guard(ir.Stmt):
    """A statement that nobody knows, around a step that must not vanish."""

    test: ir.Expr = operand()
    body: ir.Block = block()


class Magic(ir.Typed):
    """An expression that nobody knows."""

    value: ir.Expr = operand()


PAY = ir.Step(
    name="pay",
    parameters=(ir.Parameter(name="n", type=t.INT, annotation="int"),),
    returns=t.INT,
    returns_annotation="int",
    source="@step\ndef pay(n: int) -> int:\n    return n",
    body="return n",
)
N = ir.Name("n", type=t.INT)
CALL = ir.StepCall("pay", "pay", (ir.Argument("n", N),), "paid", t.INT)
GUARD: Any = Guard(ir.Constant(True, type=t.BOOL), (CALL,))
MAGIC: Any = Magic(N, type=t.INT)
RETURN = ir.Return(N)


def module_of(*body: Any) -> ir.Module:
    main = ir.Workflow(
        name="main",
        parameters=(ir.Parameter(name="n", type=t.INT, annotation="int"),),
        returns=t.INT,
        returns_annotation="int",
        body=body,
        label="main",
    )
    return ir.Module(name="flow", path="flow.py", steps=(PAY,), workflows=(main,))


STATEMENT = module_of(GUARD, RETURN)
EXPRESSION = module_of(
    ir.Assign("m", MAGIC, t.INT),
    ir.StepCall("pay", "pay", (ir.Argument("n", ir.Name("m", type=t.INT)),), "paid", t.INT),
    ir.Return(ir.Name("paid", type=t.INT)),
)

# Functions that rightly never look at what is inside, or at expressions.
LOOKS_AT_NO_BODY = {
    "compiler.schema.input_schema": "the signature is the schema",
    "compiler.language.typing.kinds.parts": "looks at types",
    "backends.dbos.emit.app_name": "the name of the file",
    "backends.python.program.definitions.definitions": "lists definitions, and opens none",
    "backends.asl.fit.settings.check_settings": "compares names",
    "backends.asl.machine.tasks.token_field": "the parameters of steps",
    "backends.asl.handlers.functions.check_handlers": "the signatures of steps",
    "backends.temporal.plan.activity_names": "the names of steps",
    "backends.asl.engines.engine.open_engine": "builds a machine when it is run",
    "compiler.language.inference.rules.iteration": "looks at the type",
}
LOOKS_AT_NO_EXPRESSION = {
    "compiler.language.calls.with_children": "children are statements",
    "compiler.language.calls.called_steps": "steps are called by statements",
    "compiler.language.inference.raising.variable_types": "statements say the types",
    "compiler.language.walk.statements": "walks statements",
    "compiler.language.walk.operations": "operations are statements",
    "compiler.language.walk.bound_names": "statements bind",
    "backends.dbos.plan.plan": "steps are called by statements",
    "compiler.language.inference.finite.may_leave_json": "the type says that it is finite",
    "backends.asl.fit.children.check_children": "children are statements",
    "backends.asl.machine.failures.is_called": "children are statements",
    "backends.dbos.fit.check": "statements may not fit",
    "backends.temporal.fit.problems": "statements may not fit",
    "backends.asl.handlers.functions.handlers": "a handler is a step",
}
# What does not look at a node of the other kind, or answers about one class and passes the rest on.
QUESTIONS = {
    "compiler.language.library.functions.never_empty": "asks after displays",
    "compiler.language.library.signatures.lazy": "asks after lazy calls",
    "compiler.language.typing.judgement.number_of": "asks after constants",
    "compiler.language.typing.judgement.int_of": "asks after constants",
    "compiler.language.typing.judgement.text_of": "asks after constants",
    "compiler.source.narrowing.path_of": "asks after names and fields",
    "backends.asl.jsonata.subscripts.constant_index": "asks after constants",
    "backends.asl.jsonata.subscripts.plain_key": "asks after constants",
    "backends.asl.machine.failures.looks_like_object": "asks after texts, else after the type",
    "backends.dbos.dialect.as_float": "asks after constants",
    "backends.python.printing.inline.conjuncts": "asks after 'and'",
    "backends.python.printing.inline.second_test": "asks after an if alone in a block",
    "backends.python.printing.inline.is_temporary": "asks after operations",
}


def functions() -> Iterator[tuple[str, FunctionType]]:
    """The public functions of the compiler and the backends, by the module that defines them."""
    for path, _ in sources():
        if path.startswith(("compiler/", "backends/")) and "checks/" not in path:
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            module = importlib.import_module(f"wfc.{name}")
            for value in vars(module).values():
                public = isinstance(value, FunctionType) and not value.__name__.startswith("_")
                if public and value.__module__ == module.__name__:
                    yield f"{name}.{value.__name__}", value


def arguments(function: FunctionType, module: ir.Module) -> list[Any] | None:
    """What to call a function with; None for one that takes something else, too."""
    workflow = module.workflows[0]
    given: list[tuple[Any, Any]] = [
        (ir.Module, module),
        (ir.Workflow, workflow),
        (ir.Function, workflow),
        (Sequence[ir.Workflow], module.workflows),
        (Iterable[ir.Workflow], module.workflows),
        (Iterable[ir.Step], module.steps),
        (ir.Block, workflow.body),
        (ir.Statement, GUARD),
        (ir.Expr, MAGIC),
        (ir.Expr | None, MAGIC),
        (Options, Options()),
        (frozenset[str], frozenset()),
        (bool, False),
        (Callable[[ir.Expr], ir.Expr], lambda expr: expr),
    ]
    try:
        hints = typing.get_type_hints(function)
    except NameError:
        return None
    found: list[Any] = []
    nodes = False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.default is not inspect.Parameter.empty:
            continue
        hint = hints.get(parameter.name)
        values = [value for kind, value in given if kind == hint]
        if not values:
            return None
        nodes = nodes or hint not in (Options, bool, frozenset[str])
        found.append(values[0])
    return found if nodes else None


def rows(module: ir.Module) -> list[Any]:
    return [
        pytest.param(function, given, id=name)
        for name, function in functions()
        if (given := arguments(function, module)) is not None
    ]


def stops(function: FunctionType, given: list[Any]) -> bool:
    try:
        result = function(*given)
        if inspect.isgenerator(result):
            list(result)
    except (UnknownNode, AssertionError):
        return True
    return False


SILENT_ON_STATEMENTS = LOOKS_AT_NO_BODY | QUESTIONS
SILENT_ON_EXPRESSIONS = LOOKS_AT_NO_BODY | LOOKS_AT_NO_EXPRESSION | QUESTIONS


@pytest.mark.parametrize(("function", "given"), rows(STATEMENT))
def test_an_unknown_statement_stops_every_pass(
    function: FunctionType, given: list[Any], request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    assert stops(function, given) != (name in SILENT_ON_STATEMENTS)


@pytest.mark.parametrize(("function", "given"), rows(EXPRESSION))
def test_an_unknown_expression_stops_every_pass(
    function: FunctionType, given: list[Any], request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    assert stops(function, given) != (name in SILENT_ON_EXPRESSIONS)


@pytest.mark.parametrize("target", registry.OWN)
@pytest.mark.parametrize("module", [STATEMENT, EXPRESSION], ids=["statement", "expression"])
def test_no_backend_emits_it(target: str, module: ir.Module) -> None:
    backend = registry.load(target)
    with pytest.raises((UnknownNode, AssertionError)):
        backend.emit(module, module.workflows, Options())

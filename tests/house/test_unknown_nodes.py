"""A node that a pass does not know stops the pass: nothing of a workflow vanishes.

A statement and an expression that no union of the language lists are put into a module. Every
function of the house that takes a module, a workflow, a block, a statement or an expression is
called with them, found by its annotations: a new pass is tried the day it is written.
"""

from __future__ import annotations

import collections.abc
import functools
import importlib
import inspect
import typing
from collections.abc import Callable, Iterator, Set
from types import FunctionType
from typing import Any, Final

import lark
import pytest

from tests.house.dispatch import sources
from wfc.backends import registry
from wfc.backends.asl.jsonata.context import Context, Unfit
from wfc.backends.asl.jsonata.expressions import translate
from wfc.backends.asl.jsonata.fragment import Fragment, variable
from wfc.backends.asl.jsonata.kinds import Kinds
from wfc.backends.base import Backend, File, Options
from wfc.backends.dbos.program import DbosProgram
from wfc.backends.python.program.plan import Plan
from wfc.backends.python.program.program import Program
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import EXPRESSIONS, STATEMENTS, UnknownNode
from wfc.compiler.language.form.content import content_hash
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.nodes.base import block, operand
from wfc.compiler.language.nodes.expressions import BinaryOperator
from wfc.compiler.language.verify.report import Report
from wfc.compiler.source.frame import Frame
from wfc.compiler.source.problems import Problems
from wfc.compiler.source.text import SourceText


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
MAGIC: Any = Magic(N, type=t.ListType(t.ANY))
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
    ir.Assign("m", MAGIC, MAGIC.type),
    ir.StepCall("pay", "pay", (ir.Argument("n", ir.Name("m", type=MAGIC.type)),), "paid", t.INT),
    ir.Return(ir.Name("paid", type=t.INT)),
)

# Functions that rightly never look at what is inside, or at expressions.
LOOKS_AT_NO_BODY = {
    "backends.temporal.placement.boundary_names": "the signatures of functions",
    "compiler.schema.input_schema": "the signature is the schema",
    "backends.dbos.program.app_name": "the name of the file",
    "backends.python.program.definitions.definitions": "lists definitions, and opens none",
    "backends.asl.fit.settings.check_settings": "compares names",
    "backends.asl.machine.tasks.token_field": "the parameters of steps",
    "backends.asl.engines.engine.open_engine": "builds a machine when it is run",
    "compiler.language.inference.rules.iteration": "looks at the type",
}
LOOKS_AT_NO_EXPRESSION = {
    "compiler.source.recursion.check_recursion": "calls of workflows are statements",
    "compiler.language.calls.with_children": "children are statements",
    "compiler.language.calls.called_steps": "steps are called by statements",
    "compiler.language.inference.raising.variable_types": "statements say the types",
    "compiler.language.walk.statements": "walks statements",
    "compiler.language.walk.operations": "operations are statements",
    "compiler.language.walk.bound_names": "statements bind",
    "compiler.language.inference.finite.may_leave_json": "the type says that it is finite",
    "backends.asl.fit.check.check_surroundings": "steps are called by statements",
    "backends.asl.fit.children.check_children": "children are statements",
    "backends.asl.machine.failures.is_called": "children are statements",
    "backends.dbos.fit.check": "statements may not fit",
    "backends.temporal.fit.check": "statements may not fit",
    "backends.asl.handlers.functions.handlers": "a handler is a step",
}
# What does not look at a node of the other kind, or answers about one class and passes the rest on.
QUESTIONS = {
    "compiler.language.inference.rules.path_type": "asks after the types of keys",
    "compiler.language.library.row.bind": "asks after the parameters of the row",
    "compiler.language.verify.expressions.looped": "asks after the type",
    "backends.asl.jsonata.comprehensions.refuse_order": "refuses whatever there is",
    "backends.asl.jsonata.constants.integer": "asks after constants",
    "backends.asl.jsonata.operators.text_order": "asks after constants",
    "backends.asl.jsonata.operators.is_ascii": "asks after constants",
    "backends.asl.machine.scope.parts": "an expression is its only part",
    "backends.python.printing.inline.groups": "asks after operations",
    "backends.python.printing.inline.whole": "asks after names",
    "compiler.language.library.functions.never_empty": "asks after displays",
    "compiler.language.library.table.lazy": "asks after lazy calls",
    "compiler.language.library.table.called": "asks after calls",
    "compiler.language.library.table.counted": "asks after calls",
    "compiler.language.typing.judgement.number_of": "asks after constants",
    "compiler.language.typing.judgement.int_of": "asks after constants",
    "compiler.language.typing.judgement.text_of": "asks after constants",
    "compiler.source.narrowing.path_of": "asks after names and fields",
    "backends.asl.jsonata.subscripts.constant_index": "asks after constants",
    "backends.asl.jsonata.subscripts.plain_key": "asks after constants",
    "backends.asl.machine.failures.looks_like_object": "asks after texts, else after the type",
    "backends.python.printing.inline.conjuncts": "asks after 'and'",
    "backends.python.printing.inline.second_test": "asks after an if alone in a block",
    "backends.python.printing.inline.is_temporary": "asks after operations",
}


def functions() -> Iterator[tuple[str, FunctionType]]:
    """The public functions of the compiler and the backends, by the module that defines them."""
    for path, _ in sources():
        inside = path.startswith(("compiler/", "backends/"))
        if inside and "checks/" not in path and "lint/" not in path:
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            module = importlib.import_module(f"wfc.{name}")
            for value in vars(module).values():
                public = isinstance(value, FunctionType) and not value.__name__.startswith("_")
                if public and value.__module__ == module.__name__:
                    yield f"{name}.{value.__name__}", value


NAMES = {**vars(ir), "Tree": lark.Tree, "Token": lark.Token, "File": File}
"""What annotations name that is no global where they stand."""


def parameters(function: FunctionType) -> dict[str, Any]:
    """The types of a function's parameters that have no default."""
    hints = typing.get_type_hints(function, localns=NAMES | function.__globals__)
    return {
        one.name: hints.get(one.name)
        for one in inspect.signature(function).parameters.values()
        if one.default is inspect.Parameter.empty
    }


def held(hint: Any) -> set[Any]:
    """The classes that values of a type are made of."""
    if isinstance(hint, list) or typing.get_origin(hint) is collections.abc.Callable:
        return set()
    return {hint}.union(*[held(one) for one in typing.get_args(hint)])


def holds_nodes(hint: Any) -> bool:
    """Whether values of a type hold any expression, statement or body."""
    inside = held(hint)
    return (
        inside >= EXPRESSIONS
        or inside >= STATEMENTS
        or not inside.isdisjoint({ir.Module, ir.Workflow, ir.Function, ir.Helper})
    )


def is_pass(hints: dict[str, Any]) -> bool:
    """A pass takes a part of a workflow, or a module and nothing that it asks the module for. What
    has a frame is the reader's and looks at what it has just made; what has a plan comes behind
    ``emit`` and ``check``, which are passes."""
    found = [hint for hint in hints.values() if holds_nodes(hint)]
    asks = found == [ir.Module] and not set(hints.values()) <= {ir.Module, Options, bool}
    return bool(found) and not asks and not {Frame, Plan} & set(hints.values())


PLAIN: Final[dict[Any, Any]] = {
    Options: Options(),
    type[Program]: DbosProgram,
    bool: False,
    str: "+",
    object: None,
    frozenset[str]: frozenset(),
    Set[str]: {"n", "m", "paid"},
    t.Type: t.INT,
    ir.Target: ir.Target(("i",), (t.INT,)),
    ir.Node: GUARD,
    BinaryOperator: "+",
    Fragment: variable("n"),
    Problems: Problems("flow.py", SourceText("")),
}


def argument(hint: Any, module: ir.Module) -> Any:
    """A value to call a function with, the unknown nodes in it.

    Raises:
        LookupError: nothing here is of that type.
    """
    workflow = module.workflows[0]
    if hint in PLAIN:
        return PLAIN[hint]
    if hint == Callable[[ir.Expr], ir.Expr]:
        return lambda expr: expr
    if hint in (ir.Module, ir.Workflow, ir.Function, ir.Helper | ir.Workflow):
        return module if hint is ir.Module else workflow
    if hint == Kinds:
        return Kinds(module)
    if hint == Report:
        return Report(module)
    if hint == Backend:
        return registry.load("temporal")
    if hint == Context:
        return context(module)
    origin, inside = typing.get_origin(hint), held(hint)
    several = origin in (tuple, list, collections.abc.Sequence, collections.abc.Iterable)
    if origin in (dict, collections.abc.Mapping):
        key, value = typing.get_args(hint)
        return {"n": argument(value, module)} if key is str else None
    if several and typing.get_args(hint)[0] is ir.Step:
        return module.steps
    if several and inside & {ir.Workflow}:
        return module.workflows
    if inside >= STATEMENTS:
        return workflow.body if several else GUARD
    if several and typing.get_origin(typing.get_args(hint)[0]) is tuple:
        return [("n", MAGIC)]
    if inside >= EXPRESSIONS:
        return (MAGIC,) if several else MAGIC
    if several:
        return ()
    raise LookupError(hint)


def context(module: ir.Module) -> Context:
    """The translation of a module's expressions to JSONata."""

    def outer(_: Context, name: str, *part: str) -> Fragment:
        return variable(name)

    def helper(_: ir.HelperCall) -> Any:
        raise NotImplementedError

    return Context(
        kinds=Kinds(module),
        constants={},
        outer=outer,
        error_part=outer,
        translate=translate,
        helper_call=helper,
        parameter=str,
        describe=str,
    )


def rows(module: ir.Module) -> dict[str, Callable[[], Any]]:
    """Every pass, with the module's unknown node to call it with."""
    found = {}
    for name, function in functions():
        hints = parameters(function)
        if is_pass(hints):
            given = {key: argument(hint, module) for key, hint in hints.items()}
            named = inspect.getfullargspec(function).kwonlyargs
            found[name] = functools.partial(
                function,
                *[value for key, value in given.items() if key not in named],
                **{key: value for key, value in given.items() if key in named},
            )
    return found


def stops(call: Callable[[], Any]) -> bool:
    try:
        result = call()
        if inspect.isgenerator(result):
            list(result)
    except (UnknownNode, AssertionError):
        return True
    except Unfit:  # an answer: the expression is refused whatever it is
        return False
    return False


SILENT_ON_STATEMENTS = LOOKS_AT_NO_BODY | QUESTIONS
SILENT_ON_EXPRESSIONS = SILENT_ON_STATEMENTS | LOOKS_AT_NO_EXPRESSION
ON_STATEMENTS = rows(STATEMENT)
ON_EXPRESSIONS = rows(EXPRESSION)


@pytest.mark.parametrize("name", ON_STATEMENTS)
def test_an_unknown_statement_stops_every_pass(name: str) -> None:
    assert stops(ON_STATEMENTS[name]) != (name in SILENT_ON_STATEMENTS)


@pytest.mark.parametrize("name", ON_EXPRESSIONS)
def test_an_unknown_expression_stops_every_pass(name: str) -> None:
    assert stops(ON_EXPRESSIONS[name]) != (name in SILENT_ON_EXPRESSIONS)


def test_what_may_stay_silent_exists() -> None:
    assert set(ON_EXPRESSIONS) >= set(SILENT_ON_EXPRESSIONS)
    assert len(ON_EXPRESSIONS) > 100


@pytest.mark.parametrize("module", [STATEMENT, EXPRESSION], ids=["statement", "expression"])
def test_it_has_no_hash(module: ir.Module) -> None:
    with pytest.raises(UnknownNode):
        content_hash(module, "main")


@pytest.mark.parametrize("target", registry.OWN)
@pytest.mark.parametrize("module", [STATEMENT, EXPRESSION], ids=["statement", "expression"])
def test_no_backend_emits_it(target: str, module: ir.Module) -> None:
    backend = registry.load(target)
    with pytest.raises((UnknownNode, AssertionError)):
        backend.emit(module, module.workflows, Options())

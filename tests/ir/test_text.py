"""The text form of the IR: printing it and reading it back gives an equal module."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wfc.compiler.data.struct import Struct, fields
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.language import nodes
from wfc.compiler.language.form.codec import CLASSES
from wfc.compiler.language.nodes import (
    Argument,
    Assign,
    Constant,
    If,
    Module,
    Name,
    Parameter,
    Pass,
    Return,
    StepCall,
    Subscript,
    Workflow,
)
from wfc.compiler.language.nodes.types import DATETIME, INT, NONE, STR, LiteralType
from wfc.compiler.language.text.parse import IrSyntaxError, from_text
from wfc.compiler.language.text.printer import to_text
from wfc.compiler.language.verify.module import verify

DATA = Path(__file__).parent.parent / "data" / "ir"
EVERYTHING = (DATA / "everything.ir").read_text(encoding="utf-8")


def below(value: Any) -> Iterator[Any]:
    """Every node and type in a tree."""
    if isinstance(value, Struct):
        yield value
        for field in fields(value):
            yield from below(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from below(item)


def test_the_sample_is_right_and_has_every_kind_of_node_and_type() -> None:
    module = from_text(EVERYTHING)
    assert verify(module) == []
    # A caught error has a type while a module is read; no value of a finished one has it.
    found = {type(one).__name__ for one in below(module)} - {"Span"}
    assert set(CLASSES) - found == {"ErrorType"}


def test_printing_what_was_read_gives_the_same_text() -> None:
    module = from_text(EVERYTHING)
    assert to_text(module) == EVERYTHING
    assert repr(from_text(to_text(module))) == repr(module)


def test_what_takes_no_part_in_equality_is_kept_where_the_source_shows_it() -> None:
    calls = [one for one in below(from_text(EVERYTHING)) if isinstance(one, StepCall)]
    call = next(one for one in calls if one.site == "book")
    assert call.args == (
        Argument("sku", Constant("sku", type=STR)),
        Argument("amount", Constant(1, type=INT)),
    )
    assert [(one.positional, one.implied) for one in call.args] == [(True, False), (False, True)]


def workflow(*body: nodes.Statement) -> Module:
    main = Workflow(
        name="main",
        parameters=(),
        returns=NONE,
        returns_annotation="None",
        body=body,
        label="main",
    )
    return Module(name="m", workflows=(main,))


def value(expr: nodes.Expr, *before: nodes.Statement) -> Module:
    return workflow(*before, Return(expr))


X = Assign("x", Constant(1, type=INT), INT)


@pytest.mark.parametrize(
    ("text", "expr"),
    [
        ("1", Constant(1, type=INT)),
        ("(1: Literal[1])", Constant(1, type=LiteralType((1,)))),
        ("(-1)", Constant(-1, type=INT)),
        ("-1", nodes.Unary("-", Constant(1, type=INT), type=INT)),
        ("(-1: int) ** 2", None),
        ("(-1) ** 2", None),
        ("--1", None),
        ("-(-1)", None),
        ("(-2.5)", None),
        ("1e+100", None),
        ("1e999", None),
        ("(-1e999)", None),
        ("(1, )", None),
        ('"\\"\\\\\\n\\u2028é😀\\ud800"', Constant('"\\\n\u2028é😀\ud800', type=STR)),
        ("x", Name("x", type=INT)),
        ("(x: str)", Name("x", type=STR)),
        ("nonlocal y", Name("y")),
        ("global x", nodes.GlobalName("x")),
        ("Y", nodes.GlobalName("Y")),
        ("(global math.pi).real", None),
        ("1 - (2 - 3)", None),
        ("1 - 2 - 3", None),
        ("2 ** 3 ** 4", None),
        ("(2 ** 3) ** 4", None),
        ("-x ** 2", None),
        ("(-x) ** 2", None),
        ("not (not x)", None),
        ("(1 < x) < 3", None),
        ("1 < (x < 3)", None),
        ("1 < x < 3", None),
        ("x is not None", None),
        ("x not in [1]", None),
        ("not x in [1]", None),
        ("(x or 1) or 2", None),
        ("x or 1 or 2", None),
        ("x or 1 and 2", None),
        ("(x or 1) and 2", None),
        ("(1 if x else 2) if x else 3", None),
        ("1 if x else 2 if x else 3", None),
        ("[1 if x else 2, *[3]]", None),
        ("{}", None),
        ('{**{"a": 1}, "b": x}', None),
        ("{1}", None),
        ("()", None),
        ("(1,)", None),
        ("[x for x in (1, 2) if (1 if x else 0)]", None),
        ("[a + b for a, b in [(1, 2)]]", None),
        ("[a for a, in [(1,)]]", None),
        ("[a for a: str in [1]]", None),
        ('f"{x}{{}}{x!r:>5}{[\'a\', x][0]}"', None),
        ('f"{ {\'a\': 1}[\'a\']}"', None),
        ('f"{\\"it\'s\\"}"', None),
        ('f"{f\\"{x}\\"}"', None),
        ('f"{(\'a\' if x != 1 else \':\')}"', None),
        ('f"{(x: str)}"', None),
        ("max([x], key=lambda -> 1)", None),
        ("max([x], key=lambda a, b: int -> b)", None),
        ('"a".upper().split(sep=",")', None),
        ("1.bit_length()", None),
    ],
)  # fmt: skip
def test_an_expression_is_what_it_says(text: str, expr: nodes.Expr | None) -> None:
    source = f"module m\n\nworkflow main() -> None {{\n  x: int = 1\n  return {text}\n}}\n"
    if expr is not None:
        assert repr(from_text(source)) == repr(value(expr, X))
        assert to_text(value(expr, X)) == source
    again = to_text(from_text(source))
    assert repr(from_text(again)) == repr(from_text(source))


@pytest.mark.parametrize("name", ["step", "workflow", "let", "mutate", "sleep", "do", "injected"])
def test_words_of_the_text_form_are_names_too(name: str) -> None:
    read = Subscript(Name(name, type=STR), Constant(0, type=INT), type=STR)
    module = workflow(
        Assign(name, Constant("a", type=STR), STR),
        nodes.Store(name, (nodes.FieldKey(name),), read),
        nodes.Mutate(name, (nodes.FieldKey("items"),), "append", (read,), target=name, type=NONE),
        Return(read),
    )
    assert from_text(to_text(module)) == module


@pytest.mark.parametrize("name", ["über", "नाम", "名前", "ﬁ"])
def test_names_are_those_of_python(name: str) -> None:
    module = workflow(Assign(name, Constant(1, type=INT), INT), Return(Name(name, type=INT)))
    assert from_text(to_text(module)) == module


def test_a_module_is_named_after_a_file_of_any_name() -> None:
    module = Module(name="pay-out 2")
    assert to_text(module) == "module `pay-out 2`\n"
    assert from_text(to_text(module)) == module


def test_a_type_says_what_an_annotation_says_in_other_words() -> None:
    parameter = Parameter(name="at", type=DATETIME, annotation="dt.datetime")
    bare = Parameter(name="x", type=INT)
    module = Module(
        name="m",
        workflows=(Workflow(name="w", parameters=(parameter, bare), returns=NONE, label="w"),),
    )
    text = 'workflow w(at: datetime as "dt.datetime", x: int as "") -> None as "" {'
    assert text in to_text(module)
    assert from_text(to_text(module)) == module


def test_spans_are_printed_on_request() -> None:
    module = workflow(X, Return(Constant(None, type=NONE), bare=True, span=Span(7, 5, 7, 11)))
    assert to_text(module, spans=True).splitlines()[-2] == "  return  # line 7"
    assert from_text(to_text(module, spans=True)) == module


def test_comments_and_blank_lines_are_skipped() -> None:
    text = "# a module\n\nmodule m  # m\n\n  # nothing\n\nerror A(Exception)\r\n# end"
    assert to_text(from_text(text)) == "module m\n\nerror A(Exception)\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: the end is not expected here"),
        ("module m\nworkflow", "line 2, column 9: the end is not expected here"),
        ("module m\nerror A(B\n", "line 2, column 10"),
        ("module m\nhelper h() -> int {\n  return 1 +* 2\n}", r"line 3, column 13: '\*' is not"),
        ("module m\nhelper h() -> list[int, str] {\n}", "'list' takes no such arguments"),
        ("module m\nhelper h() -> dict[int, int] {\n}", "'dict' takes no such arguments"),
        ("module m\nhelper h() -> Literal[int] {\n}", "no value of a literal type"),
        ("module m\nhelper h() -> Literal[1.5] {\n}", "no value of a literal type"),
        ("module m\nhelper h() -> list[1] {\n}", "a type is expected here"),
        ("module m\nhelper h() -> int {\n  return (1)(2)\n}", "only a function or method"),
        ("module m\nhelper h() -> int {\n  mutate x[0](2)\n}", "a method is expected here"),
        ("module m\nhelper h() -> int {\n  step f(1) @f\n}", "an argument without a parameter"),
        ('module m\nhelper h() -> int {\n  return f"{1 +}"\n}', "'1 \\+' is no expression"),
        ("module m\ndataclass R {\n}\nhelper h() -> R {\n  return R(1)\n}", "has 0 fields"),
        ("module m\nstep s() -> int {\n  retry(delay=1)\n}", "no such setting"),
        ("module m\nenum E {\n  A = 1.5\n}", "a text or an int"),
    ],
)
def test_other_text_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(IrSyntaxError, match=message):
        from_text(text)


def test_long_blocks_and_chains_do_not_exhaust_the_stack() -> None:
    chain: nodes.Block = (Pass(),)
    for number in range(300):
        test = nodes.Compare(Name("x", type=INT), (("==", Constant(number, type=INT)),), type=NONE)
        chain = (If(test, (Pass(),), chain),)
    statements = tuple(Assign("x", Constant(n, type=INT), INT) for n in range(10_000))
    module = workflow(*statements, *chain, Return(Name("x", type=INT)))
    text = to_text(module)
    assert len(re.findall("elif", text)) == 299
    assert to_text(from_text(text)) == text

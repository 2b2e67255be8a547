"""The verifier finds every broken rule, all of them at once."""

from __future__ import annotations

from typing import Any

import pytest

from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.language import nodes as n
from wfc.compiler.language.derive import UnknownNode
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.text.parse import from_text
from wfc.compiler.language.verify.module import BrokenIr, verified, verify

DEFINITIONS = """module m

error Late(Exception)
constant LIMIT: int = 5
dataclass Line {
  sku: str
  price: int = 0
}
enum Color {
  RED = "red"
}
helper fee(amount: int, rate: int = 2) -> int {
  return amount
}
step pay(amount: int, note: str = "", key: str = injected IdempotencyKey) -> int
"""


def messages(text: str) -> list[str]:
    return [one.message for one in verify(from_text(text))]


def in_body(body: str) -> list[str]:
    lines = "".join(f"  {line}\n" for line in body.strip().splitlines())
    signature = "workflow main(x: int, xs: list[int], pairs: list[tuple[str, int]]) -> Any"
    return messages(f"{DEFINITIONS}{signature} {{\n{lines}}}\n")


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ("error Late(Exception)", "definition 'Late' is there twice"),
        ("support tool binds fee, hammer", "definition 'fee' is there twice"),
        ("error `class`(Exception)", "definition 'class' is no name"),
        ("error Lost(Nothing)", "unknown error 'Nothing'"),
        ("error Lost(SystemExit)", "'SystemExit' is no Exception"),
        ("error Lost(Lost)", "the error is its own base"),
        ("error A(B)\nerror B(A)", "the error is its own base"),
        ("constant A: Thing = 1", "unknown record 'Thing' in a type"),
        ("constant A: int = x", "unknown constant 'x'"),
        ("constant A: int = fee(1)", "a constant calls a helper"),
        ("constant A: list[error[Lost]] = []", "unknown error 'Lost'"),
        ('constant A: Literal["a", 1] = 1', "the values of a literal type are not of one type"),
        ("constant A: float = 1e999", "a constant is not finite"),
        ("dataclass A {\n  a: int\n  a: str\n}", "field 'a' is there twice"),
        ("dataclass A {\n  a?: int\n}", "field 'a' of a dataclass is not required"),
        ("typeddict A {\n  a: int = 1\n}", "field 'a' of a TypedDict has a default"),
        ("enum A {\n  B = 1\n  B = 2\n}", "member 'B' is there twice"),
        ("enum A(int) {\n  B = \"b\"\n}", "member 'B' is no int"),
        ("enum A(bytes) {\n  B = 1\n}", "unknown mixin 'bytes'"),
        ("step s(a: int, a: int) -> int", "parameter 'a' is there twice"),
        ("step s(`a b`: int) -> int", "parameter 'a b' is no name"),
        ("step s(a: int = 1, b: int) -> int", "parameter 'b' without a default follows"),
        ("step s(a: int) -> Thing", "unknown record 'Thing' in a type"),
        ("step s() -> int {\n  timeout 0\n}", "the timeout is no positive number"),
        (
            "step s(b: Any = injected Heartbeat) -> int {\n  heartbeat 1e999\n}",
            "the heartbeat is no positive number",
        ),
        ("step s() -> int {\n  heartbeat 1.0\n}", "a step with a heartbeat has no"),
        ("step s() -> int {\n  retry(Lost)\n}", "unknown error 'Lost'"),
        ("step s() -> int {\n  retry(attempts=0)\n}", "a retry policy has no attempt"),
        (
            "step s() -> int {\n  retry(first_delay=1e999)\n}",
            "a delay or backoff of a retry policy is no positive number",
        ),
        ("step s(db: Any = injected Connection) -> int", "a plain step has a Connection"),
        (
            "helper h(key: str = injected RunId) -> int {\n  return 1\n}",
            "only a step has injected parameters",
        ),
        (
            "helper a() -> int {\n  return b()\n}\nhelper b() -> int {\n  return a()\n}",
            "helpers call each other in a circle: a -> b -> a",
        ),
        ("helper h() -> int {\n  step pay(1, note?=\"\") @pay\n}", "a helper starts an operation"),
        (
            'workflow a() -> int label "x" {\n}\nworkflow b() -> int label "x" {\n}',
            "workflow label 'x' is there twice",
        ),
        ("workflow a() -> int timeout 0 {\n}", "the timeout is no positive number"),
    ],
)  # fmt: skip
def test_a_definition_is_refused(definition: str, message: str) -> None:
    assert any(one.startswith(message) for one in messages(f"{DEFINITIONS}{definition}\n"))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return y", "unknown constant 'y'"),
        ("return nonlocal y", "variable 'y' is not bound here"),
        ("return [i for i in xs][nonlocal i]", "variable 'i' is not bound here"),
        ("y: int += 1", "variable 'y' is not bound here"),
        ("y.a = 1", "variable 'y' is not bound here"),
        ("del y.a", "variable 'y' is not bound here"),
        ("mutate y.clear()", "variable 'y' is not bound here"),
        ("if x {\n  y: int = 1\n}\nreturn y", "variable 'y' is not bound here"),
        ("for i in xs {\n  y: int = 1\n}\nreturn y", "variable 'y' is not bound here"),
        ("for i in xs {\n  pass\n}\nreturn i", "variable 'i' is not bound here"),
        (
            "while True {\n  if x {\n    break\n  }\n  y: int = 1\n}\nreturn y",
            "variable 'y' is not bound here",
        ),
        (
            "try {\n  y: int = 1\n} except Exception {\n  pass\n}\nreturn y",
            "variable 'y' is not bound here",
        ),
        ("let y: int = 1\ny = 2", "temporary 'y' is bound in 2 places"),
        ("let x: int = 1", "temporary 'x' is bound in 1 places"),
        ("`in`: int = 1", "variable 'in' is no name"),
        ("a: int, a: int = (1, 2)", "name of a target 'a' is there twice"),
        ("a: int, b: int = (1, 2, 3)", "3 values cannot be unpacked into 2 names"),
        ("for i, j in xs {\n  pass\n}", "int cannot be unpacked"),
        ("for i in x {\n  pass\n}", "int cannot be iterated over"),
        ("break", "break outside of a loop"),
        ("continue", "continue outside of a loop"),
        ("for i in xs {\n  pass\n} else {\n  break\n}", "break outside of a loop"),
        ("if x {\n}", "the branch is empty"),
        ("while x {\n}", "the body of a loop is empty"),
        ("try {\n} finally {\n  pass\n}", "the body of a try is empty"),
        ("try {\n  pass\n} except Late {\n}", "the body of a handler is empty"),
        ("try {\n  pass\n}", "a try has neither handler nor finally"),
        ("try {\n  pass\n} except Lost {\n  pass\n}", "unknown error 'Lost'"),
        ("raise", "nothing to raise again outside of a handler"),
        ("raise Lost", "unknown error 'Lost'"),
        ("raise Late from error", "no error is bound to 'error' here"),
        (
            "try {\n  pass\n} except Late as e {\n  pass\n}\nraise e",
            "no error is bound to 'e' here",
        ),
        (
            "try {\n  pass\n} except Late as e {\n  pass\n}\nreturn str(e)",
            "no error is bound to 'e' here",
        ),
        ("step play() @play", "unknown step 'play'"),
        ("step pay(1, note?=\"\") @\"\"", "an operation has no site"),
        ("step pay(1, note?=\"\") @a\nsleep 1 @a", "site 'a' is there twice"),
        ("step pay(1) @pay", "a call of 'pay' has no argument 'note'"),
        ("step pay(1, note=\"\", key=\"\") @pay", "'pay' has no parameter 'key'"),
        ("step pay(1, note=\"\", note=\"\") @pay", "argument of 'pay' 'note' is there twice"),
        (
            "step pay(note=\"\", amount=1) @pay",
            "the arguments of 'pay' are not in the order of its parameters",
        ),
        ("step pay(amount?=1, note=\"\") @pay", "argument 'amount' of 'pay' is implied by"),
        ("workflow other() @other", "unknown workflow 'other'"),
        ("workflow main() @main", "a call of 'main' has no argument 'x'"),
        ("sleep \"1h\" @sleep", "a sleep has no number of seconds"),
        ("sleep (-1) @sleep", "a sleep has no number of seconds"),
        ("return fee()", "a call of 'fee' has no argument 'amount'"),
        ("return fee(1, rat=2)", "'fee' has no parameter 'rat'"),
        ("return Line(price=1)", "a new Line has no field 'sku'"),
        ("return Line(\"a\", cost=1)", "record Line has no field 'cost'"),
        ("return Line(\"a\", sku=\"b\")", "field of Line 'sku' is there twice"),
        ("return Color.GREEN", "enum Color has no member 'GREEN'"),
        ("return frobnicate(1)", "unknown function 'frobnicate'"),
        ("return xs.append(1)", "method 'append' changes its object inside an expression"),
        ("mutate xs.index(1)", "method 'index' changes no object"),
        ("return enumerate(xs)", "the result of 'enumerate' is used as a value"),
        ("y: Any = (i for i in xs)", "the result of 'a generator' is used as a value"),
        ("return lambda a -> 1", "a lambda is no key here"),
        ("return len(lambda a -> 1)", "a lambda is no key here"),
        ("return sorted(xs, key=lambda a, b -> 1)", "a key has one parameter"),
        ("return sorted(xs, reverse=lambda a -> 1)", "a lambda is no key here"),
        ("return isinstance(x, bytes)", "isinstance() is asked for no class of the language"),
        ("return (x: Thing)", "unknown record 'Thing' in a type"),
        ("return x + \"a\"", "'+' is not defined between int and str"),
        ("return \"a\".uper()", "str has no method 'uper'; did you mean 'upper'?"),
    ],
)  # fmt: skip
def test_a_statement_or_expression_is_refused(body: str, message: str) -> None:
    assert any(one.startswith(message) for one in in_body(body))


@pytest.mark.parametrize(
    "body",
    [
        "if x {\n  y: int = 1\n} else {\n  y = 2\n}\nreturn y",
        "if x {\n  y: int = 1\n} elif xs {\n  y = 2\n} else {\n  raise Late\n}\nreturn y",
        "if x {\n  return 1\n} else {\n  y: int = 2\n}\nreturn y",
        "if True {\n  y: int = 1\n}\nreturn y",
        "while True {\n  y: int = 1\n  if y {\n    break\n  }\n}\nreturn y",
        "while True {\n  y: int = 1\n  if y {\n    return y\n  }\n}\nreturn nonlocal nothing",
        "do {\n  y: int = 1\n} while y {\n  pass\n}\nreturn y",
        "for i in xs {\n  y: int = i\n  break\n} else {\n  y = 0\n}\nreturn y",
        "for i in xs {\n  y: int = i\n  break\n} else {\n  return\n}\nreturn y",
        "try {\n  y: int = 1\n} except Late {\n  raise\n}\nreturn y",
        "try {\n  pass\n} except Late {\n  return\n} else {\n  y: int = 1\n}\nreturn y",
        "try {\n  pass\n} finally {\n  y: int = 1\n}\nreturn y",
        "try {\n  return\n} finally {\n  pass\n}\nreturn nonlocal nothing",
        "return\nif x {\n  y: int = 1\n}\nreturn y",
        "for name, size in pairs {\n  pass\n}",
        "return [name for name, size in pairs if size]",
        "return sum(i for i in xs) + len(range(3)) + max(enumerate(xs))[0]",
        "return isinstance(x, ((int, Line, Color): Any))",
    ],
)
def test_what_is_bound_on_every_path_is_bound(body: str) -> None:
    assert in_body(body) == []


def main(*body: n.Statement, **more: Any) -> n.Module:
    workflow = n.Workflow(name="main", parameters=(), returns=t.NONE, body=body, label="main")
    return n.Module(name="m", workflows=(replace(workflow, **more),))


ONE = n.Constant(1, type=t.INT)
NOTHING: Any = None
WRONG: Any = b"x"


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (main(n.Return(n.EnumMember("Size", "S"))), "unknown enum 'Size'"),
        (main(n.Return(n.Construct("Line", ()))), "unknown record 'Line'"),
        (main(n.Return(n.HelperCall("fee", ()))), "unknown helper 'fee'"),
        (main(n.Return(ONE, bare=True)), "a bare return has a value"),
        (main(n.Unpack(("a", "b"), n.TupleDisplay((ONE, ONE)), (t.INT,))), "a target has not one"),
        (main(n.Store("x", (), ONE)), "the path behind 'x' is empty"),
        (main(n.Raise(None, ONE)), "an error that is raised again has a message or cause"),
        (main(n.Raise("ValueError", None, "e")), "an error is both new and raised again"),
        (
            main(n.Raise("ValueError", None, None, "e", True)),
            "a cause is both given and suppressed",
        ),
        (main(n.Try((n.Pass(),), (n.Handler((), None, (n.Pass(),)),))), "a handler names no error"),
        (
            main(n.Try((n.Pass(),), (), (n.Pass(),), (n.Pass(),))),
            "a try has an else but no handler",
        ),
        (main(temporaries=frozenset({"y"})), "temporary 'y' is bound in 0 places"),
        (
            main(
                n.Unpack(("y",), n.TupleDisplay((ONE,), type=t.TupleType((t.INT,))), (t.INT,)),
                temporaries=frozenset({"y"}),
            ),
            "temporary 'y' is not bound alone",
        ),
        (
            main(n.For(n.Target(("a", "b"), (t.INT, t.INT)), n.ListDisplay(()), (n.Pass(),))),
            "a target that is not unpacked has one name",
        ),
        (
            main(n.Return(n.Comprehension("list", None, ONE, ()))),
            "a comprehension has no clause",
        ),
        (
            main(n.Return(n.Comprehension("list", ONE, ONE, ()))),
            "a comprehension has a key if it makes a dict",
        ),
        (
            main(n.Return(n.FString((n.Formatted(ONE, "", "{"),)))),
            "a format specification is not constant",
        ),
        (
            main(n.Return(n.Constant(1, type=t.UnionType((t.INT,))))),
            "a union type is not flat",
        ),
        (
            n.Module(
                name="m",
                steps=(
                    n.Step(
                        name="s",
                        parameters=(
                            n.Parameter(name="a", type=t.INT, keyword_only=True),
                            n.Parameter(name="b", type=t.INT, default=ONE, injected="RunId"),
                        ),
                        returns=t.NONE,
                    ),
                ),
            ),
            "parameter 'b' is injected and has a default",
        ),
    ],
)
def test_what_has_no_text_is_refused(module: n.Module, message: str) -> None:
    assert any(one.message.startswith(message) for one in verify(module))


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (main(n.Assign("x", ONE, NOTHING)), "Assign holds NoneType in 'type'"),
        (main(n.Return(n.Constant(1, type=NOTHING))), "Constant holds NoneType in 'type'"),
        (main(n.Return(n.Constant(WRONG, type=t.STR))), "Constant holds bytes in 'value'"),
        (main(n.Return(n.FString((n.Formatted(ONE, WRONG),)))), "Formatted holds bytes in 'conv"),
        (main(n.Return(n.Unary(WRONG, ONE))), "Unary holds bytes in 'operator'"),
        (main(n.Return(n.Unary("-", NOTHING))), "Unary holds NoneType in 'operand'"),
        (main(n.If(ONE, [n.Pass()])), "If holds list in 'then'"),  # type: ignore[arg-type]
        (main(n.If(ONE, (ONE,))), "If holds tuple in 'then'"),  # type: ignore[arg-type]
        (main(n.Break(), version=3), "Workflow holds int in 'version'"),
        (main(n.Break(span=NOTHING)), "Break holds NoneType in 'span'"),
    ],
)
def test_a_node_that_holds_what_it_cannot_is_a_defect(module: n.Module, message: str) -> None:
    with pytest.raises(UnknownNode, match=message):
        verify(module)


def test_all_problems_are_reported_with_their_place() -> None:
    module = main(
        n.Break(span=Span(4, 5, 4, 10)),
        n.Return(n.Name("x", span=Span(5, 12, 5, 13)), span=Span(5, 5, 5, 13)),
    )
    assert [str(one) for one in verify(module)] == ["main: break outside of a loop (line 4)"]
    module = main(n.Raise("Lost"), label="")
    lost = t.RecordType("Lost")
    again = replace(module, constants=(n.ConstantDefinition(name="A", value=ONE, type=lost),))
    assert [str(one) for one in verify(again)] == [
        "A: unknown record 'Lost' in a type",
        "main: unknown error 'Lost'",
    ]


def test_a_pass_is_held_to_the_rules() -> None:
    good = main(n.Return(ONE))
    assert verified(good) is good
    with pytest.raises(BrokenIr, match="broken IR: main: break outside of a loop; main: unknown"):
        verified(main(n.Break(), n.Raise("Lost")))

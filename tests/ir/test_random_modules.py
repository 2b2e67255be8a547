"""Random modules survive the text form and the JSON form. The seeds are fixed."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from wfc.compiler.data.struct import replace
from wfc.compiler.language import nodes as n
from wfc.compiler.language.form.json import from_json, to_json
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.text.parse import from_text
from wfc.compiler.language.text.printer import to_text

VARIABLES = ("x", "step", "name")
FIELDS = ("total", "let", "items")
TEXTS = "ab \"'\\{}\n\té😀:!#`,)]"
ARITHMETIC = ("+", "-", "*", "/", "//", "%", "**", "|", "&", "^", "<<", ">>")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not")
PLAIN_TYPES = (
    *(t.ANY, t.BOOL, t.INT, t.FLOAT, t.STR, t.NONE, t.NEVER, t.DATETIME, t.TIMEDELTA),
    t.RecordType("Line"),
    t.EnumType("Color"),
    t.ErrorType("Late"),
    t.LiteralType(("a", "it's", 'q"')),
    t.LiteralType((1, -2)),
)


class Maker:
    """Makes nodes at random, deeper ones rarer."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def some(self, make: Any, least: int = 0, most: int = 3) -> tuple[Any, ...]:
        return tuple(make() for _ in range(self.random.randint(least, most)))

    def text(self) -> str:
        return "".join(self.random.choices(TEXTS, k=self.random.randint(0, 6)))

    def type(self, depth: int = 2) -> t.Type:
        if depth == 0 or self.random.random() < 0.5:
            return self.pick(*PLAIN_TYPES)
        inner = self.type(depth - 1)
        return self.pick(
            t.ListType(inner),
            t.DictType(inner),
            t.SetType(inner),
            t.TupleType((inner,) * self.random.randint(0, 2)),
            t.union(inner, self.type(depth - 1)),
        )

    def value(self) -> Any:
        number = self.random.choice([0, 1, -7, 2**53, -0.0, 2.5, -1e-9, 1e300])
        return self.pick(self.text(), number, True, False, None)

    def leaf(self) -> n.Expr:
        return self.pick(
            n.Constant(self.value()),
            n.Name(self.pick(*VARIABLES)),
            n.GlobalName(self.pick("LIMIT", "math.pi", "x")),
            n.EnumMember("Color", self.pick("RED", "BLUE")),
        )

    def expr(self, depth: int = 3) -> n.Expr:
        made = self.leaf() if depth == 0 else self.tree(lambda: self.expr(depth - 1))
        return replace(made, type=self.type()) if self.random.random() < 0.3 else made

    def tree(self, inner: Any) -> n.Expr:
        def maybe() -> n.Expr | None:
            return self.pick(None, inner())

        def item() -> n.Expr | n.Starred:
            return self.pick(inner(), n.Starred(inner()))

        def named() -> tuple[str, n.Expr]:
            return self.pick(*FIELDS), inner()

        choices: list[Any] = [
            self.leaf,
            lambda: n.Attribute(inner(), self.pick(*FIELDS)),
            lambda: n.Subscript(inner(), inner()),
            lambda: n.Slice(inner(), maybe(), maybe(), maybe()),
            lambda: n.Unary(self.pick("-", "+", "~", "not"), inner()),
            lambda: n.Binary(self.pick(*ARITHMETIC), inner(), inner()),
            lambda: n.Compare(
                inner(), self.some(lambda: (self.pick(*COMPARISONS), inner()), least=1)
            ),
            lambda: n.Boolean(self.pick("and", "or"), self.some(inner, least=2)),
            lambda: n.Conditional(inner(), inner(), inner()),
            lambda: n.FString((f"a{self.text()}", self.part(inner), self.part(inner))),
            lambda: n.ListDisplay(self.some(item)),
            lambda: n.TupleDisplay(self.some(item)),
            lambda: n.SetDisplay(self.some(item, least=1)),
            lambda: n.DictDisplay(self.some(lambda: (maybe(), inner()))),
            lambda: n.Lambda(self.pick((), ("k",), ("x", "k")), inner()),
            lambda: n.Call(self.pick("len", "math.floor"), self.some(inner), self.some(named)),
            lambda: n.Method(
                inner(), self.pick("strip", "get"), self.some(inner), self.some(named)
            ),
            lambda: n.HelperCall("fee", (n.Argument("amount", inner()),)),
            lambda: n.Construct("Line", (("sku", inner()), ("price", inner())), self.pick(0, 1, 2)),
            lambda: self.comprehension(inner),
        ]
        return self.random.choice(choices)()  # type: ignore[no-any-return]

    def part(self, inner: Any) -> n.Formatted:
        return n.Formatted(inner(), self.pick("", "s", "r"), self.pick("", ">5", ".2f", "'\""))

    def target(self) -> n.Target:
        names = self.random.sample(["i", "j", "x"], self.random.randint(1, 3))
        unpack = len(names) > 1 or self.pick(True, False)
        return n.Target(tuple(names), tuple(self.type() for _ in names), unpack)

    def comprehension(self, inner: Any) -> n.Expr:
        clauses = self.some(
            lambda: n.Clause(self.target(), inner(), self.some(inner, most=2)), least=1, most=2
        )
        kind = self.pick("list", "set", "dict", "generator")
        return n.Comprehension(kind, inner() if kind == "dict" else None, inner(), clauses)

    def path(self, least: int = 1) -> tuple[n.FieldKey | n.Expr, ...]:
        return self.some(lambda: self.pick(n.FieldKey(self.pick(*FIELDS)), self.expr(1)), least)

    def call(self) -> n.Statement:
        args = (n.Argument("amount", self.expr()),)
        target = self.pick(None, *VARIABLES)
        kind, name = self.pick((n.StepCall, "pay"), (n.WorkflowCall, "main"))
        site = self.pick("pay-out", "a b", "")
        return kind(site, name, args, target, self.type())  # type: ignore[no-any-return]

    def simple(self) -> n.Statement:
        name = self.pick(*VARIABLES)
        choices: list[Any] = [
            lambda: n.Assign(name, self.expr(), self.type(), self.pick("", "List[int]")),
            lambda: n.AugmentedAssign(name, self.pick(*ARITHMETIC), self.expr(), self.type()),
            lambda: n.Unpack((name, "b"), self.expr(), (self.type(), self.type())),
            lambda: n.Unpack((name,), self.expr(), (self.type(),)),
            lambda: n.Store(name, self.path(), self.expr(), self.pick(None, *ARITHMETIC)),
            lambda: n.Delete(name, self.path()),
            lambda: n.Mutate(
                name, self.path(0), "pop", self.some(self.leaf), self.pick(None, name), self.type()
            ),
            self.call,
            lambda: n.Sleep(self.pick("sleep", "sleep_2"), self.expr(), self.text()),
            lambda: n.Raise(self.pick("ValueError", "Late"), self.pick(None, self.expr())),
            lambda: n.Return(self.expr()),
            lambda: n.Return(n.Constant(None, type=t.NONE), bare=True),
            lambda: self.pick(n.Break(), n.Continue(), n.Pass()),
        ]
        return self.random.choice(choices)()  # type: ignore[no-any-return]

    def block(self, depth: int) -> n.Block:
        return self.some(lambda: self.statement(depth))

    def statement(self, depth: int = 2) -> n.Statement:
        if depth == 0 or self.random.random() < 0.5:
            return self.simple()
        block = (self.block(depth - 1), self.block(depth - 1), self.block(depth - 1))
        caught = (
            n.Return(n.ErrorMessage("error", type=t.STR)),
            n.Raise("Late", n.ErrorName("error", type=t.STR), None, "error"),
            *self.block(depth - 1),
        )
        handlers = (
            n.Handler(("OSError", "Late"), "error", caught),
            n.Handler(("Exception",), None, (*block[1], n.Raise(None))),
        )
        target = n.Target(("x",), (self.type(),))
        return self.pick(
            n.If(self.expr(), block[0], block[1]),
            n.While(self.expr(), *block),
            n.For(target, self.expr(), *block[:2]),
            n.Try(block[0], handlers, *block[1:]),
        )

    def module(self) -> n.Module:
        """The variables are bound first: a name that is not is read as another one."""
        amount = n.Parameter(name="amount", type=self.type(), annotation="Cents")
        price = n.Field(name="price", type=self.type(), annotation=self.text())
        first = tuple(n.Assign(one, n.Constant(0, type=t.INT), t.INT) for one in VARIABLES)
        body = (*first, *self.some(self.statement, 1, 4))
        return n.Module(
            name="random",
            records=(
                n.Record(
                    name="Line",
                    kind=self.pick("dataclass", "typeddict"),
                    fields=(n.Field(name="sku", type=t.STR), price),
                ),
            ),
            enums=(n.Enum(name="Color", members=(("RED", "red"), ("BLUE", self.text()))),),
            helpers=(n.Helper(name="fee", parameters=(amount,), returns=self.type()),),
            steps=(
                n.Step(name="pay", parameters=(amount,), returns=self.type(), label=self.text()),
            ),
            workflows=(
                n.Workflow(name="main", parameters=(), returns=t.NONE, body=body, label="main"),
            ),
        )


@pytest.mark.parametrize("seed", range(8))
def test_a_module_survives_its_text_and_its_json(seed: int) -> None:
    for number in range(20):
        module = Maker(1000 * seed + number).module()
        text = to_text(module)
        assert repr(from_text(text)) == repr(module), text
        data = json.loads(json.dumps(to_json(module)))
        assert repr(from_json(data)) == repr(module)

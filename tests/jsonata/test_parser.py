"""The JSONata parser: what it accepts, the tree it builds, and where an error is."""

from __future__ import annotations

import pytest

from wfc.grammar.jsonata import JsonataError, parse
from wfc.grammar.jsonata_scope import outside
from wfc.grammar.jsonata_tree import (
    Array,
    Binary,
    Binding,
    Block,
    Call,
    Conditional,
    Constant,
    Expression,
    Filter,
    Focus,
    Function,
    Group,
    Index,
    KeepArray,
    Name,
    Negation,
    Object,
    Order,
    Placeholder,
    Range,
    Regex,
    Term,
    Transform,
    Variable,
    Wildcard,
    walk,
)
from wfc.grammar.jsonata_tree import Path as Steps

x, y, z = Variable("x"), Variable("y"), Variable("z")
one, two = Constant(1), Constant(2)

TREES: dict[str, Expression] = {
    "'it\\u0027s \\n \\ud83d\\ude00'": Constant("it's \n 😀"),
    "-1.5e3": Constant(-1500.0),
    "- $x": Negation(x),
    "true and false or null": Binary(
        "or", Binary("and", Constant(True), Constant(False)), Constant(None)
    ),
    "$x + $y * 2": Binary("+", x, Binary("*", y, two)),
    "$x - 1 - 2": Binary("-", Binary("-", x, one), two),
    "$x & $y = $z": Binary("=", Binary("&", x, y), z),
    "$x.a.'b c'.`d`": Steps((x, Name("a"), Name("b c"), Name("d"))),
    "$x.a[0].b": Steps((x, Filter(Name("a"), Constant(0)), Name("b"))),
    "$x[a > 1][]": KeepArray(Filter(x, Binary(">", Name("a"), one))),
    "[1, 1..$x]": Array((one, Range(one, x))),
    "{'a': 1, $x: 2}": Object(((Constant("a"), one), (x, two))),
    "$x{k: v}": Group(x, ((Name("k"), Name("v")),)),
    "$x^(>a, b)": Order(x, (Term(Name("a"), True), Term(Name("b"), False))),
    "$x@$i#$n": Index(Focus(x, "i"), "n"),
    "($x := 1; $x)": Block((Binding("x", one), x)),
    "$x := $y := 1": Binding("x", Binding("y", one)),
    "$x ? 1 : $y ? 2 : 1": Conditional(x, one, Conditional(y, two, one)),
    "$x ? 1": Conditional(x, one, None),
    "function($x, $y)<nn:n>{ $x }": Function(("x", "y"), x, "<nn:n>"),
    "λ($x){ $x }(1)": Call(Function(("x",), x), (one,)),
    "$substring(?, 1)": Call(Variable("substring"), (Placeholder(), one)),
    "$x ~> $sum": Binary("~>", x, Variable("sum")),
    "$x ~> |a|{'b': 1}, 'c'|": Binary(
        "~>", x, Transform(Name("a"), Object(((Constant("b"), one),)), Constant("c"))
    ),
    "$split($x, /[/,]+/i)": Call(Variable("split"), (x, Regex("[/,]+", "i"))),
    "$x / 2 /* half */": Binary("/", x, two),
    "$x.*": Steps((x, Wildcard())),
    "and and or": Binary("and", Name("and"), Name("or")),
}


@pytest.mark.parametrize("text", TREES)
def test_a_text_has_its_tree(text: str) -> None:
    assert parse(text) == TREES[text]


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "S0207", 0),
        ("1 +", "S0207", 3),
        ("1 2", "S0201", 2),
        ("(1", "S0203", 2),
        ("[1, 2", "S0203", 5),
        ("{'a' 1}", "S0202", 5),
        ("'abc", "S0101", 0),
        ("`abc", "S0105", 0),
        (r"'a\'s'", "S0103", 2),
        (r"'\u00'", "S0104", 1),
        ("1e999", "S0102", 0),
        ("/* open", "S0106", 0),
        ("$f(/ab", "S0302", 3),
        ("$f(/[\\\\]/)", "S0302", 3),
        ("$f(/[(]/)", "S0302", 3),
        ("$f(//)", "S0301", 3),
        ("* 2)", "S0201", 2),
        (") + 1", "S0211", 0),
        ("$x.1", "S0213", 3),
        ("1 := 2", "S0212", 0),
        ("$x@1", "S0214", 3),
        ("$x[0]@$y", "S0215", 5),
        ("function(1){1}", "S0208", 9),
        ("$x{'a': 1}[0]", "S0209", 10),
        ("$x{'a': 1}{'b': 2}", "S0210", 10),
        ("1..2", "S0201", 1),
        ("$x ?? 1", "S0211", 4),
        ("(" * 1000, "U1001", 200),
    ],
)
def test_a_wrong_text_has_the_code_and_place_of_the_reference(
    text: str, code: str, position: int
) -> None:
    with pytest.raises(JsonataError) as raised:
        parse(text)
    assert (raised.value.code, raised.value.position) == (code, position)


def test_positions_are_offsets_of_tokens() -> None:
    tree = parse("$x + $f(1)")
    assert [(type(node).__name__, node.position) for node in walk(tree)] == [
        ("Binary", 3),
        ("Variable", 0),
        ("Call", 7),
        ("Variable", 5),
        ("Constant", 8),
    ]


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("$x + $y.z", "x y"),
        ("($a := 1; $a + $b)", "b"),
        ("($a := $a; $a)", "a"),
        ("$map($xs, function($v, $i){ $v + $i + $k })", "xs k"),
        ("$xs@$v.ys[$v.id = id]", "xs"),
        ("$xs#$i[$i < $n]", "xs n"),
        ("(($a := 1); $a)", "a"),
        ("($f := function(){ $later }; $later := 1; $f())", ""),
        ("$xs.($y := id; $y)", "xs"),
    ],
)
def test_variables_from_outside_are_found(text: str, variables: str) -> None:
    assert [variable.name for variable in outside(text).variables] == variables.split()

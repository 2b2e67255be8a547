"""The typing tables against Python itself: every operator, function and method is evaluated on
values of each type, and what comes out is what the table says."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from wfc.compiler.language.inference.raising import may_raise
from wfc.compiler.language.inference.rules import judge
from wfc.compiler.language.library.row import Formal, formals
from wfc.compiler.language.library.table import FUNCTIONS, METHODS
from wfc.compiler.language.nodes import (
    Argument,
    Attribute,
    Binary,
    Boolean,
    Call,
    Clause,
    Compare,
    Comprehension,
    Conditional,
    Constant,
    Construct,
    DictDisplay,
    Enum,
    EnumMember,
    Expr,
    Field,
    Formatted,
    FString,
    GlobalName,
    Helper,
    HelperCall,
    Lambda,
    ListDisplay,
    Method,
    Module,
    Name,
    Raise,
    Record,
    Return,
    SetDisplay,
    Slice,
    Starred,
    Subscript,
    Target,
    TupleDisplay,
    Unary,
)
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.hierarchy import ancestors
from wfc.compiler.language.typing.judgement import Judgement

UTC = datetime.UTC


@dataclasses.dataclass(frozen=True)
class Point:
    x: int
    label: str | None


MODULE = Module(
    name="m",
    records=(
        Record(
            name="Point",
            kind="dataclass",
            frozen=True,
            fields=(
                Field(name="x", type=t.INT),
                Field(name="label", type=t.union(t.STR, t.NONE)),
            ),
        ),
        Record(
            name="Order",
            kind="typeddict",
            fields=(
                Field(name="id", type=t.STR),
                Field(name="size", type=t.INT),
                Field(name="note", type=t.STR, required=False),
            ),
        ),
    ),
    enums=(
        Enum(name="Color", members=(("RED", "red"), ("BLUE", "blue"))),
        Enum(name="Level", members=(("LOW", 1),), mixin="int"),
    ),
    helpers=(
        Helper(name="safe", parameters=(), returns=t.INT, body=(Return(Constant(1, type=t.INT)),)),
        Helper(
            name="risky",
            parameters=(),
            returns=t.INT,
            body=(
                Return(HelperCall("again", (), type=t.INT)),
                Raise("LookupError"),
            ),
        ),
        Helper(
            name="again",
            parameters=(),
            returns=t.INT,
            body=(Return(HelperCall("risky", (), type=t.INT)),),
        ),
    ),
)
POINT, ORDER = t.RecordType("Point"), t.RecordType("Order")
COLOR, LEVEL = t.EnumType("Color"), t.EnumType("Level")

# Values of each type, chosen where functions change their minds.
VALUES: Mapping[t.Type, tuple[Any, ...]] = {
    t.NONE: (None,),
    t.BOOL: (True, False),
    t.INT: (0, 1, -3, 7),
    t.FLOAT: (0.0, -2.5, 1e300, math.inf),
    t.STR: ("", "a", "a b,c", "12", "2026-01-02T03:04:05+00:00"),
    t.DATETIME: (
        datetime.datetime(2026, 1, 2, tzinfo=UTC),
        datetime.datetime(1, 1, 1),
        datetime.datetime.max.replace(tzinfo=UTC),
    ),
    t.TIMEDELTA: (datetime.timedelta(0), datetime.timedelta(days=3), datetime.timedelta.max),
    t.ListType(t.INT): ([], [3, 1, 2]),
    t.ListType(t.STR): ([], ["b", "a", "id"]),
    t.ListType(t.ListType(t.INT)): ([], [[1], [2, 3]]),
    t.ListType(t.union(t.INT, t.NONE)): ([1, None],),
    t.ListType(POINT): ([Point(1, "a"), Point(0, None)],),
    t.ListType(t.TupleType((t.STR, t.INT))): ([("a", 1), ("b", 2)], []),
    t.DictType(t.INT): ({}, {"a": 1, "b": 2}),
    t.TupleType((t.INT, t.STR)): ((1, "a"),),
    t.TupleType((t.STR, t.STR)): (("a", "b"),),
    t.TupleType((t.INT,)): ((1,),),
    t.SetType(t.INT): (set(), {1, 2}),
    POINT: (Point(1, None), Point(2, "b")),
    ORDER: ({"id": "o", "size": 2}, {"id": "p", "size": 0, "note": "n"}),
    t.union(t.INT, t.STR): (5, "x"),
    t.union(t.ListType(t.INT), t.NONE): ([1], None),
    t.ANY: (None, 1, "a", [1], {"a": [1]}, 2.5, True),
}
LITTLE: Mapping[t.Type, tuple[Any, ...]] = {
    type_: values
    for type_, values in VALUES.items()
    if type_ in (t.INT, t.STR, t.FLOAT, t.NONE, t.BOOL, t.ANY, t.DictType(t.INT))
    or type_ in (t.ListType(t.INT), t.ListType(t.STR), t.SetType(t.INT), t.TIMEDELTA)
}


def holds(type_: t.Type, value: Any) -> bool:
    """Whether a value is of a type. An int counts as a float."""
    match type_:
        case t.AnyType():
            return True
        case t.NeverType() | t.ErrorType():
            return False
        case t.UnionType(members):
            return any(holds(member, value) for member in members)
        case t.LiteralType(values):
            return value in values
        case t.ListType(element):
            return isinstance(value, list) and all(holds(element, one) for one in value)
        case t.SetType(element):
            return isinstance(value, set | frozenset) and all(holds(element, o) for o in value)
        case t.TupleType(items):
            fits = isinstance(value, tuple) and len(value) == len(items)
            return fits and all(map(holds, items, value))
        case t.DictType(inner):
            keys = isinstance(value, dict) and all(isinstance(key, str) for key in value)
            return keys and all(holds(inner, one) for one in value.values())
        case t.RecordType("Point"):
            return isinstance(value, Point)
        case t.RecordType():
            return isinstance(value, dict) and {"id", "size"} <= set(value)
    names: dict[str, Any] = {
        "None": type(None),
        "bool": bool,
        "int": int,
        "float": int | float,
        "str": str,
        "datetime": datetime.datetime,
        "timedelta": datetime.timedelta,
    }
    return isinstance(value, names[str(type_)])


LAZY = (range, enumerate, zip, reversed, itertools.chain)
LAZY += (type({}.keys()), type({}.values()), type({}.items()))


def outcome(code: str, names: Mapping[str, Any]) -> Any:
    """What an expression gives, as a list where it is to be iterated over; or the error."""
    known = {"math": math, "json": json, "itertools": itertools, "copy": copy, "datetime": datetime}
    own = {name: copy.deepcopy(value) for name, value in names.items()}
    environment = {**known, "dataclasses": dataclasses, **own}
    try:
        value = eval(code, environment)
        lazy = isinstance(value, LAZY) or type(value).__name__ == "list_reverseiterator"
        return list(value) if lazy or type(value).__name__.endswith("iterator") else value
    except (MemoryError, RecursionError):
        raise
    except Exception as error:
        return error


def complain(found: Judgement, code: str, operands: Mapping[str, tuple[t.Type, Any]]) -> str:
    """What is wrong with a judgement, given what Python does with these operands."""
    result = outcome(code, {name: value for name, (_, value) in operands.items()})
    given = ", ".join(f"{name}: {type_} = {value!r}" for name, (type_, value) in operands.items())
    if isinstance(result, Exception) and found.problem:
        return ""
    if isinstance(result, Exception):
        names = ancestors(MODULE, type(result).__name__)
        fine = set(names) & found.raises
        return "" if fine else f"{code} with {given} raises {result!r}, not {sorted(found.raises)}"
    if isinstance(result, complex):
        return ""  # outside of the language
    if found.problem:
        return f"{code} with {given} gives {result!r}, though {found.problem}"
    fits = holds(found.type, result)
    return "" if fits else f"{code} with {given} gives {result!r}, no {found.type}"


def check(expr: Expr, code: str, operands: Mapping[str, t.Type]) -> Iterator[str]:
    """Every combination of values of the operands' types."""
    found = judge(expr, MODULE)
    for values in itertools.product(*(VALUES[type_] for type_ in operands.values())):
        pairs = zip(operands.values(), values, strict=True)
        yield complain(found, code, dict(zip(operands, pairs, strict=True)))


def fine(complaints: Iterable[str]) -> None:
    found = [one for one in complaints if one]
    assert not found, "\n".join(found[:10])


def var(name: str, type_: t.Type) -> Name:
    return Name(name, type=type_)


ARITHMETIC = ("+", "-", "*", "/", "//", "%", "**", "|", "&", "^", "<<", ">>")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not")


@pytest.mark.parametrize("operator", ARITHMETIC)
def test_arithmetic_is_pythons(operator: Any) -> None:
    for left, right in itertools.product(VALUES, VALUES):
        expr = Binary(operator, var("a", left), var("b", right))
        fine(check(expr, f"a {operator} b", {"a": left, "b": right}))


@pytest.mark.parametrize("operator", ARITHMETIC)
@pytest.mark.parametrize("constant", [0, 2, -2, 2.5])
def test_a_constant_operand_says_more(operator: Any, constant: int | float) -> None:
    number = Constant(abs(constant), type=t.of_constant(constant))
    right = number if constant >= 0 else Unary("-", number, type=number.type)
    for left in VALUES:
        fine(
            check(Binary(operator, var("a", left), right), f"a {operator} {constant}", {"a": left})
        )


@pytest.mark.parametrize("operator", COMPARISONS)
def test_comparison_is_pythons(operator: Any) -> None:
    for left, right in itertools.product(VALUES, VALUES):
        expr = Compare(var("a", left), ((operator, var("b", right)),))
        fine(check(expr, f"a {operator} b", {"a": left, "b": right}))


@pytest.mark.parametrize("operator", ["-", "+", "~", "not"])
def test_unary_operators_are_pythons(operator: Any) -> None:
    for type_ in VALUES:
        expr = Unary(operator, var("a", type_))
        fine(check(expr, f"{operator} a", {"a": type_}))


@pytest.mark.parametrize("operator", ["and", "or"])
def test_boolean_operators_give_an_operand(operator: Any) -> None:
    for left, right in itertools.product(VALUES, VALUES):
        expr = Boolean(operator, (var("a", left), var("b", right)))
        fine(check(expr, f"a {operator} b", {"a": left, "b": right}))


def test_what_or_leaves_out_is_no_longer_none() -> None:
    maybe = var("a", t.union(t.STR, t.NONE))
    assert judge(Boolean("or", (maybe, Constant("b", type=t.STR))), MODULE).type == t.STR
    assert judge(Boolean("and", (var("p", POINT), maybe)), MODULE).type == maybe.type


def test_subscripts_and_slices_are_pythons() -> None:
    for value, index in itertools.product(VALUES, VALUES):
        expr = Subscript(var("a", value), var("b", index))
        fine(check(expr, "a[b]", {"a": value, "b": index}))
    for value, bound in itertools.product(VALUES, LITTLE):
        slice_ = Slice(var("a", value), var("b", bound), None, None)
        fine(check(slice_, "a[b:]", {"a": value, "b": bound}))
        step = Slice(var("a", value), None, None, var("b", bound))
        fine(check(step, "a[::b]", {"a": value, "b": bound}))


@pytest.mark.parametrize("index", [0, 1, -1, 5, "id", "note", "nope"])
def test_a_constant_subscript_says_more(index: int | str) -> None:
    for value in VALUES:
        if value == t.ANY and isinstance(index, str):
            continue
        expr = Subscript(var("a", value), Constant(index, type=t.of_constant(index)))
        fine(check(expr, f"a[{index!r}]", {"a": value}))


@pytest.mark.parametrize("name", ["x", "label", "id", "year", "seconds", "tzinfo", "nope"])
def test_attributes_are_pythons(name: str) -> None:
    for value in VALUES:
        fine(check(Attribute(var("a", value), name), f"a.{name}", {"a": value}))


SPECS = ["", ">5", "05d", ".2f", ",", "x", "c", "%", "e", "s", "=+8", "b", "_", "%Y-%m", ".3", "#x"]


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("conversion", ["", "s", "r"])
def test_format_specifications_are_pythons(spec: str, conversion: Any) -> None:
    for value in VALUES:
        expr = FString((Formatted(var("a", value), conversion, spec),))
        sign = f"!{conversion}" if conversion else ""
        fine(check(expr, f"f'{{a{sign}:{spec}}}'" if spec else f"f'{{a{sign}}}'", {"a": value}))


def test_displays_hold_what_their_items_are() -> None:
    for one, other in itertools.product(VALUES, LITTLE):
        a, b = var("a", one), var("b", other)
        operands = {"a": one, "b": other}
        fine(check(ListDisplay((a, Starred(b))), "[a, *b]", operands))
        fine(check(TupleDisplay((a, Starred(b))), "(a, *b)", operands))
        fine(check(SetDisplay((a, b)), "{a, b}", operands))
        if one != t.ANY:
            entries = ((Constant("k", type=t.STR), b), (None, a))
            fine(check(DictDisplay(entries), "{'k': b, **a}", operands))


def test_comprehensions_iterate_as_python_does() -> None:
    for value in VALUES:
        element = t.ANY
        clause = Clause(Target(("x",), (element,)), var("a", value))
        pair = Clause(Target(("x", "y"), (element, element), True), var("a", value))
        x = var("x", element)
        fine(check(Comprehension("list", None, x, (clause,)), "[x for x in a]", {"a": value}))
        found = Comprehension("list", None, x, (pair,))
        # Nothing is unpacked while there is no element.
        operands = {"a": value}
        fine(one for one in check(found, "[x for x, y in a]", operands) if "gives []" not in one)
        found = Comprehension("set", None, x, (clause,))
        fine(check(found, "{x for x in a}", {"a": value}))
        generator = Comprehension("generator", None, x, (clause,))
        fine(check(generator, "[*(x for x in a)]", {"a": value}))


# --- Functions and methods ---------------------------------------------------------------------

# The arguments that are tried for the demands that no type of VALUES stands for.
LAMBDA = (Lambda(("k",), Constant(1, type=t.INT), type=t.INT), "lambda k: 1")
UTC_NAME = (GlobalName("datetime.UTC"), "datetime.UTC")
CLASS = (GlobalName("int"), "int")


def arguments(formal: Formal, wanted: Iterable[t.Type]) -> Iterator[tuple[Expr, str, Any]]:
    """Expressions for a parameter: variables of each type, and constants."""
    if formal.demand == "lambda":
        yield (*LAMBDA, None)
    elif formal.demand == "class":
        yield (*CLASS, None)
    elif formal.name in ("tz", "tzinfo"):
        yield (*UTC_NAME, None)
    else:
        for type_ in wanted:
            yield Name(formal.name, type=type_), formal.name, type_


def calls(signature: str, wanted: Iterable[t.Type]) -> Iterator[tuple[list[Any], list[Any]]]:
    """Positional and named arguments: the required ones with every type, then each optional one
    with every type beside required ones that fit."""
    required = [one for one in formals(signature) if one.required]
    optional = [one for one in formals(signature) if not one.required]
    types = list(wanted)
    choices = [list(arguments(one, types)) for one in required]
    for given in itertools.product(*choices):
        yield list(given), []
    few = [list(arguments(one, fitting(one, types)))[:2] for one in required]
    for one, given in itertools.product(optional, itertools.product(*few)):
        for extra in arguments(one, types):
            if one.way in ("=", "**") or one.way == "~":
                yield list(given), [(one.name, extra)]
            elif optional.index(one) == 0 or one.way == "*":
                yield [*given, extra], []


def fitting(formal: Formal, types: list[t.Type]) -> list[t.Type]:
    from wfc.compiler.language.typing.kinds import Fit, fit

    if formal.demand in ("lambda", "class"):
        return types
    return [one for one in types if fit(MODULE, one, formal.demand) == Fit.YES]


def tried(
    rows: tuple[Any, ...], make: Any, start: str, receiver: dict[str, t.Type], wanted: list[t.Type]
) -> Iterator[str]:
    for row in rows:
        for given, named in calls(row.signature, wanted):
            operands = dict(receiver)
            texts = []
            for name, (_, text, type_) in [(None, one) for one in given] + named:
                texts.append(f"{name}={text}" if name else text)
                if type_ is not None:
                    operands[text] = type_
            expr = make(
                tuple(one[0] for one in given), tuple((name, one[0]) for name, one in named)
            )
            yield from check(expr, f"{start}({', '.join(texts)})", operands)


# Functions whose arguments are tried with fewer types, for there are many of them.
WIDE = {"min", "max", "datetime.timedelta", "datetime.datetime", "json.dumps", "math.isclose"}
# Python's behaviour that the language does not have: see the tests below.
NOT_TRIED = {"dataclasses.replace", "frozenset", "dict.fromkeys"}


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - NOT_TRIED))
def test_a_function_is_pythons(name: str) -> None:
    wanted = list(LITTLE if name in WIDE else VALUES)
    rows = FUNCTIONS[name]
    if name == "datetime.datetime":
        wanted = [t.INT]
    fine(
        one
        for one in tried(rows, lambda a, k: Call(name, a, k), name, {}, wanted)
        # Digits in a value are tried where they are, in the text of a date.
        if "Exceeds the limit" not in one
    )


RECEIVERS = {
    "str": [t.STR],
    "int": [t.INT, t.BOOL],
    "float": [t.FLOAT],
    "list": [one for one in VALUES if isinstance(one, t.ListType)],
    "tuple": [one for one in VALUES if isinstance(one, t.TupleType)],
    "set": [t.SetType(t.INT)],
    "dict": [t.DictType(t.INT), ORDER],
    "datetime": [t.DATETIME],
    "timedelta": [t.TIMEDELTA],
}
ALL_METHODS = [(kind, name) for kind, table in METHODS.items() for name in table]


@pytest.mark.parametrize(("kind", "name"), ALL_METHODS)
def test_a_method_is_pythons(kind: str, name: str) -> None:
    for receiver in [*RECEIVERS[kind], t.ANY, t.union(t.INT, t.STR)]:
        wanted = [t.INT] if kind == "datetime" and name == "replace" else list(LITTLE)
        rows = METHODS[kind][name]
        if receiver == t.ANY:
            wanted = [t.INT, t.STR]
        fine(
            tried(
                rows,
                lambda a, k, of=receiver: Method(var("me", of), name, a, k),
                f"me.{name}",
                {"me": receiver},
                wanted,
            )
        )


def test_a_row_says_whether_python_changes_the_object() -> None:
    examples = {
        "str": "a b",
        "int": 1,
        "float": 1.5,
        "list": [3, 1, 2],
        "tuple": (1, 2),
        "set": {1, 2},
        "dict": {"a": 1},
        "datetime": datetime.datetime(2026, 1, 1, tzinfo=UTC),
        "timedelta": datetime.timedelta(1),
    }
    given = {"list": [2], "set": [2], "dict": ["a"], "tuple": [2]}
    for kind, name in ALL_METHODS:
        before = copy.deepcopy(examples[kind])
        changed = False
        for count in range(3):
            me = copy.deepcopy(before)
            extra = given.get(kind, []) if count else []
            try:
                getattr(me, name)(*extra, *([5] if count == 2 else []))
            except (TypeError, ValueError, KeyError, IndexError):
                continue
            changed = changed or me != before
        mutates = METHODS[kind][name][0].mutates
        assert mutates or not changed, (kind, name)
        if name not in ("add", "update", "setdefault", "extend", "difference_update"):
            assert changed == mutates, (kind, name)


# --- The rest ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "type_"),
    [
        (Constant(1), t.INT),
        (EnumMember("Color", "RED"), COLOR),
        (Attribute(var("c", COLOR), "value"), t.STR),
        (Attribute(var("c", LEVEL), "value"), t.INT),
        (Binary("+", var("c", LEVEL), var("i", t.INT)), t.INT),
        (Construct("Point", ()), POINT),
        (HelperCall("safe", ()), t.INT),
        (GlobalName("math.pi"), t.FLOAT),
        (Conditional(var("b", t.BOOL), var("i", t.INT), var("s", t.STR)), t.union(t.INT, t.STR)),
        (Subscript(var("o", ORDER), Constant("size", type=t.STR)), t.INT),
        (Method(var("o", ORDER), "get", (Constant("size", type=t.STR),)), t.INT),
        (Method(var("o", ORDER), "get", (Constant("note", type=t.STR),)), t.union(t.STR, t.NONE)),
        (Call("frozenset", (var("x", t.ListType(t.INT)),)), t.SetType(t.INT)),
        (Call("dict.fromkeys", (var("x", t.ListType(t.STR)),)), t.DictType(t.NONE)),
        (Call("dataclasses.replace", (var("p", POINT),), (("x", var("i", t.INT)),)), POINT),
        (Call("unknown", ()), t.ANY),
        (ListDisplay(()), t.ListType(t.NEVER)),
    ],
)
def test_an_expression_has_a_type(expr: Expr, type_: t.Type) -> None:
    found = judge(expr, MODULE)
    assert (found.type, found.problem) == (type_, "")


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        (Binary("+", var("s", t.STR), var("i", t.INT)), "'+' is not defined between str and int"),
        (Binary("/", var("i", t.INT), Constant(0, type=t.INT)), "the divisor is zero"),
        (Attribute(var("p", POINT), "lable"), "record Point has no field 'lable'; did you mean"),
        (Attribute(var("o", ORDER), "id"), "record Order is a dict; write ['id'] to read"),
        (
            Subscript(var("o", ORDER), Constant("nmae", type=t.STR)),
            "record Order has no field 'nmae'",
        ),
        (
            Subscript(var("p", POINT), Constant("x", type=t.STR)),
            "record Point is no dict; write .x to read a field",
        ),
        (Method(var("s", t.STR), "uper", ()), "str has no method 'uper'; did you mean 'upper'?"),
        (Method(var("n", t.NONE), "strip", ()), "None has no method 'strip'"),
        (Call("len", (var("i", t.INT),)), "len() needs a list, dict, tuple, set or str, not int"),
        (Call("len", ()), "len() needs an argument 'obj'"),
        (
            Call("sorted", (var("x", t.ListType(t.INT)),), (("revers", Constant(True)),)),
            "sorted() has no parameter 'revers'; did you mean 'reverse'?",
        ),
        (
            Call("abs", (var("i", t.INT), var("i", t.INT))),
            "abs() takes 1 argument, not 2",
        ),
        (
            Call("round", (var("f", t.FLOAT),), (("number", var("f", t.FLOAT)),)),
            "round() gets 'number' twice",
        ),
        (
            Call("len", (Call("enumerate", (var("x", t.ListType(t.INT)),)),)),
            "len() cannot use an iterator; make a list of it first",
        ),
        (
            ListDisplay((Method(var("d", t.DictType(t.INT)), "keys", ()),)),
            "a view can only be iterated over; make a list of it first",
        ),
        (SetDisplay((var("x", t.ListType(t.INT)),)), "a set cannot hold list[int]"),
        (DictDisplay(((var("i", t.INT), var("i", t.INT)),)), "a key of JSON data is a str"),
        (
            FString((Formatted(var("s", t.STR), "", "d"),)),
            "format 'd' is not defined for str",
        ),
        (
            Call("dataclasses.replace", (var("p", POINT),), (("z", var("i", t.INT)),)),
            "record Point has no field 'z'",
        ),
        (
            Call("datetime.timedelta", (), (("days", Constant(10**10, type=t.INT)),)),
            "the timedelta is longer than",
        ),
    ],
)
def test_what_certainly_fails_is_said(expr: Expr, message: str) -> None:
    found = judge(expr, MODULE).problem
    assert found is not None
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("expr", "errors"),
    [
        (Attribute(var("p", POINT), "x"), set()),
        (Subscript(var("o", ORDER), Constant("id", type=t.STR)), set()),
        (Subscript(var("o", ORDER), Constant("note", type=t.STR)), {"KeyError"}),
        (Subscript(var("x", t.ListType(t.INT)), Constant(0, type=t.INT)), {"IndexError"}),
        (Binary("/", var("i", t.INT), Constant(4, type=t.INT)), set()),
        (Binary("/", var("i", t.INT), var("i", t.INT)), {"ZeroDivisionError"}),
        (
            Binary(
                "+", Binary("//", var("i", t.INT), var("i", t.INT), type=t.INT), var("i", t.INT)
            ),
            {"ZeroDivisionError"},
        ),
        (Call("int", (var("s", t.STR),)), {"ValueError"}),
        (Call("json.loads", (var("s", t.STR),)), {"JSONDecodeError"}),
        (HelperCall("safe", ()), set()),
        (
            HelperCall("safe", (Argument("x", Call("int", (var("s", t.STR),))),)),
            {"ValueError"},
        ),
        (HelperCall("risky", ()), {"LookupError"}),
        (HelperCall("again", ()), {"LookupError"}),
    ],
)
def test_what_an_expression_may_raise(expr: Expr, errors: set[str]) -> None:
    assert may_raise(expr, MODULE) == errors

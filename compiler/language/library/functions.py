"""The rows of Python's builtins and of the few library functions of the language.

Each says what a function takes, gives and may raise, as CPython 3.11 to 3.14 have it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from wfc.compiler.diagnostics.words import did_you_mean
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library.row import (
    NEW,
    SELF,
    Operands,
    Row,
    always,
    each,
    iterator,
    some,
    value,
    view,
)
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.judgement import (
    NOTHING,
    TYPE_ERROR,
    Judgement,
    fails,
    int_of,
    number_of,
    text_of,
)
from wfc.compiler.language.typing.kinds import (
    Fit,
    elements,
    fit,
    is_mapping,
    plain,
    record,
    values,
)
from wfc.compiler.language.typing.operators import binary, combine, least_or_greatest

# What turning a float into an int raises: infinity and not-a-number.
_NO_INT: Final = frozenset({"OverflowError", "ValueError"})
_VALUE: Final = frozenset({"ValueError"})


def _conversion(
    module: ir.Module, operands: Operands, raises: Mapping[t.Type, frozenset[str]]
) -> frozenset[str]:
    found = [raises.get(member, NOTHING) for member in plain(module, operands.type("x"))]
    if t.ANY in t.members(operands.type("x")):
        found += raises.values()
    return NOTHING.union(*found)


def _int(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(t.INT, _conversion(module, operands, {t.FLOAT: _NO_INT, t.STR: _VALUE}))


def _float(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(t.FLOAT, _conversion(module, operands, {t.STR: _VALUE}))


def _floor(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(t.INT, _conversion(module, operands, {t.FLOAT: _NO_INT}))


def _numeric(module: ir.Module, operands: Operands, name: str) -> t.Type:
    found = plain(module, operands.type(name))
    return t.union(*(t.INT if member == t.BOOL else member for member in found))


def _abs(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(_numeric(module, operands, "x"))


def _round(module: ir.Module, operands: Operands) -> Judgement:
    number = _numeric(module, operands, "number")
    digits = operands.bound.get("ndigits")
    has_float = number != t.INT
    if digits is None or digits.type == t.NONE:
        return Judgement(t.INT, _NO_INT if has_float else NOTHING)
    if digits.type in (t.INT, t.BOOL):
        count = int_of(digits)
        overflows = has_float and (count is None or count < 0)
        return Judgement(number, frozenset({"OverflowError"}) if overflows else NOTHING)
    return Judgement(t.union(number, t.INT), _NO_INT if has_float else NOTHING)


def _sqrt(module: ir.Module, operands: Operands) -> Judgement:
    value = number_of(operands.bound["x"])
    return Judgement(t.FLOAT, NOTHING if value is not None and value >= 0 else _VALUE)


def _divmod(module: ir.Module, operands: Operands) -> Judgement:
    left, right = operands.bound["a"], operands.bound["b"]
    floor = binary(module, ir.Binary("//", left, right))
    rest = binary(module, ir.Binary("%", left, right))
    if floor.problem:
        return floor
    return Judgement(t.TupleType((floor.type, rest.type)), floor.raises | rest.raises)


def _pow(module: ir.Module, operands: Operands) -> Judgement:
    return binary(module, ir.Binary("**", operands.bound["base"], operands.bound["exp"]))


def never_empty(expr: ir.Expr) -> bool:
    """Whether an iterable has an element for certain."""
    # partial: of other values only the type tells
    match expr:
        case ir.ListDisplay(items) | ir.TupleDisplay(items):
            return any(not isinstance(item, ir.Starred) for item in items)
    return isinstance(expr.type, t.TupleType) and bool(expr.type.items)


def _extreme(module: ir.Module, operands: Operands) -> Judgement:
    iterable = operands.bound["iterable"]
    element = elements(module, iterable.type)
    default = operands.bound.get("default")
    raises = _order(module, operands, (element,))
    if default is None and not never_empty(iterable):
        raises |= _VALUE
    return Judgement(t.union(element, operands.type("default")), raises)


def _extreme_of_several(module: ir.Module, operands: Operands) -> Judgement:
    given = (operands.type("first"), operands.type("second"), *(one.type for one in operands.rest))
    return Judgement(t.union(*given), _order(module, operands, given))


def _order(module: ir.Module, operands: Operands, types: tuple[t.Type, ...]) -> frozenset[str]:
    key = operands.type("key", t.NONE)
    return least_or_greatest(module, types if key == t.NONE else (key,))


def _sorted(module: ir.Module, operands: Operands) -> Judgement:
    element = elements(module, operands.type("iterable"))
    return Judgement(t.ListType(element), _order(module, operands, (element,)))


def _sum(module: ir.Module, operands: Operands) -> Judgement:
    start = operands.type("start", t.INT)
    element = elements(module, operands.type("iterable"))
    first = combine(module, "+", start, element)
    if first.problem:
        # Nothing fails while the iterable is empty.
        return Judgement(start, TYPE_ERROR)
    then = combine(module, "+", first.type, element)
    # sum() refuses to start with a text.
    text = TYPE_ERROR if fit(module, start, "str") != Fit.NO else NOTHING
    # A sum of floats that starts with the int 0 counts as a float, as an int does everywhere.
    result = first.type if start == t.INT else t.union(start, first.type)
    return Judgement(start if element == t.NEVER else result, first.raises | then.raises | text)


def _prod(module: ir.Module, operands: Operands) -> Judgement:
    start = operands.type("start", t.INT)
    element = elements(module, operands.type("iterable"))
    first = combine(module, "*", start, element)
    if first.problem:
        return Judgement(start, TYPE_ERROR)
    then = combine(module, "*", first.type, element)
    numbers = start == t.INT and fit(module, element, "number") == Fit.YES
    result = first.type if numbers else t.union(start, first.type)
    return Judgement(start if element == t.NEVER else result, first.raises | then.raises)


def _range(module: ir.Module, operands: Operands) -> Judgement:
    step = operands.bound.get("step")
    if int_of(step) == 0:
        return fails("the step of range() is zero", "ValueError")
    fine = step is None or int_of(step) is not None
    return Judgement(t.ListType(t.INT), NOTHING if fine else _VALUE)


def _enumerate(module: ir.Module, operands: Operands) -> Judgement:
    element = elements(module, operands.type("iterable"))
    return Judgement(t.ListType(t.TupleType((t.INT, element))))


def _zip(module: ir.Module, operands: Operands) -> Judgement:
    items = tuple(elements(module, one.type) for one in operands.rest)
    element = t.TupleType(items) if items else t.NEVER
    return Judgement(t.ListType(element), _VALUE if "strict" in operands.bound else NOTHING)


def _chain(module: ir.Module, operands: Operands) -> Judgement:
    found = (elements(module, one.type) for one in operands.rest)
    return Judgement(t.ListType(t.union(*found)))


def _list(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(t.ListType(elements(module, operands.type("iterable"))))


def _set(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(t.SetType(elements(module, operands.type("iterable"))))


def _tuple(module: ir.Module, operands: Operands) -> Judgement:
    """The types know tuples of fixed length only."""
    iterable = operands.bound.get("iterable")
    match iterable:
        case None:
            return Judgement(t.TupleType(()))
        case ir.ListDisplay(items):
            fixed = [item.type for item in items if not isinstance(item, ir.Starred)]
            return Judgement(t.TupleType(tuple(fixed)) if len(fixed) == len(items) else t.ANY)
    return Judgement(iterable.type if isinstance(iterable.type, t.TupleType) else t.ANY)


def _dict(module: ir.Module, operands: Operands) -> Judgement:
    named = t.union(*(one.type for one in operands.named.values()))
    source = operands.bound.get("iterable")
    if source is None:
        return Judgement(t.DictType(named))
    found: list[t.Type] = [named]
    raises = NOTHING
    for member in plain(module, source.type):
        if is_mapping(module, member):
            found.append(values(module, member))
            continue
        match elements(module, member):
            case t.TupleType((key, _)) if fit(module, key, "str") == Fit.NO:
                return fails(f"a key of JSON data is a str, not {key}")
            case t.TupleType((key, value)) if fit(module, key, "str") == Fit.YES:
                found.append(value)
            case _:
                found.append(t.ANY)
                raises |= TYPE_ERROR | _VALUE
    return Judgement(t.DictType(t.union(*found)), raises)


def _from_keys(module: ir.Module, operands: Operands) -> Judgement:
    keys = elements(module, operands.type("iterable"))
    match fit(module, keys, "str"):
        case Fit.NO:
            return fails(f"a key of JSON data is a str, not {keys}")
        case Fit.MAYBE:
            return Judgement(t.ANY)
    return Judgement(t.DictType(operands.type("value", t.NONE)))


def _same(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(operands.type("x"))


def _replace(module: ir.Module, operands: Operands) -> Judgement:
    type_ = operands.type("obj")
    definition = record(module, type_)
    if definition is None:
        return Judgement(type_, TYPE_ERROR)
    known = {field.name for field in definition.fields}
    for name in operands.named:
        if name not in known:
            hint = did_you_mean(name, known)
            return fails(f"record {definition.name} has no field '{name}'{hint}")
    return Judgement(type_)


def _constants(arguments: Iterable[ir.Expr]) -> list[int | float] | None:
    found = [number_of(one) for one in arguments]
    known = [one for one in found if one is not None]
    return known if len(known) == len(found) else None


def _timedelta(module: ir.Module, operands: Operands) -> Judgement:
    given = _constants(operands.bound.values())
    if given is None:
        exact = all(fit(module, one.type, "int") for one in operands.bound.values())
        return Judgement(t.TIMEDELTA, frozenset({"OverflowError"}) if exact else _NO_INT)
    try:
        datetime.timedelta(**dict(zip(operands.bound, given, strict=True)))
    except OverflowError:
        return fails("the timedelta is longer than 999999999 days", "OverflowError")
    return Judgement(t.TIMEDELTA)


def datetime_of(module: ir.Module, operands: Operands) -> Judgement:
    """The rule of ``datetime.datetime``; with ``replace`` the date is valid only when known."""
    numbers = {name: one for name, one in operands.bound.items() if name not in (SELF, "tzinfo")}
    given = _constants(numbers.values())
    if given is None or not {"year", "month", "day"} <= set(numbers):
        return Judgement(t.DATETIME, _NO_INT)
    try:
        at: dict[str, Any] = {name: int(one) for name, one in zip(numbers, given, strict=True)}
        datetime.datetime(at.pop("year"), at.pop("month"), at.pop("day"), **at)
    except (OverflowError, ValueError) as error:
        return fails("there is no such date and time", type(error).__name__)
    return Judgement(t.DATETIME)


def _dumps(module: ir.Module, operands: Operands) -> Judgement:
    # allow_nan=False refuses NaN and the infinities.
    raises = _VALUE if "allow_nan" in operands.bound else NOTHING
    if operands.type("separators", t.NONE) not in (t.NONE, t.TupleType((t.STR, t.STR))):
        raises |= TYPE_ERROR | _VALUE
    return Judgement(t.STR, raises)


def _ord(module: ir.Module, operands: Operands) -> Judgement:
    text = text_of(operands.bound["c"])
    return Judgement(t.INT, NOTHING if text is not None and len(text) == 1 else TYPE_ERROR)


_DATE: Final = "~year:int ~month:int ~day:int"
TIME: Final = "~hour:int? ~minute:int? ~second:int? ~microsecond:int? ~tzinfo:any? =fold:int?"
_PARTS: Final = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"]
_COPY: Final = value("iterable:parts")


def _finite_number(operands: Operands, finite: Callable[[ir.Expr], bool]) -> bool:
    """A text may say that it is none."""
    return operands.type("x") in (t.INT, t.BOOL, t.FLOAT) and all(map(finite, operands.given))


FUNCTION_ROWS: Final = (
    Row("abs", "x:number|timedelta", _abs, NEW, sign=always, finite=each("x")),
    Row("all", "iterable:iterable", t.BOOL, NEW),
    Row("any", "iterable:iterable", t.BOOL, NEW),
    Row("bin", "number:int", t.STR, NEW),
    Row("bool", "x:any?", t.BOOL, NEW, orderless=True),
    Row("chr", "i:int", t.STR, NEW, "OverflowError ValueError"),
    Row("copy.copy", "x:any", _same, value("x:parts")),
    Row("copy.deepcopy", "x:any", _same, NEW),
    Row("dataclasses.asdict", "obj:dataclass", t.DictType(t.ANY), NEW),
    Row(
        "dataclasses.replace",
        "obj:dataclass **changes:fields",
        _replace,
        value("obj:parts changes:held"),
    ),
    Row("datetime.datetime", f"{_DATE} {TIME}", datetime_of, NEW),
    Row("datetime.datetime.fromisoformat", "date_string:str", t.DATETIME, NEW, "ValueError"),
    Row(
        "datetime.datetime.fromtimestamp",
        "~timestamp:number ~tz:any",
        t.DATETIME,
        NEW,
        "OSError OverflowError ValueError",
    ),
    Row(
        "datetime.timedelta",
        " ".join(f"~{part}:number?" for part in _PARTS),
        _timedelta,
        NEW,
        sign=each(*_PARTS),
    ),
    Row("dict", "iterable:iterable? **values:any", _dict, value("iterable:parts values:held")),
    Row("dict.fromkeys", "iterable:hashables value:any?", _from_keys, value("value:held")),
    Row("divmod", "a:number|timedelta b:number|timedelta", _divmod, NEW),
    Row(
        "enumerate",
        "iterable:iterable ~start:int?",
        _enumerate,
        iterator("iterable:parts"),
        loop="enumerated",
    ),
    Row("float", "x:number|str?", _float, NEW, sign=each("x"), finite=_finite_number),
    Row("frozenset", "iterable:hashables?", _set, _COPY),
    Row("hex", "number:int", t.STR, NEW),
    Row("int", "x:number|str?", _int, NEW, sign=each("x")),
    Row("int", "x:str ~base:int", t.INT, NEW, "ValueError", form="base"),
    Row("isinstance", "obj:any class:class", t.BOOL, NEW, orderless=True),
    Row(
        "json.dumps",
        "obj:json =separators:any? =ensure_ascii:any? =sort_keys:any? =indent:int|str|none?"
        " =allow_nan:any?",
        _dumps,
        NEW,
    ),
    Row("itertools.chain", "*iterables:iterable", _chain, iterator("iterables:parts")),
    Row("json.loads", "s:str", t.ANY, NEW, "JSONDecodeError"),
    Row("len", "obj:sized", t.INT, NEW, sign=always, counts="obj", orderless=True),
    Row("list", "iterable:iterable?", _list, _COPY),
    Row("math.ceil", "x:number", _floor, NEW),
    Row("math.fabs", "x:number", t.FLOAT, NEW, sign=always, finite=each("x")),
    Row("math.floor", "x:number", _floor, NEW, sign=each("x")),
    Row("math.gcd", "*integers:int", t.INT, NEW, sign=always),
    Row(
        "math.isclose",
        "a:number b:number =rel_tol:number? =abs_tol:number?",
        t.BOOL,
        NEW,
        "ValueError",
    ),
    Row("math.isfinite", "x:number", t.BOOL, NEW),
    Row("math.isinf", "x:number", t.BOOL, NEW),
    Row("math.isnan", "x:number", t.BOOL, NEW),
    Row("math.lcm", "*integers:int", t.INT, NEW, sign=always),
    Row("math.prod", "iterable:iterable =start:any?", _prod, NEW),
    Row("math.sqrt", "x:number", _sqrt, NEW, sign=always, finite=each("x")),
    Row("math.trunc", "x:number", _floor, NEW, sign=each("x")),
    *(
        row
        for name, several in (("max", some), ("min", each))
        for row in (
            Row(
                name,
                "iterable:iterable =key:lambda? =default:any?",
                _extreme,
                value("iterable:inside default:itself"),
                finite=each("iterable", "default"),
            ),
            Row(
                name,
                "first:any second:any *rest:any =key:lambda?",
                _extreme_of_several,
                value("first:itself second:itself rest:itself"),
                form="several",
                sign=several("first", "second", "rest"),
                finite=each("first", "second", "rest"),
            ),
        )
    ),
    Row("oct", "number:int", t.STR, NEW),
    Row("ord", "c:str", _ord, NEW, sign=always),
    Row("pow", "~base:number ~exp:number", _pow, NEW),
    Row("range", "stop:int", _range, view(""), loop="range"),
    Row("range", "start:int stop:int step:int?", _range, view(""), form="from", loop="range"),
    Row("repr", "obj:any", t.STR, NEW, text="repr"),
    Row("reversed", "iterable:reversible", _list, iterator("iterable:parts"), loop="reversed"),
    Row(
        "round",
        "~number:number ~ndigits:int|none?",
        _round,
        NEW,
        sign=each("number"),
        finite=each("number"),
    ),
    Row("set", "iterable:hashables?", _set, _COPY),
    Row("sorted", "iterable:iterable =key:lambda? =reverse:flag?", _sorted, _COPY),
    Row("str", "object:any?", t.STR, NEW, text="str"),
    Row("sum", "iterable:iterable ~start:any?", _sum, value("iterable:parts start:itself")),
    Row("tuple", "iterable:iterable?", _tuple, _COPY),
    Row(
        "zip", "*iterables:iterable =strict:any?", _zip, iterator("iterables:parts"), loop="zipped"
    ),
)

"""Builtin functions and the portable parts of the library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from wfc.backends.asl.jsonata import aggregates, codes, comprehensions, kinds, text
from wfc.backends.asl.jsonata.aggregates import keyword
from wfc.backends.asl.jsonata.context import Context
from wfc.backends.asl.jsonata.displays import as_list_of_one, sequence, spread
from wfc.backends.asl.jsonata.fragment import (
    Fragment,
    array,
    as_list,
    binary,
    call,
    conditional,
    error,
    function,
    item,
    literal,
    record,
    sequence_of,
    variable,
)
from wfc.backends.asl.jsonata.operators import arithmetic, truth
from wfc.backends.asl.jsonata.prelude import OTHER_DIGITS
from wfc.backends.asl.jsonata.subscripts import constant_index, reversed_items
from wfc.compiler.data.struct import Struct, replace
from wfc.compiler.diagnostics.model import Code
from wfc.compiler.graph.model import ITEM_AT
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library.row import Operands, formals
from wfc.compiler.language.library.table import called
from wfc.compiler.language.nodes import types as t

EMPTY: Final = Fragment("[]", array=True)


def builtin(c: Context, expr: ir.Call) -> Fragment:
    """A call, by the template of its row; the arguments reach it by parameter, however they are
    written."""
    if expr.function == ITEM_AT:
        return item(c.value(expr.args[0]), c.value(expr.args[1]))
    operands = called(expr)
    assert operands is not None, expr.function
    found = FUNCTIONS[operands.row.id]
    if isinstance(found, Refusal):
        c.refuse(found.code, expr, found.message, found.instead)
    return found(c, _plain(expr, operands))


def _plain(expr: ir.Call, operands: Operands) -> ir.Call:
    """The call with its arguments in the order of the parameters, those by position first and with
    a name only where they can be left out before others."""
    parameters = formals(operands.row.signature)
    args: list[ir.Expr] = []
    keywords: list[tuple[str, ir.Expr]] = []
    for one in parameters:
        if one.way == "**":
            keywords += operands.named.items()
        elif one.way == "*":
            args += operands.rest
        elif one.name in operands.bound:
            by_position = one.way == "" or (one.way == "~" and one.required)
            if by_position:
                args.append(operands.bound[one.name])
            else:
                keywords.append((one.name, operands.bound[one.name]))
    places = {id(one): place for place, one in enumerate(operands.given)}
    keywords.sort(key=lambda pair: places[id(pair[1])])
    return replace(expr, args=tuple(args), keywords=tuple(keywords))


# --- Sizes and collections ------------------------------------------------------------------------


def _len(c: Context, expr: ir.Call) -> Fragment:
    (value,) = expr.args
    if kinds.is_str(c.kinds.data(value.type)):
        return call("length", c.value(value))
    if kinds.is_dict(value.type):
        return call("count", call("keys", c.value(value)))
    if kinds.is_list(value.type) or _is_lazy(value):
        return call("count", comprehensions.iterable(c, value, ordered=False))
    return c.unknown(value, "list[...], dict[str, ...] or str", "len() differs between them")


def _is_lazy(value: ir.Expr) -> bool:
    return isinstance(value, ir.Call) and value.function in (
        "range",
        "reversed",
        "enumerate",
        "zip",
    )


def _list(c: Context, expr: ir.Call) -> Fragment:
    if not expr.args:
        return EMPTY
    (value,) = expr.args
    # partial: anything else is a value with elements
    match value:
        case ir.Call("enumerate" | "zip"):
            return _pairs(c, value)
        case ir.Call("dict.fromkeys", (first, *_)) if not kinds.is_dict(first.type):
            return as_list(call("distinct", comprehensions.iterable(c, first, ordered=True)))
        case ir.Call() | ir.Comprehension():
            return comprehensions.iterable(c, value, ordered=True)
    items = comprehensions.iterable(c, value, ordered=True)
    return call("append", EMPTY, items) if kinds.is_list(value.type) else items


def _pairs(c: Context, value: ir.Call) -> Fragment:
    if value.function == "zip":
        if value.keywords:
            return c.not_yet(value, "zip(strict=...)", "leave it out, or compare the lengths first")
        lists = [comprehensions.iterable(c, one, ordered=True) for one in value.args]
        if not lists:
            return EMPTY
        return call("append", EMPTY, call("zip", *lists))
    content, index = c.temporary(), c.temporary()
    start = comprehensions.first_number(value)
    position = variable(index)
    if start is not None and constant_index(start) != 0:
        position = binary("+", position, c.value(start))
    inner = kinds.element(value.args[0].type)
    one = call("append", array([position]), as_list_of_one(c, variable(content), inner))
    items = sequence(c, value.args[0])
    return as_list(call("map", items, function([content, index], one)))


def _chain(c: Context, expr: ir.Call) -> Fragment:
    chained = EMPTY
    for one in expr.args:
        items = comprehensions.iterable(c, one, ordered=True)
        chained = call("append", *c.ordered(chained, items))
    return chained


def _dict(c: Context, expr: ir.Call) -> Fragment:
    base = _mapping(c, expr, expr.args[0]) if expr.args else Fragment("{}")
    if expr.keywords:
        entries = [(name, c.value(value)) for name, value in expr.keywords]
        return spread(c, base, entries)
    return base


def _mapping(c: Context, expr: ir.Call, value: ir.Expr) -> Fragment:
    """A dict's copy, or the dict of a list of pairs."""
    if kinds.is_dict(value.type):
        return c.value(value)
    pair = kinds.element(value.type)
    match pair:
        case t.TupleType((key, _)) if kinds.is_str(c.kinds.data(key)):
            name = c.temporary()
            entry = record([(item(variable(name), literal(0)), item(variable(name), literal(1)))])
            pairs = comprehensions.iterable(c, value, ordered=True)
            entries = call("map", pairs, function([name], entry))
            return call("merge", call("append", array([Fragment("{}")]), sequence_of(entries)))
    return c.unknown(value, "dict[str, ...] or list[tuple[str, ...]]", "dict() needs pairs")


def _set(c: Context, expr: ir.Call) -> Fragment:
    if not expr.args:
        return EMPTY
    items = comprehensions.iterable(c, expr.args[0], ordered=False)
    return as_list(call("distinct", items))


def _reversed(c: Context, expr: ir.Call) -> Fragment:
    return reversed_items(c, expr.args[0])


def _range(c: Context, expr: ir.Call) -> Fragment:
    return comprehensions.range_(c, expr.args)


def _replace(c: Context, expr: ir.Call) -> Fragment:
    entries = [(name, c.value(value)) for name, value in expr.keywords]
    base = c.value(expr.args[0])
    return spread(c, base, entries) if entries else base


def _same(c: Context, expr: ir.Call) -> Fragment:
    return c.value(expr.args[0])


# --- Conversions ----------------------------------------------------------------------------------


def _str(c: Context, expr: ir.Call) -> Fragment:
    return text.text_of(c, expr.args[0]) if expr.args else literal("")


def _bool(c: Context, expr: ir.Call) -> Fragment:
    return truth(c, expr.args[0]) if expr.args else literal(False)


def _int(c: Context, expr: ir.Call) -> Fragment:
    if not expr.args:
        return literal(0)
    (value,) = expr.args
    data = c.kinds.data(value.type)
    if kinds.is_bool(data):
        return conditional(c.value(value), literal(1), literal(0))
    if kinds.is_int(data):
        return c.value(value)
    if kinds.is_number(data):
        return c.call("py_int", c.call("py_trunc", arithmetic(c, value)))
    if kinds.is_str(data):
        return c.call("py_toint", c.value(value))
    return c.unknown(value, "str, int or float", "int() differs between them")


_FLOAT_TEXT: Final = Fragment(r"/^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$/")
# What Python reads besides: a plus, points and zeros at the ends, underscores, infinity.
_OTHER_FLOAT_TEXT: Final = Fragment(
    r"/^[+-]?(([0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(e[+-]?[0-9_]+)?|inf(inity)?|nan)$"
    rf"|[{OTHER_DIGITS}]/i"
)


def _float(c: Context, expr: ir.Call) -> Fragment:
    if not expr.args:
        return literal(0)
    (value,) = expr.args
    data = c.kinds.data(value.type)
    if kinds.is_bool(data):
        return conditional(c.value(value), literal(1), literal(0))
    if kinds.is_number(data):
        return c.value(value)
    if not kinds.is_str(data):
        return c.unknown(value, "str, int or float", "float() differs between them")
    stripped = c.bind(c.call("py_strip", c.value(value)))
    number = c.call("py_fin", call("number", stripped))
    failed = conditional(
        call("contains", stripped, _OTHER_FLOAT_TEXT),
        error("UnsupportedError", "float() of a number in this form"),
        error("ValueError", "could not convert string to float"),
    )
    return conditional(call("contains", stripped, _FLOAT_TEXT), number, failed)


def _round(c: Context, expr: ir.Call) -> Fragment:
    (value,) = expr.args
    digits = keyword(expr, "ndigits")
    data = c.kinds.data(value.type)
    if not kinds.is_number(data):
        return c.unknown(value, "int or float", "round() needs a number")
    if digits is None or kinds.is_constant(digits, None):
        fragment = call("round", arithmetic(c, value))
        return c.value(value) if kinds.is_int(data) else c.call("py_int", fragment)
    places = constant_index(digits)
    if places is None or not 0 <= places <= 15:
        return c.not_yet(expr, "round() to this number of digits", "give a constant from 0 to 15")
    if kinds.is_int(data):
        return c.value(value)
    return c.call("py_roundn", arithmetic(c, value), literal(places))


def _whole(name: str) -> Callable[[Context, ir.Call], Fragment]:
    def convert(c: Context, expr: ir.Call) -> Fragment:
        (value,) = expr.args
        data = c.kinds.data(value.type)
        if kinds.is_int(data):
            return c.value(value)
        if not kinds.is_number(data):
            return c.unknown(value, "int or float", f"math.{name}() needs a number")
        fragment = arithmetic(c, value)
        whole = c.call("py_trunc", fragment) if name == "trunc" else call(name, fragment)
        return c.call("py_int", whole)

    return convert


def _abs(c: Context, expr: ir.Call) -> Fragment:
    data = c.kinds.data(expr.args[0].type)
    if not kinds.is_number(data) and not kinds.is_timedelta(data):
        return c.unknown(expr.args[0], "int or float", "abs() needs a number")
    return call("abs", c.value(expr.args[0]))


def _sqrt(c: Context, expr: ir.Call) -> Fragment:
    if not kinds.is_number(c.kinds.data(expr.args[0].type)):
        return c.unknown(expr.args[0], "float", "math.sqrt() needs a number")
    value = c.bind(c.value(expr.args[0]))
    failed = error("ValueError", "math domain error")
    return conditional(binary("<", value, literal(0)), failed, call("sqrt", value))


def _prod(c: Context, expr: ir.Call) -> Fragment:
    start = keyword(expr, "start")
    factors = [kinds.element(expr.args[0].type), *([start.type] if start is not None else [])]
    if not all(kinds.is_int(c.kinds.data(one)) for one in factors if one != t.NEVER):
        return c.not_yet(expr, "math.prod() of others than int", "write a loop 'n = n * x'")
    items = comprehensions.iterable(c, expr.args[0], ordered=False)
    so_far, one = c.temporary(), c.temporary()
    body = function([so_far, one], binary("*", variable(so_far), variable(one)))
    return call("reduce", items, body, literal(1) if start is None else c.value(start))


def _divmod(c: Context, expr: ir.Call) -> Fragment:
    if not all(kinds.is_int(arg.type) for arg in expr.args):
        return c.not_yet(expr, "divmod() of floats", "use // and %")
    left, right = (c.bind(c.value(arg)) for arg in expr.args)
    first = array([c.call("py_idiv", left, right)])
    second = array([c.call("py_mod", left, right)])
    if c.lambdas:
        return call("append", first, second)
    return array([c.call("py_idiv", left, right), c.call("py_mod", left, right)])


def _quantified(c: Context, expr: ir.Call) -> Fragment:
    return comprehensions.quantified(c, expr.function, expr.args[0])


# --- Tests of types -------------------------------------------------------------------------------

_JSON_TYPES: Final = {
    "str": "string",
    "list": "array",
    "dict": "object",
    "bool": "boolean",
    "types.NoneType": "null",
}


def _isinstance(c: Context, expr: ir.Call) -> Fragment:
    value, classes = expr.args
    names = {
        one.id
        for one in (classes.items if isinstance(classes, ir.TupleDisplay) else (classes,))
        if isinstance(one, ir.GlobalName)
    }
    wanted: set[str] = set()
    if "int" in names or "float" in names:
        if not {"int", "float"} <= names and not _one_number(c, value, names):
            return c.inexact(
                expr,
                "telling an int from a float",
                "test isinstance(x, (int, float)), or annotate the value",
            )
        wanted.add("number")
        if "int" in names:
            wanted.add("boolean")
    for name in names - {"int", "float"}:
        if name not in _JSON_TYPES or (name in ("dict", "list") and _ambiguous(value, name)):
            return c.not_yet(expr, f"isinstance(..., {name})", "test a field of the value")
        wanted.add(_JSON_TYPES[name])
    kind = call("type", c.value(value))
    if len(wanted) == 1:
        return binary("=", kind, literal(wanted.pop()))
    kind = c.bind(kind) if c.lambdas else kind
    if c.lambdas:
        tests = [binary("=", kind, literal(name)) for name in sorted(wanted)]
        result = tests[0]
        for test in tests[1:]:
            result = binary("or", result, test)
        return result
    return binary("in", kind, array([literal(name) for name in sorted(wanted)]))


def _one_number(c: Context, value: ir.Expr, names: set[str]) -> bool:
    """Whether the value's type holds ints only or floats only, so that 'number' says which."""
    numbers = {m for m in t.members(c.kinds.data(value.type)) if m in (t.INT, t.FLOAT)}
    any_type = not all(kinds.is_scalar(m) or _container(m) for m in t.members(value.type))
    return not any_type and numbers <= ({t.INT} if "int" in names else {t.FLOAT})


def _container(type_: t.Type) -> bool:
    return isinstance(type_, t.ListType | t.DictType | t.TupleType | t.SetType)


def _ambiguous(value: ir.Expr, name: str) -> bool:
    """Whether the value may be other data of the same JSON form: a tuple, a dataclass."""
    wanted = t.ListType if name == "list" else t.DictType
    look_alikes = [
        m
        for m in t.members(value.type)
        if (kinds.is_list(m) if name == "list" else kinds.is_dict(m)) and not isinstance(m, wanted)
    ]
    return bool(look_alikes)


# --- JSON text and time ---------------------------------------------------------------------------


def _loads(c: Context, expr: ir.Call) -> Fragment:
    return call("parse", c.value(expr.args[0]), raises=True)


def _dumps(c: Context, expr: ir.Call) -> Fragment:
    separators = keyword(expr, "separators")
    compact = isinstance(separators, ir.TupleDisplay) and all(
        map(kinds.is_constant, separators.items, (",", ":"))
    )
    plain = kinds.is_constant(keyword(expr, "ensure_ascii"), False)
    value = expr.args[0]
    data = c.kinds.data(value.type)
    fits = isinstance(data, t.ListType) and _prints_alike(data)
    if not (compact and plain and len(expr.keywords) == 2 and fits):
        return c.inexact(
            expr,
            "json.dumps() other than separators=(',', ':'), ensure_ascii=False of texts and lists",
            "move it to a step",
        )
    return call("string", c.value(value))


def _prints_alike(type_: t.Type) -> bool:
    return all(
        m in (t.STR, t.BOOL, t.NONE) or (isinstance(m, t.ListType) and _prints_alike(m.element))
        for m in t.members(type_)
    )


_SECONDS: Final = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}


def _timedelta(c: Context, expr: ir.Call) -> Fragment:
    terms: list[Fragment] = []
    for name, value in expr.keywords:
        if name not in _SECONDS or not kinds.is_int(value.type):
            return c.not_yet(expr, "a timedelta of parts of seconds", "give whole seconds")
        factor = literal(_SECONDS[name])
        # partial: anything else is computed at run time
        match value:
            case ir.Constant(int() as number):
                terms.append(literal(number * _SECONDS[name]))
            case ir.Unary("-", ir.Constant(int() as number)):
                terms.append(literal(-number * _SECONDS[name]))
            case _:
                fragment = c.value(value)
                terms.append(fragment if name == "seconds" else binary("*", fragment, factor))
    result = terms[0] if terms else literal(0)
    for term in terms[1:]:
        result = binary("+", result, term)
    return result


class Refusal(Struct):
    """Why a builtin has no template."""

    code: Code
    message: str
    instead: str


def _inexact(name: str, instead: str = "move it to a step") -> Refusal:
    return Refusal(codes.NOT_EXACT, f"{name}() has no exact form in JSONata", instead)


def _not_yet(what: str, instead: str) -> Refusal:
    return Refusal(codes.NOT_YET, f"{what} on Step Functions is not supported yet", instead)


Template: TypeAlias = Callable[[Context, ir.Call], Fragment]

# For each function of the language, by the id of its row, its template or why it has none.
FUNCTIONS: Final[dict[str, Template | Refusal]] = {
    "abs": _abs,
    "all": _quantified,
    "any": _quantified,
    "bin": _inexact("bin"),
    "bool": _bool,
    "chr": _inexact("chr"),
    "copy.copy": _same,
    "copy.deepcopy": _same,
    "dataclasses.asdict": _same,
    "dataclasses.replace": _replace,
    "datetime.datetime": _inexact("datetime.datetime"),
    "datetime.datetime.fromisoformat": _inexact("datetime.datetime.fromisoformat"),
    "datetime.datetime.fromtimestamp": _inexact("datetime.datetime.fromtimestamp"),
    "datetime.timedelta": _timedelta,
    "dict": _dict,
    "dict.fromkeys": _not_yet("dict.fromkeys()", "write {key: value for key in keys}"),
    "divmod": _divmod,
    "enumerate": _pairs,
    "float": _float,
    "frozenset": _set,
    "hex": _inexact("hex"),
    "int": _int,
    "int/base": _not_yet("int() with a base", "move it to a step"),
    "isinstance": _isinstance,
    "itertools.chain": _chain,
    "json.dumps": _dumps,
    "json.loads": _loads,
    "len": _len,
    "list": _list,
    "math.ceil": _whole("ceil"),
    "math.fabs": _abs,
    "math.floor": _whole("floor"),
    "math.gcd": _inexact("math.gcd"),
    "math.isclose": _inexact("math.isclose"),
    "math.isfinite": _inexact("math.isfinite"),
    "math.isinf": _inexact("math.isinf"),
    "math.isnan": _inexact("math.isnan"),
    "math.lcm": _inexact("math.lcm"),
    "math.prod": _prod,
    "math.sqrt": _sqrt,
    "math.trunc": _whole("trunc"),
    "max": aggregates.extreme,
    "max/several": aggregates.extreme_of,
    "min": aggregates.extreme,
    "min/several": aggregates.extreme_of,
    "oct": _inexact("oct"),
    "ord": _inexact("ord"),
    "pow": _inexact("pow"),
    "range": _range,
    "range/from": _range,
    "repr": _inexact("repr"),
    "reversed": _reversed,
    "round": _round,
    "set": _set,
    "sorted": aggregates.sorted_of,
    "str": _str,
    "sum": aggregates.sum_of,
    "tuple": _list,
    "zip": _pairs,
}

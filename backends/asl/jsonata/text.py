"""Texts: f-strings, ``str()``, and the methods of str."""

from __future__ import annotations

import re
from typing import Final

from wfc.backends.asl.jsonata import codes, kinds
from wfc.backends.asl.jsonata.constants import integer
from wfc.backends.asl.jsonata.context import Context
from wfc.backends.asl.jsonata.fragment import (
    CONDITION,
    Fragment,
    array,
    binary,
    call,
    conditional,
    error,
    grouped,
    literal,
    mapped,
    variable,
)
from wfc.backends.asl.jsonata.fragment import field as field_of
from wfc.backends.asl.jsonata.operators import arithmetic, concatenation, minus
from wfc.backends.asl.jsonata.prelude import WHITE_SPACE
from wfc.backends.asl.jsonata.subscripts import constant_index
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

EMPTY: Final = literal("")


def f_string(c: Context, expr: ir.FString) -> Fragment:
    parts: list[str | Fragment] = []
    for part in expr.parts:
        text = part if isinstance(part, str) else _known_part(c, part)
        if text is None:
            assert isinstance(part, ir.Formatted)
            parts.append(formatted(c, part))
        elif parts and isinstance(parts[-1], str):
            parts[-1] += text
        else:
            parts.append(text)
    fragments = [literal(part) if isinstance(part, str) else part for part in parts if part != ""]
    return concatenation(c, fragments) if fragments else EMPTY


def _known_part(c: Context, part: ir.Formatted) -> str | None:
    plain = not part.spec and part.conversion in ("", "s")
    return _known_text(c, part.value) if plain else None


def _known_text(c: Context, expr: ir.Expr) -> str | None:
    """The text of a constant."""
    if isinstance(expr, ir.GlobalName):
        expr = c.constants.get(expr.id, expr)
    if isinstance(expr, ir.Constant):
        return str(expr.value)
    number = integer(expr, c.constants)
    return None if number is None else str(number)


def formatted(c: Context, part: ir.Formatted) -> Fragment:
    if part.conversion in ("r", "a"):
        construct = "repr(), which !r and KeyError use,"
        return c.inexact(part, construct, "use the plain value, or an error of another class")
    if not part.spec:
        return text_of(c, part.value)
    if part.conversion == "s":
        return _aligned(c, part, text_of(c, part.value), numeric=False)
    data = c.kinds.data(part.value.type)
    if kinds.is_number(data) and not kinds.is_int(data):
        return _fixed(c, part)
    if kinds.is_int(data):
        return _formatted_int(c, part)
    if kinds.is_str(data) and not _has_enum(part.value.type):
        return _aligned(c, part, c.value(part.value), numeric=False)
    return c.not_yet(part, f"the format '{part.spec}' for {part.value.type}", "format it in a step")


def _has_enum(type_: t.Type) -> bool:
    return any(isinstance(member, t.EnumType) for member in t.members(type_))


def text_of(c: Context, expr: ir.Expr) -> Fragment:
    """``str(expr)``"""
    known = _known_text(c, expr)
    if known is not None:
        return literal(known)
    if _has_enum(expr.type):
        return c.inexact(expr, f"the text of {c.describe(expr)}, an enum member,", "use .value")
    return _text(c, expr, c.value(expr), c.kinds.data(expr.type))


def _text(c: Context, expr: ir.Expr, fragment: Fragment, data: t.Type) -> Fragment:
    if data == t.STR:
        return fragment
    if data == t.BOOL:
        return conditional(fragment, literal("True"), literal("False"))
    if data == t.INT:
        # Exact up to 2**53, where $string rounds to 15 digits.
        return call("formatBase", fragment)
    if data == t.NONE:
        return literal("None")
    if t.FLOAT in t.members(data):
        c.refuse(
            codes.FLOAT_TEXT,
            expr,
            f"{c.describe(expr)} may be a float, whose text Step Functions writes differently",
            f'use a fixed format such as f"{{{c.describe(expr)[1:-1]}:.2f}}"',
        )
    rest = [member for member in t.members(data) if member != t.NONE]
    if len(rest) == 1 and len(t.members(data)) == 2 and rest[0] in (t.STR, t.BOOL, t.INT):
        fragment = c.bind(fragment)
        known = _text(c, expr, fragment, t.union(*rest))
        return conditional(binary("=", fragment, literal(None)), literal("None"), known)
    if all(kinds.is_scalar(member) for member in t.members(data)):
        return c.inexact(expr, f"the text of {c.describe(expr)}: {expr.type}", "convert it first")
    if kinds.may_be_list(data) or kinds.is_dict(data):
        known_container = data != t.union(data, t.NONE) and not kinds.is_scalar(data)
        if known_container and (kinds.is_list(data) or kinds.is_dict(data)):
            return c.inexact(
                expr, f"the text of {c.describe(expr)}: {expr.type}", "format its parts"
            )
    return c.unknown(expr, "str or int", "its text depends on its type")


_FIXED: Final = re.compile(r"\.([0-9]{1,2})f\Z")
_ZERO_PADDED: Final = re.compile(r"0([1-9][0-9]?)d?\Z")
_ALIGNED: Final = re.compile(r"([<>])?([1-9][0-9]{0,2})([sd]?)\Z")


def _fixed(c: Context, part: ir.Formatted) -> Fragment:
    match = _FIXED.match(part.spec)
    if match is None or int(match[1]) > 15:
        return c.not_yet(part, f"the format '{part.spec}' for a float", "use a format such as .2f")
    return c.call("py_fixed", arithmetic(c, part.value), literal(int(match[1])))


def _formatted_int(c: Context, part: ir.Formatted) -> Fragment:
    value = c.value(part.value)
    if _FIXED.match(part.spec):
        return _fixed(c, part)
    match part.spec:
        case "d":
            return call("formatBase", value)
        case "," | ",d":
            return call("formatNumber", value, literal("#,##0"))
        case "x":
            return call("formatBase", value, literal(16))
        case "b":
            return call("formatBase", value, literal(2))
    padded = _ZERO_PADDED.match(part.spec)
    if padded is None:
        return _aligned(c, part, call("formatBase", value), numeric=True)
    width = int(padded[1])
    value = c.bind(value)
    digits = call("formatBase", value)
    positive = call("formatBase", minus(value))
    if width == 1:
        return digits
    negative = binary("&", literal("-"), call("pad", positive, literal(1 - width), literal("0")))
    return conditional(
        binary("<", value, literal(0)),
        negative,
        call("pad", digits, literal(-width), literal("0")),
    )


def _aligned(c: Context, part: ir.Formatted, text: Fragment, *, numeric: bool) -> Fragment:
    match = _ALIGNED.match(part.spec)
    if match is None or ((match[3] == "d") != numeric and match[3]):
        return c.not_yet(part, f"the format '{part.spec}'", "use a width such as >8, or a step")
    right = match[1] == ">" or (not match[1] and numeric)
    width = int(match[2])
    return call("pad", text, literal(-width if right else width))


# --- Methods of str -------------------------------------------------------------------------------


def method(c: Context, expr: ir.Method) -> Fragment:
    args = expr.args
    if any(name not in ("maxsplit", "sep") for name, _ in expr.keywords):
        return c.not_yet(expr, f"str.{expr.name}() with these keywords", "use a step")
    text = c.value(expr.value)
    match expr.name, args:
        case "upper", ():
            return call("uppercase", text)
        case "lower", ():
            return call("lowercase", text)
        case "strip" | "lstrip" | "rstrip", _:
            return _stripped(c, expr, text)
        case "split", _:
            return _split(c, expr, text)
        case "join", (items,):
            return _joined(c, expr, text, items)
        case "replace", _:
            return _replaced(c, expr, text)
        case "startswith" | "endswith", (wanted,):
            return _affix(c, expr, text, wanted)
        case "removeprefix", (wanted,):
            text, part = c.bind(text), c.bind(c.value(wanted))
            rest = call("substring", text, call("length", part))
            return conditional(_starts(text, part), rest, text)
        case "removesuffix", (wanted,):
            text, part = c.bind(text), c.bind(c.value(wanted))
            kept = binary("-", call("length", text), call("length", part))
            return conditional(_ends(text, part), call("substring", text, literal(0), kept), text)
        case "find" | "index", (wanted,):
            text, part = c.bind(text), c.bind(c.value(wanted))
            found = call("length", call("substringBefore", text, part))
            missing = (
                literal(-1) if expr.name == "find" else error("ValueError", "substring not found")
            )
            return conditional(call("contains", text, part), found, missing)
        case "count", (wanted,):
            text, part = c.bind(text), c.bind(c.value(wanted))
            return _counted(text, part)
        case "partition", (separator,):
            return _partition(c, text, _separator(c, expr, separator))
        case "ljust" | "rjust", (width, *fill):
            return _justified(c, expr, text, width, fill)
    return c.inexact(expr, f"str.{expr.name}() with these arguments", "move it to a step")


def _stripped(c: Context, expr: ir.Method, text: Fragment) -> Fragment:
    if expr.args and not kinds.is_constant(expr.args[0], None):
        match expr.args:
            case (ir.Constant(str() as chars),) if chars and max(chars) <= "\uffff":
                inside = "".join(_escaped(char) for char in chars)
            case _:
                construct = "strip() of characters that are no constant or beyond U+FFFF"
                return c.not_yet(expr, construct, "use a step")
    elif expr.name == "strip":
        return c.call("py_strip", text)
    else:
        inside = WHITE_SPACE
    left, right = f"^[{inside}]+", f"[{inside}]+$"
    pattern = {"lstrip": left, "rstrip": right, "strip": f"{left}|{right}"}[expr.name]
    return call("replace", text, Fragment(f"/{pattern}/"), EMPTY)


def _escaped(char: str) -> str:
    """A character inside a class of a regular expression. The tokenizer of JSONata counts brackets
    inside a class too, and takes a backslash before one for its escape."""
    if char.isascii() and char.isprintable() and char not in "/%()[]{}\\":
        return f"\\{char}" if char in "^-" else char
    return f"\\u{ord(char):04X}"


def _split(c: Context, expr: ir.Method, text: Fragment) -> Fragment:
    named = dict(expr.keywords)
    args = [*expr.args]
    separator = args[0] if args else named.get("sep")
    limit = args[1] if len(args) > 1 else named.get("maxsplit")
    if separator is None or kinds.is_constant(separator, None):
        if limit is not None:
            return c.not_yet(expr, "split() at white space with a limit", "use a step")
        found = call("match", text, Fragment(f"/[^{WHITE_SPACE}]+/"))
        name = c.temporary()
        return mapped(found, [name], field_of(variable(name), "match"))
    part = _separator(c, expr, separator)
    if limit is None or constant_index(limit) == -1:
        return call("split", text, part)
    if constant_index(limit) != 1:
        return c.not_yet(expr, "split() with a limit other than 1", "use a step")
    text = c.bind(text)
    halves = array([call("substringBefore", text, part), call("substringAfter", text, part)])
    return conditional(call("contains", text, part), halves, array([text]))


def _separator(c: Context, expr: ir.Method, separator: ir.Expr) -> Fragment:
    if kinds.is_constant(separator, ""):
        return c.inexact(expr, "split('')", "give a separator")
    if isinstance(separator, ir.Constant):
        return literal(separator.value)
    part = c.bind(c.value(separator))
    empty = error("ValueError", "empty separator")
    return c.bind(grouped(conditional(binary("=", part, EMPTY), empty, part), CONDITION + 1))


def _counted(text: Fragment, part: Fragment) -> Fragment:
    pieces = binary("-", call("count", call("split", text, part)), literal(1))
    found = conditional(binary("=", text, EMPTY), literal(0), pieces)
    if part.text.startswith("'"):
        return found if part.text != "''" else binary("+", call("length", text), literal(1))
    between = binary("+", call("length", text), literal(1))
    return conditional(binary("=", part, EMPTY), between, found)


def _partition(c: Context, text: Fragment, part: Fragment) -> Fragment:
    text = c.bind(text)
    found = array([call("substringBefore", text, part), part, call("substringAfter", text, part)])
    return conditional(call("contains", text, part), found, array([text, EMPTY, EMPTY]))


def _joined(c: Context, expr: ir.Method, text: Fragment, items: ir.Expr) -> Fragment:
    from wfc.backends.asl.jsonata.comprehensions import iterable

    if kinds.is_str(items.type):
        return call("join", c.call("py_chars", c.value(items)), text)
    if not kinds.is_str(c.kinds.data(kinds.element(items.type))):
        return c.unknown(items, "list[str]", "join() needs texts")
    return call("join", *c.ordered(iterable(c, items, ordered=True), text))


def _replaced(c: Context, expr: ir.Method, text: Fragment) -> Fragment:
    if len(expr.args) not in (2, 3):
        return c.not_yet(expr, "replace() with these arguments", "use a step")
    if kinds.is_constant(expr.args[0], ""):
        return c.inexact(expr, "replace('')", "use a step")
    old, new = c.value(expr.args[0]), c.value(expr.args[1])
    if not isinstance(expr.args[0], ir.Constant):
        old = c.bind(old)
        # Python inserts the new text between all characters; JSONata refuses to look for ''.
        empty = error("UnsupportedError", "replace() of an empty text")
        old = grouped(conditional(binary("=", old, EMPTY), empty, old), CONDITION + 1)
    if len(expr.args) == 2:
        return call("replace", text, old, new)
    count = constant_index(expr.args[2])
    if count is not None:
        times = () if count < 0 else (literal(count),)
        return call("replace", text, old, new, *times)
    text, old, new = c.bind(text), c.bind(old), c.bind(new)
    times_ = c.bind(c.value(expr.args[2]))
    return conditional(
        binary("<", times_, literal(0)),
        call("replace", text, old, new),
        call("replace", text, old, new, times_),
    )


def _starts(text: Fragment, part: Fragment) -> Fragment:
    head = call("substring", text, literal(0), call("length", part))
    return binary("=", head, part)


def _ends(text: Fragment, part: Fragment) -> Fragment:
    rest = binary("-", call("length", text), call("length", part))
    fits = binary("<=", call("length", part), call("length", text))
    return binary("and", fits, binary("=", call("substring", text, rest), part))


def _affix(c: Context, expr: ir.Method, text: Fragment, wanted: ir.Expr) -> Fragment:
    starts = expr.name == "startswith"
    parts: list[ir.Expr] = [wanted]
    if isinstance(wanted, ir.TupleDisplay):
        parts = [item for item in wanted.items if isinstance(item, ir.Constant)]
        if not parts or len(parts) < len(wanted.items):
            return c.not_yet(expr, f"{expr.name}() with these texts", "use constants")
    elif not kinds.is_str(wanted.type):
        return c.unknown(wanted, "str", f"{expr.name}() needs a text")
    text = c.bind(text)
    tests = [_one_affix(c, starts, text, part) for part in parts]
    result = tests[0]
    for test in tests[1:]:
        result = binary("or", result, test)
    return result


def _one_affix(c: Context, starts: bool, text: Fragment, wanted: ir.Expr) -> Fragment:
    match wanted:
        case ir.Constant(str() as value):
            part = literal(value)
            if starts:
                head = call("substring", text, literal(0), literal(len(value)))
                return binary("=", head, part)
            if value:
                return binary("=", call("substring", text, literal(-len(value))), part)
            return literal(True)
    part = c.bind(c.value(wanted))
    return _starts(text, part) if starts else _ends(text, part)


def _justified(
    c: Context, expr: ir.Method, text: Fragment, width: ir.Expr, fill: list[ir.Expr]
) -> Fragment:
    columns = constant_index(width)
    if columns is None or columns <= 0:
        return c.not_yet(expr, f"{expr.name}() with this width", "give a constant width")
    size = literal(columns if expr.name == "ljust" else -columns)
    return call("pad", text, size, *(c.value(one) for one in fill))

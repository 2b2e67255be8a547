"""The rows of the methods of str, list, dict, tuple, set, int, float, datetime and timedelta."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library.functions import TIME, datetime_of
from wfc.compiler.language.library.row import (
    NEW,
    SELF,
    Operands,
    Row,
    always,
    change,
    each,
    value,
    view,
)
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.judgement import NOTHING, TYPE_ERROR, Judgement, text_of
from wfc.compiler.language.typing.kinds import Fit, elements, fit, is_mapping, record, values
from wfc.compiler.language.typing.operators import least_or_greatest

_VALUE: Final = frozenset({"ValueError"})
_KEY: Final = frozenset({"KeyError"})
_TEXTS: Final = t.ListType(t.STR)
_COPY: Final = value("self:parts")
_THREE_TEXTS: Final = t.TupleType((t.STR, t.STR, t.STR))


def _separator(sep: ir.Expr | None) -> frozenset[str]:
    """An empty separator is refused."""
    return NOTHING if sep is None or sep.type == t.NONE or text_of(sep) else _VALUE


def _split(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(_TEXTS, _separator(operands.bound.get("sep")))


def _partition(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(_THREE_TEXTS, _separator(operands.bound["sep"]))


def _affix(module: ir.Module, operands: Operands) -> Judgement:
    affix = operands.type("prefix")
    found = [fit(module, elements(module, one), "str") for one in t.members(affix)]
    return Judgement(t.BOOL, NOTHING if all(one == Fit.YES for one in found) else TYPE_ERROR)


def _pad(module: ir.Module, operands: Operands) -> Judgement:
    fill = operands.bound.get("fillchar")
    fine = fill is None or len(text_of(fill) or "") == 1
    return Judgement(t.STR, NOTHING if fine else TYPE_ERROR)


def _element(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(elements(module, operands.type(SELF)))


def _itself(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(operands.type(SELF))


def _sort(module: ir.Module, operands: Operands) -> Judgement:
    key = operands.type("key", t.NONE)
    element = elements(module, operands.type(SELF)) if key == t.NONE else key
    return Judgement(t.NONE, least_or_greatest(module, (element,)))


def _found(module: ir.Module, operands: Operands) -> tuple[t.Type, bool]:
    """What a key of a mapping leads to, and whether it is sure to be there."""
    definition = record(module, operands.type(SELF))
    if definition is None:
        return values(module, operands.type(SELF)), False
    name = text_of(operands.bound["key"])
    for field in definition.fields:
        if field.name == name:
            return field.type, field.required
    return values(module, operands.type(SELF)), False


def _get(module: ir.Module, operands: Operands) -> Judgement:
    value, there = _found(module, operands)
    return Judgement(value if there else t.union(value, operands.type("default", t.NONE)))


def _pop_key(module: ir.Module, operands: Operands) -> Judgement:
    value, there = _found(module, operands)
    if "default" in operands.bound:
        return Judgement(t.union(value, operands.type("default")))
    return Judgement(value, NOTHING if there else _KEY)


def _set_default(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(t.union(_found(module, operands)[0], operands.type("default", t.NONE)))


def _values(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(t.ListType(values(module, operands.type(SELF))))


def _items(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(t.ListType(t.TupleType((t.STR, values(module, operands.type(SELF))))))


def _pop_item(module: ir.Module, operands: Operands) -> Judgement:
    return Judgement(t.TupleType((t.STR, values(module, operands.type(SELF)))), _KEY)


def _update(module: ir.Module, operands: Operands) -> Judgement:
    other = operands.bound.get("other")
    alternatives = t.members(other.type) if other is not None else ()
    if all(is_mapping(module, member) for member in alternatives):
        return Judgement(t.NONE)
    return Judgement(t.NONE, TYPE_ERROR | _VALUE)


def _joined(module: ir.Module, operands: Operands) -> Judgement:
    others = (*operands.rest, *operands.bound.values())
    found = [elements(module, one.type) for one in others]
    return Judgement(t.SetType(t.union(elements(module, operands.type(SELF)), *found)))


def _isoformat(module: ir.Module, operands: Operands) -> Judgement:
    spec = operands.bound.get("timespec")
    known = {"auto", "hours", "minutes", "seconds", "milliseconds", "microseconds"}
    fine = spec is None or text_of(spec) in known
    separator = operands.bound.get("sep")
    one = separator is None or len(text_of(separator) or "") == 1
    return Judgement(t.STR, (NOTHING if fine else _VALUE) | (NOTHING if one else TYPE_ERROR))


_STR: Final = (
    *(
        Row(name, "", t.STR, NEW)
        for name in ("upper", "lower", "casefold", "capitalize", "title", "swapcase")
    ),
    *(
        Row(name, "", t.BOOL, NEW)
        for name in (
            "isalnum",
            "isalpha",
            "isascii",
            "isdecimal",
            "isdigit",
            "isidentifier",
            "islower",
            "isnumeric",
            "isprintable",
            "isspace",
            "istitle",
            "isupper",
        )
    ),
    *(Row(name, "chars:str|none?", t.STR, NEW) for name in ("strip", "lstrip", "rstrip")),
    *(Row(name, "~sep:str|none? ~maxsplit:int?", _split, NEW) for name in ("split", "rsplit")),
    Row("splitlines", "~keepends:flag?", _TEXTS, NEW),
    *(Row(name, "sep:str", _partition, NEW) for name in ("partition", "rpartition")),
    Row("join", "iterable:texts", t.STR, NEW),
    Row("replace", "old:str new:str count:int?", t.STR, NEW),
    *(
        Row(name, "prefix:str|tuple start:int|none? end:int|none?", _affix, NEW)
        for name in ("startswith", "endswith")
    ),
    *(Row(name, "sub:str start:int|none? end:int|none?", t.INT, NEW) for name in ("find", "rfind")),
    *(
        Row(name, "sub:str start:int|none? end:int|none?", t.INT, NEW, "ValueError", sign=always)
        for name in ("index", "rindex")
    ),
    Row("count", "sub:str start:int|none? end:int|none?", t.INT, NEW, sign=always),
    Row("removeprefix", "prefix:str", t.STR, NEW),
    Row("removesuffix", "suffix:str", t.STR, NEW),
    *(Row(name, "width:int fillchar:str?", _pad, NEW) for name in ("ljust", "rjust", "center")),
    Row("zfill", "width:int", t.STR, NEW),
    Row("expandtabs", "~tabsize:int?", t.STR, NEW),
    Row(
        "format",
        "*args:any **values:any",
        t.STR,
        NEW,
        "AttributeError IndexError KeyError OverflowError TypeError ValueError",
    ),
)

_LIST: Final = (
    Row("index", "value:any start:int? stop:int?", t.INT, NEW, "ValueError", sign=always),
    Row("count", "value:any", t.INT, NEW, sign=always),
    Row("copy", "", _itself, _COPY),
    Row("append", "object:any", t.NONE, change("object:held")),
    Row("extend", "iterable:iterable", t.NONE, change("iterable:parts")),
    Row("insert", "index:int object:any", t.NONE, change("object:held")),
    Row("pop", "index:int?", _element, change("", "self:inside"), "IndexError"),
    Row("remove", "value:any", t.NONE, change(""), "ValueError"),
    Row("clear", "", t.NONE, change("")),
    Row("reverse", "", t.NONE, change("")),
    Row("sort", "=key:lambda? =reverse:flag?", _sort, change("")),
)

_TUPLE: Final = (
    Row("index", "value:any start:int? stop:int?", t.INT, NEW, "ValueError", sign=always),
    Row("count", "value:any", t.INT, NEW, sign=always),
)

_DICT: Final = (
    Row(
        "get",
        "key:hashable default:any?",
        _get,
        value("self:inside default:itself"),
        finite=each(SELF, "default"),
        orderless=True,
    ),
    Row("keys", "", _TEXTS, view("")),
    Row("values", "", _values, view("self:parts")),
    Row("items", "", _items, view("self:parts")),
    Row("copy", "", _itself, _COPY, orderless=True),
    Row(
        "pop",
        "key:hashable default:any?",
        _pop_key,
        change("", "self:inside default:itself"),
        orderless=True,
    ),
    Row("popitem", "", _pop_item, change("", "self:parts")),
    Row(
        "setdefault",
        "key:hashable default:any?",
        _set_default,
        change("default:held", "self:inside default:itself"),
        orderless=True,
    ),
    Row(
        "update",
        "other:iterable? **values:any",
        _update,
        change("other:parts values:held"),
        orderless=True,
    ),
    Row("clear", "", t.NONE, change(""), orderless=True),
)

_SET: Final = (
    Row("union", "*others:hashables", _joined, value("self:parts others:parts")),
    Row("symmetric_difference", "other:hashables", _joined, value("self:parts other:parts")),
    *(Row(name, "*others:hashables", _itself, _COPY) for name in ("intersection", "difference")),
    *(
        Row(name, "other:hashables", t.BOOL, NEW)
        for name in ("issubset", "issuperset", "isdisjoint")
    ),
    Row("copy", "", _itself, _COPY),
    Row("add", "elem:hashable", t.NONE, change("elem:held")),
    Row("discard", "elem:hashable|set", t.NONE, change("")),
    Row("remove", "elem:hashable|set", t.NONE, change(""), "KeyError"),
    Row("pop", "", _element, change("", "self:inside"), "KeyError"),
    Row("update", "*others:hashables", t.NONE, change("others:parts")),
    Row("clear", "", t.NONE, change("")),
)

_DATETIME: Final = (
    Row("isoformat", "~sep:str? ~timespec:str?", _isoformat, NEW),
    Row("strftime", "~format:str", t.STR, NEW, "ValueError"),
    # A naive datetime near the ends of the calendar has no timestamp.
    Row("timestamp", "", t.FLOAT, NEW, "OverflowError ValueError"),
    Row("replace", f"~year:int? ~month:int? ~day:int? {TIME}", datetime_of, NEW),
    Row("astimezone", "~tz:any", t.DATETIME, NEW, "OverflowError ValueError"),
    Row("utcoffset", "", t.union(t.TIMEDELTA, t.NONE), NEW),
    Row("weekday", "", t.INT, NEW, sign=always),
    Row("isoweekday", "", t.INT, NEW, sign=always),
)

METHOD_ROWS: Final[Mapping[str, tuple[Row, ...]]] = {
    "str": _STR,
    "list": _LIST,
    "tuple": _TUPLE,
    "dict": _DICT,
    "set": _SET,
    "int": (
        Row("bit_length", "", t.INT, NEW, sign=always),
        Row("bit_count", "", t.INT, NEW, sign=always),
    ),
    "float": (Row("is_integer", "", t.BOOL, NEW),),
    "datetime": _DATETIME,
    "timedelta": (Row("total_seconds", "", t.FLOAT, NEW, sign=each(SELF)),),
}

"""The rows of the methods of str, list, dict, tuple, set, int, float, datetime and timedelta."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library.functions import TIME, datetime_of
from wfc.compiler.language.library.signatures import Operands, Row
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.judgement import NOTHING, TYPE_ERROR, Judgement, text_of
from wfc.compiler.language.typing.kinds import Fit, elements, fit, is_mapping, record, values
from wfc.compiler.language.typing.operators import least_or_greatest

_VALUE: Final = frozenset({"ValueError"})
_KEY: Final = frozenset({"KeyError"})
_TEXTS: Final = t.ListType(t.STR)
_THREE_TEXTS: Final = t.TupleType((t.STR, t.STR, t.STR))


def _separator(sep: ir.Expr | None) -> frozenset[str]:
    """An empty separator is refused."""
    return NOTHING if sep is None or sep.type == t.NONE or text_of(sep) else _VALUE


def _split(operands: Operands) -> Judgement:
    return Judgement(_TEXTS, _separator(operands.bound.get("sep")))


def _partition(operands: Operands) -> Judgement:
    return Judgement(_THREE_TEXTS, _separator(operands.bound["sep"]))


def _affix(operands: Operands) -> Judgement:
    affix = operands.type("prefix")
    found = [
        fit(operands.module, elements(operands.module, one), "str") for one in t.members(affix)
    ]
    return Judgement(t.BOOL, NOTHING if all(one == Fit.YES for one in found) else TYPE_ERROR)


def _pad(operands: Operands) -> Judgement:
    fill = operands.bound.get("fillchar")
    fine = fill is None or len(text_of(fill) or "") == 1
    return Judgement(t.STR, NOTHING if fine else TYPE_ERROR)


def _element(operands: Operands) -> Judgement:
    return Judgement(elements(operands.module, operands.receiver))


def _itself(operands: Operands) -> Judgement:
    return Judgement(operands.receiver)


def _sort(operands: Operands) -> Judgement:
    key = operands.type("key", t.NONE)
    element = elements(operands.module, operands.receiver) if key == t.NONE else key
    return Judgement(t.NONE, least_or_greatest(operands.module, (element,)))


def _found(operands: Operands) -> tuple[t.Type, bool]:
    """What a key of a mapping leads to, and whether it is sure to be there."""
    definition = record(operands.module, operands.receiver)
    if definition is None:
        return values(operands.module, operands.receiver), False
    name = text_of(operands.bound["key"])
    for field in definition.fields:
        if field.name == name:
            return field.type, field.required
    return values(operands.module, operands.receiver), False


def _get(operands: Operands) -> Judgement:
    value, there = _found(operands)
    return Judgement(value if there else t.union(value, operands.type("default", t.NONE)))


def _pop_key(operands: Operands) -> Judgement:
    value, there = _found(operands)
    if "default" in operands.bound:
        return Judgement(t.union(value, operands.type("default")))
    return Judgement(value, NOTHING if there else _KEY)


def _set_default(operands: Operands) -> Judgement:
    return Judgement(t.union(_found(operands)[0], operands.type("default", t.NONE)))


def _values(operands: Operands) -> Judgement:
    return Judgement(t.ListType(values(operands.module, operands.receiver)))


def _items(operands: Operands) -> Judgement:
    return Judgement(t.ListType(t.TupleType((t.STR, values(operands.module, operands.receiver)))))


def _pop_item(operands: Operands) -> Judgement:
    return Judgement(t.TupleType((t.STR, values(operands.module, operands.receiver))), _KEY)


def _update(operands: Operands) -> Judgement:
    other = operands.bound.get("other")
    alternatives = t.members(other.type) if other is not None else ()
    if all(is_mapping(operands.module, member) for member in alternatives):
        return Judgement(t.NONE)
    return Judgement(t.NONE, TYPE_ERROR | _VALUE)


def _joined(operands: Operands) -> Judgement:
    others = (*operands.rest, *operands.bound.values())
    found = [elements(operands.module, one.type) for one in others]
    return Judgement(t.SetType(t.union(elements(operands.module, operands.receiver), *found)))


def _isoformat(operands: Operands) -> Judgement:
    spec = operands.bound.get("timespec")
    known = {"auto", "hours", "minutes", "seconds", "milliseconds", "microseconds"}
    fine = spec is None or text_of(spec) in known
    separator = operands.bound.get("sep")
    one = separator is None or len(text_of(separator) or "") == 1
    return Judgement(t.STR, (NOTHING if fine else _VALUE) | (NOTHING if one else TYPE_ERROR))


_STR: Final = (
    *(
        Row(name, "", t.STR)
        for name in ("upper", "lower", "casefold", "capitalize", "title", "swapcase")
    ),
    *(
        Row(name, "", t.BOOL)
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
    *(Row(name, "chars:str|none?", t.STR) for name in ("strip", "lstrip", "rstrip")),
    *(Row(name, "~sep:str|none? ~maxsplit:int?", _split) for name in ("split", "rsplit")),
    Row("splitlines", "~keepends:int?", _TEXTS),
    *(Row(name, "sep:str", _partition) for name in ("partition", "rpartition")),
    Row("join", "iterable:texts", t.STR),
    Row("replace", "old:str new:str count:int?", t.STR),
    *(
        Row(name, "prefix:str|tuple start:int|none? end:int|none?", _affix)
        for name in ("startswith", "endswith")
    ),
    *(Row(name, "sub:str start:int|none? end:int|none?", t.INT) for name in ("find", "rfind")),
    *(
        Row(name, "sub:str start:int|none? end:int|none?", t.INT, "ValueError")
        for name in ("index", "rindex")
    ),
    Row("count", "sub:str start:int|none? end:int|none?", t.INT),
    Row("removeprefix", "prefix:str", t.STR),
    Row("removesuffix", "suffix:str", t.STR),
    *(Row(name, "width:int fillchar:str?", _pad) for name in ("ljust", "rjust", "center")),
    Row("zfill", "width:int", t.STR),
    Row("expandtabs", "~tabsize:int?", t.STR),
    Row(
        "format",
        "*args:any **values:any",
        t.STR,
        "AttributeError IndexError KeyError OverflowError TypeError ValueError",
    ),
)

_LIST: Final = (
    Row("index", "value:any start:int? stop:int?", t.INT, "ValueError"),
    Row("count", "value:any", t.INT),
    Row("copy", "", _itself),
    Row("append", "object:any", t.NONE, mutates=True),
    Row("extend", "iterable:iterable", t.NONE, mutates=True),
    Row("insert", "index:int object:any", t.NONE, mutates=True),
    Row("pop", "index:int?", _element, "IndexError", mutates=True),
    Row("remove", "value:any", t.NONE, "ValueError", mutates=True),
    Row("clear", "", t.NONE, mutates=True),
    Row("reverse", "", t.NONE, mutates=True),
    Row("sort", "=key:lambda? =reverse:int?", _sort, mutates=True),
)

_TUPLE: Final = (
    Row("index", "value:any start:int? stop:int?", t.INT, "ValueError"),
    Row("count", "value:any", t.INT),
)

_DICT: Final = (
    Row("get", "key:hashable default:any?", _get),
    Row("keys", "", _TEXTS),
    Row("values", "", _values),
    Row("items", "", _items),
    Row("copy", "", _itself),
    Row("pop", "key:hashable default:any?", _pop_key, mutates=True),
    Row("popitem", "", _pop_item, mutates=True),
    Row("setdefault", "key:hashable default:any?", _set_default, mutates=True),
    Row("update", "other:iterable? **values:any", _update, mutates=True),
    Row("clear", "", t.NONE, mutates=True),
)

_SET: Final = (
    Row("union", "*others:hashables", _joined),
    Row("symmetric_difference", "other:hashables", _joined),
    *(Row(name, "*others:hashables", _itself) for name in ("intersection", "difference")),
    *(Row(name, "other:hashables", t.BOOL) for name in ("issubset", "issuperset", "isdisjoint")),
    Row("copy", "", _itself),
    Row("add", "elem:hashable", t.NONE, mutates=True),
    Row("discard", "elem:hashable|set", t.NONE, mutates=True),
    Row("remove", "elem:hashable|set", t.NONE, "KeyError", mutates=True),
    Row("pop", "", _element, "KeyError", mutates=True),
    Row("update", "*others:hashables", t.NONE, mutates=True),
    Row("clear", "", t.NONE, mutates=True),
)

_DATETIME: Final = (
    Row("isoformat", "~sep:str? ~timespec:str?", _isoformat),
    Row("strftime", "~format:str", t.STR, "ValueError"),
    # A naive datetime near the ends of the calendar has no timestamp.
    Row("timestamp", "", t.FLOAT, "OverflowError ValueError"),
    Row("replace", f"~year:int? ~month:int? ~day:int? {TIME}", datetime_of),
    Row("astimezone", "~tz:any", t.DATETIME, "OverflowError ValueError"),
    Row("utcoffset", "", t.union(t.TIMEDELTA, t.NONE)),
    Row("weekday", "", t.INT),
    Row("isoweekday", "", t.INT),
)

METHOD_ROWS: Final[Mapping[str, tuple[Row, ...]]] = {
    "str": _STR,
    "list": _LIST,
    "tuple": _TUPLE,
    "dict": _DICT,
    "set": _SET,
    "int": (Row("bit_length", "", t.INT), Row("bit_count", "", t.INT)),
    "float": (Row("is_integer", "", t.BOOL),),
    "datetime": _DATETIME,
    "timedelta": (Row("total_seconds", "", t.FLOAT),),
}

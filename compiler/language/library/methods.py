"""The rows of the methods of str, list, dict, tuple, set, int, float, datetime and timedelta."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wfc.compiler.language.library.functions import TIME, datetime_of
from wfc.compiler.language.library.signatures import Operands, Row
from wfc.compiler.language.nodes import Expr
from wfc.compiler.language.nodes.types import (
    BOOL,
    DATETIME,
    FLOAT,
    INT,
    NONE,
    STR,
    TIMEDELTA,
    ListType,
    SetType,
    TupleType,
    Type,
    members,
    union,
)
from wfc.compiler.language.typing.judgement import NOTHING, TYPE_ERROR, Judgement, text_of
from wfc.compiler.language.typing.kinds import Fit, elements, fit, is_mapping, record, values
from wfc.compiler.language.typing.operators import least_or_greatest

_VALUE: Final = frozenset({"ValueError"})
_KEY: Final = frozenset({"KeyError"})
_TEXTS: Final = ListType(STR)
_THREE_TEXTS: Final = TupleType((STR, STR, STR))


def _separator(sep: Expr | None) -> frozenset[str]:
    """An empty separator is refused."""
    return NOTHING if sep is None or sep.type == NONE or text_of(sep) else _VALUE


def _split(operands: Operands) -> Judgement:
    return Judgement(_TEXTS, _separator(operands.bound.get("sep")))


def _partition(operands: Operands) -> Judgement:
    return Judgement(_THREE_TEXTS, _separator(operands.bound["sep"]))


def _affix(operands: Operands) -> Judgement:
    affix = operands.type("prefix")
    found = [fit(operands.module, elements(operands.module, one), "str") for one in members(affix)]
    return Judgement(BOOL, NOTHING if all(one == Fit.YES for one in found) else TYPE_ERROR)


def _pad(operands: Operands) -> Judgement:
    fill = operands.bound.get("fillchar")
    fine = fill is None or len(text_of(fill) or "") == 1
    return Judgement(STR, NOTHING if fine else TYPE_ERROR)


def _element(operands: Operands) -> Judgement:
    return Judgement(elements(operands.module, operands.receiver))


def _itself(operands: Operands) -> Judgement:
    return Judgement(operands.receiver)


def _sort(operands: Operands) -> Judgement:
    key = operands.type("key", NONE)
    element = elements(operands.module, operands.receiver) if key == NONE else key
    return Judgement(NONE, least_or_greatest(operands.module, (element,)))


def _found(operands: Operands) -> tuple[Type, bool]:
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
    return Judgement(value if there else union(value, operands.type("default", NONE)))


def _pop_key(operands: Operands) -> Judgement:
    value, there = _found(operands)
    if "default" in operands.bound:
        return Judgement(union(value, operands.type("default")))
    return Judgement(value, NOTHING if there else _KEY)


def _set_default(operands: Operands) -> Judgement:
    return Judgement(union(_found(operands)[0], operands.type("default", NONE)))


def _values(operands: Operands) -> Judgement:
    return Judgement(ListType(values(operands.module, operands.receiver)))


def _items(operands: Operands) -> Judgement:
    return Judgement(ListType(TupleType((STR, values(operands.module, operands.receiver)))))


def _pop_item(operands: Operands) -> Judgement:
    return Judgement(TupleType((STR, values(operands.module, operands.receiver))), _KEY)


def _update(operands: Operands) -> Judgement:
    other = operands.bound.get("other")
    alternatives = members(other.type) if other is not None else ()
    if all(is_mapping(operands.module, member) for member in alternatives):
        return Judgement(NONE)
    return Judgement(NONE, TYPE_ERROR | _VALUE)


def _joined(operands: Operands) -> Judgement:
    others = (*operands.rest, *operands.bound.values())
    found = [elements(operands.module, one.type) for one in others]
    return Judgement(SetType(union(elements(operands.module, operands.receiver), *found)))


def _isoformat(operands: Operands) -> Judgement:
    spec = operands.bound.get("timespec")
    known = {"auto", "hours", "minutes", "seconds", "milliseconds", "microseconds"}
    fine = spec is None or text_of(spec) in known
    separator = operands.bound.get("sep")
    one = separator is None or len(text_of(separator) or "") == 1
    return Judgement(STR, (NOTHING if fine else _VALUE) | (NOTHING if one else TYPE_ERROR))


_STR: Final = (
    *(
        Row(name, "", STR)
        for name in ("upper", "lower", "casefold", "capitalize", "title", "swapcase")
    ),
    *(
        Row(name, "", BOOL)
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
    *(Row(name, "chars:str|none?", STR) for name in ("strip", "lstrip", "rstrip")),
    *(Row(name, "~sep:str|none? ~maxsplit:int?", _split) for name in ("split", "rsplit")),
    Row("splitlines", "~keepends:int?", _TEXTS),
    *(Row(name, "sep:str", _partition) for name in ("partition", "rpartition")),
    Row("join", "iterable:texts", STR),
    Row("replace", "old:str new:str count:int?", STR),
    *(
        Row(name, "prefix:str|tuple start:int|none? end:int|none?", _affix)
        for name in ("startswith", "endswith")
    ),
    *(Row(name, "sub:str start:int|none? end:int|none?", INT) for name in ("find", "rfind")),
    *(
        Row(name, "sub:str start:int|none? end:int|none?", INT, "ValueError")
        for name in ("index", "rindex")
    ),
    Row("count", "sub:str start:int|none? end:int|none?", INT),
    Row("removeprefix", "prefix:str", STR),
    Row("removesuffix", "suffix:str", STR),
    *(Row(name, "width:int fillchar:str?", _pad) for name in ("ljust", "rjust", "center")),
    Row("zfill", "width:int", STR),
    Row("expandtabs", "~tabsize:int?", STR),
    Row(
        "format",
        "*args:any **values:any",
        STR,
        "AttributeError IndexError KeyError OverflowError TypeError ValueError",
    ),
)

_LIST: Final = (
    Row("index", "value:any start:int? stop:int?", INT, "ValueError"),
    Row("count", "value:any", INT),
    Row("copy", "", _itself),
    Row("append", "object:any", NONE, mutates=True),
    Row("extend", "iterable:iterable", NONE, mutates=True),
    Row("insert", "index:int object:any", NONE, mutates=True),
    Row("pop", "index:int?", _element, "IndexError", mutates=True),
    Row("remove", "value:any", NONE, "ValueError", mutates=True),
    Row("clear", "", NONE, mutates=True),
    Row("reverse", "", NONE, mutates=True),
    Row("sort", "=key:lambda? =reverse:int?", _sort, mutates=True),
)

_TUPLE: Final = (
    Row("index", "value:any start:int? stop:int?", INT, "ValueError"),
    Row("count", "value:any", INT),
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
    Row("clear", "", NONE, mutates=True),
)

_SET: Final = (
    Row("union", "*others:hashables", _joined),
    Row("symmetric_difference", "other:hashables", _joined),
    *(Row(name, "*others:hashables", _itself) for name in ("intersection", "difference")),
    *(Row(name, "other:hashables", BOOL) for name in ("issubset", "issuperset", "isdisjoint")),
    Row("copy", "", _itself),
    Row("add", "elem:hashable", NONE, mutates=True),
    Row("discard", "elem:hashable|set", NONE, mutates=True),
    Row("remove", "elem:hashable|set", NONE, "KeyError", mutates=True),
    Row("pop", "", _element, "KeyError", mutates=True),
    Row("update", "*others:hashables", NONE, mutates=True),
    Row("clear", "", NONE, mutates=True),
)

_DATETIME: Final = (
    Row("isoformat", "~sep:str? ~timespec:str?", _isoformat),
    Row("strftime", "~format:str", STR, "ValueError"),
    # A naive datetime near the ends of the calendar has no timestamp.
    Row("timestamp", "", FLOAT, "OverflowError ValueError"),
    Row("replace", f"~year:int? ~month:int? ~day:int? {TIME}", datetime_of),
    Row("astimezone", "~tz:any", DATETIME, "OverflowError ValueError"),
    Row("utcoffset", "", union(TIMEDELTA, NONE)),
    Row("weekday", "", INT),
    Row("isoweekday", "", INT),
)

METHOD_ROWS: Final[Mapping[str, tuple[Row, ...]]] = {
    "str": _STR,
    "list": _LIST,
    "tuple": _TUPLE,
    "dict": _DICT,
    "set": _SET,
    "int": (Row("bit_length", "", INT), Row("bit_count", "", INT)),
    "float": (Row("is_integer", "", BOOL),),
    "datetime": _DATETIME,
    "timedelta": (Row("total_seconds", "", FLOAT),),
}

"""Values that cross a step or workflow boundary: Python to JSON data and back, by annotation.

| annotation | JSON data |
|---|---|
| ``None bool int float str`` | the same; NaN and infinities are refused |
| ``list[T]``, ``tuple[...]`` | array; it comes back as a tuple only where the annotation says so |
| ``dict[str, T]`` | object |
| dataclass, TypedDict | object with one member per field |
| enum | its value |
| ``datetime`` with a time zone | ISO 8601 text in UTC with milliseconds and ``Z`` |
| ``timedelta`` | seconds |
| ``Literal``, unions, ``NewType``, ``Annotated`` | what the chosen member says |
| ``Any``, no annotation | any of the above by its own kind; comes back as plain JSON data |

Both directions build new containers, so neither side sees what the other does to its copy later.
"""

from __future__ import annotations

import json
import math
import sys
import types
import typing
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Final, Protocol

from wfc.author.errors import BoundaryError


class Codec(Protocol):
    """Converts values of one annotation. ``at`` names the value in messages, such as
    ``argument amount of step debit``; integers beyond ``largest`` are refused."""

    def encode(self, value: Any, at: str, largest: int | None) -> Any: ...

    def decode(self, data: Any, at: str, largest: int | None) -> Any: ...


Convert = Callable[[Any, str, "int | None"], Any]


def encode(value: Any, hint: Any, at: str, *, largest: int | None = None) -> Any:
    """JSON data for a value of an annotated type.

    Args:
        value: what the caller passes, or what a step returns.
        hint: the annotation, resolved; ``Any`` when there is none.
        at: names the value in messages, such as ``argument amount of step debit``.
        largest: refuse integers beyond this.

    Raises:
        BoundaryError: the value is not of that type or has no JSON form.
        ValueError: a number in it is NaN or infinite.
    """
    try:
        return codec(hint, at).encode(value, at, largest)
    except RecursionError:
        raise _too_deep(at) from None


def decode(data: Any, hint: Any, at: str, *, largest: int | None = None) -> Any:
    """The value of an annotated type that JSON data stands for; arguments as for :func:`encode`.

    Raises:
        BoundaryError: the data does not describe a value of that type.
    """
    try:
        return codec(hint, at).decode(data, at, largest)
    except RecursionError:
        raise _too_deep(at) from None


def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The annotations of a function by parameter name, and ``return``; resolved.

    Raises:
        BoundaryError: a name in an annotation does not exist in the function's module.
    """
    try:
        return typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        name = getattr(function, "__qualname__", repr(function))
        raise BoundaryError(
            f"the annotations of {name} cannot be read: {error}; import the name at module level, "
            "outside `if TYPE_CHECKING`"
        ) from error


def codec(hint: Any, at: str = "") -> Codec:
    """The converter for an annotation.

    Raises:
        BoundaryError: no value of that type has a JSON form, such as ``set`` or ``Decimal``.
    """
    try:
        known = _CODECS.get(hint)
    except TypeError:  # an unhashable annotation, such as Literal[[]]
        raise _no_json_form(hint, at) from None
    if known is None:
        known = _CODECS[hint] = _build(hint, at)
    return known


def _build(hint: Any, at: str) -> Codec:
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if isinstance(hint, typing.NewType):
        return codec(hint.__supertype__, at)
    if origin in _WRAPPERS:
        return codec(arguments[0], at)
    if sys.version_info >= (3, 12) and isinstance(hint, typing.TypeAliasType):
        return codec(hint.__value__, at)
    if origin in (typing.Union, types.UnionType):
        return _Union(hint, tuple(codec(member, at) for member in arguments))
    if origin is typing.Literal:
        return _Literal(hint, arguments)
    if origin is list or hint is list:
        return _List(codec(arguments[0] if arguments else Any, at))
    if origin is tuple:
        return _tuple(arguments, at)
    if hint is tuple:
        return _UniformTuple(codec(Any))
    if origin is dict or hint is dict:
        if arguments and codec(arguments[0], at) is not _CODECS[str]:
            raise _no_json_form(hint, at, "the keys of a JSON object are text")
        return _Dict(codec(arguments[1] if arguments else Any, at))
    if isinstance(hint, type):
        return _of_class(hint, at)
    raise _no_json_form(hint, at)


def _of_class(cls: type, at: str) -> Codec:
    if issubclass(cls, Enum):
        return _Enum(cls)
    if typing.is_typeddict(cls) or "__dataclass_fields__" in vars(cls):
        return _Record(cls)
    if cls is datetime:
        return _DateTime()
    if cls is timedelta:
        return _TimeDelta()
    raise _no_json_form(cls, at)


class _None:
    def encode(self, value: Any, at: str, largest: int | None) -> None:
        if value is not None:
            raise _unexpected("None", value, at)

    decode = encode


class _Bool:
    def encode(self, value: Any, at: str, largest: int | None) -> bool:
        if not isinstance(value, bool):
            raise _unexpected("bool", value, at)
        return value

    decode = encode


class _Int:
    def encode(self, value: Any, at: str, largest: int | None) -> int:
        if not isinstance(value, int):
            raise _unexpected("int", value, at)
        return _integer(value, at, largest)

    def decode(self, data: Any, at: str, largest: int | None) -> int:
        # JSON has one kind of number: an engine may write 2 as 2.0.
        if isinstance(data, float) and data.is_integer():
            return _integer(int(data), at, largest)
        return self.encode(data, at, largest)


class _Float:
    def encode(self, value: Any, at: str, largest: int | None) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _unexpected("float", value, at)
        return _number(float(value), at)

    decode = encode


class _Str:
    def encode(self, value: Any, at: str, largest: int | None) -> str:
        if not isinstance(value, str):
            raise _unexpected("str", value, at)
        return _text(value, at)

    decode = encode


class _Any:
    """Any JSON value. Going out, each value is converted by its own kind."""

    def encode(self, value: Any, at: str, largest: int | None) -> Any:
        match value:
            case None | bool():
                return value
            case Enum():
                return self.encode(value.value, at, largest)
            case int():
                return _integer(value, at, largest)
            case float():
                return _number(value, at)
            case str():
                return _text(value, at)
            case list() | tuple():
                return [self.encode(item, f"{at}[{i}]", largest) for i, item in enumerate(value)]
            case dict():
                return {
                    _key(key, at): self.encode(item, _below(at, key), largest)
                    for key, item in value.items()
                }
        return _of_class(type(value), at).encode(value, at, largest)

    decode = encode


class _List:
    def __init__(self, element: Codec) -> None:
        self.element = element

    def encode(self, value: Any, at: str, largest: int | None) -> list[Any]:
        if not isinstance(value, list):
            raise _unexpected("list", value, at)
        return [self.element.encode(item, f"{at}[{i}]", largest) for i, item in enumerate(value)]

    def decode(self, data: Any, at: str, largest: int | None) -> list[Any]:
        if not isinstance(data, list):
            raise _unexpected("list", data, at)
        return [self.element.decode(item, f"{at}[{i}]", largest) for i, item in enumerate(data)]


class _Dict:
    def __init__(self, element: Codec) -> None:
        self.element = element

    def encode(self, value: Any, at: str, largest: int | None) -> dict[str, Any]:
        return self._convert(self.element.encode, value, at, largest)

    def decode(self, data: Any, at: str, largest: int | None) -> dict[str, Any]:
        return self._convert(self.element.decode, data, at, largest)

    def _convert(
        self,
        convert: Convert,
        value: Any,
        at: str,
        largest: int | None,
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _unexpected("dict", value, at)
        return {
            _key(key, at): convert(item, _below(at, key), largest) for key, item in value.items()
        }


def _tuple(arguments: tuple[Any, ...], at: str) -> Codec:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return _UniformTuple(codec(arguments[0], at))
    return _Tuple(tuple(codec(argument, at) for argument in arguments))


class _UniformTuple:
    """``tuple[T, ...]``"""

    def __init__(self, element: Codec) -> None:
        self.items = _List(element)

    def encode(self, value: Any, at: str, largest: int | None) -> list[Any]:
        if not isinstance(value, tuple):
            raise _unexpected("tuple", value, at)
        return self.items.encode(list(value), at, largest)

    def decode(self, data: Any, at: str, largest: int | None) -> tuple[Any, ...]:
        return tuple(self.items.decode(data, at, largest))


class _Tuple:
    def __init__(self, items: tuple[Codec, ...]) -> None:
        self.items = items

    def encode(self, value: Any, at: str, largest: int | None) -> list[Any]:
        if not isinstance(value, tuple) or len(value) != len(self.items):
            raise _unexpected(f"tuple of {len(self.items)}", value, at)
        pairs = enumerate(zip(self.items, value, strict=True))
        return [item.encode(part, f"{at}[{i}]", largest) for i, (item, part) in pairs]

    def decode(self, data: Any, at: str, largest: int | None) -> tuple[Any, ...]:
        if not isinstance(data, list) or len(data) != len(self.items):
            raise _unexpected(f"list of {len(self.items)}", data, at)
        pairs = enumerate(zip(self.items, data, strict=True))
        return tuple(item.decode(part, f"{at}[{i}]", largest) for i, (item, part) in pairs)


class _Literal:
    def __init__(self, hint: Any, values: tuple[Any, ...]) -> None:
        self.hint = hint
        self.values = values

    def encode(self, value: Any, at: str, largest: int | None) -> Any:
        if not any(type(value) is type(known) and value == known for known in self.values):
            raise _unexpected(_show(self.hint), value, at)
        return value

    decode = encode


class _Union:
    """The first member that takes the value exactly, else the first one that takes it at all: an
    int is no float in ``int | float``, but is one in ``float | None``."""

    def __init__(self, hint: Any, members: tuple[Codec, ...]) -> None:
        self.hint = hint
        self.members = members

    def encode(self, value: Any, at: str, largest: int | None) -> Any:
        return self._first([m.encode for m in self._ordered(value)], value, at, largest)

    def decode(self, data: Any, at: str, largest: int | None) -> Any:
        return self._first([m.decode for m in self._ordered(data)], data, at, largest)

    def _ordered(self, value: Any) -> list[Codec]:
        exact = _CODECS.get(type(value))
        return sorted(self.members, key=lambda member: member is not exact)

    def _first(
        self,
        converters: list[Convert],
        value: Any,
        at: str,
        largest: int | None,
    ) -> Any:
        problems = []
        for convert in converters:
            try:
                return convert(value, at, largest)
            except BoundaryError as problem:
                problems.append(problem)
        # A problem deeper than the value itself says more than "no member fits".
        inside = [p for p in problems if not str(p).startswith(f"{at}: expected")]
        raise inside[0] if len(inside) == 1 else _unexpected(_show(self.hint), value, at)


class _Enum:
    def __init__(self, cls: type[Any]) -> None:
        self.cls = cls

    def encode(self, value: Any, at: str, largest: int | None) -> Any:
        if not isinstance(value, self.cls):
            raise _unexpected(self.cls.__name__, value, at)
        return codec(Any).encode(value.value, at, largest)

    def decode(self, data: Any, at: str, largest: int | None) -> Any:
        for member in self.cls:
            if type(member.value) is type(data) and member.value == data:
                return member
        known = ", ".join(repr(member.value) for member in self.cls)
        raise BoundaryError(f"{at}: expected one of {known}, got {_sample(data)}")


class _Record:
    """A dataclass or TypedDict. The fields' codecs are built at first use, so that a record may
    contain itself."""

    def __init__(self, cls: type[Any]) -> None:
        self.cls = cls
        self._fields: dict[str, Codec] | None = None

    def encode(self, value: Any, at: str, largest: int | None) -> dict[str, Any]:
        if typing.is_typeddict(self.cls):
            members = self._members(value, "dict", at)
        elif isinstance(value, self.cls):
            members = {name: getattr(value, name) for name in self._codecs(at)}
        else:
            raise _unexpected(self.cls.__name__, value, at)
        fields = self._codecs(at)
        return {
            name: fields[name].encode(item, _below(at, name), largest)
            for name, item in members.items()
        }

    def decode(self, data: Any, at: str, largest: int | None) -> Any:
        fields = self._codecs(at)
        members = {
            name: fields[name].decode(item, _below(at, name), largest)
            for name, item in self._members(data, self.cls.__name__, at).items()
        }
        return members if typing.is_typeddict(self.cls) else self.cls(**members)

    def _members(self, data: Any, expected: str, at: str) -> dict[str, Any]:
        """The members of an object that has every required field and no unknown one."""
        if not isinstance(data, dict):
            raise _unexpected(expected, data, at)
        fields = self._codecs(at)
        for name in data:
            if name not in fields:
                raise BoundaryError(f"{at}: {self.cls.__name__} has no field {name!r}")
        for name in fields:
            if name not in data and self._required(name):
                raise BoundaryError(f"{at}: field {name!r} of {self.cls.__name__} is missing")
        return data

    def _codecs(self, at: str) -> dict[str, Codec]:
        if self._fields is None:
            hints = hints_of(self.cls)
            names = hints if typing.is_typeddict(self.cls) else self.cls.__dataclass_fields__
            self._fields = {name: codec(hints[name], _below(at, name)) for name in names}
        return self._fields

    def _required(self, name: str) -> bool:
        if typing.is_typeddict(self.cls):
            # With `from __future__ import annotations`, __required_keys__ overlooks NotRequired.
            qualifier = typing.get_origin(hints_of(self.cls)[name])
            known: frozenset[str] = self.cls.__required_keys__
            return qualifier is typing.Required or (
                qualifier is not typing.NotRequired and name in known
            )
        from dataclasses import MISSING

        field = self.cls.__dataclass_fields__[name]
        return field.default is MISSING and field.default_factory is MISSING


class _DateTime:
    def encode(self, value: Any, at: str, largest: int | None) -> str:
        if not isinstance(value, datetime):
            raise _unexpected("datetime", value, at)
        if value.utcoffset() is None:
            raise BoundaryError(
                f"{at}: a datetime without a time zone means another moment on every machine; "
                "use datetime.now(timezone.utc) or give it a tzinfo"
            )
        moment = value.astimezone(UTC).isoformat(timespec="milliseconds")
        return moment.replace("+00:00", "Z")

    def decode(self, data: Any, at: str, largest: int | None) -> Any:
        if not isinstance(data, str):
            raise _unexpected("a moment as ISO 8601 text", data, at)
        try:
            moment = datetime.fromisoformat(data)
        except ValueError:
            raise _unexpected("a moment as ISO 8601 text", data, at) from None
        if moment.utcoffset() is None:
            raise BoundaryError(f"{at}: {data!r} has no time zone; write '{data}Z' for UTC")
        if moment.microsecond % 1000:
            raise BoundaryError(f"{at}: {data!r} is finer than a millisecond")
        return moment.astimezone(UTC)


class _TimeDelta:
    def encode(self, value: Any, at: str, largest: int | None) -> float:
        if not isinstance(value, timedelta):
            raise _unexpected("timedelta", value, at)
        seconds = value.total_seconds()
        return int(seconds) if seconds.is_integer() else seconds

    def decode(self, data: Any, at: str, largest: int | None) -> Any:
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            raise _unexpected("a number of seconds", data, at)
        return timedelta(seconds=_number(float(data), at))


_WRAPPERS: Final[frozenset[Any]] = frozenset(
    {typing.Annotated, typing.Required, typing.NotRequired, typing.Final}
)
_CODECS: Final[dict[Any, Codec]] = {
    None: _None(),
    type(None): _None(),
    bool: _Bool(),
    int: _Int(),
    float: _Float(),
    str: _Str(),
    Any: _Any(),
    object: _Any(),
}


def _integer(value: int, at: str, largest: int | None) -> int:
    if largest is not None and abs(value) > largest:
        raise BoundaryError(
            f"{at}: {value} is beyond {largest}, the most that a target holds exactly; "
            "send it as text"
        )
    return value if type(value) in (int, bool) else int(value)


def _number(value: float, at: str) -> float:
    if not math.isfinite(value):
        try:
            # Every engine ends with the error that the json module has for this.
            json.dumps(value, allow_nan=False)
        except ValueError as error:
            error.add_note(f"{at}: JSON has no {value}")
            raise
    return value


def check_text(value: str, at: str) -> None:
    """
    Raises:
        BoundaryError: the text has a character that UTF-8, and so JSON on its way, cannot hold.
    """
    if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
        raise BoundaryError(f"{at}: the text has a lone surrogate, which is no Unicode character")


def _text(value: str, at: str) -> str:
    check_text(value, at)
    return value if type(value) is str else str.__str__(value)


def _key(key: Any, at: str) -> str:
    if type(key) is not str:
        raise BoundaryError(f"{at}: the keys of a JSON object are text, got {_sample(key)}")
    return key


def _below(at: str, key: Any) -> str:
    return f"{at}.{key}"


def _unexpected(expected: str, value: Any, at: str) -> BoundaryError:
    return BoundaryError(f"{at}: expected {expected}, got {_sample(value)}")


def _no_json_form(hint: Any, at: str, reason: str = "it is not JSON data") -> BoundaryError:
    return BoundaryError(f"{at}: a value of type {_show(hint)} cannot cross here: {reason}")


def _too_deep(at: str) -> BoundaryError:
    return BoundaryError(f"{at}: the value contains itself or is nested too deeply")


def _show(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) else str(hint).replace("typing.", "")


def _sample(value: Any) -> str:
    if value is None:
        return "None"
    text = repr(value)
    shown = text if len(text) <= 60 else text[:57] + "..."
    return f"{type(value).__name__} {shown}"

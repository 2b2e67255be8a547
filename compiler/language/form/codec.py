"""Turns the IR into JSON data and back.

Every node and every type is an object whose ``node`` is the name of its class and whose other
members are its fields; a field that has its default value is left out. A span is
``[line, column, end line, end column]``, a tuple is a list, a set is a sorted list.
``ir.schema.json`` describes the form exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from wfc.compiler.data.struct import MISSING, Field, Struct, fields
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import UnknownNode
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.shapes import malformed, shape

Json: TypeAlias = dict[str, Any]


class IrFormatError(ValueError):
    """The data is no JSON form of the IR; the message says where and why."""


def _classes() -> dict[str, type[Struct]]:
    found: dict[str, type[Struct]] = {}
    for one in (*vars(ir).values(), *vars(t).values()):
        is_data = isinstance(one, type) and issubclass(one, Struct)
        if is_data and one not in _ABSTRACT:
            found[one.__name__] = one
    return found


# What the other classes share; no node is one of these itself.
_ABSTRACT: Final = (Struct, ir.Node, Span, ir.Typed, ir.Stmt, ir.Definition, ir.Function)

_SCALARS: Final = frozenset({str, int, float, bool, type(None)})

CLASSES: Final[Mapping[str, type[Struct]]] = _classes()


def to_json(module: ir.Module) -> Json:
    """The module as JSON data, spans, comments and sources included."""
    data: Json = encode(module)
    return data


def from_json(data: Json) -> ir.Module:
    """The module that ``to_json`` has written.

    Raises:
        IrFormatError: the data is something else.
    """
    module = decode(data)
    if not isinstance(module, ir.Module):
        raise IrFormatError(f"a module is expected, not {type(module).__name__}")
    return module


def encode(value: Any) -> Any:
    """A node, a type, or a sequence of them as JSON data."""
    class_ = type(value)
    if class_ in _SCALARS:
        return value
    if class_ is tuple:
        return [encode(item) for item in value]
    if class_ is frozenset:
        return sorted(value)
    if class_ is Span:
        return [value.line, value.column, value.end_line, value.end_column]
    return _encode_chain(value) if class_ is ir.If else _encode(value)


def _encode(value: Any, skipped: str = "") -> Json:
    data: Json = {"node": type(value).__name__}
    for name, default in _layout(type(value)).items():
        found = getattr(value, name)
        if name != skipped and not at_default(found, default):
            data[name] = encode(found)
    return data


def _encode_chain(statement: ir.If) -> Json:
    """``elif``s are nested; a long chain is not walked by recursion."""
    chain = [statement]
    while len(chain[-1].orelse) == 1 and isinstance(chain[-1].orelse[0], ir.If):
        chain.append(chain[-1].orelse[0])
    below: list[Json] = [encode(one) for one in chain[-1].orelse]
    for one in reversed(chain):
        data = _encode(one, skipped="orelse")
        if below:
            data["orelse"] = below
        below = [data]
    return below[0]


_LAYOUTS: Final[dict[type, dict[str, Any]]] = {}


def _layout(class_: type[Any]) -> dict[str, Any]:
    """The fields of a class in order, each with its default, or MISSING where it has none."""
    if class_ not in _LAYOUTS:
        if CLASSES.get(class_.__name__) is not class_:
            raise UnknownNode(class_)
        _LAYOUTS[class_] = {one.name: _default(one) for one in fields(class_)}
    return _LAYOUTS[class_]


def _default(one: Field) -> Any:
    return one.default if one.factory is None else one.factory()


def at_default(value: object, default: object) -> bool:
    """Whether a field has its default and needs not be written; 1.0 and True are not 1."""
    return value is default or (type(value) is type(default) and value == default)


def decode(data: Any) -> Any:
    """The opposite of :func:`encode`.

    Raises:
        IrFormatError: the data is no JSON form of a node, a type, or a list of them.
    """
    if type(data) in _SCALARS:
        return data
    if isinstance(data, list):
        return tuple([decode(item) for item in data])
    match data:
        case {"node": "If"}:
            return _decode_chain(data)
        case {"node": str()}:
            return _decode(data)
    raise IrFormatError("an object that does not say its node")


def _decode(data: Json, **known: Any) -> Any:
    kind = data["node"]
    class_ = CLASSES.get(kind)
    if class_ is None:
        raise IrFormatError(f"unknown node '{kind}'")
    layout = _layout(class_)
    unknown = set(data) - set(layout) - {"node"}
    if unknown:
        raise IrFormatError(f"{kind} has no field '{min(unknown)}'")
    missing = [name for name, default in layout.items() if default is MISSING and name not in data]
    if missing:
        raise IrFormatError(f"{kind} needs a field '{missing[0]}'")
    given = {
        one.name: _decode_field(one, data[one.name]) for one in fields(class_) if one.name in data
    }
    node = class_(**{**given, **known})
    wrong = malformed(node)
    if wrong:
        raise IrFormatError(f"{kind} has something else in '{wrong[0]}' than it should have")
    return node


def _decode_field(one: Field, value: Any) -> Any:
    if one.name == "span":
        return _decode_span(value)
    found = decode(value)
    unordered = shape(one.annotation).unordered and isinstance(found, tuple)
    return frozenset(found) if unordered else found


def _decode_span(value: Any) -> Span:
    if not isinstance(value, list) or [type(one) for one in value] != [int] * 4:
        raise IrFormatError("a span has four numbers")
    return Span(*value)


def _decode_chain(data: Json) -> ir.If:
    chain = [data]
    while _is_elif(chain[-1].get("orelse")):
        chain.append(chain[-1]["orelse"][0])
    below = tuple(decode(one) for one in chain[-1].get("orelse", ()))
    for one in reversed(chain):
        rest = {name: value for name, value in one.items() if name != "orelse"}
        below = (_decode(rest, orelse=below),)
    statement: ir.If = below[0]
    return statement


def _is_elif(block: Any) -> bool:
    match block:
        case [{"node": "If"}]:
            return True
    return False

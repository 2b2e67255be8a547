"""Makes the JSON Schema of the IR's JSON form out of the classes of the IR."""

from __future__ import annotations

import types as python
from collections.abc import Mapping
from typing import Any, Final, get_args

from wfc.compiler.data.struct import MISSING, fields
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.form.codec import CLASSES
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.shapes import Shape, shape

# The unions that have a name of their own in the schema.
_ALIASES: Final[Mapping[str, Any]] = {
    "Expr": ir.Expr,
    "Statement": ir.Statement,
    "Type": t.Type,
}
_SCALARS: Final[Mapping[type, str]] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    python.NoneType: "null",
}


def ir_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what ``to_json`` writes."""
    definitions: dict[str, Any] = {name: _object(class_) for name, class_ in CLASSES.items()}
    for name, alias in _ALIASES.items():
        definitions[name] = _kinds([one.__name__ for one in get_args(alias)])
    span = {"type": "integer", "minimum": 0}
    definitions["Span"] = {
        "description": "Line, column, end line, end column; counted from 1.",
        "type": "array",
        "items": span,
        "minItems": 4,
        "maxItems": 4,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The intermediate representation of wfc, as `wfc ir --format json` prints it",
        "$ref": "#/$defs/Module",
        "$defs": dict(sorted(definitions.items())),
    }


def _object(class_: type) -> dict[str, Any]:
    properties: dict[str, Any] = {"node": {"const": class_.__name__}}
    required = ["node"]
    for one in fields(class_):
        properties[one.name] = _value(shape(one.annotation))
        if one.default is MISSING and one.factory is None:
            required.append(one.name)
    schema: dict[str, Any] = {"type": "object"}
    if class_.__doc__ and not class_.__doc__.startswith(f"{class_.__name__}("):
        schema["description"] = " ".join(class_.__doc__.replace("``", "`").split())
    return {
        **schema,
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _kinds(kinds: list[str]) -> dict[str, Any]:
    """One of several kinds of object. The kind decides before anything else is looked at, so that
    checking takes time in proportion to the data."""
    if len(kinds) == 1:
        return {"$ref": f"#/$defs/{kinds[0]}"}
    return {
        "type": "object",
        "required": ["node"],
        "properties": {"node": {"enum": kinds}},
        "allOf": [
            {
                "if": {"properties": {"node": {"const": kind}}},
                "then": {"$ref": f"#/$defs/{kind}"},
            }
            for kind in kinds
        ],
    }


def _value(of: Shape) -> dict[str, Any]:
    """One of scalars, kinds of object, words and arrays, as far as a shape has them."""
    schemas: list[dict[str, Any]] = []
    scalars = sorted(_SCALARS[one] for one in of.classes & _SCALARS.keys())
    if scalars:
        schemas.append({"type": scalars if len(scalars) > 1 else scalars[0]})
    if of.classes - _SCALARS.keys():
        schemas.append(_classes(of.classes - _SCALARS.keys()))
    if of.words:
        schemas.append({"enum": list(of.words)})
    if of.items is not None:
        unique = {"uniqueItems": True} if of.unordered else {}
        schemas.append({"type": "array", "items": _value(of.items), **unique})
    if of.row:
        row = [_value(one) for one in of.row]
        limits = {"items": False, "minItems": len(row)}
        schemas.append({"type": "array", "prefixItems": row, **limits})
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _classes(classes: frozenset[type]) -> dict[str, Any]:
    """A named union, a single class, or one of the two."""
    for name, alias in _ALIASES.items():
        rest = sorted(one.__name__ for one in classes - set(get_args(alias)))
        if len(classes) - len(rest) != len(get_args(alias)):
            continue
        named = {"$ref": f"#/$defs/{name}"}
        if not rest:
            return named
        other = {"properties": {"node": {"enum": rest}}}
        return {"if": other, "then": _kinds(rest), "else": named}
    return _kinds(sorted(one.__name__ for one in classes))

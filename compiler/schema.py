"""The JSON Schema of a workflow's input, from its parameter types."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from typing import Any, assert_never

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

# https://json-schema.org/draft/2020-12/release-notes
DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_SCALARS: dict[str, Schema] = {
    "None": {"type": "null"},
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "str": {"type": "string"},
    "datetime": {"type": "string", "format": "date-time"},
    "timedelta": {"type": "number", "description": "seconds"},
}


def input_schema(module: ir.Module, workflow: ir.Workflow) -> Schema:
    """The schema of the JSON object that starts a workflow: one property for each parameter.

    Args:
        module: where the workflow's records and enums are defined.
        workflow: one of the module's workflows.

    Returns:
        A JSON Schema of draft 2020-12. Records and enums stand under ``$defs`` by their name.
    """
    writer = _Writer(module)
    about = _argument_texts(workflow.docstring)
    properties: Schema = {}
    for parameter in workflow.parameters:
        schema = writer.schema(parameter.type)
        if parameter.name in about:
            schema = {**schema, "description": about[parameter.name]}
        if parameter.default is not None:
            schema = {**schema, **writer.default(parameter.default)}
        properties[parameter.name] = schema
    document: Schema = {"$schema": DIALECT, "title": workflow.label or workflow.name}
    if workflow.docstring:
        document["description"] = _summary(workflow.docstring)
    document["type"] = "object"
    document["properties"] = properties
    required = [item.name for item in workflow.parameters if item.default is None]
    if required:
        document["required"] = required
    document["additionalProperties"] = False
    if writer.definitions:
        document["$defs"] = writer.definitions
    return document


def type_schema(module: ir.Module, type_: t.Type) -> Schema:
    """The schema of one type, with the records and enums it names under ``$defs``."""
    writer = _Writer(module)
    schema = writer.schema(type_)
    return {**schema, "$defs": writer.definitions} if writer.definitions else schema


class _Writer:
    def __init__(self, module: ir.Module) -> None:
        self.records = {record.name: record for record in module.records}
        self.enums = {enum.name: enum for enum in module.enums}
        self.constants = {constant.name: constant for constant in module.constants}
        self.definitions: dict[str, Schema] = {}

    def schema(self, type_: t.Type) -> Schema:
        """The schema of a type; records and enums are defined on the way."""
        match type_:
            case t.Scalar(name):
                return dict(_SCALARS[name])
            case t.AnyType() | t.ErrorType():
                return {}
            case t.NeverType():
                return {"not": {}}
            case t.ListType(element):
                return {"type": "array", "items": self.schema(element)}
            case t.SetType(element):
                return {"type": "array", "items": self.schema(element), "uniqueItems": True}
            case t.DictType(value):
                return {"type": "object", "additionalProperties": self.schema(value)}
            case t.TupleType(items):
                return self._tuple(items)
            case t.LiteralType(values):
                return {"enum": list(values)} if len(values) > 1 else {"const": values[0]}
            case t.UnionType(members):
                return _any_of([self.schema(member) for member in members])
            case t.RecordType(name):
                return self._reference(name, lambda: self._record(self.records[name]))
            case t.EnumType(name):
                return self._reference(name, lambda: self._enum(name))
            case _:
                assert_never(type_)

    def default(self, value: ir.Expr) -> Schema:
        """The keyword that tells a default; nothing where the value would have to be computed."""
        try:
            return {"default": self.constant(value)}
        except TypeError:
            return {}

    def constant(self, value: ir.Expr) -> Any:
        """The JSON data of a constant expression."""
        # partial: what is no constant raises below
        match value:
            case ir.Constant():
                return value.value
            case ir.EnumMember(enum=enum, member=member):
                return dict(self.enums[enum].members)[member]
            case ir.GlobalName(id=name):
                return self.constant(self.constants[name].value)
            case ir.Unary(operator="-", operand=operand):
                return -self.constant(operand)
            case ir.ListDisplay(items=items) | ir.TupleDisplay(items=items):
                return [self.constant(item) for item in items]  # type: ignore[arg-type]
            case ir.DictDisplay(entries=entries):
                return {
                    self.constant(key): self.constant(item)
                    for key, item in entries
                    if key is not None
                }
        raise TypeError(f"{type(value).__name__} is no constant")

    def _tuple(self, items: tuple[t.Type, ...]) -> Schema:
        return {
            "type": "array",
            "prefixItems": [self.schema(item) for item in items],
            "items": False,
            "minItems": len(items),
        }

    def _reference(self, name: str, build: Callable[[], Schema]) -> Schema:
        if name not in self.definitions:
            self.definitions[name] = {}  # a record may contain itself
            self.definitions[name] = build()
        return {"$ref": f"#/$defs/{name}"}

    def _record(self, record: ir.Record) -> Schema:
        schema: Schema = {"type": "object"}
        if record.docstring:
            schema["description"] = _summary(record.docstring)
        properties: Schema = {}
        for field in record.fields:
            properties[field.name] = self.schema(field.type)
            if field.default is not None:
                properties[field.name] |= self.default(field.default)
        schema["properties"] = properties
        required = [item.name for item in record.fields if item.required and item.default is None]
        if required:
            schema["required"] = required
        schema["additionalProperties"] = False
        return schema

    def _enum(self, name: str) -> Schema:
        enum = self.enums[name]
        schema: Schema = {"enum": [value for _, value in enum.members]}
        if enum.docstring:
            schema["description"] = _summary(enum.docstring)
        return schema


def _any_of(schemas: list[Schema]) -> Schema:
    """Plain scalar types join into one list of types; anything else is a choice of schemas."""
    if all(schema.keys() == {"type"} for schema in schemas):
        return {"type": [schema["type"] for schema in schemas]}
    return {"anyOf": schemas}


def _summary(docstring: str) -> str:
    """The first paragraph, on one line."""
    return " ".join(docstring.strip().split("\n\n")[0].split())


def _argument_texts(docstring: str) -> dict[str, str]:
    """What the ``Args:`` section of a docstring says about each parameter."""
    section = re.search(r"^(?:Args|Arguments|Parameters):\n((?:[ \t]+.*\n?|\n)+)", docstring, re.M)
    if not section:
        return {}
    entries: dict[str, list[str]] = {}
    name = ""
    for line in textwrap.dedent(section[1]).splitlines():
        start = re.match(r"(\w+)\s*(?:\([^)]*\))?:\s*(.*)", line)
        if start:
            name = start[1]
            entries[name] = [start[2]]
        elif name and line.strip():
            entries[name].append(line.strip())
    return {name: " ".join(lines).strip() for name, lines in entries.items()}

"""Reads the input of a workflow and checks it, before anything starts."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from wfc.compiler.diagnostics.model import Code, Refused
from wfc.compiler.diagnostics.span import NOWHERE, Span
from wfc.compiler.diagnostics.words import closest
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.limits import WIDEST, Limits
from wfc.compiler.language.nodes import types as t
from wfc.compiler.schema import Schema, input_schema, type_schema
from wfc.tool import codes


def read_input(
    spec: str, module: ir.Module, workflow: ir.Workflow, limits: Limits = WIDEST
) -> dict[str, Any]:
    """The arguments of a workflow by parameter name, as JSON data.

    Args:
        spec: JSON text, ``@FILE``, or ``-`` for standard input.
        module: the module of the workflow.
        workflow: what is to be started.
        limits: what the project's targets can hold.

    Raises:
        Refused: the input cannot be read or does not fit; all its problems are reported.
    """
    place, text = _text(spec)
    return check_input(_parse(text, place), module, workflow, limits, place)


def check_input(
    data: Any,
    module: ir.Module,
    workflow: ir.Workflow,
    limits: Limits = WIDEST,
    place: str = "<input>",
    at: str = "",
) -> dict[str, Any]:
    """The data, if it fits the workflow's parameters.

    JSON has one kind of number: ``2.0`` fits a whole number, and is given as ``2``.

    Args:
        place: the file to name in diagnostics.
        at: the path of this input within that file.

    Raises:
        Refused: it does not fit; all problems are reported.
    """
    problems = [
        code.at(place, NOWHERE, message, instead=instead)
        for code, message, instead in [
            *_data_problems(data, at, limits),
            *_schema_problems(data, input_schema(module, workflow), at),
        ]
    ]
    if problems:
        raise Refused(problems)
    types = {parameter.name: parameter.type for parameter in workflow.parameters}
    return {name: as_typed(value, types[name], module) for name, value in data.items()}


def as_typed(data: Any, type_: t.Type, module: ir.Module) -> Any:
    """JSON data that fits a type, with ``2.0`` as ``2`` wherever the type has whole numbers."""
    # partial: other data holds no whole number written as a float
    match type_, data:
        case t.Scalar("int"), float():
            return int(data)
        case t.LiteralType(values), float():
            return next((value for value in values if value == data), data)
        case t.EnumType(name), float():
            enum = next(enum for enum in module.enums if enum.name == name)
            return next((value for _, value in enum.members if value == data), data)
        case t.ListType(element), list():
            return [as_typed(item, element, module) for item in data]
        case t.TupleType(items), list():
            pairs = zip(data, items, strict=True)
            return [as_typed(item, inner, module) for item, inner in pairs]
        case t.DictType(inner), dict():
            return {key: as_typed(item, inner, module) for key, item in data.items()}
        case t.RecordType(name), dict():
            record = next(record for record in module.records if record.name == name)
            types = {field.name: field.type for field in record.fields}
            return {key: as_typed(item, types[key], module) for key, item in data.items()}
        case t.UnionType(members), list() | dict():
            return as_typed(data, _member(data, members, module), module)
        case t.UnionType(members), float() if t.FLOAT not in members:
            return as_typed(data, _member(data, members, module), module)
    return data


def _member(data: Any, members: Sequence[t.Type], module: ir.Module) -> t.Type:
    """The first of several types that data fits."""
    for member in members:
        if not any(_schema_problems(data, type_schema(module, member), "")):
            return member
    return t.ANY


def value_problems(data: Any, module: ir.Module, type_: t.Type, limits: Limits) -> list[str]:
    """Why JSON data is no value of a type, one sentence each; empty when it is one. ``limits``
    are what the project's targets can hold."""
    problems = [
        *_data_problems(data, "value", limits),
        *_schema_problems(data, type_schema(module, type_), "value"),
    ]
    return [f"{message}; {instead}" if instead else message for _, message, instead in problems]


Problem = tuple[Code, str, str]


# --- Reading --------------------------------------------------------------------------------------


def _text(spec: str) -> tuple[str, str]:
    """Where the input comes from, for messages, and its text."""
    if spec == "-":
        return "<stdin>", _decoded(sys.stdin.buffer.read(), "<stdin>")
    if not spec.startswith("@"):
        return "<input>", spec
    path = spec[1:]
    try:
        return path, _decoded(Path(path).read_bytes(), path)
    except OSError as error:
        reason = error.strerror or str(error)
        _refuse(codes.INPUT_UNREADABLE, path, f"cannot read the input: {reason}")


def _decoded(data: bytes, place: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(
            codes.INPUT_NOT_JSON,
            place,
            f"the input is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}",
        )


class _Object(dict[str, Any]):
    """A JSON object that remembers the keys it was given twice."""

    duplicates: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    members = _Object(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        members.duplicates = tuple(name for name in members if names.count(name) > 1)
    return members


def _parse(text: str, place: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        span = Span(error.lineno, error.colno, error.lineno, error.colno + 1)
        message = f"this is no JSON: {_lowered(error.msg)}"
        raise Refused([codes.INPUT_NOT_JSON.at(place, span, message)]) from None
    except ValueError:  # more digits than int() takes (sys.set_int_max_str_digits)
        _refuse(codes.INPUT_INTEGER_TOO_LARGE, place, "an integer has thousands of digits")
    except RecursionError:
        _refuse(codes.INPUT_NOT_JSON, place, "the input is nested too deeply")


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _refuse(code: Code, place: str, message: str) -> NoReturn:
    raise Refused([code.at(place, NOWHERE, message)])


# --- Checking -------------------------------------------------------------------------------------


def _data_problems(data: Any, at: str, limits: Limits) -> Iterator[Problem]:
    """Numbers and texts that JSON or an engine cannot hold, and keys given twice."""
    match data:
        case str() if not is_unicode(data):
            text = f"{_name(at)} has a lone surrogate, which is no Unicode character"
            yield codes.INPUT_WRONG_TYPE, text, ""
        case float() if not _is_finite(data):
            yield codes.INPUT_NOT_FINITE, f"{_name(at)} is {data}, which is no JSON number", ""
        case int() if limits.integer is not None and abs(data) > limits.integer:
            yield (
                codes.INPUT_INTEGER_TOO_LARGE,
                f"{_name(at)} is {data}, and the project's targets hold {limits.integer} at most",
                "declare it as str and send it as text",
            )
        case list():
            for index, item in enumerate(data):
                yield from _data_problems(item, f"{at}[{index}]", limits)
        case dict():
            for key in getattr(data, "duplicates", ()):
                yield codes.INPUT_DUPLICATE_KEY, f"{_name(_below(at, key))} is given twice", ""
            for key, item in data.items():
                if not is_unicode(key):
                    text = (
                        f"a key in {_name(at)} has a lone surrogate, which is no Unicode character"
                    )
                    yield codes.INPUT_WRONG_TYPE, text, ""
                yield from _data_problems(item, _below(at, key), limits)


def is_unicode(text: str) -> bool:
    """Whether UTF-8 can hold the text: a surrogate without its other half is no character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_finite(value: object) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def _schema_problems(data: Any, schema: Schema, at: str) -> Iterator[Problem]:
    from jsonschema import Draft202012Validator, FormatChecker

    checker = FormatChecker(formats=())
    checker.checks("date-time")(_is_moment)
    validator = Draft202012Validator(schema, format_checker=checker)
    for error in validator.iter_errors(data):
        if _is_finite(error.instance):
            yield from _explained(error, schema, at)


def _explained(error: Any, schema: Schema, at: str) -> Iterator[Problem]:
    """What a violation means to the person who wrote the input."""
    path = at + "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path
    )
    path = path.removeprefix(".")
    match error.validator:
        case "required":
            yield from _missing(error, path)
        case "additionalProperties":
            yield from _unknown(error, path)
        case "anyOf":
            yield from _no_choice(error, schema, at, path)
        case _:
            yield _mismatch(error.instance, error.schema, schema, path)


def _missing(error: Any, path: str) -> Iterator[Problem]:
    # jsonschema reports each missing name on its own; the name is not a field of the error.
    name = error.message.split("'")[1] if "'" in error.message else ""
    expected = error.schema["properties"].get(name, {})
    hint = f": expected {_expected(expected, {})}" if "type" in expected else ""
    yield codes.INPUT_MISSING_FIELD, f"{_name(_below(path, name))} is missing{hint}", ""


def _unknown(error: Any, path: str) -> Iterator[Problem]:
    known = error.schema.get("properties", {})
    for name in error.instance:
        if name in known:
            continue
        close = closest(name, known)
        names = ", ".join(known) or "none"
        hint = f"did you mean '{close}'?" if close else f"the fields are {names}"
        yield codes.INPUT_UNKNOWN_FIELD, f"{_name(_below(path, name))} is no field here", hint


def _no_choice(error: Any, schema: Schema, at: str, path: str) -> Iterator[Problem]:
    """When one alternative alone is of the value's kind, its own problems say more."""
    inside: dict[int, list[Any]] = {}
    for part in error.context:
        inside.setdefault(part.schema_path[0], []).append(part)
    deeper = [
        parts
        for parts in inside.values()
        if not any(part.validator in ("type", "enum", "const") and not part.path for part in parts)
    ]
    if len(deeper) != 1:
        yield _mismatch(error.instance, error.schema, schema, path)
        return
    for part in deeper[0]:
        yield from _explained(part, schema, at)


def _mismatch(value: Any, expected: Schema, schema: Schema, path: str) -> Problem:
    text = f"{_name(path)} must be {_expected(expected, schema)}, not {_sample(value)}"
    return codes.INPUT_WRONG_TYPE, text, ""


_KINDS = {
    "null": "null",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "array": "a list",
    "object": "an object",
}


def _expected(expected: Schema, schema: Schema) -> str:
    if "$ref" in expected and schema:
        return _expected(schema["$defs"][expected["$ref"].rpartition("/")[2]], schema)
    if "anyOf" in expected:
        return " or ".join(_expected(item, schema) for item in expected["anyOf"])
    if "enum" in expected:
        return "one of " + ", ".join(json.dumps(value) for value in expected["enum"])
    if "const" in expected:
        return json.dumps(expected["const"])
    if expected.get("format") == "date-time":
        return "a moment such as 2026-01-31T12:00:00.000Z"
    if "prefixItems" in expected:
        return f"a list of {len(expected['prefixItems'])}"
    kinds = expected.get("type", [])
    return " or ".join(_KINDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _sample(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:37] + "..."


def _name(path: str) -> str:
    return path or "the input"


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _is_moment(value: object) -> bool:
    """Whether a text is a moment as it crosses boundaries: with a time zone, in milliseconds."""
    from datetime import datetime

    if not isinstance(value, str):
        return True
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return moment.utcoffset() is not None and moment.microsecond % 1000 == 0

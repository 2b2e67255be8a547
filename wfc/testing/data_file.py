"""Reads a YAML or JSON file as JSON data, and remembers where each value stands."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.model import Code, Refused
from wfc.compiler.diagnostics.span import NOWHERE, Span
from wfc.tool import codes

INSTALL_YAML: Final = "YAML files need PyYAML: pip install 'wfc-compiler[all]', or pyyaml alone"


class YamlMissing(Exception):
    """Nothing that reads YAML is installed; the message says what to install."""


class DataFile(Struct):
    """``places`` leads from the path of a value (keys and indexes) to where it stands."""

    path: str
    data: Any
    places: Mapping[tuple[str | int, ...], Span]


def read_data_file(path: Path) -> DataFile:
    """The data of a file; one whose name ends in ``.json`` is JSON, any other YAML.

    Only what JSON has is read from YAML: null, true, false, numbers and text; a date is a text.

    Raises:
        Refused: the file cannot be read, is malformed or has a key twice.
        YamlMissing: it is YAML and PyYAML is not installed.
    """
    name = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        _refuse(codes.CASES_UNREADABLE, name, f"cannot read the cases: {error.strerror}")
    except UnicodeDecodeError as error:
        _refuse(codes.CASES_UNREADABLE, name, f"the file is not UTF-8: byte {error.start} is wrong")
    try:
        if path.suffix == ".json":
            return DataFile(name, _json(text, name), _places_if_possible(text))
        return DataFile(name, *_yaml(text, name))
    except RecursionError:
        _refuse(codes.CASES_MALFORMED, name, "the file is nested too deeply")


def _json(text: str, path: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in members if names.count(name) > 1)
            _refuse(codes.CASES_MALFORMED, path, f"the key '{twice}' is given twice")
        return members

    def no_constant(name: str) -> NoReturn:
        _refuse(codes.CASES_MALFORMED, path, f"{name} is no JSON number")

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=no_constant)
    except json.JSONDecodeError as error:
        span = Span(error.lineno, error.colno, error.lineno, error.colno + 1)
        _refuse(codes.CASES_MALFORMED, path, f"this is no JSON: {error.msg}", span)


def _yaml(text: str, path: str) -> tuple[Any, dict[tuple[str | int, ...], Span]]:
    yaml = _yaml_module()
    if yaml is None:
        raise YamlMissing(INSTALL_YAML)
    try:
        loader = _loader(yaml)(text)
        try:
            root = loader.get_single_node()
            places = dict(_places(root, ()))
            data = loader.construct_document(root) if root is not None else None
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        span = _span(mark, mark) if mark is not None else NOWHERE
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        _refuse(codes.CASES_MALFORMED, path, f"this is no YAML: {reason}", span)
    return data, places


def _places_if_possible(text: str) -> dict[tuple[str | int, ...], Span]:
    """JSON is YAML, so the same reader tells the places, if it is there."""
    yaml = _yaml_module()
    if yaml is None:
        return {}
    try:
        return dict(_places(yaml.compose(text, Loader=_loader(yaml)), ()))
    except yaml.YAMLError:
        return {}


def _yaml_module() -> Any:
    """PyYAML, or its variant for free-threaded Python; None when neither is installed."""
    for name in ("yaml", "yaml_ft"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


_TAG = "tag:yaml.org,2002:"
_JSON_TAGS = frozenset(
    f"{_TAG}{name}" for name in ("map", "seq", "str", "null", "bool", "int", "float", "merge")
)


def _loader(yaml: Any) -> Any:
    """A loader for the scalars that JSON has (YAML 1.2, section 10.2), and merge keys."""

    class Loader(yaml.SafeLoader):  # type: ignore[misc]
        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012

        def construct_scalar(self, node: Any) -> str:
            """JSON writes a character beyond U+FFFF as a pair of escapes."""
            text: str = super().construct_scalar(node)
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")

        def construct_object(self, node: Any, deep: bool = False) -> Any:
            if node.tag not in _JSON_TAGS:
                tag = node.tag.replace(_TAG, "!!", 1)
                raise _problem(yaml, f"JSON has no {tag}", node)
            return super().construct_object(node, deep)

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:
            self.flatten_mapping(node)
            mapping: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = self.construct_object(key_node, deep=True)
                if not isinstance(key, str):
                    raise _problem(yaml, f"the key {key!r} must be a text in quotes", key_node)
                if key in mapping and not getattr(node, "merged", False):
                    raise _problem(yaml, f"the key '{key}' is given twice", key_node)
                mapping[key] = self.construct_object(value_node, deep=deep)
            return mapping

        def flatten_mapping(self, node: Any) -> None:
            node.merged = any(key.tag.endswith(":merge") for key, _ in node.value)
            super().flatten_mapping(node)

    Loader.add_constructor(
        "tag:yaml.org,2002:map", lambda loader, node: loader.construct_mapping(node, deep=True)
    )
    for tag, pattern, first in (
        ("null", r"~|null|", ["~", "n", ""]),
        ("bool", r"true|false", list("tf")),
        ("int", r"[-+]?[0-9]+", list("-+0123456789")),
        ("float", r"[-+]?([0-9]+\.[0-9]*|\.?[0-9]+)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
        ("merge", r"<<", ["<"]),
    ):
        Loader.add_implicit_resolver(
            f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), first
        )
    return Loader


def _problem(yaml: Any, text: str, node: Any) -> Exception:
    error: Exception = yaml.constructor.ConstructorError(None, None, text, node.start_mark)
    return error


def _places(node: Any, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Span]]:
    if node is None:
        return
    yield at, _span(node.start_mark, node.end_mark)
    if node.id == "mapping":
        for key, value in node.value:
            yield from _places(value, (*at, str(key.value)))
            yield (*at, str(key.value)), _span(key.start_mark, key.end_mark)
    elif node.id == "sequence":
        for index, item in enumerate(node.value):
            yield from _places(item, (*at, index))


def _span(start: Any, end: Any) -> Span:
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _refuse(code: Code, path: str, message: str, span: Span = NOWHERE) -> NoReturn:
    raise Refused([code.at(path, span, message)])

"""The text of a definition, laid out as a person would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any


def as_text(definition: Mapping[str, Any]) -> str:
    """The definition as it is written to a file."""
    return _lines(definition, "") + "\n"


def _lines(value: object, indent: str) -> str:
    """Indented JSON, with a list of plain values on one line."""
    inner = indent + "  "
    if isinstance(value, dict) and value:
        parts = [f"{_scalar(key)}: {_lines(item, inner)}" for key, item in value.items()]
        opening, closing = "{", "}"
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        parts = [_lines(item, inner) for item in value]
        opening, closing = "[", "]"
    elif isinstance(value, list):
        return f"[{', '.join(map(_scalar, value))}]"
    else:
        return _scalar(value)
    return f"{opening}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{closing}"


def _scalar(value: object) -> str:
    return encode_basestring(value) if isinstance(value, str) else json.dumps(value)

"""Loads the grammars of this folder. lark is imported with the first one that is needed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Lark


@cache
def load(name: str, start: str = "start") -> Lark:
    """The LALR parser of ``<name>.lark``; its tokens carry their places."""
    from lark import Lark

    text = (files(__package__) / f"{name}.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", start=start, maybe_placeholders=True)

"""Which special methods run where no call is written: operators, truth, text, length.

Source: Python Language Reference, 3.3 "Special method names".
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from wfc.compiler.checks.reading.terms import Term, alternatives
from wfc.compiler.checks.wordsets import words

_NAMES: Final[Mapping[type[ast.operator], str]] = MappingProxyType(
    {
        ast.Add: "add",
        ast.Sub: "sub",
        ast.Mult: "mul",
        ast.Div: "truediv",
        ast.FloorDiv: "floordiv",
        ast.Mod: "mod",
        ast.Pow: "pow",
        ast.MatMult: "matmul",
        ast.LShift: "lshift",
        ast.RShift: "rshift",
        ast.BitAnd: "and",
        ast.BitOr: "or",
        ast.BitXor: "xor",
    }
)
BINARY: Final[Mapping[type[ast.operator], tuple[str, str]]] = MappingProxyType(
    {operator: (f"__{name}__", f"__r{name}__") for operator, name in _NAMES.items()}
)
"""The methods of the left and of the right operand."""
COMPARED: Final[Mapping[type[ast.cmpop], tuple[str, str]]] = MappingProxyType(
    {
        ast.Eq: ("__eq__", "__eq__"),
        ast.NotEq: ("__ne__ __eq__", "__ne__ __eq__"),
        ast.Lt: ("__lt__", "__gt__"),
        ast.LtE: ("__le__", "__ge__"),
        ast.Gt: ("__gt__", "__lt__"),
        ast.GtE: ("__ge__", "__le__"),
        ast.In: ("", "__contains__ __iter__"),
        ast.NotIn: ("", "__contains__ __iter__"),
    }
)
"""The methods of the left and of the right operand."""
UNARY: Final[Mapping[type[ast.unaryop], str]] = MappingProxyType(
    {
        ast.Not: "__bool__ __len__",
        ast.USub: "__neg__",
        ast.UAdd: "__pos__",
        ast.Invert: "__invert__",
    }
)
TRUTH: Final = "__bool__ __len__"
TEXT: Final = "__format__ __str__ __repr__"
_ITERATED: Final = "__iter__ __next__"
OF_BUILTINS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "str": "__str__ __repr__",
        "print": "__str__ __repr__",
        "repr": "__repr__",
        "format": TEXT,
        "len": "__len__",
        "bool": TRUTH,
        "int": "__int__ __index__ __trunc__",
        "float": "__float__ __index__",
        "hash": "__hash__",
        "abs": "__abs__",
        "round": "__round__",
        "bytes": "__bytes__",
        "next": "__next__",
        "reversed": "__reversed__",
        **dict.fromkeys(("sorted", "sum", "min", "max", "any", "all"), _ITERATED),
        **dict.fromkeys(("set", "frozenset"), _ITERATED),
    }
)
"""The methods of the first argument that a builtin calls."""
_PLAIN: Final = frozenset(dir(builtins))
_NO_OBJECTS: Final = words("name constant def set display module generic item class super")
"""Kinds of terms that stand for no object whose class is known."""


def augmented(operator: ast.operator) -> str:
    name = _NAMES[type(operator)]
    return f"__i{name}__ __{name}__"


def may_be_object(term: Term) -> bool:
    """Whether a value may be of a class of the project: what a call makes, what an annotation
    names, a field of ``self``."""
    if term is None or term[0] in _NO_OBJECTS:
        return False
    return any(map(_is_object, alternatives(term)))


def _is_object(term: Term) -> bool:
    match term:
        case ("self", _):
            return True
        case ("call" | "instance", ("name", name), *_):
            return name not in _PLAIN
        case ("call" | "instance", tuple(), *_):
            return True
        case ("attr", ("self", _), _):
            return True
    return False

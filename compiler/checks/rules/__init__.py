"""The rules. Every module of this folder that defines a concrete :class:`Rule` adds it."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from wfc.compiler.checks.judging.rule import Rule


@cache
def all_rules() -> tuple[type[Rule], ...]:
    """Every rule, by code.

    Raises:
        ValueError: two rules have the same code or name.
    """
    found: dict[str, type[Rule]] = {}
    for module in pkgutil.iter_modules(__path__):
        namespace = vars(importlib.import_module(f"{__name__}.{module.name}"))
        for value in namespace.values():
            if isinstance(value, type) and issubclass(value, Rule) and "code" in vars(value):
                other = found.setdefault(value.code, value)
                if other is not value:
                    raise ValueError(f"{value.code} is the code of two rules")
    return tuple(found[code] for code in sorted(found))

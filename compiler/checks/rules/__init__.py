"""The rules that hold for every engine. Every module of this folder that defines a concrete
:class:`~wfc.compiler.checks.judging.rule.Rule` adds it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

from wfc.compiler.checks.engines.known import LintEngines
from wfc.compiler.checks.judging.rule import Rule


@cache
def all_rules(engines: LintEngines) -> tuple[type[Rule], ...]:
    """Every rule, those that engines bring included, by code.

    Raises:
        ValueError: two rules have the same code.
    """
    found: dict[str, type[Rule]] = {}
    for package in (__name__, *(engine.rules for engine in engines.all if engine.rules)):
        for rule in _rules_in(package):
            if found.setdefault(rule.code, rule) is not rule:
                raise ValueError(f"{rule.code} is the code of two rules")
    return tuple(found[code] for code in sorted(found))


def _rules_in(package: str) -> Iterator[type[Rule]]:
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        namespace = vars(importlib.import_module(f"{package}.{module.name}"))
        for value in namespace.values():
            if isinstance(value, type) and issubclass(value, Rule) and "code" in vars(value):
                yield value

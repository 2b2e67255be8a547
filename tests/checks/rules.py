"""Every rule with its cases, its own and those that engines have for it."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from wfc.backends.lint import ENGINES, engines
from wfc.compiler.checks.judging.rule import Cases, Rule
from wfc.compiler.checks.rules import all_rules

RULES = all_rules(engines())


def _of_engine(name: str) -> list[type[Cases]]:
    """The cases of general rules in the words of an engine."""
    module = f"wfc.backends.{name}.lint.cases"
    if find_spec(module) is None:
        return []
    found = vars(import_module(module)).values()
    return [value for value in found if isinstance(value, type) and issubclass(value, Cases)]


BY_ENGINES = {name: [c for c in _of_engine(name) if c is not Cases] for name in ENGINES}
CASES = {
    rule: [rule, *(c for found in BY_ENGINES.values() for c in found if c.code == rule.code)]
    for rule in RULES
}


def invalid(rule: type[Rule]) -> list[str]:
    """The files on which a rule must speak."""
    return [text for cases in CASES[rule] for text in cases.INVALID]

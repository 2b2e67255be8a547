"""Every code that wfc can report, collected from all floors."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType

from wfc.compiler.diagnostics.model import Code

MODULES = (
    "wfc.tool.codes",
    "wfc.compiler.source.codes",
    "wfc.compiler.checks.codes",
)
"""Modules with codes as constants; besides these the modules ``codes`` of every
backend."""


def catalogue() -> list[Code]:
    """Every code, sorted.

    Raises:
        ValueError: two codes share a code or a name.
    """
    from wfc.backends.lint import engines
    from wfc.compiler.checks.linting.linter import codes

    found = [code for module in _modules() for code in _codes(module)]
    found += codes(engines())
    return _unique(found)


def _modules() -> list[ModuleType]:
    import wfc.backends

    found = pkgutil.walk_packages(wfc.backends.__path__, "wfc.backends.")
    own = [module.name for module in found if module.name.endswith(".codes")]
    return [import_module(name) for name in (*MODULES, *own)]


def _codes(module: ModuleType) -> list[Code]:
    """The codes that a module defines or collects; one that is imported from elsewhere counts
    once, because it is the same object."""
    return [value for value in vars(module).values() if isinstance(value, Code)]


def _unique(codes: list[Code]) -> list[Code]:
    by_code: dict[str, Code] = {}
    by_name: dict[str, Code] = {}
    for code in codes:
        if by_code.setdefault(code.code, code) is not code:
            raise ValueError(f"{code.code} is used twice")
        if by_name.setdefault(code.name, code) is not code:
            raise ValueError(f"two codes are named {code.name}")
    return [by_code[key] for key in sorted(by_code)]


def find(codes: list[Code], word: str) -> Code | None:
    """The code with that code or name, upper or lower case."""
    for code in codes:
        if word.upper() == code.code or word.lower() == code.name:
            return code
    return None

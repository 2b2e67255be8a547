"""Finds what the linter is told of engines: in a package ``lint`` with an object ``ENGINE`` below
the folder of each, compile target or not."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wfc.compiler.checks.engines.known import LintEngines

ENGINES: Final = ("temporal", "dbos", "restate", "lambda_")


@cache
def engines() -> LintEngines:
    """All of them."""
    from wfc.compiler.checks.engines.known import LintEngines

    return LintEngines(import_module(f"wfc.backends.{name}.lint").ENGINE for name in ENGINES)

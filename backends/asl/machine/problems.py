"""Collects why a workflow has no machine, so that everything is reported in one run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wfc.backends.asl.jsonata.context import Unfit
from wfc.compiler.diagnostics.model import Code, Diagnostic, Refused
from wfc.compiler.language import nodes as ir


class Problems:
    """The diagnostics of a workflow, in the order of their discovery."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Diagnostic] = []

    def add(self, code: Code, node: ir.Node, message: str, instead: str) -> None:
        """Report a problem at a node."""
        self.found.append(code.at(self.path, node.span, message, instead=instead))

    def attempt(self, node: ir.Node, make: Callable[[], Any], otherwise: Any = None) -> Any:
        """What ``make`` gives, unless an expression has no exact form: that is reported where the
        expression stands, or at the node."""
        try:
            return make()
        except Unfit as unfit:
            at = unfit.node if unfit.node.span.line else node
            self.add(unfit.code, at, unfit.message, unfit.instead)
            return otherwise

    def stop(self) -> None:
        """Go no further with problems.

        Raises:
            Refused: there are any.
        """
        if self.found:
            raise Refused(self.found)

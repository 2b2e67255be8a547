"""The rules that a module's IR obeys before and after every pass.

A broken rule is a defect of wfc, never the user's: the reader refuses what it cannot express.
"""

from __future__ import annotations

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import every, own_names, types_in
from wfc.compiler.language.verify.definitions import definitions
from wfc.compiler.language.verify.functions import function
from wfc.compiler.language.verify.report import IrProblem, Report

__all__ = ["BrokenIr", "IrProblem", "verified", "verify"]


class BrokenIr(Exception):
    """A pass was given or has made IR that breaks its rules; a defect of wfc."""

    def __init__(self, problems: list[IrProblem]) -> None:
        self.problems = problems
        super().__init__("broken IR: " + "; ".join(map(str, problems)))


def verify(module: ir.Module) -> list[IrProblem]:
    """Everything that is wrong with a module: names and types first, then definitions, then the
    bodies of its functions in order; empty when it is right.

    Raises:
        UnknownNode: something in it is no node, or in a place that is not for it.
    """
    report = Report(module)
    _nodes(report)
    definitions(report)
    for helper in module.helpers:
        function(report, helper)
    for workflow in module.workflows:
        function(report, workflow)
    return report.problems


def _nodes(report: Report) -> None:
    """The rules of each node by itself: names are names, types are types of the module."""
    for node in every(report.module):
        if isinstance(node, ir.Definition):
            report.definition = node.name
        for name in own_names(node):
            report.identifier("variable", name, node)
        for type_ in types_in(node):
            report.type(type_, node)


def verified(module: ir.Module) -> ir.Module:
    """The module itself, when it is right.

    Raises:
        BrokenIr: it is not; the error lists every problem.
    """
    problems = verify(module)
    if problems:
        raise BrokenIr(problems)
    return module

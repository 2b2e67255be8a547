"""Errors of child workflows that a handler could not tell apart on Step Functions.

An expression that fails ends an execution with the name States.QueryEvaluationError; the Python
error stands somewhere in the text of the cause only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wfc.backends.asl.fit import codes
from wfc.backends.asl.machine.failures import takes_all
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import blocks, own_expressions
from wfc.compiler.language.inference.raising import statement_may_raise, variable_types
from wfc.compiler.language.typing.hierarchy import caught_by
from wfc.compiler.language.walk import expressions, statements

# They mean that the source is wrong; no handler is there for them.
_MISTAKES: Final = frozenset({"TypeError", "AttributeError"})


def check_children(module: ir.Module, workflow: ir.Workflow) -> list[Diagnostic]:
    """The calls of child workflows in a ``try`` that could catch an error of the child's
    expressions by its class, or looks at it."""
    return list(_Children(module).problems(workflow.body, ()))


class _Children:
    def __init__(self, module: ir.Module) -> None:
        self.module = module
        self.workflows = {workflow.name: workflow for workflow in module.workflows}
        self._errors: dict[str, frozenset[str]] = {}

    def problems(self, block: ir.Block, around: tuple[ir.Try, ...]) -> Iterator[Diagnostic]:
        for statement in block:
            if isinstance(statement, ir.WorkflowCall):
                yield from self.call(statement, around)
            rest = blocks(statement)
            if isinstance(statement, ir.Try):
                yield from self.problems(statement.body, (*around, statement))
                rest = rest[1:]
            for inner in rest:
                yield from self.problems(inner, around)

    def call(self, call: ir.WorkflowCall, around: tuple[ir.Try, ...]) -> Iterator[Diagnostic]:
        errors = self.errors(call.workflow)
        for attempt in reversed(around):
            for handler in attempt.handlers:
                caught = {e for e in errors if caught_by(self.module, handler.errors, e)}
                if caught and not (takes_all(handler.errors) and not _looks(handler)):
                    yield codes.CHILD_ERROR.at(
                        self.module.path,
                        call.span,
                        f"the workflow '{call.workflow}' may fail with {min(caught)}, and this"
                        f" 'except {', '.join(handler.errors)}' could not tell: on Step Functions"
                        " it fails with States.QueryEvaluationError",
                        instead=f"test for it in '{call.workflow}' and raise an error there",
                    )
                    return
                if caught and not _raises_again(handler):
                    errors -= caught

    def errors(self, name: str) -> frozenset[str]:
        """What expressions of a workflow, or of one that it starts, may end it with."""
        if name not in self._errors:
            self._errors[name] = frozenset()
            workflow = self.workflows[name]
            variables = variable_types(workflow)
            found: set[str] = set()
            for statement in statements(workflow.body):
                found |= statement_may_raise(statement, self.module, variables)
                if isinstance(statement, ir.WorkflowCall):
                    found |= self.errors(statement.workflow)
            self._errors[name] = frozenset(found - _MISTAKES)
        return self._errors[name]


def _looks(handler: ir.Handler) -> bool:
    """Whether the handler uses the class or the message of the error."""
    return any(
        isinstance(expr, ir.ErrorName | ir.ErrorMessage) and expr.name == handler.name
        for statement in statements(handler.body)
        for expr in expressions(*own_expressions(statement))
    )


def _raises_again(handler: ir.Handler) -> bool:
    return any(isinstance(one, ir.Raise) and one.error is None for one in statements(handler.body))

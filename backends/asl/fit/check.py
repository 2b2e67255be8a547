"""Why a workflow does not fit Step Functions, and the machine of one that does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from wfc.backends.asl.fit import codes
from wfc.backends.asl.fit.settings import check_settings
from wfc.backends.asl.fit.whole import check_whole_numbers
from wfc.backends.asl.jsonata.codes import NOT_YET
from wfc.backends.asl.machine.build import Machine, build
from wfc.backends.asl.machine.tasks import function_name, state_machine_arn
from wfc.backends.base import Options
from wfc.compiler.diagnostics.model import Diagnostic, Refused, in_source_order
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.calls import called_steps
from wfc.compiler.language.derive import referred
from wfc.compiler.language.walk import operations, statements


def check(module: ir.Module, workflow: ir.Workflow, options: Options) -> list[Diagnostic]:
    """Why the workflow does not fit, in source order."""
    found = check_surroundings(module, [workflow], options)
    try:
        fitted(module, workflow, options)
    except Refused as refused:
        found += refused.diagnostics
    return in_source_order(found)


def fitted(module: ir.Module, workflow: ir.Workflow, options: Options) -> Machine:
    """The machine of a workflow that fits.

    Raises:
        Refused: it does not fit; every reason is in it.
    """
    found = [
        *_collisions(module, workflow, options),
        *_finally(module, workflow),
        *_aliases(module, workflow),
        *_children(module, workflow),
        *check_whole_numbers(module, workflow),
    ]
    if found:
        raise Refused(found)
    return build(module, workflow, options)


def check_surroundings(
    module: ir.Module, workflows: Sequence[ir.Workflow], options: Options
) -> list[Diagnostic]:
    """What is wrong with the steps that workflows call and with ``[tool.wfc.asl]``."""
    from wfc.backends.asl.handlers.functions import check_handlers

    found = check_handlers(module, called_steps(module, workflows))
    return found + check_settings(module, options)


def _collisions(module: ir.Module, workflow: ir.Workflow, options: Options) -> Iterator[Diagnostic]:
    taken: dict[str, str] = {}
    for operation in operations(workflow.body):
        match operation:
            case ir.StepCall(step=name):
                key = function_name(name, options.settings)
            case ir.WorkflowCall(workflow=name):
                key = state_machine_arn(name, options.settings)
            case ir.Sleep():
                continue
            case _:
                assert_never(operation)
        if taken.setdefault(key, name) != name:
            yield codes.NAMES.at(
                module.path,
                operation.span,
                f"'{name}' and '{taken[key]}' both become {key}",
                instead="rename one of them, or give their ARNs in [tool.wfc.asl]",
            )


def _finally(module: ir.Module, workflow: ir.Workflow) -> Iterator[Diagnostic]:
    for statement in statements(workflow.body):
        if isinstance(statement, ir.Try) and statement.finalbody:
            yield NOT_YET.at(
                module.path,
                statement.span,
                "'finally' on Step Functions is not supported yet",
                instead="repeat its statements at the end of the try and of each handler",
            )


def _aliases(module: ir.Module, workflow: ir.Workflow) -> list[Diagnostic]:
    if not any(referred(one) for one in statements(workflow.body)):
        return []
    from wfc.backends.asl.fit.aliasing import check_aliases

    return check_aliases(module, workflow)


def _children(module: ir.Module, workflow: ir.Workflow) -> list[Diagnostic]:
    found = list(statements(workflow.body))
    calls = any(isinstance(one, ir.WorkflowCall) for one in found)
    if not calls or not any(isinstance(one, ir.Try) for one in found):
        return []
    from wfc.backends.asl.fit.children import check_children

    return check_children(module, workflow)

"""Why a workflow does not fit DBOS."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from wfc.backends.base import Options
from wfc.backends.dbos import codes
from wfc.backends.dbos.names import FIXED, collisions
from wfc.backends.dbos.traits import TRAITS
from wfc.backends.python.program.fit import Codes, ambiguous_unions
from wfc.backends.python.program.fit import check as check_plan
from wfc.backends.python.program.plan import Plan
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.walk import bound_names

CODES: Final = Codes(codes.JITTER, codes.ASYNC_TRANSACTION)

# The longest wait between two attempts (dbos 3.4, `_core.invoke_step`, max_retry_interval_seconds).
LONGEST_DELAY = 3600.0


def check(module: ir.Module, workflow: ir.Workflow, options: Options) -> list[Diagnostic]:
    """Every reason why the workflow, its steps or the workflows it starts do not fit, and notes."""
    return check_plan(Plan(module, (workflow,), TRAITS, options), CODES, problems)


def problems(plan: Plan) -> Iterator[Diagnostic]:
    """What DBOS in particular cannot do."""
    for workflow in plan.workflows:
        yield from _workflow(plan.module, workflow)
    for step in plan.steps:
        yield from _step(plan.module, step)
    yield from ambiguous_unions(plan, codes.AMBIGUOUS_UNION)
    yield from _names(plan)


def _workflow(module: ir.Module, workflow: ir.Workflow) -> Iterator[Diagnostic]:
    if workflow.timeout is not None:
        yield codes.WORKFLOW_TIMEOUT.at(
            module.path,
            workflow.span,
            f"the timeout of workflow {workflow.name} is not supported yet on DBOS",
            instead="give its steps a timeout",
        )


def _step(module: ir.Module, step: ir.Step) -> Iterator[Diagnostic]:
    if step.transaction:
        yield from _transaction(module, step)
    if step.retry is not None:
        yield from _retry(module, step, step.retry)
    for parameter in step.parameters:
        if parameter.injected is not None and not _fills(step, parameter.injected):
            yield codes.INJECTED.at(
                module.path,
                parameter.span,
                f"DBOS cannot fill {parameter.name}: {parameter.injected} of {step.name} yet",
                instead="take the parameter out, or give it an ordinary value",
            )
    yield from _nested(module, step)


def _nested(module: ir.Module, step: ir.Step) -> Iterator[Diagnostic]:
    """A transaction inside a step would have no transaction to work in."""
    transactions = {item.name for item in module.steps if item.transaction}
    for node in ast.walk(ast.parse(step.body)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in transactions:
                yield codes.NESTED_TRANSACTION.at(
                    module.path,
                    step.span,
                    f"{step.name} calls transaction {name}, which is not supported yet on DBOS",
                    instead="call the transaction from the workflow",
                )


def _fills(step: ir.Step, kind: ir.InjectedKind) -> bool:
    known = ("IdempotencyKey", "RunId", "Heartbeat")
    return kind in known or (kind == "Connection" and step.transaction)


def _transaction(module: ir.Module, step: ir.Step) -> Iterator[Diagnostic]:
    for limit, value in (("timeout", step.timeout), ("heartbeat", step.heartbeat)):
        if value is not None:
            yield codes.TRANSACTION_TIMEOUT.at(
                module.path,
                step.span,
                f"the {limit} of transaction {step.name} cannot be supported on DBOS",
                instead="let the database end the statement, or use a @step",
            )


def _retry(module: ir.Module, step: ir.Step, retry: ir.RetryPolicy) -> Iterator[Diagnostic]:
    longest = retry.longest_delay
    cap = retry.max_delay
    if cap is not None and longest > cap and cap < LONGEST_DELAY:
        yield codes.CAPPED_DELAY.at(
            module.path,
            retry.span if retry.span.line else step.span,
            f"the delays of {step.name} grow to {longest:g} s, and DBOS has no cap of {cap:g} s",
            instead="use fewer attempts, or a longer first_delay with backoff=1.0",
        )
    elif not step.transaction and longest > LONGEST_DELAY:
        yield codes.CAPPED_DELAY.at(
            module.path,
            retry.span if retry.span.line else step.span,
            f"the delays of {step.name} grow to {longest:g} s, and DBOS never waits longer than "
            f"{LONGEST_DELAY:g} s",
            instead="use fewer attempts or a smaller backoff",
        )


def _names(plan: Plan) -> Iterator[Diagnostic]:
    module = plan.module
    for name, item in collisions(plan, FIXED):
        yield codes.NAME_TAKEN.at(
            module.path,
            item.span,
            f"the generated DBOS module needs the name {name} itself",
            instead="rename it",
        )
    for workflow in plan.workflows:
        # The one fixed name that the body of a workflow uses.
        if "DBOS" in {*(item.name for item in workflow.parameters), *bound_names(workflow.body)}:
            yield codes.NAME_TAKEN.at(
                module.path,
                workflow.span,
                f"{workflow.name} has a variable DBOS, which the generated module needs itself",
                instead="rename it",
            )
    for statement in module.imports:
        for bound, full in statement.names:
            if bound in FIXED and full.rpartition(".")[2] != bound:
                yield codes.NAME_TAKEN.at(
                    module.path,
                    statement.span,
                    f"{full} is imported as {bound}, a name that the generated module needs itself",
                    instead="import it under another name",
                )

"""Why workflows do not fit an engine that runs Python: what every such engine looks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.program.boundary import Ambiguous, Codec, is_changed
from wfc.backends.python.program.plan import Plan
from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.model import Code, Diagnostic, in_source_order
from wfc.compiler.language import nodes as ir


class Codes(Struct):
    """What an engine calls the problems that every engine has to look for."""

    jitter: Code
    coroutine_transaction: Code


def check(
    plan: Plan, codes: Codes, own: Callable[[Plan], Iterable[Diagnostic]]
) -> list[Diagnostic]:
    """What keeps the workflows of a plan from an engine, and notes; in source order.

    Args:
        own: the problems of this engine in particular.
    """
    found = [problem for step in plan.steps for problem in _step(plan, codes, step)]
    return in_source_order([*found, *own(plan)])


def _step(plan: Plan, codes: Codes, step: ir.Step) -> Iterator[Diagnostic]:
    path, engine = plan.module.path, plan.traits.engine
    if step.retry is not None and step.retry.jitter:
        yield codes.jitter.at(
            path,
            step.retry.span if step.retry.span.line else step.span,
            f"the retry delays of {step.name} are not spread on {engine}",
        )
    connected = step.transaction or any(p.injected == "Connection" for p in step.parameters)
    if step.asynchronous and connected:
        yield codes.coroutine_transaction.at(
            path,
            step.span,
            f"transaction {step.name} is `async def`, which is not supported yet on {engine}",
            instead=f"write `def {step.name}` without async",
        )


def ambiguous_unions(plan: Plan, code: Code) -> Iterator[Diagnostic]:
    """The types that JSON data does not tell apart, for engines that decode it by the types of
    parameters and results."""
    for function in plan.functions:
        places = [(function.returns, function.span, f"the result of {function.name}")]
        decoded = isinstance(function, ir.Workflow)
        places += [
            (parameter.type, parameter.span, f"parameter {parameter.name}")
            for parameter in function.parameters
            if decoded or is_changed(plan.module, parameter.type)
        ]
        for type_, span, what in places:
            try:
                Codec(plan.module, Imports(), frozenset()).decode(type_, "data")
            except Ambiguous as problem:
                yield code.at(
                    plan.module.path,
                    span,
                    f"{what} is {problem.type}, whose members recorded data does not tell apart,"
                    f" which is not supported yet on {plan.traits.engine}",
                    instead="use one record with a field that says which kind it is",
                )

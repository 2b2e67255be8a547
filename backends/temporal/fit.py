"""Why workflows do not fit Temporal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from wfc.backends.base import Options
from wfc.backends.python.printing.references import global_names, used_names
from wfc.backends.python.program.definitions import (
    Definitions,
    bound_names,
    constant_names,
    definitions,
    step_names,
)
from wfc.backends.python.program.fit import Codes
from wfc.backends.python.program.fit import check as check_plan
from wfc.backends.python.program.plan import Plan
from wfc.backends.temporal import codes
from wfc.backends.temporal.settings import read
from wfc.backends.temporal.traits import TRAITS
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.span import NOWHERE, Span
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.kinds import parts

# What the generated helpers and converters call, and the first parameter of methods.
_NEEDED: Final = frozenset(
    {"bool", "float", "int", "isinstance", "issubclass", "self", "str", "super", "type"}
)


CODES: Final = Codes(codes.JITTER, codes.ASYNC_TRANSACTION)


def check(module: ir.Module, workflow: ir.Workflow, options: Options) -> list[Diagnostic]:
    """Every reason why the workflow, its steps or the workflows it starts do not fit, and notes."""
    return check_plan(Plan(module, (workflow,), TRAITS, options), CODES, problems)


def problems(plan: Plan) -> Iterator[Diagnostic]:
    """What Temporal in particular cannot do."""
    module = plan.module
    for text in read(plan.options.settings)[1]:
        yield codes.SETTING.at(module.path, NOWHERE, text)
    yield from _step_problems(module, plan.steps)
    yield from _union_problems(module, plan.functions)
    yield from _object_problems(module, plan.functions)
    yield from _private_names(module, plan.workflows, plan.steps)
    yield from _taken_names(module)


def _step_problems(module: ir.Module, steps: Iterable[ir.Step]) -> Iterator[Diagnostic]:
    every = {step.name for step in module.steps}
    known = Definitions(module)
    for step in steps:
        others = sorted(known.reachable(step_names(step)).names & every)
        if others:
            names = global_names(step.body, (parameter.name for parameter in step.parameters))
            others = sorted(known.reachable(names, global_names).names & every)
        if others:
            yield codes.STEP_IN_STEP.at(
                module.path,
                step.span,
                f"step {step.name} calls step {others[0]}",
                instead=f"move what {others[0]} does into a function that both steps call",
            )


def _private_names(
    module: ir.Module, workflows: Iterable[ir.Workflow], steps: Iterable[ir.Step]
) -> Iterator[Diagnostic]:
    used = frozenset().union(*map(constant_names, workflows))
    functions: tuple[ir.Workflow | ir.Step, ...] = (*workflows, *steps)
    places = {item.name: item.span for item in (*module.helpers, *module.constants)}
    found = [(name, span) for name, span in places.items() if name in used]
    for function in functions:
        found.append((function.name, function.span))
        found += [(parameter.name, parameter.span) for parameter in function.parameters]
    for name, span in found:
        if name.startswith("__") and not name.endswith("__"):
            yield codes.PRIVATE_NAME.at(
                module.path,
                span,
                f"the name {name} would mean something else inside a class",
                instead="leave out an underscore",
            )


def _taken_names(module: ir.Module) -> Iterator[Diagnostic]:
    places: list[tuple[str, Span]] = []
    for definition in definitions(module):
        places += [(name, definition.span) for name in bound_names(definition)]
    places += [(item.name, item.span) for item in (*module.steps, *module.workflows)]
    places += [(bound, item.span) for item in module.imports for bound, _ in item.names]
    for name, span in places:
        if name in _NEEDED:
            yield codes.NAME_TAKEN.at(
                module.path,
                span,
                f"the generated package needs the name {name} itself",
                instead="rename it",
            )


def _union_problems(
    module: ir.Module, functions: Iterable[ir.Step | ir.Workflow]
) -> Iterator[Diagnostic]:
    for function in functions:
        types = [p.type for p in function.parameters if p.injected is None]
        for type_ in (*types, function.returns):
            union = _ambiguous(module, type_)
            if union is not None:
                yield codes.AMBIGUOUS_UNION.at(
                    module.path,
                    function.span,
                    f"{function.name} is given or returns {union}, whose records the data converter"
                    " confuses",
                    instead="pass one optional value per record",
                )


def _object_problems(
    module: ir.Module, functions: Sequence[ir.Step | ir.Workflow]
) -> Iterator[Diagnostic]:
    crossing = {
        part.name
        for function in functions
        for part in parts(module, *(p.type for p in function.parameters), function.returns)
        if isinstance(part, t.RecordType)
    }
    places = [
        (f"the parameter {one.name} of {function.name}", one.type, one.annotation, one.span)
        for function in functions
        for one in function.parameters
    ]
    places += [
        (f"what {one.name} returns", one.returns, one.returns_annotation, one.span)
        for one in functions
    ]
    places += [
        (f"the field {field.name} of {record.name}", field.type, field.annotation, field.span)
        for record in module.records
        if record.name in crossing
        for field in record.fields
    ]
    for what, type_, annotation, span in places:
        written = annotation.replace('"', "").replace("'", "")
        if t.ANY in parts(module, type_) and "object" in used_names(written):
            yield codes.OBJECT.at(
                module.path,
                span,
                f"{what} is annotated as {written}, which the data converter cannot convert to",
                instead="write Any in place of object",
            )


def _ambiguous(module: ir.Module, type_: t.Type) -> t.Type | None:
    """The first union in a type with more than one member that is an object in JSON."""
    for part in parts(module, type_):
        match part:
            case t.UnionType(members):
                if sum(isinstance(m, t.RecordType | t.DictType) for m in members) > 1:
                    return part
    return None

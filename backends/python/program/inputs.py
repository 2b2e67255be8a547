"""Records that hold the parameters of a workflow or step, for engines that pass one value."""

from __future__ import annotations

from collections.abc import Iterable

from wfc.backends.python.printing.expressions import PlainExpressions
from wfc.backends.python.printing.layout import flat
from wfc.backends.python.program.names import Unit
from wfc.backends.python.program.plan import Plan
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t


def input_record(
    plan: Plan, unit: Unit, function: ir.Step | ir.Workflow, docstring: str
) -> list[str]:
    """The dataclass that is the one argument of a workflow or step; empty for one without
    parameters."""
    parameters = [p for p in function.parameters if p.injected is None]
    if not parameters:
        return []
    dataclass = unit.library("dataclasses", "dataclass")
    required_later = _required_after_default(parameters)
    return [
        f"@{dataclass}(kw_only=True)" if required_later else f"@{dataclass}",
        f"class {plan.names.input_class(function)}:",
        f'    """{docstring}"""',
        "",
        *(_field(plan, unit, parameter) for parameter in parameters),
    ]


def _required_after_default(parameters: Iterable[ir.Parameter]) -> bool:
    defaulted = False
    for parameter in parameters:
        if parameter.default is not None:
            defaulted = True
        elif defaulted:
            return True
    return False


def _field(plan: Plan, unit: Unit, parameter: ir.Parameter) -> str:
    hint = parameter.annotation or unit.library("typing", "Any")
    if parameter.default is None:
        return f"    {parameter.name}: {hint}"
    text = flat(PlainExpressions(plan.module, unit.imports).expression(parameter.default))
    if not _immutable(plan, parameter.default):
        field = unit.library("dataclasses", "field")
        empty = {"[]": "list", "{}": "dict"}.get(text, f"lambda: {text}")
        text = f"{field}(default_factory={empty})"
    return f"    {parameter.name}: {hint} = {text}"


def _immutable(plan: Plan, value: ir.Expr) -> bool:
    """Whether all instances of a dataclass may share the value."""
    # partial: other values may change
    match value:
        case ir.Constant() | ir.EnumMember() | ir.Unary():
            return True
        case ir.Call(function="datetime.datetime" | "datetime.timedelta"):
            return True
        case ir.GlobalName(id=name):
            scalars = {c.name for c in plan.module.constants if isinstance(c.type, t.Scalar)}
            return name in scalars
    return False

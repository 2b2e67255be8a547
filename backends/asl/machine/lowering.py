"""The state graph of a workflow as a machine needs it, and what its variables hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wfc.backends.asl.machine.failures import with_dispatch
from wfc.compiler.graph.lower import lower
from wfc.compiler.graph.model import Action, Graph, Perform, SetError
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import bindings
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.walk import used_names


def graph_of(module: ir.Module, workflow: ir.Workflow) -> Graph:
    """The state graph, with decisions where errors are told apart at run time."""
    graph = lower(module, workflow)
    taken = used_names(workflow.body) | set(graph.types)

    def new_name(wanted: str) -> str:
        while wanted in taken:
            wanted += "_"
        taken.add(wanted)
        return wanted

    return with_dispatch(module, graph, new_name)


def variable_types(parameters: Sequence[ir.Parameter], graph: Graph) -> dict[str, t.Type]:
    """The type of every variable."""
    found: dict[str, t.Type] = {p.name: p.type for p in parameters}
    found.update(graph.types)

    def add(name: str, type_: t.Type) -> None:
        found[name] = t.union(found[name], type_) if name in found else type_

    for block in graph.blocks:
        for action in block.actions:
            for name, type_ in _types(action):
                add(name, type_)
        if isinstance(block.exit, Perform):
            operation = block.exit.operation
            if not isinstance(operation, ir.Sleep) and operation.target is not None:
                add(operation.target, operation.type)
            for catch in block.exit.catches:
                add(catch.variable, t.NONE)
    return found


def _types(action: Action) -> tuple[tuple[str, t.Type], ...]:
    if isinstance(action, SetError):
        return ((action.target, t.NONE),)
    return bindings(action)


def error_sites(graph: Graph) -> Mapping[str, set[str]]:
    """The sites whose errors each variable holds; "" for one that is raised."""
    found: dict[str, set[str]] = {}
    for block in graph.blocks:
        if isinstance(block.exit, Perform):
            for catch in block.exit.catches:
                found.setdefault(catch.variable, set()).add(block.exit.operation.site)
        for action in block.actions:
            if isinstance(action, SetError):
                found.setdefault(action.target, set()).add("")
    return found

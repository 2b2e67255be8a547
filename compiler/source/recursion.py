"""Workflows that start themselves."""

from __future__ import annotations

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.walk import statements
from wfc.compiler.source import codes
from wfc.compiler.source.problems import Problems


def check_recursion(workflows: dict[str, ir.Workflow], problems: Problems) -> None:
    """Report the calls by which a workflow starts itself, directly or through others."""
    calls = {
        name: [one for one in statements(workflow.body) if isinstance(one, ir.WorkflowCall)]
        for name, workflow in workflows.items()
    }
    for name, found in calls.items():
        for call in found:
            way = _way(calls, call.workflow, name)
            if way is not None:
                chain = " -> ".join([name, *way])
                problems.add(
                    codes.RECURSIVE_WORKFLOW,
                    call.span,
                    f"the workflow '{name}' starts itself ({chain}), which is not supported yet",
                    "write a loop",
                )


def _way(calls: dict[str, list[ir.WorkflowCall]], start: str, goal: str) -> list[str] | None:
    """The shortest chain of workflow names from one to another, both included."""
    before: dict[str, str] = {}
    queue = [start]
    for current in queue:
        if current == goal:
            chain = [current]
            while current != start:
                current = before[current]
                chain.append(current)
            return chain[::-1]
        for call in calls.get(current, ()):
            if call.workflow not in before and call.workflow != start:
                before[call.workflow] = current
                queue.append(call.workflow)
    return None

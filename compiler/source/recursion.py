"""Workflows that start themselves."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.ir import nodes as n
from wfc.compiler.source import codes
from wfc.compiler.source.problems import Problems


def check_recursion(workflows: dict[str, n.Workflow], problems: Problems) -> None:
    """Report the calls by which a workflow starts itself, directly or through others."""
    calls = {name: list(child_calls(workflow.body)) for name, workflow in workflows.items()}
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


def child_calls(block: n.Block) -> Iterator[n.WorkflowCall]:
    """The calls of child workflows in a block, in source order."""
    stack: list[n.Statement | n.Handler] = list(reversed(block))
    while stack:
        statement = stack.pop()
        if isinstance(statement, n.WorkflowCall):
            yield statement
        stack.extend(reversed(list(nested(statement))))


def nested(statement: n.Statement | n.Handler) -> Iterator[n.Statement | n.Handler]:
    """The statements directly inside a compound statement, in source order."""
    match statement:
        case n.If(then=then, orelse=orelse):
            yield from (*then, *orelse)
        case n.While(prelude=prelude, body=body, orelse=orelse):
            yield from (*prelude, *body, *orelse)
        case n.For(body=body, orelse=orelse):
            yield from (*body, *orelse)
        case n.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            yield from (*body, *handlers, *orelse, *finalbody)
        case n.Handler(body=body):
            yield from body


def _way(calls: dict[str, list[n.WorkflowCall]], start: str, goal: str) -> list[str] | None:
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

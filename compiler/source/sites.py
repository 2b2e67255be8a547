"""Names of sites: the places in a workflow that start an operation."""

from __future__ import annotations

import ast
import re
from typing import Final

from wfc.compiler.diagnostics.span import Span
from wfc.compiler.diagnostics.words import snake_case
from wfc.compiler.source import codes
from wfc.compiler.source.facts import FunctionFacts, operation_name
from wfc.compiler.source.names import FunctionNode, ModuleScope
from wfc.compiler.source.problems import Problems

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# The number of a site comes behind its name.
_ROOM_FOR_NUMBER: Final = len("_999")


def cleaned(site: str) -> str:
    """What is left of a name when letter case and the number of underscores do not matter."""
    return re.sub(r"_+", "_", site.lower()).strip("_")


def name_sites(
    node: FunctionNode, facts: FunctionFacts, scope: ModuleScope, problems: Problems
) -> dict[int, str]:
    """The name of each operation of a workflow, by the id of its call."""
    given = _given_names(node, facts, problems, scope.limits.name)
    names: dict[int, str] = {}
    used: dict[str, ast.Call] = {}
    counts: dict[str, int] = {}
    for call in facts.operations:
        base = _base(operation_name(call, scope, facts.locals) or "", scope)
        if id(call) in given:
            name = given[id(call)]
        else:
            counts[base] = counts.get(base, 0) + 1
            name = base if counts[base] == 1 else f"{base}_{counts[base]}"
        other = used.setdefault(cleaned(name), call)
        if other is not call:
            problems.add(
                codes.SITE_COLLISION,
                call,
                f"the operation '{name}' has the same name as the one in line {other.lineno}",
                "name one of them with a comment at its end: '# wfc: name other_name'",
            )
        names[id(call)] = name
    return names


def _base(operation: str, scope: ModuleScope) -> str:
    """What a site is called before it is counted: the step's ``name=`` as far as it can be the name
    of an operation, else the function."""
    step = scope.steps.get(operation)
    if step is not None and step.label != step.name:
        label = snake_case(re.sub(r"[^A-Za-z0-9]+", "_", step.label).strip("_"))
        if (
            step.label.isascii()
            and _NAME.fullmatch(label)
            and len(label) <= scope.limits.name - _ROOM_FOR_NUMBER
        ):
            return label
    return snake_case(operation)


def _given_names(
    node: FunctionNode, facts: FunctionFacts, problems: Problems, longest: int
) -> dict[int, str]:
    given: dict[int, str] = {}
    by_line: dict[int, list[ast.Call]] = {}
    for call in facts.operations:
        by_line.setdefault(call.end_lineno or call.lineno, []).append(call)
        if call.end_lineno != call.lineno:
            by_line.setdefault(call.lineno, []).append(call)
    first, last = node.lineno, node.end_lineno or node.lineno
    for line, comment in problems.text.directives.items():
        if not first <= line <= last or comment.directive is None:
            continue
        words = comment.directive.split()
        if not words or words[0].startswith("ignore"):
            continue
        named = _named_call(line, comment.column, words, by_line, problems, longest)
        if named is not None:
            given[id(named)] = words[1]
    return given


def _named_call(
    line: int,
    column: int,
    words: list[str],
    by_line: dict[int, list[ast.Call]],
    problems: Problems,
    longest: int,
) -> ast.Call | None:
    width = len(problems.text.lines[line - 1])
    place = Span(line, column + 1, line, width + 1)

    def refuse(message: str, instead: str) -> None:
        problems.add(codes.SITE_NAME, place, message, instead)

    if words[0] != "name":
        refuse(f"there is no comment '# wfc: {words[0]}'", "write '# wfc: name some_name'")
        return None
    if len(words) == 1:
        refuse("the comment gives no name", "write '# wfc: name some_name'")
        return None
    if len(words) != 2 or not _NAME.fullmatch(words[1]) or len(words[1]) > longest:
        given = " ".join(words[1:])
        refuse(
            f"'{given}' cannot be the name of an operation",
            f"use letters, digits and underscores, a letter first, at most {longest} characters",
        )
        return None
    calls = by_line.get(line, [])
    if len(calls) == 1:
        return calls[0]
    if not calls:
        refuse("no operation starts or ends in this line", "put the comment at the end of the call")
    else:
        refuse(
            "several operations stand in this line, and the name fits only one",
            "write each in a line of its own",
        )
    return None

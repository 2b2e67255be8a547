"""Code that a generated module carries over as text must not need wfc."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from typing import Final

from wfc.compiler.source import codes
from wfc.compiler.source.names import FunctionNode, ModuleScope
from wfc.compiler.source.problems import Problems

_PLAIN_TEXT: Final = "write str, the plain type of its value"
_INSTEAD: Final = {
    "wfc.Connection": "import Connection from sqlalchemy",
    "wfc.Heartbeat": "write Callable[..., None], the plain type of its value",
    "wfc.IdempotencyKey": _PLAIN_TEXT,
    "wfc.RunId": _PLAIN_TEXT,
    "wfc.sleep": "wait in the workflow, or use time.sleep",
}

Definitions = dict[str, ast.stmt]


def check_carried_code(
    steps: Iterable[FunctionNode], definitions: Definitions, scope: ModuleScope, problems: Problems
) -> None:
    """Report the names of wfc, and the retry policies, in steps and in what they call.

    Args:
        steps: the steps of the module.
        definitions: what else steps may use, by name.
    """
    finder = _Finder(scope, problems)
    for step in steps:
        finder.report(step, step.body)
    suspects = {name for name, node in definitions.items() if finder.mentioned([node])}
    if suspects:
        for name in sorted(suspects & _reachable(steps, definitions)):
            finder.report(definitions[name], [definitions[name]])


def _reachable(steps: Iterable[FunctionNode], definitions: Definitions) -> set[str]:
    """The definitions that steps lead to, directly or through others."""
    found: set[str] = set()
    pending = [statement for step in steps for statement in step.body]
    while pending:
        names = {part.id for part in ast.walk(pending.pop()) if isinstance(part, ast.Name)}
        new = (names & definitions.keys()) - found
        found |= new
        pending += [definitions[name] for name in new]
    return found


class _Finder:
    def __init__(self, scope: ModuleScope, problems: Problems) -> None:
        self.scope = scope
        self.problems = problems
        own = {name for name, full in scope.imports.items() if _of_wfc(full)}
        names = sorted({"wfc", *own, *scope.policies})
        # The text tells much faster than the tree that there is nothing to find.
        self.mention = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")

    def mentioned(self, block: Sequence[ast.stmt]) -> bool:
        """Whether one of the names occurs in the text of the statements."""
        lines = self.problems.text.lines[block[0].lineno - 1 : block[-1].end_lineno]
        return any(map(self.mention.search, lines))

    def report(self, definition: ast.stmt, block: Sequence[ast.stmt]) -> None:
        """Report every use in statements, names that their definition binds itself apart."""
        if not self.mentioned(block):
            return
        parts = [part for statement in block for part in ast.walk(statement)]
        names = [part for part in parts if isinstance(part, ast.Name)]
        bound = {name.id for name in names if isinstance(name.ctx, ast.Store)}
        bound |= {part.arg for part in ast.walk(definition) if isinstance(part, ast.arg)}
        for name in names:
            if name.id not in bound:
                self._name(name)
        for part in parts:
            self._import(part)

    def _name(self, node: ast.Name) -> None:
        if node.id in self.scope.policies:
            self._add(node, node.id, "keep the number that it needs in a constant of its own")
        full = self.scope.imports.get(node.id, "")
        if _of_wfc(full):
            self._add(node, node.id, _INSTEAD.get(full, "leave it out"))

    def _import(self, node: ast.AST) -> None:
        match node:
            case ast.Import(names=aliases) if any(_of_wfc(alias.name) for alias in aliases):
                self._add(node, "wfc", "leave it out")
            case ast.ImportFrom(module=str() as module, level=0) if _of_wfc(module):
                self._add(node, "wfc", "leave it out")

    def _add(self, node: ast.AST, name: str, instead: str) -> None:
        message = (
            f"'{name}' in the code of a step cannot be supported: generated code does without wfc"
        )
        self.problems.add(codes.INTERFACE_IN_STEP, node, message, instead)


def _of_wfc(full: str) -> bool:
    return full.partition(".")[0] == "wfc"

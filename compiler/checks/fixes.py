"""Turns what a rule offers into edits of the text, and applies edits.

Edits replace exact stretches of the text, so that formatting and comments around them survive.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from wfc.compiler.checks.parsing import parse
from wfc.compiler.checks.rules.base import FixRequest
from wfc.compiler.diagnostics.model import Diagnostic, Edit, Fix, Safety
from wfc.compiler.ir.span import Span
from wfc.compiler.source.text import SourceText


def fix_for(diagnostic: Diagnostic, request: FixRequest, text: str) -> Diagnostic:
    """The diagnostic with its fix, or as it is where the fix does not apply."""
    source = _source(text)
    node = source.find(diagnostic.span, request.action)
    if node is None:
        return diagnostic
    code = request.text
    if code.startswith("await "):
        if not source.in_coroutine(node):
            return diagnostic
        if source.awaited(node):
            code = code.removeprefix("await ")
    imports: list[Edit] = []
    if request.needs is not None:
        bound = source.bind(diagnostic.path, *request.needs)
        if bound is None:
            return diagnostic
        name, imports = bound
        code = re.sub(rf"\b{re.escape(request.needs[1])}\b", name, code, count=1)
    edits = [*imports, *_replacements(diagnostic.path, request, code, node, source)]
    return replace(diagnostic, fix=Fix(request.title, request.safety, tuple(edits)))


def _replacements(
    path: str, request: FixRequest, code: str, node: ast.expr, source: _Source
) -> Iterator[Edit]:
    span = source.text.span(node)
    match request.action:
        case "callee":
            assert isinstance(node, ast.Call)
            yield Edit(path, source.text.span(node.func), code)
        case "call":
            yield Edit(path, span, code)
        case "wrap":
            before, after = code.split("{}")
            yield Edit(path, Span(span.line, span.column, span.line, span.column), before)
            end = Span(span.end_line, span.end_column, span.end_line, span.end_column)
            yield Edit(path, end, after)


class _Source:
    """A parsed text in which places are looked up."""

    def __init__(self, text: str) -> None:
        self.text = SourceText(text)
        self.tree = parse(text)
        self.parents = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }

    def find(self, span: Span, action: str) -> ast.expr | None:
        wanted = ast.expr if action == "wrap" else ast.Call
        for node in self.parents:
            if not isinstance(node, wanted) or node.lineno != span.line:
                continue
            if self.text.span(node) == span:
                return node
        return None

    def in_coroutine(self, node: ast.AST) -> bool:
        while (parent := self.parents.get(node)) is not None:
            if isinstance(parent, (ast.AsyncFunctionDef, ast.FunctionDef, ast.Lambda)):
                return isinstance(parent, ast.AsyncFunctionDef)
            node = parent
        return False

    def awaited(self, node: ast.AST) -> bool:
        return isinstance(self.parents.get(node), ast.Await)

    def bind(self, path: str, module: str, name: str) -> tuple[str, list[Edit]] | None:
        """The name under which a file knows ``module.name``, with the edits that import it; None
        where the name means something else."""
        near: ast.ImportFrom | None = None
        last: ast.stmt | None = None
        for node in self.tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                last = node
            if isinstance(node, ast.ImportFrom) and node.module == module and not node.level:
                for alias in node.names:
                    if alias.name == name:
                        return alias.asname or name, []
                near = node
        if name in self.bound_names():
            return None
        if near is not None:
            return name, [self._added_to(path, near, name)]
        if last is None:
            return None
        line = (last.end_lineno or last.lineno) + 1
        return name, [Edit(path, Span(line, 1, line, 1), f"from {module} import {name}\n")]

    def bound_names(self) -> set[str]:
        names = {
            node.id
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        for node in ast.walk(self.tree):
            match node:
                case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                    names |= {a.asname or a.name.partition(".")[0] for a in aliases}
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    names.add(name)
                case ast.ClassDef(name=name) | ast.arg(arg=name):
                    names.add(name)
        return names

    def _added_to(self, path: str, node: ast.ImportFrom, name: str) -> Edit:
        first, last = self.text.span(node.names[0]), self.text.span(node.names[-1])
        names = [f"{a.name} as {a.asname}" if a.asname else a.name for a in node.names]
        if first.line == last.line and names == sorted(names):
            whole = Span(first.line, first.column, last.end_line, last.end_column)
            return Edit(path, whole, ", ".join(sorted([*names, name])))
        end = Span(last.end_line, last.end_column, last.end_line, last.end_column)
        return Edit(path, end, f", {name}")


@lru_cache(maxsize=8)
def _source(text: str) -> _Source:
    return _Source(text)


# --- Applying ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Applied:
    """``texts`` are the new texts by path; ``count`` is how many fixes went into them."""

    texts: Mapping[str, str]
    count: int


def apply_fixes(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], safeties: Collection[Safety]
) -> Applied:
    """Apply the fixes of the given safeties. Of fixes that overlap, the first is applied; a text
    that would not be valid Python is left alone."""
    edits: dict[str, list[Edit]] = {}
    counts: dict[str, int] = {}
    for diagnostic in diagnostics:
        fix = diagnostic.fix
        if fix is None or fix.safety not in safeties:
            continue
        path = diagnostic.path
        known = edits.setdefault(path, [])
        new = [edit for edit in fix.edits if edit not in known]
        if any(_overlap(edit, other) for edit in new for other in known):
            continue
        known += new
        counts[path] = counts.get(path, 0) + 1
    texts: dict[str, str] = {}
    for path, changes in edits.items():
        text = edited(sources[path], changes) if path in sources else None
        if text is not None and _valid(text):
            texts[path] = text
    return Applied(texts, sum(counts[path] for path in texts))


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits that do not overlap."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    newline = next(iter(re.findall(r"\r\n|\r|\n", text)), "\n")

    def offset(line: int, column: int) -> int:
        return starts[line - 1] + column - 1 if line <= len(starts) else len(text)

    order = sorted(edits, key=lambda edit: (edit.span.line, edit.span.column), reverse=True)
    for edit in order:
        span = edit.span
        start, end = offset(span.line, span.column), offset(span.end_line, span.end_column)
        text = text[:start] + edit.text.replace("\n", newline) + text[end:]
    return text


def _overlap(one: Edit, other: Edit) -> bool:
    start, end = (one.span.line, one.span.column), (one.span.end_line, one.span.end_column)
    first = (other.span.line, other.span.column)
    last = (other.span.end_line, other.span.end_column)
    return start < last and first < end


def _valid(text: str) -> bool:
    try:
        parse(text)
    except (SyntaxError, RecursionError):
        return False
    return True

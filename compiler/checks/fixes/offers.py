"""Whether a fix applies where a rule offers it, and with which words. Light: every run asks it, and
the text is not changed here."""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from wfc.compiler.checks.engines.requests import FixRequest, Need
from wfc.compiler.checks.fixes.bindings import Binding, FunctionNode, Names, binding, names_of
from wfc.compiler.checks.fixes.moving import into_step
from wfc.compiler.checks.fixes.reservations import cannot_be_sorted, tells_errors_apart
from wfc.compiler.checks.fixes.statements import lines_of
from wfc.compiler.checks.reading.parsing import parse
from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.model import Diagnostic, Fix, Rewrite
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.source.text import SourceText


def with_offer(
    diagnostic: Diagnostic, request: FixRequest, text: str, *, in_loop: bool
) -> Diagnostic:
    """The diagnostic with its fix, or as it is where the fix does not apply.

    Args:
        text: the file.
        in_loop: the workflow is a coroutine, so that what would block its event loop is wrong even
            where nothing can be awaited.
    """
    source = _source(text)
    node = source.find(diagnostic.span)
    if node is None or (request.action == "callee" and not isinstance(node, ast.Call)):
        return diagnostic
    blocked = in_loop and request.in_coroutine and not source.in_coroutine(node)
    refused = blocked or _reserved(request, node, source)
    rewrite = None if refused else _rewrite(request, node, diagnostic.span, source)
    if rewrite is None:
        return diagnostic
    return replace(diagnostic, fix=Fix(request.title, request.safety, rewrite=rewrite))


def without_comment(diagnostic: Diagnostic, text: str) -> Diagnostic:
    """The diagnostic about a comment with the fix that removes it. What another tool reads behind
    it stays."""
    span = diagnostic.span
    comment = lines_of(text)[span.line - 1][span.column - 1 : span.end_column - 1]
    other = _OTHER_TOOLS.search(comment, 1)
    if other is not None:
        span = replace(span, end_column=span.column + other.start())
    fix = Fix("Remove the comment", "safe", rewrite=Rewrite(span, "comment"))
    return replace(diagnostic, fix=fix)


_OTHER_TOOLS: Final = re.compile(
    r"#\s*(noqa|type:|pragma:|fmt:|isort:|ruff:|pylint:|mypy:|pyright:|nosec|wfc:)"
)


def _reserved(request: FixRequest, node: ast.expr, source: _Source) -> bool:
    """Whether the place is one for which the fix is not meant."""
    if request.text.startswith("sorted("):
        return cannot_be_sorted(node, source.scope(node) or source.tree)
    handler = source.parents.get(node)
    return isinstance(handler, ast.ExceptHandler) and tells_errors_apart(handler)


def _rewrite(request: FixRequest, node: ast.expr, span: Span, source: _Source) -> Rewrite | None:
    if request.step is not None:
        outside = [*source.around(node)]
        return into_step(node, outside, request.step, source.text, *source.names_at(node))
    around = source.absorbed(node, request.absorbs)
    if around is not None:
        return Rewrite(source.text.span(around), "callee", request.text.partition("(")[0])
    in_coroutine = source.in_coroutine(node)
    if request.in_coroutine and source.in_lambda(node):
        return None
    code = request.in_coroutine if in_coroutine and request.in_coroutine else request.text
    if code.startswith("await "):
        if not in_coroutine:
            return None
        if source.awaited(node):
            code = code.removeprefix("await ")
    if request.needs is None:
        return Rewrite(span, request.action, code)
    bound = source.binding(node, request.needs)
    if bound is None:
        return None
    code = re.sub(rf"\b{re.escape(request.needs.name)}\b", bound.name, code, count=1)
    return Rewrite(span, request.action, code, bound.missing)


class _Source:
    """A parsed text in which places are looked up."""

    def __init__(self, text: str) -> None:
        self.text = SourceText(text)
        self.tree = parse(text)
        self.parents: dict[ast.AST, ast.AST] = {}
        """Of the nodes on the way to those that were looked for."""
        self.names: dict[FunctionNode | None, Names] = {}

    def find(self, span: Span) -> ast.expr | None:
        """The outermost expression of a span."""
        near: deque[ast.AST] = deque([self.tree])
        while near:
            node = near.popleft()
            if isinstance(node, ast.expr) and self.text.span(node) == span:
                return node
            for child in ast.iter_child_nodes(node):
                if _touches(child, span.line):
                    self.parents[child] = node
                    near.append(child)
        return None

    def binding(self, node: ast.AST, need: Need) -> Binding | None:
        """The way to write what is needed at a node."""
        return binding(self.names_at(node)[1], need)

    def names_at(self, node: ast.AST) -> tuple[Names, Names]:
        """What names stand for outside functions and at a node."""
        scope = self.scope(node)
        if not self.names:
            self.names[None] = names_of(self.tree)
        if scope is not None and scope not in self.names:
            self.names[scope] = self.names[None].inside(scope)
        return self.names[None], self.names[scope]

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent

    def scope(self, node: ast.AST) -> FunctionNode | None:
        """The outermost function around a node."""
        found = [n for n in self.around(node) if isinstance(n, FunctionNode)]
        return found[-1] if found else None

    def absorbed(self, node: ast.AST, function: str) -> ast.Call | None:
        """The call of a function that is given nothing but the node."""
        match self.parents.get(node):
            case ast.Call(func=ast.Name(name), args=[argument], keywords=[]) as call:
                return call if name == function and argument is node else None
        return None

    def in_lambda(self, node: ast.AST) -> bool:
        """Whether a lambda evaluates the node: as often as somebody calls it."""
        inner = next((n for n in self.around(node) if isinstance(n, FunctionNode)), None)
        return isinstance(inner, ast.Lambda)

    def in_coroutine(self, node: ast.AST) -> bool:
        """Whether ``await`` may stand here and changes nothing else: inside a generator expression
        it would make an asynchronous generator."""
        for parent in self.around(node):
            match parent:
                case ast.AsyncFunctionDef():
                    return True
                case ast.FunctionDef() | ast.Lambda() | ast.GeneratorExp() | ast.ClassDef():
                    return False
        return False

    def awaited(self, node: ast.AST) -> bool:
        return isinstance(self.parents.get(node), ast.Await)


def _touches(node: ast.AST, line: int) -> bool:
    """Whether a node may stand on a line, with its decorators; some nodes have no place."""
    match node:
        case ast.FunctionDef(decorator_list=[first, *_]) | ast.ClassDef(decorator_list=[first, *_]):
            start = first.lineno
        case ast.AsyncFunctionDef(decorator_list=[first, *_]):
            start = first.lineno
        case ast.stmt() | ast.expr():
            start = node.lineno
        case _:
            return True
    return start <= line <= (node.end_lineno or start)


@lru_cache(maxsize=8)
def _source(text: str) -> _Source:
    return _Source(text)

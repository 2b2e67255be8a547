"""Rewrites expressions of one statement with libcst, which keeps comments and formatting. Imported
by :mod:`~wfc.compiler.checks.fixes.edits` alone: libcst takes longer to load than a run takes."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import libcst as cst
from libcst import matchers as m
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from wfc.compiler.checks.fixes.bindings import names_in
from wfc.compiler.checks.fixes.statements import CannotFix, Statement
from wfc.compiler.diagnostics.model import Rewrite
from wfc.compiler.diagnostics.span import Span

_BLOCK: Final = "if 1:\n"
"""Makes a module of an indented statement."""
_ITSELF: Final = "wfc_it_"
_CALLEE: Final = "wfc_callee_"
_ARGUMENTS: Final = "wfc_arguments_"
_PLACEHOLDERS: Final = {"{}": _ITSELF, "{callee}": _CALLEE, "{args}": _ARGUMENTS}


def parsed(text: str) -> cst.Module:
    """The syntax tree of a statement.

    Raises:
        CannotFix: libcst does not know the syntax, or would not write it as it stands.
    """
    try:
        module = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise CannotFix("libcst cannot read the statement") from error
    if module.code != text:
        raise CannotFix("libcst does not keep the statement as it is written")
    return module


def rewritten(statement: Statement, rewrites: Sequence[Rewrite]) -> tuple[str, Counter[str]]:
    """A statement after rewrites of its expressions, and the names that it then mentions.

    Args:
        statement: its whole lines.
        rewrites: no two of the same place.

    Raises:
        CannotFix: for the reasons of :func:`parsed`, or a place is no expression, or a comment
            would be lost, or the result is no Python.
    """
    block = _BLOCK if statement.text[:1].isspace() else ""
    module = parsed(block + plain(statement.text))
    offset = 1 + len(block.splitlines()) - statement.first
    rewriter = _Rewriter({_moved(rewrite.span, offset): rewrite for rewrite in rewrites})
    after = MetadataWrapper(module, unsafe_skip_copy=True).visit(rewriter)
    if rewriter.rewrites:
        raise CannotFix("libcst does not find the expression")
    if len(m.findall(after, m.Comment())) < len(m.findall(module, m.Comment())):
        raise CannotFix("a comment inside the expression would be lost")
    try:
        names = Counter(names_in(ast.parse(after.code)))
    except SyntaxError as error:
        raise CannotFix("the result would not be valid Python") from error
    return as_in(statement.text, after.code.removeprefix(block)), names


def plain(text: str) -> str:
    """A text with line ends that libcst knows: it takes no carriage returns by themselves."""
    return text.replace("\r", "\n") if "\n" not in text else text


def as_in(before: str, after: str) -> str:
    """The text with the line ends that another one has, which :func:`plain` took."""
    return after.replace("\n", "\r") if "\n" not in before and "\r" in before else after


def _moved(span: Span, lines: int) -> Span:
    return Span(span.line + lines, span.column, span.end_line + lines, span.end_column)


class _Rewriter(cst.CSTTransformer):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, rewrites: Mapping[Span, Rewrite]) -> None:
        super().__init__()
        self.rewrites = dict(rewrites)
        self.operands: set[cst.BaseExpression] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        match node:
            case (
                cst.Attribute(value=operand) | cst.Subscript(value=operand) | cst.Call(func=operand)
            ):
                self.operands.add(operand)
        return super().on_visit(node)

    def on_leave(
        self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT
    ) -> cst.CSTNodeT | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNodeT]:
        after = super().on_leave(original_node, updated_node)
        if not isinstance(original_node, cst.BaseExpression):
            return after
        rewrite = self.rewrites.pop(_span(self.get_metadata(PositionProvider, original_node)), None)
        if rewrite is None or not isinstance(after, cst.BaseExpression):
            return after
        return self.replaced(original_node, after, rewrite)  # type: ignore[return-value]

    def replaced(
        self, original: cst.BaseExpression, node: cst.BaseExpression, rewrite: Rewrite
    ) -> cst.BaseExpression:
        text = rewrite.text.removeprefix("await ")
        awaited = text != rewrite.text
        if rewrite.action == "callee" and isinstance(node, cst.Call):
            result: cst.BaseExpression = node.with_changes(func=cst.parse_expression(text))
        else:
            result = _filled(text, node)
        if awaited:
            result = cst.Await(result)
        if rewrite.action == "expression" and "{}" not in text and node.lpar:
            return result.with_changes(lpar=node.lpar, rpar=node.rpar)
        if awaited and original in self.operands:
            return result.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        return result


def _span(range: CodeRange) -> Span:
    start, end = range.start, range.end
    return Span(start.line, start.column + 1, end.line, end.column + 1)


def _filled(template: str, node: cst.BaseExpression) -> cst.BaseExpression:
    """The template with the expression, or with parts of it, in its places."""
    for written, name in _PLACEHOLDERS.items():
        template = template.replace(written, name)
    result = cst.parse_expression(template).visit(_Filler(node))
    assert isinstance(result, cst.BaseExpression)
    return result


class _Filler(cst.CSTTransformer):
    def __init__(self, node: cst.BaseExpression) -> None:
        super().__init__()
        self.node = node

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        if updated_node.value == _ITSELF:
            return self.node
        if updated_node.value == _CALLEE and isinstance(self.node, cst.Call):
            return self.node.func
        return updated_node

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        arguments = updated_node.args
        places = [_is_arguments([argument]) for argument in original_node.args]
        if any(places) and isinstance(self.node, cst.Call) and self.node.args:
            space = self.node.whitespace_before_args
            first = places.index(True)
            arguments = [*map(_followed_by(space), arguments[:first]), *arguments[first:]]
            updated_node = updated_node.with_changes(whitespace_before_args=space, args=arguments)
        if [argument.value for argument in arguments] == [self.node]:
            return _around(updated_node, self.node)
        if len(arguments) < len(original_node.args):  # nothing stands behind the last comma
            last = arguments[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            return updated_node.with_changes(args=[*arguments[:-1], last])
        return updated_node

    def leave_Arg(
        self, original_node: cst.Arg, updated_node: cst.Arg
    ) -> cst.Arg | cst.FlattenSentinel[cst.Arg] | cst.RemovalSentinel:
        if not _is_arguments([updated_node]):
            return updated_node
        given = list(self.node.args) if isinstance(self.node, cst.Call) else []
        if not given:
            return cst.RemoveFromParent()
        if isinstance(updated_node.comma, cst.Comma) and not isinstance(given[-1].comma, cst.Comma):
            given[-1] = given[-1].with_changes(comma=updated_node.comma)
        return cst.FlattenSentinel(given)


def _followed_by(
    space: cst.BaseParenthesizableWhitespace,
) -> Callable[[cst.Arg], cst.Arg]:
    """Gives arguments that stand before those of a call their places: each has its own line where
    those begin on one."""

    def placed(argument: cst.Arg) -> cst.Arg:
        if not isinstance(space, cst.ParenthesizedWhitespace):
            return argument
        bare = space.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])
        return argument.with_changes(comma=cst.Comma(whitespace_after=bare))

    return placed


def _is_arguments(arguments: Sequence[cst.Arg]) -> bool:
    return [getattr(argument.value, "value", "") for argument in arguments] == [_ARGUMENTS]


def _around(call: cst.Call, node: cst.BaseExpression) -> cst.Call:
    """The call with the expression as its argument; parentheses of the expression become those of
    the call."""
    if not node.lpar:
        return call
    bare = node.with_changes(lpar=node.lpar[1:], rpar=node.rpar[:-1])
    return call.with_changes(
        whitespace_before_args=node.lpar[0].whitespace_after,
        args=[cst.Arg(bare, whitespace_after_arg=node.rpar[-1].whitespace_before)],
    )

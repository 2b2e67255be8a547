"""Adds names to import statements and takes them away, with libcst."""

from __future__ import annotations

from collections.abc import Container
from typing import TypeAlias

import libcst as cst
from libcst import matchers as m

from wfc.compiler.checks.fixes.rewriting import parsed

Alias: TypeAlias = cst.ImportAlias


def with_name(text: str, module: str, name: str) -> str | None:
    """A statement with a name added to its ``from module import``; None where it has none.

    The names stay sorted where they are.

    Raises:
        CannotFix: as :func:`parsed`.
    """
    tree = parsed(text)
    adder = _Adder(module, name)
    after = tree.visit(adder)
    return after.code if adder.done else None


class _Adder(cst.CSTTransformer):
    def __init__(self, module: str, name: str) -> None:
        super().__init__()
        self.module = module
        self.name = name
        self.done = False

    def visit_IndentedBlock(self, node: cst.IndentedBlock) -> bool:
        return False

    def leave_ImportFrom(
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.ImportFrom:
        names = updated_node.names
        if self.done or updated_node.relative or isinstance(names, cst.ImportStar):
            return updated_node
        if updated_node.module is None or _dotted(updated_node.module) != self.module:
            return updated_node
        self.done = True
        return updated_node.with_changes(names=_added(updated_node, list(names), self.name))


def _added(node: cst.ImportFrom, names: list[Alias], name: str) -> list[Alias]:
    written = [alias.evaluated_name for alias in names]
    place = sum(other < name for other in written) if written == sorted(written) else 0
    between = _between(node, names)
    new = cst.ImportAlias(cst.Name(name), comma=between)
    if place < len(names):
        return [*names[:place], new, *names[place:]]
    last = names[-1]
    if isinstance(last.comma, cst.MaybeSentinel):
        return [*names[:-1], last.with_changes(comma=between), new.with_changes(comma=last.comma)]
    # A comma at the end: what stands behind it is the end of the last line.
    closing = last.comma.with_changes(
        whitespace_after=_without_comment(last.comma.whitespace_after)
    )
    after = last.comma.whitespace_after
    if isinstance(after, cst.ParenthesizedWhitespace) and isinstance(
        between.whitespace_after, cst.ParenthesizedWhitespace
    ):
        inner = between.whitespace_after
        after = after.with_changes(indent=inner.indent, last_line=inner.last_line)
    else:
        after = between.whitespace_after
    moved = last.with_changes(comma=last.comma.with_changes(whitespace_after=after))
    return [*names[:-1], moved, new.with_changes(comma=closing)]


def _between(node: cst.ImportFrom, names: list[Alias]) -> cst.Comma:
    """A comma as it stands between the names, or would."""
    first = names[0].comma
    if len(names) > 1 and isinstance(first, cst.Comma):
        return first.with_changes(whitespace_after=_without_comment(first.whitespace_after))
    if node.lpar is not None and isinstance(
        node.lpar.whitespace_after, cst.ParenthesizedWhitespace
    ):
        return cst.Comma(whitespace_after=_without_comment(node.lpar.whitespace_after))
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _without_comment(
    space: cst.BaseParenthesizableWhitespace,
) -> cst.BaseParenthesizableWhitespace:
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return space
    line = space.first_line.with_changes(comment=None, whitespace=cst.SimpleWhitespace(""))
    return space.with_changes(first_line=line, empty_lines=[])


def without_names(text: str, names: Container[str]) -> str:
    """A statement without the imports of some names.

    Of the imports inside, those of functions and ``with`` blocks go. One that has a comment stays,
    because somebody meant something by it, and so does the only statement of a block.

    Returns:
        The statement; nothing when nothing is left of it.

    Raises:
        CannotFix: as :func:`parsed`.
    """
    after = parsed(text).visit(_Remover(names))
    return after.code if after.body else ""


class _Remover(cst.CSTTransformer):
    def __init__(self, names: Container[str]) -> None:
        super().__init__()
        self.names = names

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        return updated_node.with_changes(body=self.block(updated_node.body))

    def leave_With(self, original_node: cst.With, updated_node: cst.With) -> cst.With:
        return updated_node.with_changes(body=self.block(updated_node.body))

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:
        body = [self.reduced(line) for line in updated_node.body if not self.goes(line)]
        return updated_node.with_changes(body=body)

    def block(self, suite: cst.BaseSuite) -> cst.BaseSuite:
        if not isinstance(suite, cst.IndentedBlock):
            return suite
        body = [line for line in suite.body if not self.goes(line)] or suite.body
        return suite.with_changes(body=[self.reduced(line) for line in body])

    def goes(self, line: cst.BaseStatement) -> bool:
        """Whether a line is nothing but imports of such names."""
        if not isinstance(line, cst.SimpleStatementLine) or _commented(line):
            return False
        return all(
            isinstance(part, (cst.Import, cst.ImportFrom)) and not self.kept(part)
            for part in line.body
        )

    def reduced(self, line: cst.BaseStatement) -> cst.BaseStatement:
        """The line with what is left of its imports."""
        if not isinstance(line, cst.SimpleStatementLine) or _commented(line):
            return line
        parts = [
            self.shortened(part) if isinstance(part, (cst.Import, cst.ImportFrom)) else part
            for part in line.body
        ]
        return line.with_changes(body=parts)

    def shortened(self, part: cst.Import | cst.ImportFrom) -> cst.Import | cst.ImportFrom:
        kept = self.kept(part)
        if isinstance(part.names, cst.ImportStar) or len(kept) in (0, len(part.names)):
            return part
        if kept[-1] is not part.names[-1]:
            kept[-1] = kept[-1].with_changes(comma=part.names[-1].comma)
        return part.with_changes(names=kept)

    def kept(self, part: cst.Import | cst.ImportFrom) -> list[Alias]:
        names = part.names
        if isinstance(names, cst.ImportStar):
            return [cst.ImportAlias(cst.Name("star"))]
        future = m.matches(part, m.ImportFrom(module=m.Name("__future__")))
        return [alias for alias in names if future or _local(alias) not in self.names]


def _commented(line: cst.SimpleStatementLine) -> bool:
    return bool(m.findall(line, m.Comment()))


def _local(alias: Alias) -> str:
    """The name that an import binds."""
    return alias.evaluated_alias or alias.evaluated_name.partition(".")[0]


def _dotted(node: cst.BaseExpression) -> str:
    match node:
        case cst.Name(value=name):
            return name
        case cst.Attribute(value=owner, attr=cst.Name(value=name)):
            return f"{_dotted(owner)}.{name}"
    return ""

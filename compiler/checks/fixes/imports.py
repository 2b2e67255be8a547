"""Adds imports to a file and takes imports away, with libcst."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Collection, Container, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

import libcst as cst
from libcst import matchers as m

from wfc.compiler.checks.fixes.rewriting import as_in, parsed, plain
from wfc.compiler.checks.fixes.statements import (
    CannotFix,
    Statement,
    check_size,
    differences,
    edited,
    lines_of,
    newline_of,
    statements_of,
    without_lines,
)
from wfc.compiler.checks.reading.parsing import parse
from wfc.compiler.diagnostics.model import Edit
from wfc.compiler.diagnostics.span import Span

Alias: TypeAlias = cst.ImportAlias


def with_imports(path: str, text: str, module: str, name: str) -> str:
    """A file that has ``from module import name``, or ``import module`` where there is no name."""
    tree = parse(text)
    statements = statements_of(tree.body, lines_of(text))
    for statement in statements:
        if name and any(_imports_from(node, module) for node in statement.nodes):
            try:
                after = as_in(statement.text, _with_name(plain(statement.text), module, name))
            except CannotFix:
                continue
            return edited(text, differences("", statement.first, statement.text, after))
    written = f"from {module} import {name}" if name else f"import {module}"
    documented = ast.get_docstring(tree, clean=False) is not None
    block = list(_leading_imports(statements[1:] if documented else statements, path))
    new = _Place(_section(module, path), bool(name), module)
    line, head, tail = _sorted_place(block, new, text) or _place(block, new, statements, documented)
    newline = newline_of(text)
    lines = f"{newline * head}{written}{newline}{newline * tail}"
    return edited(text, [Edit("", Span(line, 1, line, 1), lines)])


def _imports_from(node: ast.stmt, module: str) -> bool:
    match node:
        case ast.ImportFrom(module=owner, names=aliases, level=0):
            return owner == module and aliases[0].name != "*"
    return False


class _Place(NamedTuple):
    """What decides where an import stands, in this order."""

    section: int
    names: bool
    """``from module import name`` stands behind ``import module``."""
    module: str


_Entry: TypeAlias = tuple[Statement, _Place]


def _leading_imports(statements: Sequence[Statement], path: str) -> Iterator[_Entry]:
    """The imports at the top."""
    for statement in statements:
        match statement.nodes[-1]:
            case ast.ImportFrom(module=module, level=level):
                section = _RELATIVE if level else _section(module or "", path)
                yield statement, _Place(section, True, module or "")
            case ast.Import(names=aliases):
                module = aliases[0].name
                yield statement, _Place(_section(module, path), False, module)
            case _:
                return


_OWN: Final = 3
_RELATIVE: Final = 4


def _section(module: str, path: str) -> int:
    root = module.partition(".")[0]
    if root == "__future__":
        return 0
    if root in sys.stdlib_module_names:
        return 1
    return _OWN if root in path.replace("\\", "/").split("/")[:-1] else 2


def _sorted_place(block: Sequence[_Entry], new: _Place, text: str) -> tuple[int, int, int] | None:
    """The line of a new statement inside its own section, where the imports are sorted; the blank
    lines before and behind it."""
    order = [place for _, place in block]
    own = [entry for entry in block if entry[1].section == new.section]
    if not own or order != sorted(order):
        return None
    smaller = [statement for statement, place in own if place < new]
    if smaller:
        last = smaller[-1]
        return (last.last + 1, 0, 0) if last.text.endswith(("\n", "\r")) else None
    first = own[0][0].first
    above = lines_of(text)[first - 2] if first > 1 else ""
    return None if above.lstrip().startswith("#") else (first, 0, 0)


def _place(
    block: Sequence[_Entry], new: _Place, statements: Sequence[Statement], documented: bool
) -> tuple[int, int, int]:
    """The line of a new statement behind its section, which the standard library, other packages,
    the file's own and relative imports have each; the blank lines before and behind it."""
    before = [entry for entry in block if entry[1].section <= new.section]
    if before:
        statement, other = before[-1]
        head = int(other.section != new.section)
        return statement.last + 1, head + (not statement.text.endswith(("\n", "\r"))), 0
    if block:
        return block[0][0].first, 0, 1
    if documented:
        return statements[0].last + 1, 1, 0
    return statements[0].first, 0, 2


def without_imports(path: str, text: str, names: Collection[str]) -> str:
    """A file without the imports of names that it mentions no more. A package keeps them, because
    others may import them from it."""
    if not names or os.path.basename(path) == "__init__.py":
        return text
    lines = lines_of(text)
    edits: list[Edit] = []
    for statement in statements_of(parse(text).body, lines):
        if not any(_binds(node, names) for node in statement.nodes):
            continue
        try:
            check_size(statement)
            after = as_in(statement.text, _without_names(plain(statement.text), names))
        except (CannotFix, RecursionError):
            continue
        if after:
            edits += differences(path, statement.first, statement.text, after)
        else:
            edits.append(Edit(path, without_lines(lines, statement.first, statement.last), ""))
    return edited(text, edits)


def _binds(statement: ast.stmt, names: Collection[str]) -> bool:
    for node in ast.walk(statement):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            bound = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
            if not bound.isdisjoint(names):
                return True
    return False


# --- One statement -------------------------------------------------------------------------------


def _with_name(text: str, module: str, name: str) -> str:
    """A statement with a name added to its ``from module import``. The names stay sorted where they
    are.

    Raises:
        CannotFix: as :func:`parsed`, or the statement has no such import.
    """
    tree = parsed(text)
    adder = _Adder(module, name)
    after = tree.visit(adder)
    if not adder.done:
        raise CannotFix(f"nothing is imported from {module}")
    return after.code


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
    if place == len(names) and node.rpar is not None and _comments(node.rpar):
        place -= 1  # a comment behind the last name stays behind it
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


def _without_names(text: str, names: Container[str]) -> str:
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
        body = [line for line in suite.body if not self.goes(line)] or list(suite.body)
        if body[0] is not suite.body[0]:
            body[0] = _without_blank_lines(body[0])
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


def _without_blank_lines(line: cst.BaseStatement) -> cst.BaseStatement:
    """A statement that starts a block, without the blank lines before it."""
    leading = list(getattr(line, "leading_lines", ()))
    while leading and leading[0].comment is None:
        del leading[0]
    return line.with_changes(leading_lines=leading)


def _commented(line: cst.SimpleStatementLine) -> bool:
    return _comments(line)


def _comments(node: cst.CSTNode) -> bool:
    return bool(m.findall(node, m.Comment()))


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

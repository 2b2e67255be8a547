"""What fixes come to: edits of the text, and the text after them.

``--fix``, ``--diff``, editors and machine-readable formats all take them from here. Only the
statements that a fix changes go through libcst; every other byte of a file stays what it is, and a
long file costs no more than a short one.
"""

from __future__ import annotations

import ast
import os
import sys
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from wfc.compiler.checks.fixes.names import used_names
from wfc.compiler.checks.fixes.statements import (
    CannotFix,
    Statement,
    differences,
    edited,
    lines_of,
    newline_of,
    statement_at,
    statements_of,
)
from wfc.compiler.checks.parsing import parse
from wfc.compiler.diagnostics.model import Diagnostic, Edit, Rewrite, Safety
from wfc.compiler.ir.span import Span

DEEPEST: Final = 250
"""libcst visits a syntax tree by recursion, and its parser takes more than linear time in depth."""
LARGEST: Final = 300_000
"""libcst needs about a second for so many characters of a statement."""

Import: TypeAlias = tuple[str, str]
Problem: TypeAlias = tuple[Rewrite, str]


@dataclass(frozen=True, slots=True)
class Applied:
    """``texts`` are the new texts by path; ``count`` is how many fixes went into them; ``problems``
    says by path and line why a fix could not be made."""

    texts: Mapping[str, str]
    count: int
    problems: Mapping[tuple[str, int], str]


def apply_fixes(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], safeties: Collection[Safety]
) -> Applied:
    """Make the fixes of the given safeties. Of two at the same place, the first is made; a text
    that would not be valid Python is left alone."""
    by_path: defaultdict[str, dict[Span, Rewrite]] = defaultdict(dict)
    for diagnostic in diagnostics:
        fix = diagnostic.fix
        if fix is not None and fix.rewrite is not None and fix.safety in safeties:
            by_path[diagnostic.path].setdefault(fix.rewrite.span, fix.rewrite)
    texts: dict[str, str] = {}
    count = 0
    problems: dict[tuple[str, int], str] = {}
    for path, rewrites in by_path.items():
        if path not in sources:
            continue
        draft = Draft(path, sources[path])
        draft.make(list(rewrites.values()))
        problems |= {(path, rewrite.span.line): why for rewrite, why in draft.problems}
        after = edited(draft.text, draft.edits())
        if after == draft.text:
            continue
        if _valid(after):
            texts[path] = after
            count += len(rewrites) - len(draft.problems)
        else:
            problems[path, 1] = "the result would not be valid Python"
    return Applied(texts, count, problems)


def with_edits(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """Diagnostics with the edits of their fixes, each as if it were the only one; without a fix
    where it cannot be made."""
    drafts: dict[str, Draft] = {}
    for diagnostic in diagnostics:
        fix, path = diagnostic.fix, diagnostic.path
        if fix is None or fix.rewrite is None:
            yield diagnostic
            continue
        if path in sources and path not in drafts:
            drafts[path] = Draft(path, sources[path])
        draft = drafts[path].again() if path in drafts else None
        edits: Sequence[Edit] = ()
        if draft is not None:
            draft.make([fix.rewrite])
            edits = draft.edits()
        made = draft is not None and edits and _valid(edited(draft.text, edits))
        yield replace(diagnostic, fix=replace(fix, edits=tuple(edits)) if made else None)


@dataclass(slots=True)
class Draft:
    """A file with some fixes made."""

    path: str
    text: str
    tree: ast.Module = field(init=False)
    lines: list[str] = field(init=False)
    statements: list[Statement] = field(init=False)
    changed: dict[int, str] = field(default_factory=dict)
    """New texts of statements, by the line on which they start."""
    comments: list[Edit] = field(default_factory=list)
    added: list[Edit] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tree = parse(self.text)
        self.lines = lines_of(self.text)
        self.statements = statements_of(self.tree, self.lines)

    def again(self) -> Draft:
        """The same file with nothing made."""
        self.changed, self.comments, self.added, self.problems = {}, [], [], []
        return self

    def make(self, rewrites: Sequence[Rewrite]) -> None:
        """Make fixes; those that cannot be made end in ``problems``. Called once."""
        by_statement: defaultdict[int, list[Rewrite]] = defaultdict(list)
        for rewrite in rewrites:
            if rewrite.action == "comment":
                self.comments.append(self.without_comment(rewrite.span))
                continue
            statement = statement_at(self.statements, rewrite.span.line)
            if statement is None:
                self.problems.append((rewrite, "there is no statement"))
            else:
                by_statement[statement.first].append(rewrite)
        done: list[Rewrite] = []
        for group in by_statement.values():
            done += self.rewrite(group)
        if not done:
            return
        lost = used_names(self.tree) - used_names(parse(self.code()))
        for missing in dict.fromkeys(rewrite.missing for rewrite in done):
            if missing is not None:
                self.add_import(*missing)
        if lost and os.path.basename(self.path) != "__init__.py":
            self.remove_imports(lost)

    def rewrite(self, rewrites: Sequence[Rewrite]) -> Sequence[Rewrite]:
        """Make the fixes of one statement, and say which were made."""
        from wfc.compiler.checks.fixes.rewriting import rewritten

        statement = statement_at(self.statements, rewrites[0].span.line)
        assert statement is not None
        try:
            _check_size(statement)
            self.changed[statement.first] = rewritten(statement.text, statement.first, rewrites)
        except (CannotFix, RecursionError) as error:
            why = str(error) if isinstance(error, CannotFix) else _TOO_DEEP
            if len(rewrites) == 1:
                self.problems.append((rewrites[0], why))
                return []
            alone = [one for rewrite in rewrites for one in self.rewrite([rewrite])]
            return self.rewrite(alone) if alone and len(alone) < len(rewrites) else []
        return rewrites

    def code(self) -> str:
        """The text with the statements that changed."""
        parts = []
        line = 1
        for statement in self.statements:
            parts += self.lines[line - 1 : statement.first - 1]
            parts.append(self.changed.get(statement.first, statement.text))
            line = statement.last + 1
        return "".join([*parts, *self.lines[line - 1 :]])

    def edits(self) -> Sequence[Edit]:
        """What was made, in no order."""
        found = [*self.comments, *self.added]
        for statement in self.statements:
            after = self.changed.get(statement.first)
            if after == "":
                found.append(self.without_lines(statement.first, statement.last))
            elif after is not None:
                found += differences(self.path, statement.first, statement.text, after)
        return found

    # --- Imports ---------------------------------------------------------------------------------

    def add_import(self, module: str, name: str) -> None:
        from wfc.compiler.checks.fixes.imports import with_name

        for statement in self.statements:
            if not name or not any(_imports_from(node, module) for node in statement.nodes):
                continue
            try:
                after = with_name(self.changed.get(statement.first, statement.text), module, name)
            except CannotFix:
                continue
            if after is not None:
                self.changed[statement.first] = after
                return
        written = f"from {module} import {name}" if name else f"import {module}"
        self.added.append(self.new_import(written, module))

    def new_import(self, written: str, module: str) -> Edit:
        """A new statement among the imports at the top: behind those of its own section, which the
        standard library, other packages and relative imports have each."""
        newline = newline_of(self.text)
        section = _section(module)
        documented = ast.get_docstring(self.tree, clean=False) is not None
        start = 1 if documented else 0
        block = []
        for statement in self.statements[start:]:
            if not all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in statement.nodes):
                break
            block.append((statement, _section_of(statement.nodes[-1])))
        before = [entry for entry in block if entry[1] <= section]
        if before:
            statement, other = before[-1]
            line, head, tail = statement.last + 1, newline if other != section else "", ""
            head = head if statement.text.endswith(("\n", "\r")) else newline + head
        elif block:
            line, head, tail = block[0][0].first, "", newline
        elif documented:
            line, head, tail = self.statements[0].last + 1, newline, ""
        else:
            line, head, tail = self.statements[0].first, "", newline * 2
        return Edit(self.path, Span(line, 1, line, 1), f"{head}{written}{newline}{tail}")

    def remove_imports(self, names: set[str]) -> None:
        """Remove the imports of names that nothing mentions any more."""
        from wfc.compiler.checks.fixes.imports import without_names

        for statement in self.statements:
            if not any(_binds(node, names) for node in statement.nodes):
                continue
            text = self.changed.get(statement.first, statement.text)
            try:
                _check_size(statement)
                self.changed[statement.first] = without_names(text, names)
            except (CannotFix, RecursionError):
                continue

    # --- Lines -----------------------------------------------------------------------------------

    def without_comment(self, span: Span) -> Edit:
        """What removes a comment: with its line if it has one for itself."""
        before = self.lines[span.line - 1][: span.column - 1]
        rest = self.lines[span.line - 1][span.end_column - 1 :]
        if not before.strip() and not rest.strip():
            return self.without_lines(span.line, span.line)
        start = span.column if rest.strip() else len(before.rstrip()) + 1
        return Edit(self.path, Span(span.line, start, span.line, span.end_column), "")

    def without_lines(self, first: int, last: int) -> Edit:
        """What removes lines; of the blank lines before and behind, the longer run stays."""
        above, below = (
            self._blanks(range(first - 1, 0, -1)),
            self._blanks(range(last + 1, len(self.lines) + 1)),
        )
        if first - above == 1:
            last += below
        elif above and below:
            last += min(above, below)
        return Edit(self.path, Span(first, 1, last + 1, 1), "")

    def _blanks(self, numbers: Iterable[int]) -> int:
        count = 0
        for number in numbers:
            if self.lines[number - 1].strip():
                break
            count += 1
        return count


_TOO_DEEP: Final = "the statement is nested too deeply"


def _check_size(statement: Statement) -> None:
    if len(statement.text) > LARGEST:
        raise CannotFix("the statement is too long")
    level: list[ast.AST] = list(statement.nodes)
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise CannotFix(_TOO_DEEP)


def _imports_from(node: ast.stmt, module: str) -> bool:
    match node:
        case ast.ImportFrom(module=owner, names=aliases, level=0):
            return owner == module and aliases[0].name != "*"
    return False


def _binds(statement: ast.stmt, names: Collection[str]) -> bool:
    for node in ast.walk(statement):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            bound = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
            if bound & set(names):
                return True
    return False


def _section_of(node: ast.stmt) -> int:
    match node:
        case ast.ImportFrom(module=module, level=level):
            return 3 if level else _section(module or "")
        case ast.Import(names=aliases):
            return _section(aliases[0].name)
    return 0


def _section(module: str) -> int:
    root = module.partition(".")[0]
    if root == "__future__":
        return 0
    return 1 if root in sys.stdlib_module_names else 2


def _valid(text: str) -> bool:
    """Whether Python compiles a text; ``await`` outside a coroutine, for one, parses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<fixed>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True

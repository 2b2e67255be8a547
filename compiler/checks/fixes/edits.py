"""What fixes come to: the text after them, and the edits that lead there.

``--fix``, ``--diff``, editors and machine-readable formats all take them from here. Only the
statements that a fix changes go through libcst; every other byte of a file stays what it is, and a
fix in a long file costs no more than one in a short file.
"""

from __future__ import annotations

import warnings
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from wfc.compiler.checks.fixes.bindings import names_in
from wfc.compiler.checks.fixes.statements import (
    TOO_DEEP,
    CannotFix,
    Statement,
    check_size,
    differences,
    edited,
    lines_of,
    newline_of,
    smallest_around,
    statements_of,
    without_lines,
)
from wfc.compiler.checks.reading.parsing import parse
from wfc.compiler.data.struct import MutableStruct, Struct, field, replace
from wfc.compiler.diagnostics.model import Diagnostic, Edit, Rewrite, Safety
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.source.text import SourceText

ROUNDS: Final = 5
"""A fix may make room for another one; so often at most."""

Problem: TypeAlias = tuple[Rewrite, str]


class Applied(Struct):
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
        draft = Draft(path, Source(sources[path]))
        after = draft.fixed(list(rewrites.values()))
        problems |= {(path, rewrite.span.line): why for rewrite, why in draft.problems}
        if after == sources[path]:
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
    known: dict[str, Source] = {}
    for diagnostic in diagnostics:
        fix, path = diagnostic.fix, diagnostic.path
        if fix is None or fix.rewrite is None:
            yield diagnostic
            continue
        if path in sources and path not in known:
            known[path] = Source(sources[path])
        edits: tuple[Edit, ...] = ()
        if path in known:
            after = Draft(path, known[path]).fixed([fix.rewrite])
            edits = tuple(differences(path, 1, known[path].text, after))
        yield replace(diagnostic, fix=replace(fix, edits=edits) if edits else None)


class Source:
    """A file as it was: its tree, its lines, and how often it mentions each name."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = parse(text)
        self.lines = lines_of(text)
        self.names = Counter(names_in(self.tree))


class Draft(MutableStruct):
    """Fixes of one file; ``problems`` are those that cannot be made."""

    path: str
    source: Source
    problems: list[Problem] = field(factory=list)
    lost: Counter[str] = field(factory=Counter)
    """How many mentions of a name the fixes take away."""

    def fixed(self, rewrites: Sequence[Rewrite]) -> str:
        """The text after fixes of different places."""
        edits = [self.without_comment(r.span) for r in rewrites if r.action == "comment"]
        done: list[Rewrite] = []
        groups = self.groups([*self.possible(rewrites)])
        for statement, group in groups:
            made, after = self.rewrite(statement, group)
            edits += differences(self.path, statement.first, statement.text, after)
            done += made
        edits += self.definitions(done)
        return self.with_imports(edited(self.source.text, edits), done)

    def definitions(self, done: Sequence[Rewrite]) -> Iterator[Edit]:
        """What puts new functions in front of those that call them and their comments."""
        new = {rewrite.definition: rewrite.span for rewrite in reversed(done) if rewrite.definition}
        by_line: defaultdict[int, list[str]] = defaultdict(list)
        for definition, span in sorted(
            new.items(), key=lambda item: (item[1].line, item[1].column)
        ):
            self.lost -= Counter(names_in(parse(definition)))
            by_line[self.start_of_definition(span)].append(f"{definition}\n\n")
        newline = newline_of(self.source.text)
        for line, texts in by_line.items():
            text = "".join(texts).replace("\n", newline)
            yield Edit(self.path, Span(line, 1, line, 1), text)

    def start_of_definition(self, span: Span) -> int:
        """The line where what a place belongs to at module level begins, comments included."""
        outermost = statements_of(self.source.tree.body, self.source.lines)
        line = max(statement.first for statement in outermost if statement.first <= span.line)
        text = SourceText(self.source.text)
        text.read_comments()
        return text.comment_start(line)

    def with_imports(self, text: str, done: Sequence[Rewrite]) -> str:
        """The text with what the fixes need and without what they made superfluous."""
        missing = [rewrite.missing for rewrite in done if rewrite.missing is not None]
        gone = {name for name, count in self.lost.items() if count >= self.source.names[name]}
        if missing or gone:
            from wfc.compiler.checks.fixes.imports import with_imports, without_imports

            for module, name in dict.fromkeys(missing):
                text = with_imports(self.path, text, module, name)
            text = without_imports(self.path, text, gone)
        return text

    def possible(self, rewrites: Sequence[Rewrite]) -> Iterator[Rewrite]:
        """Those that change expressions, of new functions with the same name the first."""
        definitions: dict[str, str] = {}
        for rewrite in rewrites:
            if rewrite.action == "comment":
                continue
            if definitions.setdefault(rewrite.text, rewrite.definition) == rewrite.definition:
                yield rewrite
            else:
                self.problems.append((rewrite, f"{rewrite.text} would be two functions"))

    def groups(self, rewrites: Sequence[Rewrite]) -> list[tuple[Statement, list[Rewrite]]]:
        """The statements to change, none inside another, with what changes there."""
        found: list[tuple[Statement, list[Rewrite]]] = []
        for rewrite in rewrites:
            statement = smallest_around(self.source.tree, self.source.lines, rewrite.span)
            if statement is None:
                self.problems.append((rewrite, "there is no statement"))
            else:
                found.append((statement, [rewrite]))
        found.sort(key=lambda entry: (entry[0].first, -entry[0].last))
        merged: list[tuple[Statement, list[Rewrite]]] = []
        for statement, inside in found:
            if merged and statement.first <= merged[-1][0].last:
                merged[-1][1].extend(inside)
            else:
                merged.append((statement, inside))
        return merged

    def rewrite(
        self, statement: Statement, rewrites: Sequence[Rewrite]
    ) -> tuple[Sequence[Rewrite], str]:
        """Make the fixes of one statement; which were made, and its text after them."""
        try:
            after, names = _rewritten(statement, rewrites)
        except CannotFix as error:
            if len(rewrites) == 1:
                self.problems.append((rewrites[0], str(error)))
                return (), statement.text
            possible = [rewrite for rewrite in rewrites if self.can(statement, rewrite)]
            if 0 < len(possible) < len(rewrites):
                return self.rewrite(statement, possible)
            return (), statement.text
        before = Counter(name for node in statement.nodes for name in names_in(node))
        self.lost += before - names
        return rewrites, after

    def can(self, statement: Statement, rewrite: Rewrite) -> bool:
        try:
            _rewritten(statement, [rewrite])
        except CannotFix as error:
            self.problems.append((rewrite, str(error)))
            return False
        return True

    def without_comment(self, span: Span) -> Edit:
        """What removes a comment: with its line if it has one for itself."""
        line = self.source.lines[span.line - 1]
        before, rest = line[: span.column - 1], line[span.end_column - 1 :]
        if not before.strip() and not rest.strip():
            return Edit(self.path, without_lines(self.source.lines, span.line, span.line), "")
        start = span.column if rest.strip() else len(before.rstrip()) + 1
        return Edit(self.path, Span(span.line, start, span.line, span.end_column), "")


def _rewritten(statement: Statement, rewrites: Sequence[Rewrite]) -> tuple[str, Counter[str]]:
    from wfc.compiler.checks.fixes.rewriting import rewritten

    check_size(statement)
    try:
        return rewritten(statement, rewrites)
    except RecursionError as error:
        raise CannotFix(TOO_DEEP) from error


def _valid(text: str) -> bool:
    """Whether Python compiles a text; ``await`` outside a coroutine, for one, parses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<fixed>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True

"""What an editor offers to do about a diagnostic: apply its fix, or say that it is meant so."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from lsprotocol import types

from wfc.backends.lint import engines
from wfc.compiler.checks.fixes.edits import ROUNDS, apply_fixes, with_edits
from wfc.compiler.checks.fixes.statements import LINE_END, edited
from wfc.compiler.checks.reading.comments import suppressions
from wfc.compiler.checks.reading.parsing import parse
from wfc.compiler.checks.rules import all_rules
from wfc.compiler.diagnostics.model import Diagnostic, Edit, Safety
from wfc.compiler.diagnostics.span import Span
from wfc.lsp.analysis import Result, shown_in
from wfc.lsp.documents import Document
from wfc.lsp.positions import Positions
from wfc.lsp.view import View

FIX_ALL: Final = f"{types.CodeActionKind.SourceFixAll.value}.wfc"
KINDS: Final = (types.CodeActionKind.QuickFix, FIX_ALL)
_SAFE: Final[tuple[Safety, ...]] = ("safe",)
_LISTED: Final = re.compile(r"#\s*wfc\s*:\s*ignore\s*\[(?P<codes>[^\]]*)\]")

Check = Callable[[Document], Result]


def wanted(only: Iterable[str] | None, kind: str) -> bool:
    """Whether a client that asks for kinds of actions wants this one: ``source.fixAll`` means
    everything below it."""
    return only is None or any(kind == asked or kind.startswith(f"{asked}.") for asked in only)


def quick_fixes(view: View, range: types.Range) -> Iterator[types.CodeAction]:
    """The fixes of the diagnostics that a range touches, then ways to suppress them."""
    found = view.within(range)
    sources = {own.path: view.result.checked.text for own, _ in found}
    for own, (_, shown) in zip(with_edits([own for own, _ in found], sources), found, strict=True):
        if own.fix is None or own.fix.safety == "display":
            continue
        safe = own.fix.safety == "safe"
        title = own.fix.title if safe else f"{own.fix.title} (unsafe: look at the result)"
        yield types.CodeAction(
            title=title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[shown],
            is_preferred=safe,
            edit=_workspace_edit(view, _text_edits(view, own.fix.edits)),
        )
    rules = {rule.code for rule in all_rules(engines())}
    for own, shown in found:
        edit = suppression(view.result.checked.text, own) if own.code.code in rules else None
        if edit is not None:
            yield types.CodeAction(
                title=f"Suppress {own.code.code} ({own.code.name}) here",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[shown],
                edit=_workspace_edit(view, _text_edits(view, [edit])),
            )


def fix_all(view: View, check: Check) -> types.CodeAction | None:
    """One action with all safe fixes of a document; None without any.

    Args:
        check: checks the document again after a round of fixes.
    """
    result = view.result
    for _ in range(ROUNDS):
        path = shown_in(result.folder, result.checked.path)
        applied = apply_fixes(result.diagnostics, {path: result.checked.text}, _SAFE)
        if path not in applied.texts:
            break
        result = check(result.checked.with_text(applied.texts[path]))
    before, after = view.result.checked.text, result.checked.text
    if before == after:
        return None
    return types.CodeAction(
        title="Fix all safe problems of wfc",
        kind=FIX_ALL,
        edit=_workspace_edit(view, list(line_edits(view.own, before, after))),
    )


def suppression(text: str, found: Diagnostic) -> Edit | None:
    """The edit that makes a suppression comment for a diagnostic, on the first of its lines where a
    comment can stand; None where there is no such line, as inside a string."""
    lines = LINE_END.split(text)
    for number in range(found.span.line, found.span.end_line + 1):
        edit = _suppression_on(lines[number - 1], number, found)
        if _suppresses(text, edit, number, found.code.code):
            return edit
    return None


def _suppression_on(line: str, number: int, found: Diagnostic) -> Edit:
    listed = _LISTED.search(line)
    if listed is not None:
        column = listed.end("codes") + 1
        return Edit(found.path, Span(number, column, number, column), f", {found.code.code}")
    code = line.rstrip()
    place = Span(number, len(code) + 1, number, len(line) + 1)
    return Edit(found.path, place, f"  # wfc: ignore[{found.code.code}]")


def _suppresses(text: str, edit: Edit, line: int, code: str) -> bool:
    """Whether the edit adds such a comment and changes nothing else."""
    after = edited(text, [edit])
    if not any(found.line == line and code in found.codes for found in suppressions(after)):
        return False
    try:
        return ast.dump(parse(after)) == ast.dump(parse(text))
    except (SyntaxError, RecursionError):
        return False


def line_edits(positions: Positions, before: str, after: str) -> Iterator[types.TextEdit]:
    """The whole lines in which two texts differ; what an editor shows of the other lines stays."""
    old, new = (re.split(r"(?<=\n)|(?<=\r)(?!\n)", text) for text in (before, after))
    for kind, start, end, first, last in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if kind != "equal":
            place = types.Range(positions.position(start + 1, 1), positions.position(end + 1, 1))
            yield types.TextEdit(place, "".join(new[first:last]))


def _text_edits(view: View, edits: Iterable[Edit]) -> list[types.TextEdit]:
    return [types.TextEdit(view.own.range(edit.span), edit.text) for edit in edits]


def _workspace_edit(view: View, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
    """Edits of the document; where the client can tell, they hold for the checked version only."""
    document = view.result.checked
    if not view.client.versioned_edits:
        return types.WorkspaceEdit(changes={document.uri: edits})
    identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, [*edits])])

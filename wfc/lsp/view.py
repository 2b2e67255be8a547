"""Diagnostics of wfc as the Language Server Protocol says them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final

from lsprotocol import types

from wfc.compiler.checks.codes import UNUSED_SUPPRESSION
from wfc.compiler.data.struct import MutableStruct, Struct, field
from wfc.compiler.diagnostics.model import Diagnostic, Link
from wfc.lsp.analysis import Result
from wfc.lsp.page_files import PageFiles
from wfc.lsp.positions import Positions, overlaps
from wfc.tool.pages import markdown

SOURCE: Final = "wfc"
_SEVERITIES: Final = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}


class Client(Struct):
    """What a client understands. ``versioned_edits``: edits that name the version they are for."""

    encoding: types.PositionEncodingKind | str = types.PositionEncodingKind.Utf16
    versioned_edits: bool = False
    watches_files: bool = False

    @classmethod
    def of(
        cls,
        capabilities: types.ClientCapabilities,
        encoding: types.PositionEncodingKind | str | None,
    ) -> Client:
        workspace = capabilities.workspace
        edits = workspace.workspace_edit if workspace else None
        watching = workspace.did_change_watched_files if workspace else None
        return cls(
            encoding or types.PositionEncodingKind.Utf16,
            bool(edits and edits.document_changes),
            bool(watching and watching.dynamic_registration),
        )


class View(MutableStruct):
    """The result for one document as the client gets it."""

    result: Result
    client: Client
    pages: PageFiles
    _positions: dict[str, Positions] = field(factory=dict)

    @cached_property
    def diagnostics(self) -> list[tuple[Diagnostic, types.Diagnostic]]:
        return [(found, self._diagnostic(found)) for found in self.result.diagnostics]

    @property
    def own(self) -> Positions:
        """Positions in the document itself."""
        return self._of(self.result.checked.text)

    def within(self, range: types.Range) -> list[tuple[Diagnostic, types.Diagnostic]]:
        """The diagnostics that a range touches."""
        return [pair for pair in self.diagnostics if overlaps(pair[1].range, range)]

    def hover(self, position: types.Position) -> types.Hover | None:
        """What is wrong at a position, each with the page of its code."""
        found = self.within(types.Range(position, position))
        if not found:
            return None
        parts = [f"{_text(own)}\n\n{markdown(own.code)}" for own, _ in found]
        content = types.MarkupContent(types.MarkupKind.Markdown, "\n---\n\n".join(parts))
        return types.Hover(content, found[0][1].range)

    def _diagnostic(self, found: Diagnostic) -> types.Diagnostic:
        unused = found.code is UNUSED_SUPPRESSION
        return types.Diagnostic(
            range=self.own.range(found.span),
            message=_text(found),
            severity=_SEVERITIES[found.severity],
            code=found.code.code,
            code_description=types.CodeDescription(self.pages.uri(found.code)),
            source=SOURCE,
            tags=[types.DiagnosticTag.Unnecessary] if unused else None,
            related_information=list(self._way(found)) or None,
        )

    def _way(self, found: Diagnostic) -> Iterator[types.DiagnosticRelatedInformation]:
        """How a workflow gets to the place, if the place is not in the workflow itself."""
        if len(found.chain) < 2:
            return
        for number, link in enumerate(found.chain):
            verb = "calls" if number else "starts in"
            yield types.DiagnosticRelatedInformation(self._location(link), f"{verb} {link.name}")

    def _location(self, link: Link) -> types.Location:
        path = self.result.absolute(link.path)
        positions = self._of(self.result.sources.get(link.path, ""))
        own = path == self.result.checked.path
        uri = self.result.checked.uri if own else Path(path).as_uri()
        return types.Location(uri, positions.name_at(link))

    def _of(self, text: str) -> Positions:
        if text not in self._positions:
            self._positions[text] = Positions.of(text, self.client.encoding)
        return self._positions[text]


def _text(found: Diagnostic) -> str:
    return f"{found.message}\n\nInstead: {found.instead}" if found.instead else found.message

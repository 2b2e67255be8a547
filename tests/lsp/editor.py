"""An editor for tests: pygls's own client, talking to ``wfc lsp`` over pipes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

T = TypeVar("T")

_LIMIT = 60
"""Seconds for an answer, on a busy machine."""


class Editor:
    """Methods return when the server has nothing left to check.

    Args:
        root: the workspace folder.
        capabilities: what the editor understands.
        server: what Python is given to start the server.
    """

    def __init__(
        self,
        root: Path,
        capabilities: types.ClientCapabilities | None = None,
        server: Sequence[str] = ("-m", "wfc", "lsp"),
    ) -> None:
        self.loop = asyncio.new_event_loop()
        self.root = root
        self.client = LanguageClient("editor", "1")
        self.versions: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.messages: list[str] = []
        self.registered: list[types.Registration] = []
        self._listen()
        self.server = self._run(self._start(capabilities or types.ClientCapabilities(), server))

    def _listen(self) -> None:
        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.published[params.uri] = params

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)
        def message(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

        @self.client.feature(types.WINDOW_LOG_MESSAGE)
        def log(params: types.LogMessageParams) -> None:
            self.messages.append(params.message)

        @self.client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            self.registered += params.registrations

    async def _start(
        self, capabilities: types.ClientCapabilities, server: Sequence[str]
    ) -> types.InitializeResult:
        await self.client.start_io(sys.executable, *server)
        params = types.InitializeParams(
            capabilities=capabilities,
            workspace_folders=[types.WorkspaceFolder(self.root.as_uri(), self.root.name)],
        )
        result = await self.client.initialize_async(params)
        self.client.initialized(types.InitializedParams())
        return result

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(asyncio.wait_for(work, _LIMIT))

    def quit(self) -> int | None:
        """Leave as the protocol says; the exit code of the server."""

        async def leave() -> int | None:
            await self.client.shutdown_async(None)
            self.client.exit(None)
            process = self.client._server
            assert process is not None
            code = await process.wait()
            await self.client.stop()
            return code

        try:
            return self._run(leave())
        finally:
            self.loop.close()

    # --- Documents --------------------------------------------------------------------------------

    def uri(self, path: str) -> str:
        return path if ":" in path else (self.root / path).as_uri()

    def open(self, path: str, text: str) -> None:
        uri = self.uri(path)
        self.versions[uri], self.texts[uri] = 1, text
        item = types.TextDocumentItem(uri, "python", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        self.settle(path)

    def type(self, path: str, text: str) -> None:
        """The document has another text now; nothing is saved, and the check is not awaited."""
        uri = self.uri(path)
        self.versions[uri] += 1
        self.texts[uri] = text
        identifier = types.VersionedTextDocumentIdentifier(uri=uri, version=self.versions[uri])
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(identifier, [change])
        )

    def retype(self, path: str, text: str) -> None:
        self.type(path, text)
        self.settle(path)

    def close(self, path: str, settled: str) -> None:
        """``settled`` is another open document."""
        identifier = types.TextDocumentIdentifier(self.uri(path))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))
        self.settle(settled)

    def settle(self, path: str) -> None:
        """A request is answered after everything that was sent before it is checked."""
        self.hover(path, 0, 0)

    def files_changed(self, path: str) -> None:
        """Something wrote files behind the editor's back; ``path`` is an open document."""
        event = types.FileEvent(self.uri(path), types.FileChangeType.Changed)
        params = types.DidChangeWatchedFilesParams([event])
        self.client.workspace_did_change_watched_files(params)
        self.settle(path)

    # --- What is shown ----------------------------------------------------------------------------

    def diagnostics(self, path: str) -> Sequence[types.Diagnostic]:
        found = self.published.get(self.uri(path))
        return found.diagnostics if found else []

    def codes(self, path: str) -> list[tuple[int, str]]:
        """The line, counted from 1, and the code of each diagnostic."""
        return [(d.range.start.line + 1, str(d.code)) for d in self.diagnostics(path)]

    def hover(self, path: str, line: int, character: int) -> str | None:
        """The text shown at a position, counted from 0 as the protocol does."""
        identifier = types.TextDocumentIdentifier(self.uri(path))
        params = types.HoverParams(identifier, types.Position(line, character))
        found = self._run(self.client.text_document_hover_async(params))
        if found is None:
            return None
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    def actions(self, path: str, line: int, *only: str) -> list[types.CodeAction]:
        """What is offered on a line, counted from 1."""
        identifier = types.TextDocumentIdentifier(self.uri(path))
        place = types.Range(types.Position(line - 1, 0), types.Position(line - 1, 1000))
        context = types.CodeActionContext([], only=list(only) or None)
        params = types.CodeActionParams(identifier, place, context)
        found = self._run(self.client.text_document_code_action_async(params))
        return [action for action in found or [] if isinstance(action, types.CodeAction)]

    def action(self, path: str, line: int, title: str) -> types.CodeAction:
        found = self.actions(path, line)
        return next(action for action in found if action.title.startswith(title))

    def applied(self, path: str, action: types.CodeAction) -> str:
        """The document's text after an action."""
        assert action.edit is not None
        uri = self.uri(path)
        edits: list[Any] = list((action.edit.changes or {}).get(uri, []))
        for change in action.edit.document_changes or []:
            assert isinstance(change, types.TextDocumentEdit)
            assert change.text_document.version == self.versions[uri]
            edits += change.edits
        units = self._units(path)
        for edit in sorted(edits, key=lambda edit: _key(edit.range.start), reverse=True):
            start, end = _offset(units, edit.range.start), _offset(units, edit.range.end)
            units = units[:start] + edit.new_text.encode("utf-16-le") + units[end:]
        return units.decode("utf-16-le")

    def marked(self, path: str, diagnostic: types.Diagnostic) -> str:
        """The text that a diagnostic underlines."""
        units = self._units(path)
        start, end = diagnostic.range.start, diagnostic.range.end
        return units[_offset(units, start) : _offset(units, end)].decode("utf-16-le")

    def _units(self, path: str) -> bytes:
        return self.texts[self.uri(path)].encode("utf-16-le")


def _key(position: types.Position) -> tuple[int, int]:
    return position.line, position.character


def _offset(units: bytes, position: types.Position) -> int:
    """Bytes before a position in a text that is encoded as UTF-16."""
    lines = units.decode("utf-16-le").split("\n")
    before = "".join(f"{line}\n" for line in lines[: position.line])
    return len(before.encode("utf-16-le")) + 2 * position.character
